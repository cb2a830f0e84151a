"""One submission's traces together with what came before them: how often each was left, and by which lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lawgate.domain.kept import EarlierLine, Trace
from lawgate.domain.steps import Disposition

_FEW = 8


@dataclass(frozen=True, slots=True)
class Counts:
    """How many earlier lines left each fingerprint, by kind, and which those of the matters were; this submission is not among them."""

    earlier: Mapping[str, Mapping[str, int]]
    before: Mapping[str, Sequence[EarlierLine]] = field(default_factory=dict)

    def of(self, kind: str, fingerprint: str) -> int:
        """Return the earlier count of one fingerprint; what was not counted is zero."""
        return self.earlier.get(kind, {}).get(fingerprint, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """``here`` counts this submission's traces by kind and fingerprint, ``by_line`` has each line's own, in their order.

    ``matters`` are the lines of this submission on each matter, ``predecessors`` a few of those before it, refused ones first.
    """

    here: Mapping[tuple[str, str], int]
    by_line: Mapping[tuple[int, str], Sequence[str]]
    matters: Mapping[str, Sequence[int]]
    predecessors: Mapping[str, Sequence[EarlierLine]]
    lines: int
    counts: Counts

    def marks(self, ordinal: int, kind: str) -> Sequence[str]:
        """Return the fingerprints of a kind that a line left."""
        return self.by_line.get((ordinal, kind), ())

    def inside(self, kind: str, mark: str) -> int:
        """Return how many lines of this submission left a fingerprint."""
        return self.here.get((kind, mark), 0)

    def total(self, kind: str, mark: str) -> int:
        """Return how many lines left a fingerprint, earlier ones included."""
        return self.inside(kind, mark) + self.counts.of(kind, mark)

    def of(self, ordinal: int, kind: str) -> tuple[int, int]:
        """Return the most that any of a line's fingerprints was left: (in this submission, with the earlier ones); zeros for none."""
        marks = self.marks(ordinal, kind)
        inside = max((self.inside(kind, m) for m in marks), default=0)
        return inside, max((self.total(kind, m) for m in marks), default=0)

    def most(self, kind: str) -> tuple[int, int]:
        """Return the most that any fingerprint of a kind was left in this submission, and with the earlier ones."""
        marks = [m for k, m in self.here if k == kind]
        inside = max((self.inside(kind, m) for m in marks), default=0)
        return inside, max((self.total(kind, m) for m in marks), default=0)


def seen_of(traces: Sequence[Trace], counts: Counts) -> Seen:
    """Gather a submission's traces; every line leaves ``official``, also one that could not be read."""
    by_line: dict[tuple[int, str], list[str]] = {}
    matters: dict[str, list[int]] = {}
    for trace in traces:
        by_line.setdefault((trace.ordinal, trace.kind), []).append(trace.fingerprint)
        if trace.kind == "matter":
            matters.setdefault(trace.fingerprint, []).append(trace.ordinal)
    return Seen(
        here=Counter((t.kind, t.fingerprint) for t in traces),
        by_line=by_line,
        matters=matters,
        predecessors={mark: _quotable(lines) for mark, lines in counts.before.items()},
        lines=sum(kind == "official" for _, kind in by_line),
        counts=counts,
    )


def _quotable(lines: Sequence[EarlierLine]) -> Sequence[EarlierLine]:
    # A matter asked about a million times must not cost a million steps for each line that asks again.
    return sorted(lines, key=lambda line: line.disposition is not Disposition.REFUSED)[:_FEW]
