"""The reader's way into the memory: the database itself refuses what does not belong to it, whatever our code asks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django.db
import pytest
from django.db import Error, connections

from lawgate.accounts.router import TwoFiles
from lawgate.domain.errors import SettingsError, StoreError
from lawgate.domain.kept import Ack, Memory, Owed
from lawgate.domain.standing import Agency
from lawgate.domain.steps import LineState
from lawgate.domain.stop import Stop, StopScope
from lawgate.store import rights
from lawgate.store.open import connect, postgresql
from lawgate.store.reader import READER, only_reading, open_reader

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "LAWGATE_DATABASE_URL"


@pytest.fixture
def reader(memory: Memory, database: Path, case: Any) -> Iterator[None]:
    """A memory with a whole walk in it, and the second way in, opened as the service opens it."""
    case.walk(memory)
    url = None
    if connections["default"].vendor == "postgresql":
        with connections["default"].cursor() as cursor:
            cursor.execute(rights.rights("lawgate_writer", "lawgate_reader"))
        url = os.environ[URL].replace("user=lawgate", "user=lawgate_reader")
    open_reader(database, url)
    yield
    connections[READER].close()
    del connections[READER]
    del connections.settings[READER]


def asked(statement: str) -> Any:
    with connections[READER].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.usefixtures("reader")
def test_what_it_may_see_it_sees() -> None:
    for table, columns in rights.readable().items():
        names = ", ".join(f'"{name}"' for name in columns)
        asked(f"SELECT {names} FROM {table}")
    assert asked("SELECT SUM(lines) FROM store_linecount") == [(8,)]


@pytest.mark.usefixtures("reader")
def test_every_other_column_of_every_table_is_refused_by_the_database() -> None:
    from django.apps import apps

    seen = rights.readable()
    hidden = [
        (model._meta.db_table, field.column)
        for model in apps.get_app_config("store").get_models()
        for field in model._meta.concrete_fields
        if field.column and field.column not in seen.get(model._meta.db_table, ())
    ]
    assert {"store_stated", "store_line", "store_answer", "store_accountingrow", "store_decision"} <= {
        t for t, _ in hidden
    }
    assert ("store_stop", "subject") in hidden
    for table, column in hidden:
        with pytest.raises(Error):
            asked(f'SELECT "{column}" FROM {table}')
        with pytest.raises(Error):
            asked(f'SELECT 1 FROM store_head WHERE EXISTS (SELECT 1 FROM {table} WHERE "{column}" IS NULL)')


@pytest.mark.usefixtures("reader")
def test_sealed_bytes_never_are_among_what_it_sees() -> None:
    from django.apps import apps
    from django.db.models import BinaryField

    readable = rights.readable()
    binary = {
        (model._meta.db_table, field.column)
        for model in apps.get_app_config("store").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and field.column in readable.get(model._meta.db_table, ())
    }
    # The log is public: whoever mirrors it has its entries.
    assert binary == {("store_entry", "body")}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM store_entry",
        "UPDATE store_linecount SET lines = 0",
        "UPDATE store_key SET until = NULL",
        "INSERT INTO store_head (id, note) VALUES (2, 'x')",
        "CREATE TABLE mine (a int)",
        "DROP TABLE store_stop",
        "TRUNCATE store_stop",
        "ATTACH DATABASE 'other.sqlite3' AS other",
        "PRAGMA query_only=OFF",
        "SELECT * FROM sqlite_master",
        "COPY store_head TO '/dev/null'",
    ],
)
def test_it_changes_nothing(statement: str) -> None:
    with pytest.raises(Error):
        asked(statement)


@pytest.mark.postgres
@pytest.mark.usefixtures("reader")
def test_a_session_that_says_it_will_write_still_may_not() -> None:
    with connections[READER].cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(Error, match="permission denied"):
            cursor.execute("UPDATE store_linecount SET lines = 0")


@pytest.mark.sqlite
def test_the_file_itself_is_open_for_reading_alone(reader: None) -> None:
    connection = connections[READER].connection
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only=OFF")
    with pytest.raises(Exception, match="readonly"):
        connection.execute("UPDATE store_linecount SET lines = 0")


# -- the same through the memory, as pages use it ------------------------------------------------------------------------------


@pytest.fixture
def routed(reader: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's router, which leads what the memory asks to the way in that was chosen."""
    monkeypatch.setattr(django.db.router, "routers", [TwoFiles()])


@pytest.mark.usefixtures("routed")
def test_counts_register_and_log_are_read(memory: Memory, case: Any) -> None:
    asks = (
        lambda: memory.summaries(),
        lambda: memory.latest(5),
        lambda: memory.summary(case.submission),
        lambda: memory.letters(case.submission),
        lambda: memory.codes(case.submission),
        lambda: memory.on_their_way([case.submission]),
        lambda: memory.acknowledged(case.submission),
        lambda: memory.clear_standing(),
        lambda: memory.clear_stops(),
        lambda: memory.size(),
        lambda: memory.entries(0, 1),
        lambda: memory.load_head(),
    )
    for ask in asks:
        with only_reading():
            seen = ask()
        assert seen == ask()


@pytest.mark.usefixtures("routed")
def test_what_a_line_says_is_refused_and_so_is_every_write(memory: Memory, case: Any, entry: Any) -> None:
    agency = Agency("agency-two", "Agency Two", True, date(2026, 1, 1))
    asks = (
        lambda: memory.standing(),
        lambda: memory.stops(),
        lambda: memory.received(case.submission),
        lambda: memory.lines(case.submission),
        lambda: memory.statuses(case.submission),
        lambda: memory.ordinals(case.submission, LineState.LOGGED),
        lambda: memory.docket(case.submission, range(1, 9)),
        lambda: memory.logged(case.submission),
        lambda: memory.accounting(),
        lambda: memory.past(case.submission),
        lambda: memory.tally(),
        lambda: memory.append([entry("heartbeat")]),
        lambda: memory.keep_standing(agency, []),
        lambda: memory.begin_arrival(),
        lambda: memory.keep_arriving(1, [b"x"], b"y"),
        lambda: memory.swap_head(None, "note"),
    )
    before = memory.tally()
    for ask in asks:
        with only_reading(), pytest.raises(StoreError, match="the database reports"):
            ask()
    assert memory.tally() == before


# -- the accounts of PostgreSQL's ----------------------------------------------------------------------------------------------


def test_an_account_with_a_strange_name_gets_no_statements() -> None:
    for name in ("", "x; DROP TABLE", "Upper", 'a"b', "ünter"):
        with pytest.raises(SettingsError, match="lower-case"):
            rights.rights("writer", name)


@pytest.mark.postgres
def test_an_account_that_may_do_more_is_not_taken_for_the_reader(reader: None, database: Path) -> None:
    own = os.environ[URL]
    with pytest.raises(StoreError, match="may change"):
        open_reader(database, own)
    url = own.replace("user=lawgate", "user=lawgate_reader")
    with connections["default"].cursor() as cursor:
        cursor.execute("GRANT SELECT (body) ON store_submission TO lawgate_reader")
    with pytest.raises(StoreError, match=r"may read store_submission\.body"):
        open_reader(database, url)
    with connections["default"].cursor() as cursor:
        cursor.execute(rights.rights("lawgate_writer", "lawgate_reader"))
        cursor.execute("GRANT lawgate_writer TO lawgate_reader")
    with pytest.raises(StoreError, match="a member of another"):
        open_reader(database, url)
    with connections["default"].cursor() as cursor:
        cursor.execute("REVOKE lawgate_writer FROM lawgate_reader")
    open_reader(database, url)


@pytest.mark.postgres
def test_the_writer_does_all_that_the_gateway_does_and_no_more(
    reader: None, memory: Memory, other: Any
) -> None:
    """The whole walk under the account that owns nothing, with an acknowledgement; and nothing that was logged can be changed."""
    connect("default", postgresql(os.environ[URL].replace("user=lawgate", "user=lawgate_writer")))
    drafts = other.walk(memory)
    memory.keep_hand_overs([drafts[0].answer], NOW, Owed())
    memory.keep_acks([Ack(drafts[0].answer, b"signed", b'{"type":"ack"}')], NOW)
    stopped = Stop(
        "stop-1", StopScope.AGENCY, "agency-one", "No. 1", "judge", hashlib.sha256(b"order").hexdigest(), NOW
    )
    memory.keep_stop(stopped, b"order", [])
    memory.lift_stop("stop-1", NOW, b"lift", [])
    agency = Agency("agency-two", "Agency Two", True, date(2026, 1, 1))
    memory.keep_standing(agency, [])
    memory.end_standing(agency, date(2026, 2, 1), [])
    assert memory.swap_head(None, "one")
    assert memory.swap_head("one", "two")
    for statement in (
        "DELETE FROM store_entry",
        "UPDATE store_entry SET body = ''",
        "UPDATE store_decision SET person = 'x'",
        "UPDATE store_lookup SET body = ''",
        "DELETE FROM store_line",
        "UPDATE store_line SET ordinal = ordinal + 100",
        "UPDATE store_answer SET body = ''",
        "DELETE FROM store_accountingrow",
        "UPDATE store_stated SET body = ''",
        "TRUNCATE store_entry",
        "CREATE TABLE mine (a int)",
    ):
        with (
            pytest.raises(Error, match=r"permission denied|must be owner"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(statement)
