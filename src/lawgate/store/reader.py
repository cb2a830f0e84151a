"""The second way into the memory: a connection that cannot write and does not see what is sealed or said of a line.

Whoever looks without deciding reads through it. What it may read stands in ``rights``, as columns; on PostgreSQL they are granted to an account of its
own, on SQLite an authorizer on the connection refuses all others, and the file is opened ``mode=ro``. So the database refuses, whatever
a page asks for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import Error, connections
from django.db.backends.signals import connection_created

from lawgate.domain.errors import StoreError
from lawgate.store.open import cannot_open, connect, postgresql, sqlite_file
from lawgate.store.rights import readable

WRITER, READER = "default", "reader"
"""The two ways in, as Django names them."""

_way: ContextVar[str] = ContextVar("way into the memory", default=WRITER)


def way() -> str:
    """Name the connection that the memory uses here and now."""
    return _way.get()


@contextmanager
def only_reading() -> Iterator[None]:
    """Send everything that the memory is asked within the block through the reader, a write too: the database refuses it."""
    before = _way.set(READER)
    try:
        yield
    finally:
        _way.reset(before)


def open_reader(path: Any, url: str | None = None) -> None:
    """Point the reader at the same memory: the SQLite file, or an account of its own on PostgreSQL, named by ``url``.

    Raises StoreError if it cannot be used, or if the account may do more than it should.
    """
    connect(
        READER,
        sqlite_file(path, read_only=True) if url is None else postgresql(url, "LAWGATE_DATABASE_READER_URL"),
    )
    try:
        if url is not None:
            _require_least_rights()
        with connections[READER].cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM store_head")
    except Error as error:
        connections[READER].close()
        raise cannot_open("the reader's way into the database", error, READER) from None
    except StoreError:
        connections[READER].close()
        raise


def _require_least_rights() -> None:
    """An account that may do more than read the readable columns is refused: a page would then rest on our code alone."""
    allowed = {(table, column) for table, columns in readable().items() for column in columns}
    with connections[READER].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, has_column_privilege(c.oid, a.attnum, 'SELECT'), "
            "has_column_privilege(c.oid, a.attnum, 'INSERT') OR has_column_privilege(c.oid, a.attnum, 'UPDATE') "
            "OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE') "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace"
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT EXISTS (SELECT FROM pg_auth_members WHERE member = current_user::regrole)")
        is_member = cursor.fetchone() == (True,)
    if is_member:
        raise StoreError("the reader's account is a member of another; it must be nobody's")
    for table, column, reads, writes in rows:
        if writes or (reads and (table, column) not in allowed):
            raise StoreError(
                f"the reader's account may {'change' if writes else 'read'} {table}.{column}; `lawgate database rights` prints what it may do"
            )


def _guard(alias: str, connection: Any, **_more: Any) -> None:
    """Set the authorizer of each new connection of the reader's to SQLite."""
    if alias == READER and connection.vendor == "sqlite":
        connection.connection.set_authorizer(_authorizer({t: frozenset(c) for t, c in readable().items()}))


def _authorizer(columns: Mapping[str, frozenset[str]]) -> Any:
    harmless = {
        sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }  # fmt: skip

    def allowed(action: int, table: str | None, column: str | None, *_rest: str | None) -> int:
        if action in harmless:
            return sqlite3.SQLITE_OK
        # A table without a column is asked for by what only counts its rows.
        if (
            action == sqlite3.SQLITE_READ
            and table
            and table in columns
            and (not column or column in columns[table])
        ):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return allowed


connection_created.connect(lambda connection, **_: _guard(connection.alias, connection), weak=False)
