"""The Django app ``accounts``: its own database file, apart from the memory's."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app's name and label; nothing runs on load."""

    name = "lawgate.accounts"
    label = "accounts"
