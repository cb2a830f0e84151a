"""Reads a past submission again under another reading of its ground: from what the memory keeps, without a look-up; reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import Memory, line_ranges
from lawgate.domain.past import Told
from lawgate.domain.steps import Received, SubmissionId
from lawgate.oversight.reread import Flipped, replay, reread
from lawgate.statutes.pack import Ground, Pack

Kind = tuple[str, str, str]
"""What a flip is, what was told, and because of what."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines flip in one way: what the flip is, what was told (R, C, N or nothing), and because of what."""

    flip: str
    told: str
    because: str
    lines: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a submission, read again: how many they are, all flips by kind, and those of which something left as they are."""

    lines: int
    counts: Mapping[Kind, int]
    left: tuple[Flipped, ...]


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


class Past:
    """One past submission, prepared to be read again under ``new``, piece by piece and in any process.

    Raises NotPermittedError if it was never received, or asked on another ground.
    """

    def __init__(self, memory: Memory, ground: Ground, submission: SubmissionId, new: Pack) -> None:
        received = memory.received(submission)
        if received is None:
            raise NotPermittedError("no received submission has this confirmation number")
        if received.cover.pack != ground.id or new.id != ground.id:
            raise NotPermittedError(
                "the submission was asked on another ground; a ground is replayed under its own readings only"
            )
        old, moment = _reading_of_the_day(ground, received), received.received_at
        self._memory, self._submission, self._names = memory, submission, (old.name, new.name)
        self._reading = reread(old, new, received.cover, moment, memory.standing(), moment)
        self.line_count = received.cover.line_count

    def part(self, some: range) -> Part:
        """Read some lines again, by their ordinals."""
        stated = bool(self._reading.wanted)
        past = self._memory.past(self._submission, some, stated=stated)
        return counted(replay(self._reading, past), len(past))

    def whole(self, parts: Iterable[Part]) -> Replayed:
        """Put the parts together, which are those of all lines in line order."""
        counts: Counter[Kind] = Counter()
        gone: list[Flipped] = []
        lines = 0
        for part in parts:
            counts.update(part.counts)
            gone += part.left
            lines += part.lines
        old, new = self._names
        return Replayed(
            self._submission, old, new, lines,
            tuple(Count(*kind, number) for kind, number in counts.most_common()), tuple(gone),
        )  # fmt: skip


def reason(flipped: Flipped) -> str:
    """Say in a line why a line flips: rules and citations, and the authority of the new reading where a switch decides."""
    found = "; ".join(f"{f.rule} {f.outcome.value} ({f.citation})" for f in flipped.because)
    switched = "" if flipped.authority is None else f"on {flipped.authority}"
    return f"{found or 'address'} {switched}".strip() if found or switched else ""


def replay_submission(memory: Memory, ground: Ground, submission: SubmissionId, new: Pack) -> Replayed:
    """Replay one submission under ``new`` in this process. Raises as ``Past`` does."""
    past = Past(memory, ground, submission, new)
    return past.whole(map(past.part, line_ranges(past.line_count)))


def counted(flips: Iterable[Flipped], lines: int) -> Part:
    """Go once through a stream of flips of so many lines."""
    found: Counter[Kind] = Counter()
    gone: list[Flipped] = []
    for flipped in flips:
        found[flipped.flip.value, flipped.told.value, reason(flipped)] += 1
        if flipped.told in (Told.RELEASED, Told.CONFIRMED):
            gone.append(flipped)
    return Part(lines, found, tuple(gone))


def _reading_of_the_day(ground: Ground, received: Received) -> Pack:
    if received.pack_version:
        return ground.version(received.pack_version)
    return ground.on(received.received_at.date())
