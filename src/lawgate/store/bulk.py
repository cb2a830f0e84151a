"""Many rows at a time, without an object for each: values go to the database as they are handed in, in the order of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import connections, models

from lawgate.store.reader import way

Value = str | int | bytes | None


T = TypeVar("T")
ROWS = 10_000
CHUNK = 500  # values in one query, well below what any SQLite allows


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """Cut rows into lists of some thousand."""
    left = iter(rows)
    while some := list(islice(left, ROWS)):
        yield some


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one query."""
    return (values[i : i + CHUNK] for i in range(0, len(values), CHUNK))


def moment(at: datetime) -> Value:
    """Write a moment as this database keeps it."""
    value: Value = connections[way()].ops.adapt_datetimefield_value(at)
    return value


def edition() -> tuple[object, int, int] | None:
    """Return what differs from what it returned before, in this thread, whenever anything of the memory was changed or may have been: by this
    connection, by another, or because it is another connection. None where no such thing is told: on PostgreSQL, and inside a transaction,
    whose changes may still be undone.
    """
    connection = connections[way()]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA data_version"
        )  # what other connections committed changes it, our own commits do not
        own = connection.connection
        return own, int(cursor.fetchone()[0]), own.total_changes


def all_rows(model: type[models.Model]) -> list[tuple[object, ...]]:
    """Read a table whose key is ``id`` as the database holds it."""
    connection = connections[way()]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quote(model._meta.db_table)} ORDER BY id")  # noqa: S608  names of our own
        return list(cursor.fetchall())


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Insert rows inside the caller's transaction. Columns are the database's own names (``line_id``, not ``line``)."""
    connection = connections[way()]
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608  names of our own
            rows,
        )


def update(
    model: type[models.Model], columns: Sequence[str], keys: Sequence[str], rows: Sequence[Sequence[Value]]
) -> int:
    """Set columns of the rows whose key columns have these values, with which each row given ends; return how many there were. Inside the
    caller's transaction."""
    if not rows:
        return 0
    connection = connections[way()]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(name)} = %s" for name in columns)
    where = " AND ".join(f"{quote(name)} = %s" for name in keys)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {where}",  # noqa: S608  names of our own
            rows,
        )
        return int(cursor.rowcount)
