"""Lines as rows: found by ordinal, and moved only from a state that the step may find them in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import (
    Disposition,
    LineState,
    SubmissionId,
)
from lawgate.store import models

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)

CHUNK = 500  # values in one query, well below what any SQLite allows


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one query."""
    return (values[i : i + CHUNK] for i in range(0, len(values), CHUNK))


def lines_within(
    submission: SubmissionId,
    within: Sequence[int] | None,
    states: Collection[LineState] = (),
    *,
    and_lookup: bool = False,
) -> Iterator[models.Line]:
    """Read lines of a submission in line order: all, a ``range`` of ordinals, or the ordinals named; only those in a state, if any is given."""
    rows = models.Line.objects.select_related("lookup") if and_lookup else models.Line.objects.all()
    return rows_within(rows, "", submission, within, states)


def rows_within(
    rows: QuerySet[Row],
    prefix: str,
    submission: SubmissionId,
    within: Sequence[int] | None,
    states: Collection[LineState] = (),
) -> Iterator[Row]:
    """Narrow a query to lines of a submission and read it in line order; ``prefix`` is how the query reaches the line."""
    chosen = rows.filter(**{f"{prefix}submission_id": submission}).order_by(f"{prefix}ordinal")
    if states:
        chosen = chosen.filter(**{f"{prefix}state__in": [s.value for s in states]})
    if within is None:
        yield from chosen
    elif isinstance(within, range):
        yield from chosen.filter(
            **{f"{prefix}ordinal__gte": within.start, f"{prefix}ordinal__lt": within.stop}
        )
    else:
        for some in chunks(sorted(within)):
            yield from chosen.filter(**{f"{prefix}ordinal__in": some})


def lines_by_ordinal(
    submission: SubmissionId, ordinals: Iterable[int], *, and_lookup: bool = False
) -> dict[int, models.Line]:
    """Find lines of a submission. Raises StoreError if one is not kept or is named twice."""
    wanted = list(ordinals)
    rows = {row.ordinal: row for row in lines_within(submission, wanted, and_lookup=and_lookup)}
    if len(rows) != len(wanted):
        raise StoreError(f"of {len(wanted)} lines named only {len(rows)} are kept, or some are named twice")
    return rows


def require_state(row: models.Line, allowed: Collection[LineState]) -> None:
    """Raise StoreError if the line stands elsewhere."""
    if LineState(row.state) not in allowed:
        raise StoreError(f"line {row.ordinal} is {row.state}, which this step cannot take it from")


def move(keys: Sequence[int], old: LineState, new: LineState) -> None:
    """Move lines, by their keys in the table, on from one state; an answered line is ``A`` outside. Raises StoreError if one was not in the old state."""
    changes: dict[str, Any] = {"state": new.value}
    if new is LineState.LOGGED:
        changes |= {"disposition": Disposition.ANSWERED.value, "codes": []}
    for some in chunks(keys):
        moved = models.Line.objects.filter(pk__in=some, state=old.value).update(**changes)
        if moved != len(some):
            raise StoreError(f"{len(some) - moved} lines are not {old.value} any more")
