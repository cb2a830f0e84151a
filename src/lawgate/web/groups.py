"""Waiting lines put together so that a person can decide well: one officer asks, the same is open, and case or reasons are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.steps import Json
from lawgate.guard.reasons import Sketcher, words_left
from lawgate.review.docket import Entry


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one officer to which the same is asked and against which the same is held, of one case or with reasons alike.

    ``alike`` says that lines of different cases came together because guard's sketch takes their reasons for one template.
    """

    officer: str
    cases: tuple[str, ...]
    questions: tuple[str, ...]
    holds: tuple[str, ...]
    ordinals: tuple[int, ...]
    alike: bool

    @property
    def first(self) -> int:
        """The lowest of its line numbers, by which a page names it."""
        return self.ordinals[0]


def groups_of(entries: Iterable[Entry], mark: Callable[[str, str], bytes]) -> list[Group]:
    """Group entries, in the order of their first lines. ``mark`` keys the sketch, as guard's is keyed."""
    sketcher = Sketcher(mark)
    together: dict[tuple[object, ...], list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: e.ordinal):
        open_in = (tuple(a.rule for a in entry.asks), tuple(h.code for h in entry.holds))
        together.setdefault((_officer(entry.data), *open_in), []).append(entry)
    found = [
        _group(part) for some in together.values() for part in _parts([(e, _ties(e, sketcher)) for e in some])
    ]
    return sorted(found, key=lambda g: g.first)


def _ties(entry: Entry, sketcher: Sketcher) -> tuple[str, ...]:
    """What ties a line to others: its case, and each band of its reasons' sketch."""
    case = _case(entry.data)
    bands, _ = sketcher.sketch(words_left(entry.data))
    return (*((f"case {case}",) if case else ()), *bands)


def _parts(tied: Sequence[tuple[Entry, tuple[str, ...]]]) -> list[list[Entry]]:
    """Cut lines into parts in which each is tied to another of its part, if to any."""
    above = list(range(len(tied)))

    def top(n: int) -> int:
        while above[n] != n:
            above[n] = above[above[n]]
            n = above[n]
        return n

    first: dict[str, int] = {}
    for n, (_, ties) in enumerate(tied):
        for tie in ties:
            above[top(n)] = top(first.setdefault(tie, n))
    parts: dict[int, list[Entry]] = {}
    for n, (entry, _) in enumerate(tied):
        parts.setdefault(top(n), []).append(entry)
    return list(parts.values())


def _group(entries: Sequence[Entry]) -> Group:
    one = entries[0]
    cases = tuple(dict.fromkeys(case for e in entries if (case := _case(e.data))))
    return Group(
        _officer(one.data),
        cases,
        tuple(a.rule for a in one.asks),
        tuple(h.code for h in one.holds),
        tuple(e.ordinal for e in entries),
        alike=len(entries) > 1 and len(cases) != 1,
    )


def _officer(data: Mapping[str, Json]) -> str:
    return str(data.get("engaged_officer") or "")


def _case(data: Mapping[str, Json]) -> str:
    proceeding = data.get("proceeding")
    return str(proceeding.get("case_number") or "") if isinstance(proceeding, dict) else ""
