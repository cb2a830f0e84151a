"""Opens the memory's SQLite file for this process, and refuses a database that other code laid out."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management import call_command
from django.db import Error, connections
from django.db.migrations.loader import MigrationLoader

from lawgate.domain.errors import StoreError

OWNER_ONLY = 0o600


def open_database(path: Path, *, create: bool) -> None:
    """Point this process at the database file, creating and migrating it if asked. Call after ``django.setup()``.

    Called again with another path it closes the connection before. Threads open their own connection on first use, and must
    not use one across such a call. Raises StoreError if the file is missing, cannot be used, or has other migrations than the code.
    """
    if create:
        _touch(path)
    elif not path.is_file():
        raise StoreError("the memory's database file is not there")
    _connect(path)
    try:
        if create:
            _refuse_unknown_migrations()
            # Each migration is one transaction: after a crash between two, the same call goes on with the next.
            call_command("migrate", "store", verbosity=0, interactive=False)
        _require_own_migrations()
        _require_durable()
    except Error as error:
        close_database()
        raise StoreError(f"the memory's database cannot be opened: {type(error).__name__}") from None
    except StoreError:
        close_database()
        raise


def close_database() -> None:
    """Close this thread's connection; the file can then be moved or copied."""
    connections["default"].close()


def _touch(path: Path) -> None:
    """Create the file for its owner only; SQLite gives the files beside it the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    except OSError as error:
        raise StoreError(f"the memory's database file cannot be created: {type(error).__name__}") from None


def _connect(path: Path) -> None:
    # The name first: a connection to a database in memory closes only once it is no longer one.
    connections.settings["default"]["NAME"] = str(path)
    connections["default"].settings_dict["NAME"] = str(path)
    close_database()


def _loader() -> MigrationLoader:
    return MigrationLoader(connections["default"])


def _own(loader: MigrationLoader) -> set[tuple[str, str]]:
    """The memory's migrations; where the service runs, the other apps' lie in another file."""
    return {migration for migration in loader.disk_migrations if migration[0] == "store"}


def _refuse_unknown_migrations() -> None:
    loader = _loader()
    if set(loader.applied_migrations) - _own(loader):
        raise StoreError("the memory's database was laid out by a later version of the code")


def _require_own_migrations() -> None:
    loader = _loader()
    if set(loader.applied_migrations) != _own(loader):
        raise StoreError("the memory's database does not have the migrations of this code")


def _require_durable() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()
    if mode is None or mode[0] != "wal":
        raise StoreError("the memory's file system does not allow SQLite's write-ahead log")
