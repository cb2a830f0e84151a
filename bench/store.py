"""Measures the relational memory and prints JSON: lines kept and answers logged per second, beside a floor of plain sqlite3.

The floor inserts the same rows (same bytes, tables and indexes, same pragmas, one transaction each) with nothing else done: no sealing, no
reading back, no checks.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django

from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.kept import CHUNK_LINES, Accounting, AnswerDraft, Memory, Slot, Trace
from lawgate.domain.steps import (
    AnswerKind,
    Approved,
    Attestation,
    Authorised,
    Cover,
    Disposition,
    Json,
    Line,
    LineState,
    LineStatus,
    Matched,
    Proposed,
    Received,
    SignedDecision,
    SubmissionId,
    Verdict,
    VerdictKind,
)
from lawgate.store.arriving import ArrivalBox
from lawgate.store.open import close_database, open_database

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ID = SubmissionId("0123456789ABCDEF")
KEYID = "a" * 32
KEPT_TABLES = ("store_submission", "store_stated", "store_line", "store_trace")
LOGGED_TABLES = ("store_entry", "store_answer", "store_accountingrow")
FINDINGS = tuple(
    Finding(
        f"element-{n}",
        Outcome.MET,
        "26 U.S.C. 6103(i)(2)(B)(iv)",
        Basis.STATUTE,
        "226",
        "The request sets forth the specific reason why disclosure is or may be relevant.",
    )
    for n in range(15)
)


def line(ordinal: int) -> Line:
    data: dict[str, Json] = {
        "request_key": f"request-{ordinal}",
        "name": {"given": "Ada", "middle": "B", "surname": "Synthetic"},
        "address": {
            "number": "12",
            "street": "N Main St",
            "city": "Springfield",
            "state": "IL",
            "zip": "62701",
        },
        "taxable_periods": ["2022"],
        "reasons": "A sentence or two about why the address of this person is relevant to the matter." * 3,
    }
    return Line(ordinal, f"request-{ordinal}", data, "0" * 64, Attestation(KEYID, "officer-1", "e" * 64))


def received(count: int) -> Received:
    cover = Cover(
        "0" * 32,
        NOW,
        "agency-one",
        "agency-head",
        "official-1",
        None,
        "usc26_6103_i_2",
        "agreement-1",
        "lines.csv",
        "1" * 64,
        "2" * 64,
        count,
        {},
        "use",
        "c" * 32,
        "3" * 64,
    )
    return Received(ID, "4" * 64, cover, NOW)


def keep(memory: Memory, vault: KeyVault, given: Received, lines: list[Line]) -> float:
    statuses = [
        LineStatus(
            ID,
            each.ordinal,
            each.request_key,
            LineState.DOCKETED,
            Disposition.HELD,
            ("901",),
            FINDINGS,
        )
        for each in lines
    ]
    traces = sorted(
        (kind, hashlib.sha256(f"{kind}{each.ordinal}".encode()).digest()[:16])
        for each in lines
        for kind in ("line", "address", "reasons", "officer", "official")
    )
    start = time.perf_counter()
    vault.new_key(ID)
    memory.begin_arrival()
    for first in range(0, len(lines), CHUNK_LINES):
        some = lines[first : first + CHUNK_LINES]
        with vault.opened(ID) as box:
            sealer = ArrivalBox(ID, box)
            found = sealer.found(first + 1, b"x" * 300 * len(some))
            memory.keep_arriving(first + 1, [sealer.line(each) for each in some], found)
    memory.keep_received(
        given,
        statuses,
        lambda: (Trace(kind, mark, 1) for kind, mark in traces),
        lambda: (),
        lambda: [b'{"type":"submission"}'],
    )
    return time.perf_counter() - start


def signed(envelope: bytes) -> SignedDecision:
    return SignedDecision(hashlib.sha256(envelope).hexdigest(), KEYID, "person-1", NOW)


def propose(memory: Memory, lines: list[Line]) -> tuple[Proposed, ...]:
    decision = signed(b"decision")
    approved = [Approved(ID, each, FINDINGS, ("address",), (2022,), KEYID, decision) for each in lines]
    memory.keep_decision(ID, decision, b"decision", approved, [], [])
    verdict = Verdict(VerdictKind.NONE, "340")
    memory.keep_lookups(
        [Proposed(Matched(a, verdict), AnswerKind.NO_ANSWER, {}, "340") for a in approved], NOW
    )
    return memory.proposals(ID)


def draft(proposed: Proposed, authorisation: SignedDecision) -> AnswerDraft:
    ordinal = proposed.matched.approved.line.ordinal
    answer = f"{ordinal:032x}"

    def build(slot: Slot) -> bytes:
        body = {"type": "answer", "index": slot.index, "sequence": slot.sequence, "commitments": "0" * 1400}
        return json.dumps(body).encode()

    account = Accounting(
        answer, ID, ordinal, "agency-one", "agency-head", "official-1", "usc26_6103_i_2", "8 U.S.C. 1253(a)(1)",
        NOW, NOW, KEYID, "room 4", "person-1", "person-2", ("address",), (), (2022,), "9" * 64, "", "i2",
    )  # fmt: skip
    # As long as an answer's openings are, enclosed for the sealer.
    return AnswerDraft(answer, Authorised(proposed, authorisation, 1), bytes(1200), bytes(32), account, build)


def release(memory: Memory, proposals: tuple[Proposed, ...]) -> float:
    authorisation = signed(b"authorisation")
    drafts = [draft(p, authorisation) for p in proposals]
    start = time.perf_counter()
    memory.log_answers(ID, authorisation, b"authorisation", drafts, [b'{"type":"determinations"}'])
    return time.perf_counter() - start


def floor(database: Path, tables: tuple[str, ...]) -> float:
    """Insert what those tables hold into empty copies of them."""
    source = sqlite3.connect(database)
    target = sqlite3.connect(database.with_name(f"floor-{tables[0]}.sqlite3"), isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    for (sql,) in source.execute(
        f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({','.join('?' * len(tables))})",
        tables,
    ):
        target.execute(sql)
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    start = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        target.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
    target.execute("COMMIT")
    spent = time.perf_counter() - start
    source.close()
    target.close()
    return spent


def measure(folder: Path, count: int) -> dict[str, object]:
    from lawgate.store.memory import memory_on

    database = folder / "memory.sqlite3"
    open_database(database, create=True)
    wrapping = WrappingKeys(folder / "wrapping", None, os.urandom)
    wrapping.begin()
    vault = KeyVault(folder / "keys", wrapping, os.urandom)
    memory = memory_on(vault)
    given = received(count)
    lines = [line(n) for n in range(1, count + 1)]
    kept = keep(memory, vault, given, lines)
    kept_floor = floor(database, KEPT_TABLES)
    logged = release(memory, propose(memory, lines))
    logged_floor = floor(database, LOGGED_TABLES)
    tally = memory.tally()
    close_database()
    return {
        "lines": tally.lines,
        "answers": tally.answers,
        "keep_received_lines_per_second": round(count / kept),
        "keep_received_floor_lines_per_second": round(count / kept_floor),
        "log_answers_per_second": round(count / logged),
        "log_answers_floor_per_second": round(count / logged_floor),
        "database_bytes": database.stat().st_size,
    }


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lawgate.django_settings"
    django.setup()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), count), indent=2))


if __name__ == "__main__":
    main()
