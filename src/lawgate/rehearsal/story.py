"""Tells a played rehearsal as the report's data: counts of the steps, dispositions, one answer and one refusal followed through the log."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lawgate import __version__, places, wiring
from lawgate.domain.code import code
from lawgate.domain.kept import LoggedAnswer, SubmissionSummary, letter_counts
from lawgate.domain.steps import AnswerKind, Disposition, LineState, LineStatus
from lawgate.ledger.audit import verify_log
from lawgate.oversight.data import (
    BY_A_PERSON,
    MEANINGS,
    CheckCommand,
    DeficientEnd,
    DispositionRow,
    Figure,
    Head,
    MeasuredRow,
    ReportData,
    StepCount,
)
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal.follow import follow_answer, follow_refusal
from lawgate.rehearsal.stage import Stage
from lawgate.rehearsal.submissions import Ingredients
from lawgate.rehearsal.truth import Measured

VERIFY = os.path.relpath(Path(sys.executable).parent / "lawgate-verify")
LOOKED_UP = (LineState.PROPOSED, LineState.LOGGED, LineState.HANDED_OVER)
ANSWERED = (LineState.LOGGED, LineState.HANDED_OVER)


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
        title="A rehearsal: a thousand requests, and five submissions that are not in order",
        figures=_figures(stage, statuses, deficient, summary.size),
        ground=wiring.pack_named(good.pack).title,
        made=stage.gate.now(),
        version=__version__,
        head=Head(summary.origin, summary.size, summary.root, summary.cosigners),
        steps=tuple(_steps(stage, every, statuses, acknowledged)),
        dispositions=tuple(_dispositions(statuses)),
        answer=follow_answer(stage.gate, good, _released(stage, good)),
        refusal=follow_refusal(stage.gate, deficient[0][1], _refused(stage, deficient[0][1])),
        deficient=tuple(_end(stage, ingredients, s) for ingredients, s in deficient),
        checks=_checks(stage, good),
        reconciliation=reconcile_home(stage.gate),
        measured=tuple(
            MeasuredRow(situation, requests, right)
            for situation, (requests, right) in against_truth.by_situation.items()
        ),
        missed_by_cause=against_truth.missed_by_cause,
        wrong_person=against_truth.wrong_person,
    )


def _figures(
    stage: Stage,
    statuses: Sequence[LineStatus],
    deficient: Sequence[tuple[Ingredients, SubmissionSummary]],
    entries: int,
) -> tuple[Figure, ...]:
    touched = sum(_end(stage, ingredients, s).lookups for ingredients, s in deficient)
    answered = sum(s.state in ANSWERED for s in statuses)
    return (
        Figure(f"{len(statuses):,}", "requests received"),
        Figure(f"{answered:,}", "answered under seal, each logged first"),
        Figure(f"{touched}", f"records touched for the {len(deficient)} deficient submissions"),
        Figure(f"{entries:,}", "entries in the public log"),
    )


def _released(stage: Stage, good: SubmissionSummary) -> LoggedAnswer:
    logged = stage.gate.memory.logged(good.submission)
    return next(a for a in logged if a.authorised.proposed.kind is AnswerKind.RELEASED)


def _refused(stage: Stage, bad: SubmissionSummary) -> LineStatus:
    return stage.gate.memory.statuses(bad.submission)[0]


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
        and not BY_A_PERSON.intersection(s.codes)
    )
    by_a_person = Counter(MEANINGS[s.disposition] for s in statuses if BY_A_PERSON.intersection(s.codes))
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
        {**by_a_person, **_some("waits", guarded - tally.approved - sum(by_a_person.values()))},
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
