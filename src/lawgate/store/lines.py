"""Lines as rows: found by ordinal, and moved only from a state that the step may find them in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import (
    Disposition,
    LineState,
    SubmissionId,
)
from lawgate.store import models
from lawgate.store.bulk import Value, update
from lawgate.store.counts import counted

M = TypeVar("M", bound=Model)

NEAR = 64
"""Ordinals no further apart than this are read in one go: a row too many costs less than a query."""


class LineRow(NamedTuple):
    """One line's row as it stands in the table, beside it what it states and, where it was asked for, its look-up; values, not an object of
    Django's, of which there would be millions."""

    pk: int
    submission: str
    ordinal: int
    state: str
    disposition: str
    status: bytes
    approval: bytes | None
    stated: bytes
    lookup: bytes | None = None


COLUMNS = (
    "pk", "submission_id", "ordinal", "state", "disposition", "status", "approval", "text__body",
)  # fmt: skip
LOOKUP = "lookup__body"


def lines_within(
    submission: SubmissionId,
    within: Sequence[int] | None,
    states: Collection[LineState] = (),
    *,
    and_lookup: bool = False,
) -> Iterator[LineRow]:
    """Read lines of a submission in line order: all, a ``range`` of ordinals, or the ordinals named; only those in a state, if any is given."""
    columns = (*COLUMNS, LOOKUP) if and_lookup else COLUMNS
    found = values_within(models.Line.objects.all(), "", columns, submission, within, states)
    return (LineRow(*values) for values in found)


def codes_within(
    submission: SubmissionId, within: Sequence[int] | None
) -> Iterator[tuple[LineRow, tuple[str, ...]]]:
    """Read lines as ``lines_within`` does, each with its codes."""
    columns = ("codes", *COLUMNS)
    for codes, *values in values_within(models.Line.objects.all(), "", columns, submission, within):
        yield LineRow(*values), tuple(codes)


def values_within(
    rows: QuerySet[M],
    prefix: str,
    columns: Sequence[str],
    submission: SubmissionId,
    within: Sequence[int] | None,
    states: Collection[LineState] = (),
) -> Iterator[tuple[Any, ...]]:
    """Narrow a query to lines of a submission and read columns of it in line order; ``prefix`` is how the query reaches the line."""
    chosen = rows.filter(**{f"{prefix}submission_id": submission}).order_by(f"{prefix}ordinal")
    if states:
        chosen = chosen.filter(**{f"{prefix}state__in": [s.value for s in states]})
    if within is None:
        yield from chosen.values_list(*columns).iterator()
        return
    for near in (within,) if isinstance(within, range) else _runs(sorted(within)):
        first, last = (near.start, near.stop - 1) if isinstance(near, range) else (near[0], near[-1])
        some = chosen.filter(**{f"{prefix}ordinal__gte": first, f"{prefix}ordinal__lte": last})
        # The ordinal comes last, to tell those between that were not named.
        named = near if isinstance(near, range) else frozenset(near)
        for *values, ordinal in some.values_list(*columns, f"{prefix}ordinal").iterator():
            if ordinal in named:
                yield tuple(values)


def _runs(ordinals: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut ascending ordinals where the next is far."""
    start = 0
    for n in range(1, len(ordinals) + 1):
        if n == len(ordinals) or ordinals[n] - ordinals[n - 1] > NEAR:
            yield ordinals[start:n]
            start = n


def lines_by_ordinal(
    submission: SubmissionId, ordinals: Iterable[int], *, and_lookup: bool = False
) -> dict[int, LineRow]:
    """Find lines of a submission. Raises StoreError if one is not kept or is named twice."""
    wanted = list(ordinals)
    rows = {row.ordinal: row for row in lines_within(submission, wanted, and_lookup=and_lookup)}
    if len(rows) != len(wanted):
        raise StoreError(f"of {len(wanted)} lines named only {len(rows)} are kept, or some are named twice")
    return rows


def require_state(row: LineRow, allowed: Collection[LineState]) -> None:
    """Raise StoreError if the line stands elsewhere."""
    if LineState(row.state) not in allowed:
        raise StoreError(f"line {row.ordinal} is {row.state}, which this step cannot take it from")


def move(keys: Sequence[int], old: LineState, new: LineState) -> None:
    """Move lines, by their keys in the table, on from one state; an answered line is ``A`` outside. Raises StoreError if one was not in the old state."""
    changes: dict[str, Value] = {"state": new.value}
    if new is LineState.LOGGED:
        changes |= {"disposition": Disposition.ANSWERED.value, "codes": json.dumps([])}
    rows = [(*changes.values(), key, old.value) for key in keys]
    with counted(keys):
        moved = update(models.Line, tuple(changes), ("id", "state"), rows)
    if moved != len(keys):
        raise StoreError(f"{len(keys) - moved} lines are not {old.value} any more")
