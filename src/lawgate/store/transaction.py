"""One durable transaction at a time; what the database reports becomes a StoreError that carries no row's data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, IntegrityError, InterfaceError, OperationalError, connections, transaction

from lawgate.domain.errors import StoreAwayError, StoreError
from lawgate.store.reader import way

_WRITERS = 0x6103
"""Whose turn it is to write, as PostgreSQL's advisory locks name it."""


@contextmanager
def one_transaction(what: str) -> Iterator[None]:
    """Do everything inside or nothing of it. Raises StoreError where the database refuses.

    One writer at a time: what it reads is still true when it writes. SQLite gives its lock at the beginning; PostgreSQL is asked for one.

    A crash before the commit leaves nothing of it; after the commit, which waits for the disk, all of it. So does a server that ends the
    connection: the lock goes with it, and whoever asks again finds what was committed.
    """
    try:
        with transaction.atomic(using=way(), durable=True):
            if connections[way()].vendor == "postgresql":
                with connections[way()].cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])
            yield
    except IntegrityError:
        raise StoreError(f"cannot {what}: it contradicts what is kept") from None
    except Error as error:
        raise _refused(what, error) from None


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Read without taking the writers' lock. Raises StoreError where the database refuses."""
    try:
        yield
    except Error as error:
        raise _refused(what, error) from None


def _refused(what: str, error: Error) -> StoreError:
    """Say what the database reports. A connection that broke is not used again: whoever asks next opens another."""
    connection = connections[way()]
    connection.close_if_unusable_or_obsolete()
    said = f"cannot {what}: the database reports {type(error).__name__}"
    is_away = connection.vendor == "postgresql" and isinstance(error, OperationalError | InterfaceError)
    return StoreAwayError(f"{said}; try again") if is_away else StoreError(said)
