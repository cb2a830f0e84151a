"""Lines as kept here: sealed, opened, found by ordinal, and moved only from a state that the step may find them in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import (
    Admitted,
    Approved,
    Disposition,
    Line,
    LineState,
    LineStatus,
    Proposed,
    SubmissionId,
)
from lawgate.store import models
from lawgate.store.bodies import APPROVAL_OF_PROPOSED, LINE_OF_ADMITTED, Considered, StatusBody
from lawgate.store.codec import decode
from lawgate.store.sealing import Sealed, place

T = TypeVar("T")

CHUNK = 500  # values in one query, well below what any SQLite allows


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one query."""
    return (values[i : i + CHUNK] for i in range(0, len(values), CHUNK))


def lines_by_ordinal(submission: SubmissionId, ordinals: Iterable[int]) -> dict[int, models.Line]:
    """Find lines of a submission. Raises StoreError if one is not kept or is named twice."""
    wanted = list(ordinals)
    rows: dict[int, models.Line] = {}
    for some in chunks(wanted):
        found = models.Line.objects.filter(submission_id=submission, ordinal__in=some)
        rows.update((row.ordinal, row) for row in found)
    if len(rows) != len(wanted):
        raise StoreError(f"of {len(wanted)} lines named only {len(rows)} are kept, or some are named twice")
    return rows


def require_state(row: models.Line, allowed: Collection[LineState]) -> None:
    """Raise StoreError if the line stands elsewhere."""
    if LineState(row.state) not in allowed:
        raise StoreError(f"line {row.ordinal} is {row.state}, which this step cannot take it from")


def move(rows: Iterable[models.Line], old: LineState, new: LineState) -> None:
    """Move lines on from one state; an answered line is ``A`` outside. Raises StoreError if one was not in the old state."""
    changes: dict[str, Any] = {"state": new.value}
    if new is LineState.LOGGED:
        changes |= {"disposition": Disposition.ANSWERED.value, "codes": []}
    for some in chunks([row.pk for row in rows]):
        moved = models.Line.objects.filter(pk__in=some, state=old.value).update(**changes)
        if moved != len(some):
            raise StoreError(f"{len(some) - moved} lines are not {old.value} any more")


def line_place(submission: str, ordinal: int, column: str) -> bytes:
    """Name the place of a line's sealed column."""
    return place("line", submission, ordinal, column)


class LinePart(Sealed):
    """Seals and opens a line's columns."""

    def _clear(self, row: models.Line, column: str, sealed: bytes | memoryview[int] | None) -> bytes:
        if sealed is None:
            raise StoreError(f"line {row.ordinal} has no {column}, which its state needs")
        return self._raw(row.submission_id, line_place(row.submission_id, row.ordinal, column), sealed)

    def _line(self, row: models.Line) -> Line:
        return decode(Line, self._clear(row, "stated", row.stated))

    def _admitted(self, row: models.Line) -> Admitted:
        line = self._clear(row, "stated", row.stated)
        return decode(Admitted, self._clear(row, "admitted", row.admitted), LINE_OF_ADMITTED, line)

    def _approved(self, row: models.Line) -> Approved:
        return decode(Approved, self._clear(row, "approval", row.approval))

    def _proposed(self, row: models.Line) -> Proposed:
        approval = self._clear(row, "approval", row.approval)
        return decode(Proposed, self._clear(row, "lookup", row.lookup.body), APPROVAL_OF_PROPOSED, approval)

    def _status(self, row: models.Line) -> LineStatus:
        body = decode(StatusBody, self._clear(row, "status", row.status))
        found = considered(self._admitted(row)) if body.considered is None else body.considered
        return LineStatus(
            submission=SubmissionId(row.submission_id),
            ordinal=row.ordinal,
            request_key=body.request_key,
            state=LineState(row.state),
            disposition=Disposition(row.disposition),
            codes=tuple(row.codes),
            findings=found.findings,
            holds=found.holds,
            hints=found.hints,
        )

    def _seal_status(self, status: LineStatus, admitted: Admitted | None) -> bytes:
        found = Considered(findings=status.findings, holds=status.holds, hints=status.hints)
        is_known = admitted is not None and found == considered(admitted)
        body = StatusBody(request_key=status.request_key, considered=None if is_known else found)
        return self._seal(status.submission, line_place(status.submission, status.ordinal, "status"), body)


def considered(admitted: Admitted) -> Considered:
    """Take what was found about a line, without the line."""
    return Considered(findings=admitted.checked.findings, holds=admitted.holds, hints=admitted.hints)
