"""A matter that comes back: linked to the lines that asked before, and held where it lost a field, changed one, or was refused (I-1, F-9).

What a record said to the earlier line plays no part: a hold must not tell that a field contradicted, or that anything was answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from lawgate.domain.kept import EarlierLine
from lawgate.domain.steps import Disposition, Hold
from lawgate.guard.matter import CORROBORATING
from lawgate.guard.seen import Seen

_QUOTED = 3


def asked_otherwise(ordinal: int, seen: Seen) -> Hold | None:
    """407: another line on this matter stated a corroborating field that this one leaves out, or states with another value."""
    gone = [field for field in CORROBORATING if _is_left_out(ordinal, field, seen)]
    changed = [field for field in CORROBORATING if _is_changed(ordinal, field, seen)]
    if not gone and not changed:
        return None
    said = [
        f"{len(fields)} {what}: {', '.join(fields)}"
        for fields, what in ((gone, "left out here"), (changed, "stated otherwise"))
        if fields
    ]
    return Hold("407", f"Another line on this matter has {'; '.join(said)}. {_linked(ordinal, seen)}")


def refused_before(ordinal: int, seen: Seen) -> Hold | None:
    """409: a named officer refused a line on this matter. Only lines that went to an officer leave a matter, so X is the officer's."""
    refused = [line for line in _earlier(ordinal, seen) if line.disposition is Disposition.REFUSED]
    if not refused:
        return None
    return Hold("409", f"A named officer refused this matter before: {_quoted(_places(refused))}.")


def same_matter(ordinal: int, seen: Seen) -> tuple[str, ...]:
    """A hint that names the other lines on this matter, if there are any."""
    inside, total = seen.of(ordinal, "matter")
    if total < 2:
        return ()
    return (f"this matter: {inside} lines in this submission, {total} in all. {_linked(ordinal, seen)}",)


def _is_left_out(ordinal: int, field: str, seen: Seen) -> bool:
    if seen.marks(ordinal, f"with-{field}"):
        return False
    return any(seen.total(f"with-{field}", m) for m in seen.marks(ordinal, "matter"))


def _is_changed(ordinal: int, field: str, seen: Seen) -> bool:
    """More lines stated the field than stated this value of it: somebody said something else."""
    pairs = zip(seen.marks(ordinal, f"with-{field}"), seen.marks(ordinal, f"said-{field}"), strict=True)
    return any(seen.total(f"with-{field}", m) > seen.total(f"said-{field}", v) for m, v in pairs)


def _linked(ordinal: int, seen: Seen) -> str:
    here = dict.fromkeys(
        f"line {other} of this submission"
        for mark in seen.marks(ordinal, "matter")
        for other in seen.matters.get(mark, ())[: _QUOTED + 1]
        if other != ordinal
    )
    return f"See {_quoted([*_places(_earlier(ordinal, seen)), *here])}."


def _earlier(ordinal: int, seen: Seen) -> Iterator[EarlierLine]:
    known = {line: None for m in seen.marks(ordinal, "matter") for line in seen.predecessors.get(m, ())}
    yield from known


def _places(lines: Iterator[EarlierLine] | list[EarlierLine]) -> list[str]:
    return [f"line {line.ordinal} of {line.submission}" for line in lines]


def _quoted(places: list[str]) -> str:
    more = len(places) - _QUOTED
    return ", ".join(places[:_QUOTED]) + (f" and {more} more" if more > 0 else "")
