"""Reads a table or view of the record holder's database, SQLite or PostgreSQL: one transaction that can only read, a piece at a time.

The database's URL may hold a password. It comes from the environment, and no message, log or argument repeats anything of it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import numpy as np
import psycopg

from lawgate.adapters.arrow import Table, arrow
from lawgate.adapters.index_parts import rows_in_clear
from lawgate.adapters.record_sources import columns_among, completed, refuse_unreadable
from lawgate.domain.errors import RecordEngineError

DATABASE = "LAWGATE_RECORDS_DATABASE"
"""The environment's name for the URL: ``sqlite:///FILE`` or ``postgresql://…`` as libpq reads it."""

_AT_ONCE = 1 << 16  # rows


class _Connection(Protocol):
    """What both libraries give alike."""

    def cursor(self) -> Any: ...


class DatabaseView:
    """A table or view with the columns of COLUMNS, as a source of records.

    Columns are text; tax_year may be a whole number and birth_date a date. ``rows`` is how many there were when it was opened;
    ``sha256`` is over all rows as read, and there is none before ``batches`` has yielded them all. Raises RecordEngineError naming
    view, row and column, never a value or anything of the URL: another kind of URL, a database that does not answer, a view or column that is not there.
    """

    def __init__(self, url: str, view: str) -> None:
        self._url, self._name = url, f"view {view}"
        self._quoted = ".".join('"' + part.replace('"', '""') + '"' for part in view.split("."))
        with self._reading() as connection:
            self.rows = int(_ask(connection, f"SELECT count(*) FROM {self._quoted}").fetchone()[0])  # noqa: S608 the name is quoted
        self.sha256 = ""

    def batches(self) -> Iterator[Table]:
        """Yield the rows as the database gives them, as tables of text columns named as COLUMNS. Raises RecordEngineError as the class says, and as ``RecordSource`` does for a row."""
        place, digest = 1, hashlib.sha256()
        with self._reading() as connection:
            with closing(_ask(connection, f"SELECT * FROM {self._quoted} LIMIT 0")) as cursor:  # noqa: S608 the name is quoted
                columns = columns_among(self._name, [column[0] for column in cursor.description])
            chosen = ", ".join(f'"{column}"' for column in columns)
            with closing(_stream(connection)) as cursor:
                cursor.execute(f"SELECT {chosen} FROM {self._quoted}")  # noqa: S608 names are ours, or quoted
                while rows := cursor.fetchmany(_AT_ONCE):
                    values = zip(columns, zip(*rows, strict=True), strict=True)
                    table = completed(arrow.table({c: self._text(c, found, place) for c, found in values}))
                    refuse_unreadable(self._name, table, place)
                    digest.update(rows_in_clear(table, np.zeros(1, np.int64))[0])
                    place += len(rows)
                    yield table
        self.sha256 = digest.hexdigest()

    def _text(self, column: str, values: Sequence[object], place: int) -> object:
        said = []
        for at, value in enumerate(values):
            fits = (
                value is None
                or isinstance(value, str)
                or (column == "tax_year" and type(value) is int)
                or (column == "birth_date" and type(value) is date)
            )
            if not fits:
                raise RecordEngineError(f"{self._name}: row {place + at}, column {column}: is not text")
            said.append("" if value is None else str(value))
        return arrow.array(said, arrow.string())

    @contextmanager
    def _reading(self) -> Iterator[_Connection]:
        try:
            with closing(_connect(self._url)) as connection:
                yield connection
        except (psycopg.Error, sqlite3.Error, ValueError):  # their texts quote the URL, or rows
            raise RecordEngineError(
                f"{self._name}: the database that {DATABASE} names does not answer, or has no such view that can be read"
            ) from None


def _connect(url: str) -> Any:
    where = urlsplit(url)
    if where.scheme == "sqlite" and not where.netloc and where.path.startswith("/"):
        file = Path(unquote(where.path))
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None)
        connection.execute("BEGIN")
        return connection
    if where.scheme in ("postgresql", "postgres"):
        server = psycopg.connect(url, connect_timeout=10)
        server.read_only = True
        server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return server
    raise RecordEngineError(f"{DATABASE} is neither sqlite:///FILE nor postgresql://…")


def _ask(connection: _Connection, query: str) -> Any:
    cursor = connection.cursor()
    cursor.execute(query)
    return cursor


def _stream(connection: Any) -> Any:
    # A cursor without a name would fetch everything at once from PostgreSQL.
    return connection.cursor() if isinstance(connection, sqlite3.Connection) else connection.cursor("rows")
