"""The Django app ``web``: templates, styles and views, no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app's name and label; nothing runs on load."""

    name = "lawgate.web"
    label = "web"
