"""One submission's traces together with what came before them: how often each was left, and by which lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lawgate.domain.kept import EarlierLine, EarlierMatter, MatterTrace, Trace
from lawgate.domain.steps import Disposition
from lawgate.guard.matter import CORROBORATING
from lawgate.guard.packed import (
    BUCKETS,
    COUNT_BYTES,
    COUNTED,
    MATTER_BYTES,
    ORDINAL_BYTES,
    Entries,
    pack,
)
from lawgate.guard.reasons import WORD_BYTES
from lawgate.guard.traces import MARK_BYTES, NOTHING_SAID, Traces, said_of

_FEW = 8
QUOTED = 3
"""So many other lines on a matter are named to a person."""

Before = Callable[[Sequence[bytes]], Mapping[bytes, EarlierMatter]]
"""Finds what the agency's earlier lines left on each of some matters; a matter nobody asked about is not in it."""


def nothing_before(marks: Sequence[bytes]) -> Mapping[bytes, EarlierMatter]:
    """Be the memory of a home that has not received anything yet."""
    return {}


@dataclass(slots=True)
class Matter:
    """What several lines left on one matter: those of this submission by ordinal (a few), a few of those before it, refused ones first.

    ``stated`` counts for each corroborating field the lines that state it, ``said`` those that say each value of it; earlier lines included.
    """

    inside: int = 0
    total: int = 0
    here: list[int] = field(default_factory=list)
    before: Sequence[EarlierLine] = ()
    stated: list[int] = field(default_factory=lambda: [0] * len(CORROBORATING))
    said: Counter[tuple[int, bytes]] = field(default_factory=Counter)

    def add(self, said: bytes) -> None:
        """Count one line."""
        self.total += 1
        for place, value in enumerate(said_of(said)):
            if value != NOTHING_SAID:
                self.stated[place] += 1
                self.said[place, value] += 1


class Seen:
    """Counts a submission's traces, chunk by chunk; once ``settled``, says how often each was left. ``lines`` counts all lines, unreadable ones included."""

    def __init__(self) -> None:
        self.lines = self.unusable = 0
        self.matters: dict[bytes, Matter] = {}
        self._entries: dict[str, list[list[bytes]]] = {}
        self._repeated: dict[str, dict[bytes, int]] = {}
        self._lines = [bytearray() for _ in range(BUCKETS)]

    def add(self, lines: int, unusable: int, entries: Mapping[str, Entries]) -> None:
        """Take what is counted of one more chunk; see ``guard.packed.Packed``."""
        self.lines += lines
        self.unusable += unusable
        for kind, of_kind in entries.items():
            buckets = self._entries.setdefault(kind, [[] for _ in range(BUCKETS)])
            for bucket, piece in zip(buckets, of_kind, strict=True):
                if piece:
                    bucket.append(piece)

    def settle(self, before: Before) -> None:
        """Count, once all chunks are there; from then on only marks left by several lines, and matters asked about before, are in mind."""
        for kind in COUNTED:
            self._repeated[kind] = {m: n for m, n in self._counts(kind, MARK_BYTES) if n > 1}
        for bucket in self._entries.get("matter", ()):
            entries = _entries(bucket, MATTER_BYTES)
            marks = [entry[:MARK_BYTES] for entry in entries]
            earlier = before(list(dict.fromkeys(marks)))
            times = Counter(marks)
            for mark, entry in zip(marks, entries, strict=True):
                if times[mark] > 1 or mark in earlier:
                    self._add_matter(mark, entry, earlier)

    def inside(self, kind: str, mark: bytes) -> int:
        """Return how many lines of this submission left a mark, which one of them did."""
        return self._repeated[kind].get(mark, 1)

    def common_words(self, share: float, minimum: int) -> frozenset[bytes]:
        """Return the words that stand in at least that share of all lines, and in ``minimum`` of them.

        Padding a template with words of one's own does not change what it has in common with others.
        """
        least = max(minimum, share * self.lines)
        return frozenset(word for word, n in self._counts("word", WORD_BYTES) if n >= least)

    def keep_line(self, mark: bytes) -> None:
        """Note the ``line`` of one that went on to a person; see ``guard.traces.LASTING``."""
        self._lines[mark[0] * BUCKETS >> 8].extend(mark)

    def traces(self, common: Mapping[str, bytes]) -> Iterator[Trace]:
        """Yield what is kept of a submission but for its matters, by kind and mark in order; ``common`` are the marks that lines share."""
        for kind, mark in common.items():
            lines = self.unusable if kind == "unusable" else self.lines
            if lines:
                yield Trace(kind, mark, lines)
        for kind in COUNTED[1:]:
            yield from (Trace(kind, mark, n) for mark, n in self._counts(kind, MARK_BYTES))
        for bucket in self._lines:
            yield from (Trace("line", mark, 1) for mark in _entries([bucket], MARK_BYTES))

    def matter_traces(self, went_on: Sequence[int]) -> Iterator[MatterTrace]:
        """Yield, by mark in order, what the lines that went on leave on matters; ``went_on`` is 1 for their ordinals, 0 for others."""
        for bucket in self._entries.get("matter", ()):
            for entry in _entries(bucket, MATTER_BYTES):
                ordinal = int.from_bytes(entry[MARK_BYTES : MARK_BYTES + ORDINAL_BYTES], "big")
                if went_on[ordinal]:
                    yield MatterTrace(entry[:MARK_BYTES], ordinal, entry[MARK_BYTES + ORDINAL_BYTES :])

    def _add_matter(self, mark: bytes, entry: bytes, earlier: Mapping[bytes, EarlierMatter]) -> None:
        matter = self.matters.get(mark)
        if matter is None:
            matter = self.matters[mark] = Matter()
            known = earlier.get(mark)
            if known is not None:
                matter.before = _quotable(known.lines)
                for said in known.said:
                    matter.add(said)
        matter.inside += 1
        if len(matter.here) <= QUOTED:
            matter.here.append(int.from_bytes(entry[MARK_BYTES : MARK_BYTES + ORDINAL_BYTES], "big"))
        matter.add(entry[MARK_BYTES + ORDINAL_BYTES :])

    def _counts(self, kind: str, size: int) -> Iterator[tuple[bytes, int]]:
        """Yield every mark of a kind with its number of lines, in order, holding one bucket at a time."""
        for bucket in self._entries.get(kind, ()):
            counts: dict[bytes, int] = {}
            for entry in _entries(bucket, size + COUNT_BYTES):
                mark = entry[:size]
                counts[mark] = counts.get(mark, 0) + int.from_bytes(entry[size:], "big")
            yield from counts.items()


def seen_of(left: Sequence[Traces], before: Before = nothing_before) -> Seen:
    """Count the traces of lines that are at hand all together."""
    seen = Seen()
    packed = pack(left)
    seen.add(packed.lines, packed.unusable, packed.entries)
    seen.settle(before)
    return seen


def _entries(pieces: Iterable[bytes | bytearray], size: int) -> list[bytes]:
    return sorted([bytes(piece[n : n + size]) for piece in pieces for n in range(0, len(piece), size)])


def _quotable(lines: Sequence[EarlierLine]) -> Sequence[EarlierLine]:
    # A matter asked about a million times must not cost a million steps for each line that asks again.
    return sorted(lines, key=lambda line: line.disposition is not Disposition.REFUSED)[:_FEW]
