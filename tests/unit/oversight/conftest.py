"""A consistent small world of counts, and a report over it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lawgate.domain.code import CODES
from lawgate.domain.kept import Tally
from lawgate.domain.steps import Disposition, LineState, LineStatus, SubmissionId
from lawgate.oversight.data import (
    CheckCommand,
    DeficientEnd,
    DispositionRow,
    Event,
    Figure,
    FollowedLine,
    Head,
    MeasuredRow,
    ReportData,
    StepCount,
)
from lawgate.oversight.reconcile import LedgerCounts, reconcile


def status(ordinal: int, state: LineState, letter: Disposition) -> LineStatus:
    return LineStatus(SubmissionId("0123456789ABCDEF"), ordinal, f"K{ordinal}", state, letter, ())


@pytest.fixture
def statuses() -> tuple[LineStatus, ...]:
    """Two refused, one returned, one held, two docketed, one approved, one proposed, two logged, three handed over."""
    spans = (
        (2, LineState.FINAL, Disposition.REFUSED),
        (1, LineState.FINAL, Disposition.RETURNED),
        (1, LineState.HELD, Disposition.HELD),
        (2, LineState.DOCKETED, Disposition.HELD),
        (1, LineState.APPROVED, Disposition.HELD),
        (1, LineState.PROPOSED, Disposition.HELD),
        (2, LineState.LOGGED, Disposition.ANSWERED),
        (3, LineState.HANDED_OVER, Disposition.ANSWERED),
    )
    flat = [(state, letter) for count, state, letter in spans for _ in range(count)]
    return tuple(status(n, state, letter) for n, (state, letter) in enumerate(flat, 1))


@pytest.fixture
def tally() -> Tally:
    """What the memory counts over those lines."""
    return Tally(
        submissions=2,
        lines=13,
        by_disposition={"X": 2, "I": 1, "W": 5, "A": 5},
        approved=7,
        lookups=6,
        answers=5,
        accounting_rows=5,
        handed_over=3,
        acknowledged=2,
        entries=12,
        kept={"X": 2, "I": 1, "W": 5, "A": 5},
        acknowledged_kept=2,
    )


@pytest.fixture
def ledger() -> LedgerCounts:
    """What the log says over those lines."""
    by_type = {"policy": 1, "submission": 2, "determinations": 2, "answer": 5, "ack": 2}
    return LedgerCounts(by_type, 13, {"X": 2, "I": 1, "A": 5})


def _steps() -> tuple[StepCount, ...]:
    rows: tuple[tuple[str, str, int, dict[str, int]], ...] = (
        (
            "Receive",
            "Bytes and a signed cover request: well-formed, signed by whom, seen before?",
            142,
            {"rejected": 6},
        ),
        ("Check", "Every element of the statute gets a finding with its citation.", 136, {"refused": 30}),
        ("Guard", "Plausible, alone and together with what came before?", 106, {"held": 6}),
        ("Decide", "A named officer answers what only people may decide.", 100, {}),
        (
            "Match",
            "Now a record is touched, once: exactly one record with this name at this address?",
            100,
            {},
        ),
        ("Minimise", "The least the law allows; a second person authorises.", 100, {}),
        ("Log", "Accounting row and leaf in one motion; witnesses cosign.", 100, {}),
        (
            "Seal",
            "Encrypted to the engaged officer's key, proof enclosed.",
            100,
            {"waiting for the officer": 3},
        ),
        ("Account", "Reconciled, reported, open to outside checks.", 97, {}),
    )
    return tuple(
        StepCount(n, word, sentence, lines, ended) for n, (word, sentence, lines, ended) in enumerate(rows, 1)
    )


def _dispositions() -> tuple[DispositionRow, ...]:
    refused = [
        DispositionRow("X", "refused", c, CODES[c].sentence, CODES[c].citation, n)
        for c, n in (("222", 12), ("223", 12), ("228", 6), ("504", 6))
    ]
    return (
        DispositionRow(
            "A", "answered under seal", "", "See the sealed answer.", "26 U.S.C. 6103(i)(2)(A)", 100
        ),
        *refused,
    )


def _walks() -> tuple[FollowedLine, FollowedLine]:
    leaf = "9f2c4e7ab11d03c8" * 4
    answered = (
        Event(
            "Received",
            "The line's commitment is in the submission's root.",
            "Head of the Fraud Service",
            True,
            "submission",
            18,
            leaf,
        ),
        Event("Checked", "14 elements MET, 3 need a person.", "", False),
        Event(
            "Decided",
            "3 questions answered; decision digest 77ab….",
            "Disclosure Officer",
            True,
            "determinations",
            24,
            leaf[::-1],
        ),
        Event("Authorised", "No determination under (i)(6).", "Releasing Officer", True, "answer", 25, leaf),
        Event(
            "Logged",
            "Six commitments; the kind of answer is not in clear.",
            "the gateway",
            False,
            "answer",
            25,
            leaf,
        ),
        Event(
            "Acknowledged",
            "The officer's tool accepted proof and seal.",
            "Engaged Officer 2",
            True,
            "ack",
            131,
            leaf[::-1],
        ),
    )
    refused = (
        Event(
            "Received",
            "The line's commitment is in the submission's root.",
            "Head of the Fraud Service",
            True,
            "submission",
            19,
            leaf,
        ),
        Event("Checked", "Address: UNMET, 26 U.S.C. 6103(i)(2)(B)(i).", "", False),
        Event("Refused", "Code 223. No record was touched.", "the gateway", False, "submission", 19, leaf),
    )
    return (
        FollowedLine("An answer", "The requester saw: A, answered under seal.", answered),
        FollowedLine("A refusal", "The requester saw: X, code 223, with the remedy.", refused),
    )


@pytest.fixture
def report(tally: Tally, ledger: LedgerCounts, statuses: tuple[LineStatus, ...]) -> ReportData:
    """A report with something in every part."""
    answer, refusal = _walks()
    deficient = (
        DeficientEnd(
            "placeholders",
            "Words and codes stand where the address should be.",
            "all lines refused",
            {"X": 12},
            ("223", "406"),
            0,
        ),
        DeficientEnd(
            "exchanged-after-signing", "The line file was exchanged.", "rejected as a whole", {}, ("103",), 0
        ),
    )
    return ReportData(
        title="Lawgate: a rehearsal of the nine steps",
        figures=(Figure("142", "requests received"), Figure("0", "records touched for the deficient ones")),
        ground="26 U.S.C. 6103(i)(2)",
        made=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        version="0.1.0",
        head=Head("demo.example/log", 132, "5e" * 32, ("demo-witness-1", "demo-witness-2")),
        steps=_steps(),
        dispositions=_dispositions(),
        answer=answer,
        refusal=refusal,
        deficient=deficient,
        checks=(
            CheckCommand(
                "lawgate-verify ledger demo-out/ledger --policy demo-out/policy",
                "Every entry, every proof, the cosignatures.",
            ),
            CheckCommand(
                "lawgate-verify package demo-out/answer --policy demo-out/policy",
                "One sealed answer against the log.",
            ),
        ),
        reconciliation=reconcile(tally, ledger, statuses),
        measured=(MeasuredRow("on record", 5, 3), MeasuredRow("not on record", 4, 4)),
        missed_by_cause={"address of many filers": 2},
    )
