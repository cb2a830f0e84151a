"""Tells a played rehearsal as the report's data: counts of the steps, dispositions, one answer and one refusal followed through the log."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lawgate import __version__, places, wiring
from lawgate.domain.code import code
from lawgate.domain.kept import LoggedAnswer, SubmissionSummary, letter_counts
from lawgate.domain.steps import AnswerKind, Disposition, LineState, LineStatus, SubmissionId
from lawgate.ledger.audit import verify_log
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.tree import leaf_hash
from lawgate.oversight.data import (
    CheckCommand,
    DeficientEnd,
    DispositionRow,
    Event,
    FollowedLine,
    Head,
    MeasuredRow,
    ReportData,
    StepCount,
)
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal.stage import Stage
from lawgate.rehearsal.submissions import Ingredients
from lawgate.rehearsal.truth import Measured, Truth, measure

MEANINGS = {
    Disposition.FORMAT_ERROR: "format error",
    Disposition.DUPLICATE: "asked before",
    Disposition.STOPPED: "stopped",
    Disposition.REFUSED: "refused",
    Disposition.RETURNED: "returned",
    Disposition.HELD: "held for a person",
    Disposition.ANSWERED: "answered under seal",
}
VERIFY = os.path.relpath(Path(sys.executable).parent / "lawgate-verify")
LOOKED_UP = (LineState.PROPOSED, LineState.LOGGED, LineState.HANDED_OVER)
ANSWERED = (LineState.LOGGED, LineState.HANDED_OVER)


def measured(stage: Stage, submission: SubmissionId, truths: Sequence[Truth]) -> Measured:
    """Hold every answer against the truth, which nothing but this ever reads."""
    answers = {}
    for logged in stage.gate.memory.logged(submission):
        proposed = logged.authorised.proposed
        told = proposed.kind is not AnswerKind.NO_ANSWER
        record = proposed.matched.verdict.record_id if told else None
        answers[proposed.matched.approved.line.request_key] = (proposed.kind, record or "")
    return measure(truths, answers)


def tell(
    stage: Stage,
    good: SubmissionSummary,
    deficient: Sequence[tuple[Ingredients, SubmissionSummary]],
    against_truth: Measured,
    acknowledged: int,
) -> ReportData:
    """Gather everything the report shows. No name, address or number of a person is in it."""
    summary = verify_log(stage.gate.tiles, stage.gate.policy)
    every = [good, *(s for _, s in deficient)]
    statuses = [status for s in every for status in stage.gate.memory.statuses(s.submission)]
    return ReportData(
        title="A rehearsal: one hundred requests in order, five submissions that are not",
        ground=wiring.pack_named(good.pack).title,
        made=stage.gate.now(),
        version=__version__,
        head=Head(summary.origin, summary.size, summary.root, summary.cosigners),
        steps=tuple(_steps(stage, every, statuses, acknowledged)),
        dispositions=tuple(_dispositions(statuses)),
        answer=_follow_answer(stage, good),
        refusal=_follow_refusal(stage, deficient[0][1]),
        deficient=tuple(_end(stage, ingredients, s) for ingredients, s in deficient),
        checks=_checks(stage, good),
        reconciliation=reconcile_home(stage.gate),
        measured=tuple(
            MeasuredRow(difficulty, right + wrong, right)
            for difficulty, (right, wrong) in against_truth.by_phenomenon.items()
        ),
        wrong_person=against_truth.wrong_person,
    )


def _steps(
    stage: Stage, every: Sequence[SubmissionSummary], statuses: Sequence[LineStatus], acknowledged: int
) -> Iterator[StepCount]:
    tally = stage.gate.memory.tally()
    sent = len(statuses)
    faulty = sum(s.disposition is Disposition.FORMAT_ERROR for s in statuses)
    at_law = Counter(
        MEANINGS[s.disposition]
        for s in statuses
        if s.disposition
        in (Disposition.REFUSED, Disposition.RETURNED, Disposition.DUPLICATE, Disposition.STOPPED)
        and s.state is LineState.FINAL
    )
    guarded = sent - faulty - sum(at_law.values())
    rejected = Counter("submission rejected" for s in every if s.rejected_code)
    yield StepCount(
        1,
        "receive",
        "signed by whom, well-formed, seen before",
        sent,
        {**rejected, **_some("format error", faulty)},
    )
    yield StepCount(2, "check", "every element of the statute has a finding", sent - faulty, at_law)
    yield StepCount(3, "guard", "plausible, alone and with what came before", guarded, {})
    yield StepCount(
        4,
        "decide",
        "a named officer answers what only a person may",
        guarded,
        _some("waits", guarded - tally.approved),
    )
    yield StepCount(5, "match", "exactly one record bears this name at this address", tally.lookups, {})
    yield StepCount(
        6,
        "authorise",
        "the least the law allows, by a second person",
        tally.lookups,
        _some("waits", tally.lookups - tally.answers),
    )
    yield StepCount(7, "log", "accounting row and leaf, cosigned by the witnesses", tally.accounting_rows, {})
    yield StepCount(
        8,
        "hand over",
        "sealed to the engaged officer",
        tally.handed_over,
        {},
    )
    yield StepCount(9, "account", "acknowledged by the officers' tool, counted, checkable", acknowledged, {})


def _some(word: str, count: int) -> dict[str, int]:
    return {word: count} if count else {}


def _dispositions(statuses: Sequence[LineStatus]) -> Iterator[DispositionRow]:
    counted: Counter[tuple[Disposition, str]] = Counter()
    for status in statuses:
        for number in status.codes or ("",):
            counted[status.disposition, number] += 1
    order = list(Disposition)
    for (letter, number), lines in sorted(
        counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
    ):
        known = code(number) if number else None
        yield DispositionRow(
            letter.value,
            MEANINGS[letter],
            number,
            known.sentence if known else "",
            known.citation if known else "",
            lines,
        )


def _end(stage: Stage, ingredients: Ingredients, summary: SubmissionSummary) -> DeficientEnd:
    statuses = stage.gate.memory.statuses(summary.submission)
    codes = {number for status in statuses for number in status.codes} | ({summary.rejected_code} - {""})
    ended = "rejected as a whole" if summary.rejected_code else "every line refused or returned"
    lookups = sum(status.state in LOOKED_UP for status in statuses)
    return DeficientEnd(
        ingredients.name, ingredients.story, ended, letter_counts(statuses), tuple(sorted(codes)), lookups
    )


def _log_events(stage: Stage, submission: SubmissionId, kinds: Mapping[str, str]) -> Iterator[Event]:
    """Yield the log's entries of some types that name a submission."""
    memory = stage.gate.memory
    for index, raw in enumerate(memory.entries(0, memory.size())):
        leaf = check_leaf(raw)
        if leaf["type"] in kinds and leaf.get("submission") == submission:
            yield Event(
                "",
                kinds[str(leaf["type"])],
                "the gateway",
                False,
                str(leaf["type"]),
                index,
                leaf_hash(raw).hex(),
            )


def _follow_answer(stage: Stage, good: SubmissionSummary) -> FollowedLine:
    logged = next(
        a
        for a in stage.gate.memory.logged(good.submission)
        if a.authorised.proposed.kind is AnswerKind.RELEASED
    )
    approved = logged.authorised.proposed.matched.approved
    received = next(
        _log_events(
            stage, good.submission, {"submission": "the submission's digest, and a commitment to each line"}
        )
    )
    raw = stage.gate.memory.entries(logged.index, logged.index + 1)[0]
    asked = sum(f.code != "" for f in approved.findings)
    events = (
        _at(received, "receive"),
        Event("check", f"{asked} elements, each MET or put to a person", "the statute's pack", False),
        Event("decide", f"decision {_short(approved.decision.sha256)}", "disclosure officer", True),
        Event(
            "match",
            "one look-up; its outcome is told to the engaged officer only",
            "the record engine",
            False,
        ),
        Event(
            "authorise",
            f"authorisation {_short(logged.authorised.authorisation.sha256)}",
            "releasing officer",
            True,
        ),
        Event(
            "log",
            "accounting row and leaf in one motion; values only as commitments",
            "the gateway",
            False,
            "answer",
            logged.index,
            leaf_hash(raw).hex(),
        ),
        Event("seal and hand over", f"package {logged.sequence} to this officer's key", "the sealer", False),
        *_ack_events(stage, logged),
    )
    return FollowedLine(
        f"Line {approved.line.ordinal} of {good.submission}",
        "The requester sees A, answered under seal. What is inside, released, confirmed or no answer, only the engaged officer can read.",
        events,
    )


def _ack_events(stage: Stage, logged: LoggedAnswer) -> Iterator[Event]:
    memory = stage.gate.memory
    for index, raw in enumerate(memory.entries(0, memory.size())):
        leaf = check_leaf(raw)
        if leaf["type"] == "ack" and leaf["answer"] == logged.answer:
            yield Event(
                "account",
                "the officer's tool checked the proof and acknowledged",
                "engaged officer",
                True,
                "ack",
                index,
                leaf_hash(raw).hex(),
            )


def _follow_refusal(stage: Stage, refused: SubmissionSummary) -> FollowedLine:
    status = stage.gate.memory.statuses(refused.submission)[0]
    words = {
        "submission": "the submission's digest, and a commitment to each line",
        "determinations": "the line became final: letter and codes as a commitment, counts in clear",
    }
    entries = tuple(_log_events(stage, refused.submission, words))
    reason = code(status.codes[0])
    return FollowedLine(
        f"Line {status.ordinal} of {refused.submission}",
        f"The requester sees {status.disposition.value}, {reason.code}: {reason.sentence} ({reason.citation}) {reason.remedy} No record was looked at.",
        (
            _at(entries[0], "receive"),
            Event("check", f"not met: {', '.join(status.codes)}", "the statute's pack", False),
            *(_at(entry, "log") for entry in entries[1:]),
        ),
    )


def _at(event: Event, step: str) -> Event:
    return Event(step, event.what, event.who, event.scripted, event.entry, event.index, event.leaf)


def _short(digest: str) -> str:
    return f"{digest[:12]}…"


def _checks(stage: Stage, good: SubmissionSummary) -> tuple[CheckCommand, ...]:
    """Commands that run as they stand here: the log, and the first package of one officer, opened as if for the first time."""
    policy, log = stage.home / places.POLICY_FILE, stage.home / places.LEDGER
    first = next(a for a in stage.gate.memory.logged(good.submission) if a.sequence == 1)
    keyid = first.authorised.proposed.matched.approved.recipient_keyid
    person = next(key.person for key in stage.gate.memory.standing().keys if key.keyid == keyid)
    package = stage.folder / "outbox" / good.submission / f"{first.sequence:06d}-{first.answer}"
    return (
        CheckCommand(
            f"{VERIFY} ledger {log} --policy {policy}",
            "recomputes every entry, tile and signature without a line of the gateway's code",
        ),
        CheckCommand(
            f"{VERIFY} package {package} --policy {policy} --identity {stage.identities[person]} "
            f"--key {stage.keys[person]} --state {stage.folder / 'new-state.json'}",
            "opens one answer if, and only if, the log proves it",
        ),
    )
