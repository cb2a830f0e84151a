"""Which file a table lies in: the memory's in one, everything else of the service in another, so that neither waits for the other's lock."""

from __future__ import annotations

from typing import Any

MEMORY, SERVICE = "default", "service"


class TwoFiles:
    """Django's database router: the app ``store`` is the memory, all other apps are the service's."""

    def db_for_read(self, model: Any, **_hints: object) -> str:
        """Name the file a model is read from."""
        return _file_of(model._meta.app_label)

    def db_for_write(self, model: Any, **_hints: object) -> str:
        """Name the file a model is written to."""
        return _file_of(model._meta.app_label)

    def allow_relation(self, one: Any, other: Any, **_hints: object) -> bool:
        """Say whether two rows may point at each other: only within a file."""
        return _file_of(one._meta.app_label) == _file_of(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        """Say whether an app's tables belong into a file."""
        return _file_of(app_label) == db


def _file_of(app_label: str) -> str:
    return MEMORY if app_label == "store" else SERVICE
