"""Opens the memory's database for this process, a SQLite file or one of PostgreSQL, and refuses one that other code laid out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import Error, OperationalError, connections
from django.db.migrations.loader import MigrationLoader

from lawgate.domain.errors import StoreAwayError, StoreError

OWNER_ONLY = 0o600


def open_database(path: Path, *, create: bool, url: str | None = None) -> None:
    """Point this process at the memory: the SQLite file, or with a ``url`` (``postgresql://…``, libpq's form) a database of PostgreSQL's. Call
    after ``django.setup()``.

    With ``create`` it is made and migrated; a database of PostgreSQL's must be there and empty. Called again for another memory it closes
    the connection before. Threads open their own connection on first use, and must not use one across such a call. Raises StoreError if the
    database is missing, is another than this home's, cannot be used, or has other migrations than the code. No message holds the URL.
    """
    if url is not None and path.is_file():
        raise StoreError(
            "this home keeps its memory in a file of its own, and LAWGATE_DATABASE_URL names another; unset it"
        )
    if url is None and create:
        touch(path)
    elif url is None and not path.is_file():
        raise StoreError(
            "the memory's database file is not there; if it is kept in PostgreSQL, LAWGATE_DATABASE_URL names it"
        )
    connect("default", sqlite_file(path) if url is None else postgresql(url))
    try:
        if create:
            _refuse_unknown_migrations(of_a_file=url is None)
            # Each migration is one transaction: after a crash between two, the same call goes on with the next.
            call_command("migrate", "store", verbosity=0, interactive=False)
        _require_own_migrations()
        _require_durable()
    except Error as error:
        close_database()
        raise cannot_open("the memory's database", error) from None
    except StoreError:
        close_database()
        raise


def cannot_open(what: str, error: Error, alias: str = "default") -> StoreError:
    """Say that it cannot be opened; apart where it may be later, because the server does not answer now."""
    said = f"{what} cannot be opened: {type(error).__name__}"
    is_away = connections[alias].vendor == "postgresql" and isinstance(error, OperationalError)
    return StoreAwayError(said) if is_away else StoreError(said)


def close_database() -> None:
    """Close this thread's connection; the file can then be moved or copied."""
    connections["default"].close()


def touch(path: Path) -> None:
    """Create a database's file for its owner only; SQLite gives the files beside it the same mode. Raises StoreError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    except OSError as error:
        raise StoreError(f"the database file {path.name} cannot be created: {type(error).__name__}") from None


def sqlite_file(path: Path, *, read_only: bool = False) -> dict[str, Any]:
    """Return Django's settings of a SQLite file in which a commit that returned is on the disk, or one that is opened for reading alone."""
    # A page's thread keeps its connection for the next: opening one costs as much as a small page, and whoever closes the last one writes the
    # log back into the file and waits for the disk.
    kept = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None}
    if read_only:
        options = {"uri": True, "timeout": 60, "init_command": "PRAGMA query_only=ON"}
        return {
            **kept,
            "NAME": f"{path.absolute().as_uri()}?mode=ro",
            "OPTIONS": options,
        }
    return {
        **kept,
        "NAME": str(path),
        "OPTIONS": {
            # A writer takes its lock when it begins, so that what it reads is still true when it writes.
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            # FULL: a commit that returned is on the disk. A power cut after it loses nothing of it.
            "init_command": (
                "PRAGMA busy_timeout=60000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
            ),
        },
    }


def postgresql(url: str, variable: str = "LAWGATE_DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings of a database of PostgreSQL's. Raises StoreError, which names the variable that held the URL."""
    # loaded only where it is used
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        named = conninfo_to_dict(url)
    except ProgrammingError:
        raise StoreError(f"{variable} is no URL of PostgreSQL's") from None
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{known[name]: str(value) for name, value in named.items() if name in known},
        # A page's thread keeps its connection for the next, and looks first whether it still stands.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {name: value for name, value in named.items() if name not in known},
    }


def connect(alias: str, database: dict[str, Any]) -> None:
    """Point one of Django's aliases at a database; this thread's connection of before ends first, with what is open there."""
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
    # Django completes the settings of what is called "default" alone.
    connections.settings[alias] = connections.configure_settings({"default": database})["default"]


def _loader() -> MigrationLoader:
    return MigrationLoader(connections["default"])


def _own(loader: MigrationLoader) -> set[tuple[str, str]]:
    """The memory's migrations; where the service runs, the other apps' lie in another file."""
    return {migration for migration in loader.disk_migrations if migration[0] == "store"}


def _refuse_unknown_migrations(*, of_a_file: bool) -> None:
    loader = _loader()
    if loader.applied_migrations and not of_a_file:
        # A home that was begun here has keys of its own; another home's entries would be nobody's.
        raise StoreError(
            "the database that LAWGATE_DATABASE_URL names is not empty; a new home needs an empty one"
        )
    if set(loader.applied_migrations) - _own(loader):
        raise StoreError("the memory's database was laid out by a later version of the code")


def _require_own_migrations() -> None:
    loader = _loader()
    if set(loader.applied_migrations) != _own(loader):
        raise StoreError("the memory's database does not have the migrations of this code")


def _require_durable() -> None:
    """A commit that returned must be on the disk: an answer leaves on the strength of it (I-6)."""
    if connections["default"].vendor == "postgresql":
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if _setting(f"SHOW {name}") not in ("on", "local", "remote_write", "remote_apply"):
                raise StoreError(
                    f"the database server's {name} is off: a power cut could lose what was decided"
                )
    elif _setting("PRAGMA journal_mode") != "wal":
        raise StoreError("the memory's file system does not allow SQLite's write-ahead log")


def _setting(question: str) -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return "" if row is None else str(row[0])
