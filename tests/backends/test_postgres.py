"""A home keeps its memory where it was made: in its own file, or in the one database of PostgreSQL's that the environment names."""

from __future__ import annotations

from pathlib import Path

import pytest

from lawgate.domain.errors import StoreError
from lawgate.store.open import open_database

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
