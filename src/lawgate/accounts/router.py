"""Which file a table lies in: the memory's in one, everything else of the service in another, so that neither waits for the other's lock.

Into the memory there are two ways (``store.reader``); which one a visitor takes is said in ``web.access``.
"""

from __future__ import annotations

from typing import Any

from lawgate.store.reader import WRITER, way

SERVICE = "service"


class TwoFiles:
    """Django's database router: the app ``store`` is the memory, all other apps are the service's."""

    def db_for_read(self, model: Any, **_hints: object) -> str:
        """Name the way to what a model is read from."""
        return _way_to(model._meta.app_label)

    def db_for_write(self, model: Any, **_hints: object) -> str:
        """Name the way to what a model is written to: the reader's too, where the database refuses it."""
        return _way_to(model._meta.app_label)

    def allow_relation(self, one: Any, other: Any, **_hints: object) -> bool:
        """Say whether two rows may point at each other: only within a file."""
        return _file_of(one._meta.app_label) == _file_of(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        """Say whether an app's tables belong into a file."""
        return _file_of(app_label) == db


def _file_of(app_label: str) -> str:
    return WRITER if app_label == "store" else SERVICE


def _way_to(app_label: str) -> str:
    return way() if app_label == "store" else SERVICE
