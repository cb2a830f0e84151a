"""I-9, nothing personal where it need not be: every byte of the home, every command, every message is searched for rare words."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lawgate import pipeline, stop_orders, wiring
from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.outbox import write_package
from lawgate.adapters.submission_files import read_submission, write_folder
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.cli.frame import run
from lawgate.cli.main import app
from lawgate.domain.errors import LawgateError, StoreError
from lawgate.domain.stop import StopScope
from lawgate.ledger.audit import verify_log
from lawgate.rehearsal import people

WORDS = (
    "Zebulon", "Quillfeather", "Ottoline", "Brackenthorpe", "Peregrine", "Wolfenstone", "Cosimo", "Vandersnickle",
    "Hortensia", "Applegarth", "Barnaby", "Thistledown", "Marzipan", "Gingerbread", "Saffron", "Licorice", "Nutmeg",
    "Treacle", "Cardamom", "Xylophone", "900016103", "900026103", "900-01-6103", "1971-11-23", "CASE-00", "key-00", "Zanzibar",
)  # fmt: skip
"""Names, streets, taxpayer numbers, a birth date, words of reasons and offence facts, case numbers and request keys."""


def spellings(word: str) -> Iterator[bytes]:
    """A word as it might stand in a file: in any case, in UTF-16, in hex, in base64 at each of its three places."""
    for text in {word, word.upper(), word.lower(), word.casefold()}:
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield raw.hex().encode()
        for shift, first in enumerate((0, 2, 3)):
            # Only the characters that hold bits of the word alone, whatever stands before and after it.
            yield base64.b64encode(b"\0" * shift + raw)[first : 8 * (shift + len(raw)) // 6]


NEEDLES = {n: w for w in WORDS for n in spellings(w) if len(n) >= 6}


def found_in(raw: bytes) -> set[str]:
    return {word for needle, word in NEEDLES.items() if needle in raw}


def telling(house: Any) -> list[Any]:
    """Requests that state everything there is to state."""
    lines = house.many()
    lines[0] |= {"taxpayer_number": "900-01-6103", "birth_date": "1961-05-17"}
    lines[1] |= {"birth_date": "1971-11-23", "offence_facts": {"place": "Zanzibar"}}
    return lines


def played(house: Any) -> Any:
    """One submission through all nine steps, with a stop on a person, a bad line, and an acknowledgement."""
    lines = telling(house)
    submission = house.receive([*lines, '{"request_key": "key-009", "name": "Zebulon Quillfeather"}'])
    house.order(StopScope.PERSON, person=lines[2])
    house.approve(submission, refuse=(5,))
    house.two_look(submission)
    house.authorise(submission, withhold=(6,))
    for package in house.packages(submission):
        write_package(house.home.parent / "outbox", package)
        officer = next(p for p in house.identities if _opens(house, p, package))
        pipeline.acknowledge(house.gate, house.ack(package, by=officer))
    return submission


def _opens(house: Any, person: str, package: Any) -> bool:
    keys = {k.person: k.recipient for k in house.gate.memory.standing().keys}
    return bool(keys[person] == package.recipient)


def test_the_search_finds_each_word_in_each_of_its_spellings() -> None:
    for word in WORDS:
        for before in ("", "x", "xx"):
            text = f"{before}{word.upper()}yy".encode()
            for raw in (text, text.decode().encode("utf-16-le"), text.hex().encode(), base64.b64encode(text)):
                assert word in found_in(raw)


@pytest.mark.sqlite
def test_no_file_of_the_home_holds_a_word_of_the_requests(house: Any) -> None:
    played(house)
    rejected = house.compose(telling(house)) | {"Zebulon.txt": b"Quillfeather"}
    assert pipeline.receive(house.gate, rejected).rejected_code == "101"
    names = [name for name, _ in house.every_byte()]
    assert any(name.endswith("-wal") for name in names)
    assert {name: found_in(raw) for name, raw in house.every_byte() if found_in(raw)} == {}
    assert [name for name in names if found_in(name.encode())] == []


def test_the_records_index_holds_no_word_of_the_records(house: Any) -> None:
    assert found_in((house.home / wiring.RECORDS).read_bytes()) == set()


@pytest.mark.sqlite
def test_the_database_is_the_owners_alone(house: Any) -> None:
    played(house)
    for name in (
        wiring.DATABASE,
        f"{wiring.DATABASE}-wal",
        "keys/vault",
        "keys/log.pem",
    ):
        assert (house.home / name).stat().st_mode & 0o077 == 0, name


def test_no_package_and_no_log_entry_can_be_read_without_the_officers_key(house: Any) -> None:
    played(house)
    for path in (house.home.parent / "outbox").rglob("*"):
        if path.is_file():
            assert found_in(path.read_bytes()) == set()
    for raw in house.gate.memory.entries(0, house.gate.memory.size()):
        assert found_in(raw) == set()


def test_no_table_has_a_clear_column_with_a_word_of_the_requests(house: Any) -> None:
    played(house)
    with sqlite3.connect(house.home / wiring.DATABASE) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in database.execute(f'select * from "{table}"'):
                assert found_in(repr(row).encode()) == set(), table
    database.close()


# -- commands -------------------------------------------------------------------------------------------------------------


def said(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object
) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["lawgate", *map(str, words)])
    code = run(app)
    out, err = capfd.readouterr()
    return code, out + err


def test_no_command_but_the_officers_own_two_shows_a_word_of_the_requests(
    house: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = house.compose(telling(house))
    write_folder(tmp_path / "submission", files)
    submission = pipeline.receive(house.gate, read_submission(tmp_path / "submission")).submission
    house.approve(submission, refuse=(5,))
    waits = house.receive([house.one("nobody", 41) | {"birth_date": "1971-11-23"}])
    monkeypatch.setenv("LAWGATE_HOME", str(house.home))
    commands: list[tuple[object, ...]] = [
        ("submission", "check", tmp_path / "submission"),
        ("submission", "check", tmp_path / "submission", "--json"),
        ("submission", "receive", tmp_path / "submission"),
        ("submission", "receive", tmp_path / "submission", "--json"),
        ("submission", "status", submission),
        ("submission", "status", submission, "--json"),
        ("answer", "list", submission),
        ("answer", "list", submission, "--json"),
        ("submission", "answer", submission, "--out", tmp_path / "out"),
        ("submission", "answer", submission, "--out", tmp_path / "out", "--json"),
        ("stop", "list"), ("stop", "list", "--json"),
        ("standing", "list"), ("standing", "list", "--json"),
        ("key", "list"), ("key", "list", "--json"),
        ("records", "info"), ("records", "info", "--json"),
        ("ledger", "verify"), ("ledger", "verify", "--json"), ("ledger", "heartbeat"), ("ledger", "prove", 1),
        ("pack", "list"), ("pack", "show", people.PACK),
        ("report", "reconcile"), ("report", "reconcile", "--json"), ("report", "annual", 2026), ("report", "annual", 2026, "--json"),
        ("doctor",), ("doctor", "--json"),
    ]  # fmt: skip
    for words in commands:
        code, text = said(capfd, monkeypatch, *words)
        assert code in (0, 3), (words, text)
        assert found_in(text.encode()) == set(), words
    _, docket = said(capfd, monkeypatch, "review", "list", waits)
    assert "Vandersnickle" in found_in(docket.encode())
    _, sample = said(capfd, monkeypatch, "answer", "sample", submission, "--batch", 1)
    assert found_in(sample.encode())


def test_a_determination_shows_first_letters_and_no_number_back(
    house: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    submission = played(house)
    monkeypatch.setenv("LAWGATE_HOME", str(house.home))
    said(capfd, monkeypatch, "submission", "answer", submission, "--out", tmp_path / "out")
    raw = (tmp_path / "out" / "determination.jsonl").read_bytes()
    # The requester's own key is what the line is told back under.
    assert found_in(raw) == {"key-00"}
    assert b"Z*** Q***" in raw
    assert b"1961" not in raw


# -- messages -------------------------------------------------------------------------------------------------------------


def raised(step: Any, *arguments: Any) -> str:
    with pytest.raises(LawgateError) as caught:
        step(*arguments)
    texts, fault = [], caught.value
    cause: BaseException | None = fault
    while cause is not None and not (
        cause is not fault and cause is fault.__context__ and fault.__suppress_context__
    ):
        texts.append(f"{cause!r} {cause}")
        cause = cause.__cause__ or cause.__context__
    return " ".join(texts)


def test_no_exception_repeats_what_a_document_said(house: Any, tmp_path: Path) -> None:
    submission = house.proposed(*telling(house))
    gate, sign = house.gate, house.sign
    word: dict[str, Any] = {"submission": submission, "made": "2026-03-02T09:30:00Z", "count": 1}
    bad = {"ordinal": 1, "verdict": "Quillfeather", "Zebulon": "Quillfeather"}
    documents = [
        (pipeline.decide, gate, submission, sign("decision", {**word, "lines": [bad]}, people.DISCLOSURE_OFFICER)),
        (pipeline.decide, gate, submission, sign("decision", {**word, "lines": "Zebulon"}, people.DISCLOSURE_OFFICER)),
        (pipeline.decide, gate, submission, b'{"payload": "Zebulon Quillfeather"}'),
        (pipeline.look_at_sample, gate, submission, sign("sample", {**word, "batch": "Zebulon"}, people.COUNSEL)),
        (pipeline.authorise, gate, submission, sign("authorisation", {**word, "batch": 1, "lines": [bad]}, people.RELEASING_OFFICER)),
        (pipeline.acknowledge, gate, sign("ack", {"answer": "Quillfeather", "index": 1}, people.OFFICERS[0])),
        (pipeline.summary, gate, "Quillfeather"),
        (stop_orders.order_stop, gate, sign("stop", {"act": "Zebulon"}, people.COURT)),
        (stop_orders.order_stop, gate, sign("stop", {
            "act": "order", "stop": "s", "scope": "person", "authority": "a", "made": "2026-03-02T09:30:00Z",
            "person": {"name": {"given": "Zebulon"}, "address": {"street": "Marzipan"}}}, people.COURT)),
    ]  # fmt: skip
    for step, *arguments in documents:
        assert found_in(raised(step, *arguments).encode()) == set()
    (tmp_path / "Quillfeather").mkdir()
    (tmp_path / "Quillfeather" / "Zebulon.csv").write_text("Marzipan")
    assert found_in(raised(read_submission, tmp_path / "Quillfeather").encode()) == set()


def test_an_unexpected_error_is_told_by_its_kind_and_place_alone(
    house: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("Zebulon Quillfeather")

    monkeypatch.setattr(pipeline, "summary", explode)
    monkeypatch.setenv("LAWGATE_HOME", str(house.home))
    code, text = said(capfd, monkeypatch, "submission", "status", "0" * 16)
    assert code == 1
    assert "RuntimeError" in text
    assert found_in(text.encode()) == set()


# -- erasing --------------------------------------------------------------------------------------------------------------


def vault_of(house: Any) -> KeyVault:
    return KeyVault(
        house.home / "vault", WrappingKeys(house.home / "keys" / "vault", None, os.urandom), os.urandom
    )


def erase(house: Any, submission: Any) -> None:
    vault_of(house).erase(submission)


def test_erasing_a_submissions_key_leaves_the_log_valid_and_the_data_unreadable(house: Any) -> None:
    submission = played(house)
    size = verify_log(house.gate.tiles, house.gate.policy).size
    erase(house, submission)
    assert verify_log(house.gate.tiles, house.gate.policy).size == size
    memory = house.gate.memory
    for read in (memory.received, house.gate.originals.sent, memory.statuses, memory.logged):
        with pytest.raises(StoreError):
            read(submission)
    assert not list((house.home / "vault").glob(f"*{submission}*"))


def test_after_an_erasure_the_accounting_still_stands_and_counts_still_agree(house: Any) -> None:
    submission = played(house)
    erase(house, submission)
    tally = house.gate.memory.tally()
    assert len(house.gate.memory.accounting()) == tally.accounting_rows == tally.answers == 5
    assert house.log()["answer"] == 5


def test_after_an_erasure_other_submissions_go_on(house: Any) -> None:
    lines = house.many()
    gone = house.logged(*lines[:3])
    house.packages(gone)
    erase(house, gone)
    other = house.receive(lines[3:])
    house.approve(other)
    house.two_look(other)
    house.authorise(other)
    assert len(house.packages(other)) == 3


def test_after_an_erasure_a_stop_can_still_be_ordered(house: Any) -> None:
    lines = house.many()
    gone, kept = house.logged(*lines[:3]), house.logged(*lines[3:])
    erase(house, gone)
    house.packages(kept)
    _, left = house.order(StopScope.EVERYTHING)
    assert len(left) == 3
    assert house.log()["stop"] == 1


def test_the_salts_of_the_lines_commitments_die_with_the_key(house: Any) -> None:
    submission = house.receive(house.many())
    vault = vault_of(house)
    assert len(vault.salts(submission)("0/1")) == 32
    erase(house, submission)
    with pytest.raises(StoreError):
        vault.salts(submission)


def test_entries_name_no_key_file_person_or_request_key(house: Any) -> None:
    played(house)
    for raw in house.gate.memory.entries(0, house.gate.memory.size()):
        entry = json.loads(raw)
        assert "person" not in entry
        assert not any(player.person in raw.decode() for player in people.CAST)
