"""A matter that comes back: linked to the lines that asked before, and held where it lost a field, changed one, or was refused (I-1, F-9).

What a record said to the earlier line plays no part: a hold must not tell that a field contradicted, or that anything was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lawgate.domain.kept import EarlierLine
from lawgate.domain.steps import Disposition, Hold
from lawgate.guard.matter import CORROBORATING
from lawgate.guard.seen import QUOTED, Matter
from lawgate.guard.traces import NOTHING_SAID, Traces, said_of

On = Sequence[tuple[Matter, bytes]]
"""The matters of one line that other lines left too, with what this line said under each."""


def asked_otherwise(left: Traces, on: On) -> Hold | None:
    """407: another line on this matter stated a corroborating field that this one leaves out, or states with another value."""
    gone = [field for place, field in enumerate(CORROBORATING) if _is_left_out(place, on)]
    changed = [field for place, field in enumerate(CORROBORATING) if _is_changed(place, on)]
    if not gone and not changed:
        return None
    said = [
        f"{len(fields)} {what}: {', '.join(fields)}"
        for fields, what in ((gone, "left out here"), (changed, "stated otherwise"))
        if fields
    ]
    return Hold("407", f"Another line on this matter has {'; '.join(said)}. {_linked(left, on)}")


def refused_before(on: On) -> Hold | None:
    """409: a named officer refused a line on this matter. Only lines that went to an officer leave a matter, so X is the officer's."""
    refused = [line for line in _earlier(on) if line.disposition is Disposition.REFUSED]
    if not refused:
        return None
    return Hold("409", f"A named officer refused this matter before: {_quoted(_places(refused))}.")


def same_matter(left: Traces, on: On) -> tuple[str, ...]:
    """A hint that names the other lines on this matter, if there are any."""
    inside = max((matter.inside for matter, _ in on), default=0)
    total = max((matter.total for matter, _ in on), default=0)
    if total < 2:
        return ()
    return (f"this matter: {inside} lines in this submission, {total} in all. {_linked(left, on)}",)


def _is_left_out(place: int, on: On) -> bool:
    return any(said_of(said)[place] == NOTHING_SAID and matter.stated[place] for matter, said in on)


def _is_changed(place: int, on: On) -> bool:
    """More lines stated the field than stated this value of it: somebody said something else."""
    values = [(matter, said_of(said)[place]) for matter, said in on]
    return any(
        value != NOTHING_SAID and matter.stated[place] > matter.said[place, value] for matter, value in values
    )


def _linked(left: Traces, on: On) -> str:
    here = dict.fromkeys(
        f"line {other} of this submission"
        for matter, _ in on
        for other in matter.here
        if other != left.ordinal
    )
    return f"See {_quoted([*_places(_earlier(on)), *here])}."


def _earlier(on: On) -> Iterator[EarlierLine]:
    known = {line: None for matter, _ in on for line in matter.before}
    yield from known


def _places(lines: Iterator[EarlierLine] | list[EarlierLine]) -> list[str]:
    return [f"line {line.ordinal} of {line.submission}" for line in lines]


def _quoted(places: list[str]) -> str:
    more = len(places) - QUOTED
    return ", ".join(places[:QUOTED]) + (f" and {more} more" if more > 0 else "")
