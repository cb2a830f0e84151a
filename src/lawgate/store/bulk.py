"""Many rows at a time, without an object for each: values go to the database as they are handed in, in the order of the columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, models

Value = str | int | bytes | None


def moment(at: datetime) -> Value:
    """Write a moment as this database keeps it."""
    value: Value = connection.ops.adapt_datetimefield_value(at)
    return value


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Insert rows inside the caller's transaction. Columns are the database's own names (``line_id``, not ``line``)."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608  names of our own
            rows,
        )


def update(
    model: type[models.Model], columns: Sequence[str], key: str, rows: Sequence[Sequence[Value]]
) -> None:
    """Set columns of rows found by one key column; each row of values ends with its key. Inside the caller's transaction."""
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(name)} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {quote(key)} = %s",  # noqa: S608  names of our own
            rows,
        )
