"""Reads a past submission again under another reading of its ground: from what the memory keeps, without a look-up; reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import Memory, line_ranges
from lawgate.domain.steps import Proposed, Received, SubmissionId, VerdictKind
from lawgate.oversight.reread import TOLD, Flipped, PastLine, Told, replay, reread
from lawgate.statutes.pack import Ground, Pack


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines flip in one way: what the flip is, what was told (R, C, N or nothing), and because of what."""

    flip: str
    told: str
    because: str
    lines: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A submission under the reading of the day, ``old``, and another, ``new``: ``lines`` read, all flips as ``counts``, most first.

    ``left`` are the lines of which an address or a confirmation left that the other reading does not let go, or not without a question.
    """

    submission: SubmissionId
    old: str
    new: str
    lines: int
    counts: tuple[Count, ...]
    left: tuple[Flipped, ...]


def reason(flipped: Flipped) -> str:
    """Say in a line why a line flips: rules and citations, and the authority of the new reading where a switch decides."""
    found = "; ".join(f"{f.rule} {f.outcome.value} ({f.citation})" for f in flipped.because)
    switched = "" if flipped.authority is None else f"on {flipped.authority}"
    return f"{found or 'address'} {switched}".strip() if found or switched else ""


def replay_submission(memory: Memory, ground: Ground, submission: SubmissionId, new: Pack) -> Replayed:
    """Replay one submission under ``new``. Raises NotPermittedError if it was never received, or asked on another ground."""
    received = memory.received(submission)
    if received is None:
        raise NotPermittedError("no received submission has this confirmation number")
    if received.cover.pack != ground.id or new.id != ground.id:
        raise NotPermittedError(
            "the submission was asked on another ground; a ground is replayed under its own readings only"
        )
    old = _reading_of_the_day(ground, received)
    moment = received.received_at
    reading = reread(old, new, received.cover, moment, memory.standing(), moment)
    past = past_lines(received, memory)
    counts, gone = counted(replay(reading, past))
    return Replayed(submission, old.name, new.name, received.cover.line_count, counts, gone)


def counted(flips: Iterable[Flipped]) -> tuple[tuple[Count, ...], tuple[Flipped, ...]]:
    """Go once through a stream of flips; return all of them as counts, and those of which something left as they are."""
    found: Counter[tuple[str, str, str]] = Counter()
    gone: list[Flipped] = []
    for flipped in flips:
        found[flipped.flip.value, flipped.told.value, reason(flipped)] += 1
        if flipped.told in (Told.RELEASED, Told.CONFIRMED):
            gone.append(flipped)
    return tuple(Count(*kind, lines) for kind, lines in found.most_common()), tuple(gone)


def past_lines(received: Received, memory: Memory) -> Iterator[PastLine]:
    """Yield every line with what was found and what became of it, in line order."""
    for some in line_ranges(received.cover.line_count):
        yield from _past_of(received.submission, memory, some)


def _past_of(submission: SubmissionId, memory: Memory, some: range) -> Iterator[PastLine]:
    """Do the same for a chunk of lines. What a line states is opened once, with whatever became of it."""
    looked = {
        p.matched.approved.line.ordinal: _looked_up(p, Told.NOTHING)
        for p in memory.proposals(submission, some)
    }
    for logged in memory.logged(submission, some):
        proposed = logged.authorised.proposed
        looked[proposed.matched.approved.line.ordinal] = _looked_up(proposed, TOLD[proposed.kind])
    rest = [ordinal for ordinal in some if ordinal not in looked]
    pairs = zip(memory.lines(submission, rest), memory.statuses(submission, rest), strict=True)
    others = {line.ordinal: PastLine(line, status.findings) for line, status in pairs}
    for ordinal in some:
        yield looked[ordinal] if ordinal in looked else others[ordinal]


def _looked_up(proposed: Proposed, told: Told) -> PastLine:
    approved, verdict = proposed.matched.approved, proposed.matched.verdict
    return PastLine(
        approved.line,
        approved.findings,
        told,
        verdict.reason,
        address_matched=verdict.kind is VerdictKind.ONE,
    )


def _reading_of_the_day(ground: Ground, received: Received) -> Pack:
    if received.pack_version:
        return ground.version(received.pack_version)
    return ground.on(received.received_at.date())
