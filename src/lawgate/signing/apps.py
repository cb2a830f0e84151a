"""The Django app ``signing``: documents that wait for a signature, passkeys' counters, and who was shown which request."""

from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """The app's name and label; nothing runs on load."""

    name = "lawgate.signing"
    label = "signing"
    default_auto_field = "django.db.models.BigAutoField"
