"""The Django app ``store``: models and migrations of the relational memory."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The app's name and label; nothing runs on load."""

    name = "lawgate.store"
    label = "store"
