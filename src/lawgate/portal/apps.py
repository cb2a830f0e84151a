"""The Django app ``portal``: tables beside those of the accounts."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app's name and label; nothing runs on load."""

    name = "lawgate.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
