"""A home keeps its memory where it was made: in its own file, or in the one database of PostgreSQL's that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from lawgate.domain.errors import StoreAwayError, StoreError
from lawgate.domain.kept import Memory
from lawgate.store.open import open_database

HEARTBEAT = b'{"type":"heartbeat"}'
NOBODY_LISTENS = "postgresql://somebody:a-secret@127.0.0.1:1/home?connect_timeout=2"


@pytest.mark.sqlite
def test_a_url_that_is_none_is_refused_without_being_repeated(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        open_database(tmp_path / "memory.sqlite3", create=False, url="postgresql://u:a-secret@h/db?no_such=1")
    assert "a-secret" not in str(refused.value)


@pytest.mark.sqlite
def test_a_server_that_does_not_answer_is_named_by_kind_only(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: OperationalError") as refused:
        open_database(tmp_path / "memory.sqlite3", create=False, url=NOBODY_LISTENS)
    assert "a-secret" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.sqlite
def test_a_home_with_a_file_of_its_own_is_not_opened_elsewhere(database: Path) -> None:
    with pytest.raises(StoreError, match="unset it"):
        open_database(database, create=False, url=NOBODY_LISTENS)


@pytest.mark.postgres
def test_a_new_home_needs_an_empty_database(database: Path) -> None:
    with pytest.raises(StoreError, match="not empty"):
        open_database(database, create=True)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["synchronous_commit"])
def test_a_server_that_may_lose_a_commit_is_refused(database: Path, name: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (own,) = cursor.fetchone()
        cursor.execute(f'ALTER DATABASE "{own}" SET {name} = off')
    with pytest.raises(StoreError, match=name):
        open_database(database, create=False)


def cut() -> None:
    """End this thread's connection as a server does that is restarted."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    with psycopg.connect(os.environ["LAWGATE_DATABASE_URL"], autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s)", [own])


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_not_used_again(memory: Memory) -> None:
    before = memory.size()
    cut()
    with pytest.raises(StoreAwayError, match="try again"):
        memory.size()
    assert memory.size() == before
    cut()
    with pytest.raises(StoreAwayError, match="try again"):
        memory.append([HEARTBEAT])
    memory.append([HEARTBEAT])
    assert memory.size() == before + 1


@pytest.mark.postgres
def test_a_transaction_whose_connection_ends_halfway_leaves_nothing_and_no_lock(memory: Memory) -> None:
    from lawgate.store.log import append_leaves
    from lawgate.store.transaction import one_transaction

    def append_twice() -> None:
        with one_transaction("append twice"):
            append_leaves([HEARTBEAT])
            cut()
            append_leaves([HEARTBEAT])

    before = memory.size()
    with pytest.raises(StoreAwayError):
        append_twice()
    assert memory.size() == before
    memory.append([HEARTBEAT])
    assert memory.size() == before + 1
