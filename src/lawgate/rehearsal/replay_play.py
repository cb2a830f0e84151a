"""Plays the three rows of the reconstruction through a home's own pipeline; where it stands is read from the home, so any call goes on after a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lawgate import pipeline
from lawgate.adapters.outbox import write_package
from lawgate.adapters.submission_files import read_as_sent, read_submission
from lawgate.domain.kept import BATCH_LINES, HAND_OVER_LINES, Batch, SubmissionSummary, line_ranges, pieces
from lawgate.domain.steps import AnswerKind, Disposition, Json, LineState, Package, SubmissionId
from lawgate.evidence.envelope import sign
from lawgate.gate import Gate
from lawgate.rehearsal import scripts
from lawgate.rehearsal.exchange_truth import Answer
from lawgate.rehearsal.people import DISCLOSURE_OFFICER, RELEASING_OFFICER
from lawgate.rehearsal.replay_stage import SAMPLERS, Cast

KEPT_PACKAGES = 20
WAITING = (LineState.DOCKETED, LineState.HELD)
CLOSED = (Disposition.REFUSED, Disposition.RETURNED)


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a submission's lines stand: by letter, and how many lines have each code among the refused or returned, and among the held."""

    letters: Mapping[str, int]
    refused_by_code: Mapping[str, int]
    held_by_code: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many sealed answers left, where the kept ones lie and for whose key, and how many stayed, by the code of what keeps them."""

    packages: int
    kept: tuple[tuple[Path, str], ...]
    stayed: Mapping[str, int]


def send_as_it_was(gate: Gate, folder: Path) -> SubmissionSummary:
    """Row 1: send the datafile as it was, with no signed request around it."""
    return pipeline.receive(gate, read_as_sent(folder))


def send_in_order(gate: Gate, folder: Path) -> SubmissionSummary:
    """Rows 2 and 3, steps 1 to 3."""
    return pipeline.receive(gate, read_submission(folder))


def decide(gate: Gate, cast: Cast, summary: SubmissionSummary) -> None:
    """Steps 4 to 6, first half: a script answers every ASK of some thousand lines at a time; the approved are looked up and minimised."""
    for some in pieces(gate.memory.ordinals(summary.submission, *WAITING), BATCH_LINES):
        body = scripts.decision_body(
            summary.submission, gate.memory.docket(summary.submission, some), gate.now()
        )
        pipeline.decide(gate, summary.submission, _signed(cast, "decision", body, DISCLOSURE_OFFICER))
    pipeline.catch_up(gate, summary.submission)


def release(gate: Gate, cast: Cast, submission: SubmissionId) -> None:
    """Steps 6 and 7: two scripts look at each batch's sample, a third authorises what is proposed in it still."""
    proposed = frozenset(gate.memory.ordinals(submission, LineState.PROPOSED))
    for number in range(1, gate.memory.batch_count(submission) + 1):
        batch = gate.memory.batch(submission, number)
        ordinals = [ordinal for ordinal in batch.ordinals if ordinal in proposed] if batch else []
        if batch is None or not ordinals:
            continue
        _look(gate, cast, submission, batch)
        body = scripts.authorisation_body(submission, batch.number, ordinals, gate.now())
        pipeline.authorise(gate, submission, _signed(cast, "authorisation", body, RELEASING_OFFICER))


def _look(gate: Gate, cast: Cast, submission: SubmissionId, batch: Batch) -> None:
    looked = {r.review.person for r in gate.memory.sample_reviews(submission, batch.number)}
    for person in SAMPLERS:
        if person not in looked:
            body = scripts.sample_body(submission, batch.number, batch.sample, gate.now())
            pipeline.look_at_sample(gate, submission, _signed(cast, "sample", body, person))


def hand_over(gate: Gate, submission: SubmissionId, outbox: Path) -> HandedOver:
    """Step 8: every answer is sealed and handed over; the first one of some officers is kept to be opened, the rest counted and dropped."""
    packages = 0
    kept: list[tuple[Path, str]] = []
    stayed: Counter[str] = Counter()
    for outcome in pipeline.hand_over(gate, submission, HAND_OVER_LINES):
        if not isinstance(outcome, Package):
            stayed[outcome] += 1
            continue
        packages += 1
        if outcome.sequence == 1 and len(kept) < KEPT_PACKAGES:
            kept.append((write_package(outbox, outcome), outcome.recipient))
    return HandedOver(packages, tuple(kept), stayed)


def ended(gate: Gate, summary: SubmissionSummary) -> Ended:
    """Count where the lines stand, some thousand lines at a time."""
    if summary.rejected_code:
        return Ended({}, {summary.rejected_code: summary.line_count}, {})
    letters: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for ordinals in line_ranges(summary.line_count):
        for status in gate.memory.statuses(summary.submission, ordinals):
            letters[status.disposition.value] += 1
            if status.disposition in CLOSED:
                refused.update(status.codes)
            elif status.state in WAITING:
                held.update({hold.code for hold in status.holds})
    return Ended(*({k: found[k] for k in sorted(found)} for found in (letters, refused, held)))


def answers(gate: Gate, summary: SubmissionSummary) -> Iterator[Answer]:
    """Yield the answers as logged, in line order."""
    for ordinals in line_ranges(summary.line_count):
        for logged in gate.memory.logged(summary.submission, ordinals):
            proposed = logged.authorised.proposed
            told = proposed.kind is not AnswerKind.NO_ANSWER
            record = (proposed.matched.verdict.record_id or "") if told else ""
            address = proposed.fields.get("address", {})
            assert isinstance(address, dict)
            yield Answer(proposed.matched.approved.line.ordinal, proposed.kind, record, address)


def _signed(cast: Cast, kind: str, body: Mapping[str, Json], person: str) -> bytes:
    return sign(kind, body, cast.key(person))
