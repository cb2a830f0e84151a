"""A database as the source of records: what it says is what a file says, it is only read, and nothing of its URL is repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

import postgres
from lawgate.adapters.arrow import arrow
from lawgate.adapters.record_database import DatabaseView
from lawgate.adapters.record_sources import COLUMNS
from lawgate.cli.main import app
from lawgate.domain.errors import RecordEngineError

ROW = dict.fromkeys(COLUMNS, "") | {
    "record_id": "r1", "given": "Zebulon", "surname": "Quartermain", "number": "742", "street": "Main St", "city": "Springfield",
    "state": "IL", "zip": "02704", "tax_year": "2022", "source": "taxpayer", "form": "1040",
}  # fmt: skip
Fill = Callable[[list[dict[str, object]], dict[str, str]], str]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of the test's own in a temporary folder, without TCP, run by an account without rights."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    running = postgres.Server()
    try:
        yield f"postgresql://lawgate:Hush@/postgres?host={running.folder}"
    finally:
        running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def fill(request: pytest.FixtureRequest, tmp_path: Path) -> Fill:
    """Make a table ``filings`` of these rows in a database, with other types for some columns, and return its URL."""

    def filled(rows: list[dict[str, object]], types: dict[str, str]) -> str:
        url = (
            f"sqlite://{tmp_path}/Hush.db" if request.param == "sqlite" else request.getfixturevalue("server")
        )
        columns = list(rows[0])
        mark = "?" if request.param == "sqlite" else "%s"
        open_ = sqlite3.connect(tmp_path / "Hush.db") if request.param == "sqlite" else psycopg.connect(url)
        cursor = open_.cursor()
        cursor.execute("DROP TABLE IF EXISTS filings")
        declared = ", ".join(f"{c} {types.get(c, 'text')}" for c in columns)
        cursor.execute(f"CREATE TABLE filings ({declared})")
        cursor.executemany(
            f"INSERT INTO filings VALUES ({', '.join([mark] * len(columns))})",
            [tuple(row.values()) for row in rows],
        )
        open_.commit()
        open_.close()
        return url

    return filled


def test_a_view_says_what_its_rows_say(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lawgate.adapters.record_database._AT_ONCE", 3)
    rows: list[dict[str, object]] = [
        {**ROW, "record_id": f"r{n}", "middle": None, "tax_year": 2022, "nationality": "any"}
        for n in range(10)
    ]
    source = DatabaseView(fill(rows, {"tax_year": "integer"}), "filings")
    assert source.rows == 10
    read = arrow.concat_tables(list(source.batches())).to_pylist()
    assert sorted(read, key=lambda r: str(r["record_id"])) == [
        {**ROW, "record_id": f"r{n}"} for n in range(10)
    ]
    first = source.sha256
    assert len(first) == 64
    list(source.batches())
    assert source.sha256 == first


def test_a_view_is_indexed_by_command(fill: Fill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, settings = tmp_path / "home", tmp_path / "lawgate.toml"
    run = CliRunner().invoke
    settings.write_text(run(app, ["init", "--example"]).output, encoding="utf-8")
    assert run(app, ["init", "--settings", str(settings), "--home", str(home)]).exit_code == 0
    words = ["records", "index", "--view", "filings", "--home", str(home)]
    done = run(app, words)
    assert (done.exit_code, "LAWGATE_RECORDS_DATABASE" in str(done.exception)) == (1, True)
    monkeypatch.setenv("LAWGATE_RECORDS_DATABASE", fill([dict(ROW), {**ROW, "record_id": "r2"}], {}))
    assert "records 2" in run(app, words).output
    monkeypatch.setenv("LAWGATE_RECORDS_DATABASE", fill([{**ROW, "record_id": "r3"}], {}))
    gone = tmp_path / "gone.csv"
    gone.write_text("record_id\nr1\nr2\n", encoding="utf-8")
    done = run(app, [*words, "--withdrawn", str(gone)])
    assert (done.exit_code, "--update" in str(done.exception)) == (1, True)
    assert "records 1" in run(app, [*words, "--update", "--withdrawn", str(gone)]).output


def test_a_row_that_cannot_be_read_is_named_and_not_quoted(fill: Fill) -> None:
    for change, types, said in (
        ({"zip": 62704}, {"zip": "integer"}, "row 2, column zip: is not text"),
        ({"source": "Quartermain"}, {}, "line 2, column source"),
        ({"street": "\x1f"}, {}, "line 2, column street"),
    ):
        first: dict[str, object] = dict(ROW) if not types else {**ROW, "zip": None}
        with pytest.raises(RecordEngineError, match=said) as refused:
            list(DatabaseView(fill([first, {**ROW, **change}], types), "filings").batches())
        assert "Quartermain" not in str(refused.value)
    with pytest.raises(RecordEngineError, match="missing columns: given"):
        list(DatabaseView(fill([{c: v for c, v in ROW.items() if c != "given"}], {}), "filings").batches())


def test_nothing_can_be_written_and_a_name_is_a_name(fill: Fill) -> None:
    url = fill([dict(ROW)], {})
    source = DatabaseView(url, "filings")
    with source._reading() as connection, pytest.raises((sqlite3.Error, psycopg.Error)):
        connection.cursor().execute("DELETE FROM filings")
    for name in ('filings"; DROP TABLE filings; --', "none", "filings WHERE true"):
        with pytest.raises(RecordEngineError, match="no such view") as refused:
            DatabaseView(url, name)
        assert "Hush" not in str(refused.value)
    assert DatabaseView(url, "filings").rows == 1


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///nowhere/Hush.db",
        "postgresql://holder:Hush@127.0.0.1:1/x",
        "mysql://a:Hush@b/c",
        "Hush",
        "sqlite://Hush.db",
    ],
)
def test_a_database_that_is_not_there_is_refused_without_its_url(url: str) -> None:
    with pytest.raises(RecordEngineError) as refused:
        DatabaseView(url, "filings")
    assert "Hush" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_date_of_a_database_is_a_day(server: str) -> None:
    with psycopg.connect(server) as connection:
        connection.execute("DROP TABLE IF EXISTS born")
        declared = ", ".join(f"{c} {'date' if c == 'birth_date' else 'text'}" for c in ROW)
        connection.execute(f"CREATE TABLE born ({declared})")
        values = [date(1980, 5, 6) if c == "birth_date" else v for c, v in ROW.items()]
        connection.execute(f"INSERT INTO born VALUES ({', '.join(['%s'] * len(ROW))})", values)
    (table,) = DatabaseView(server, "public.born").batches()
    assert table["birth_date"].to_pylist() == ["1980-05-06"]
