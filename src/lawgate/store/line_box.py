"""Lines of one submission opened with its data key, and put together again from what each step kept of them.

The only place outside the rooms where a step type is made: of what that type's own room made before, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db.models import Model

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import (
    Admitted,
    Approved,
    Authorised,
    Checked,
    Disposition,
    Line,
    LineState,
    LineStatus,
    Matched,
    Proposed,
    SignedDecision,
    SubmissionId,
)
from lawgate.store import models
from lawgate.store.bodies import AnswerBody, ApprovalBody, LookupBody, Said, StatusBody
from lawgate.store.codec import encode
from lawgate.store.findings import FindingSets
from lawgate.store.sealing import Sealed, place, seal, unseal
from lawgate.store.vault import Box

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)


class LineBox:
    """Seals and opens the lines of one submission with its data key. Made anew for each transaction or reading."""

    def __init__(self, submission: SubmissionId, box: Box) -> None:
        self.submission = submission
        self.box = box
        self.findings = FindingSets(submission, box)
        self._decisions: dict[str, SignedDecision] = {}

    def line(self, row: models.Line) -> Line:
        """Open what the line states."""
        return unseal(self.box, self._place(row.ordinal, "stated"), Line, row.stated)

    def seal_line(self, line: Line) -> bytes:
        """Seal what a line states."""
        return seal(self.box, self._place(line.ordinal, "stated"), line)

    def is_line(self, row: models.Line, line: Line) -> bool:
        """Say whether this is the line as received."""
        return self._clear(row, "stated", row.stated) == encode(line)

    def admitted(self, row: models.Line) -> Admitted:
        """Put together what guard admitted: the line, and what was found about it."""
        body = self._status_body(row)
        checked = Checked(self.line(row), self.findings.of(body.findings))
        return Admitted(checked, body.holds, body.hints)

    def status(self, row: models.Line) -> LineStatus:
        """Put together where the line stands."""
        body = self._status_body(row)
        return LineStatus(
            submission=self.submission,
            ordinal=row.ordinal,
            request_key=body.request_key,
            state=LineState(row.state),
            disposition=Disposition(row.disposition),
            codes=tuple(row.codes),
            findings=self.findings.of(body.findings),
            holds=body.holds,
            hints=body.hints,
        )

    def seal_status(self, status: LineStatus) -> bytes:
        """Seal a line's status; inside a transaction, because its findings may be new."""
        number = self.findings.number(status.findings)
        body = StatusBody(status.request_key, number, status.holds, status.hints)
        return seal(self.box, self._place(status.ordinal, "status"), body)

    def approved(self, row: models.Line) -> Approved:
        """Put together an approval and its line."""
        body = unseal(
            self.box, self._place(row.ordinal, "approval"), ApprovalBody, _required(row, row.approval)
        )
        return Approved(
            submission=self.submission,
            line=self.line(row),
            findings=self.findings.of(body.findings),
            items=body.items,
            periods=body.periods,
            recipient_keyid=body.recipient_keyid,
            decision=self.decision(body.decision),
        )

    def seal_approval(self, approved: Approved) -> bytes:
        """Seal an approval without its line; inside a transaction, because its findings may be new."""
        return seal(self.box, self._place(approved.line.ordinal, "approval"), self._approval_body(approved))

    def is_approval(self, row: models.Line, approved: Approved) -> bool:
        """Say whether this is the approval that is kept, of the line as received."""
        kept = self._clear(row, "approval", row.approval)
        return (
            approved.submission == self.submission
            and kept == encode(self._approval_body(approved))
            and approved.decision == self.decision(approved.decision.sha256)
            and self.is_line(row, approved.line)
        )

    def is_proposal(self, row: models.Line, proposed: Proposed) -> bool:
        """Say whether this is the kept look-up with just what was proposed then."""
        kept = self._clear(row, "lookup", row.lookup.body)
        return kept == encode(_lookup_body(proposed))

    def lookup(self, row: models.Line) -> LookupBody:
        """Open a line's look-up and what was proposed then."""
        return unseal(self.box, self._place(row.ordinal, "lookup"), LookupBody, row.lookup.body)

    def proposed(self, row: models.Line, instead: Said | None = None) -> Proposed:
        """Put together a proposal, its look-up, its approval and its line, saying what was proposed or something else instead."""
        body = self.lookup(row)
        said = instead or body.said
        return Proposed(Matched(self.approved(row), body.verdict), said.kind, said.fields, said.reason)

    def seal_lookup(self, proposed: Proposed) -> bytes:
        """Seal a look-up and its proposal without the approval."""
        where = self._place(proposed.matched.approved.line.ordinal, "lookup")
        return seal(self.box, where, _lookup_body(proposed))

    def authorised(self, row: models.Line, body: AnswerBody) -> Authorised:
        """Put together an authorised answer, which says what was proposed or less."""
        return Authorised(self.proposed(row, body.said), self.decision(body.authorisation), body.batch)

    def decision(self, sha256: str) -> SignedDecision:
        """Say who signed a kept envelope, and when. Raises StoreError if it is not kept."""
        if sha256 not in self._decisions:
            row = models.Decision.objects.filter(sha256=sha256).first()
            if row is None:
                raise StoreError("a line refers to a decision that is not kept")
            self._decisions[sha256] = SignedDecision(row.sha256, row.keyid, row.person, row.at)
        return self._decisions[sha256]

    def _approval_body(self, approved: Approved) -> ApprovalBody:
        return ApprovalBody(
            findings=self.findings.number(approved.findings),
            items=approved.items,
            periods=approved.periods,
            recipient_keyid=approved.recipient_keyid,
            decision=approved.decision.sha256,
        )

    def _status_body(self, row: models.Line) -> StatusBody:
        return unseal(self.box, self._place(row.ordinal, "status"), StatusBody, row.status)

    def _clear(self, row: models.Line, column: str, sealed: bytes | memoryview[int] | None) -> bytes:
        return self.box.open(self._place(row.ordinal, column), bytes(_required(row, sealed)))

    def _place(self, ordinal: int, column: str) -> bytes:
        return place("line", self.submission, ordinal, column)


class LinePart(Sealed):
    """A part of the memory that reads and writes lines."""

    @contextmanager
    def _lines_of(self, submission: SubmissionId) -> Iterator[LineBox]:
        """Open a submission's data key for the length of one transaction or reading."""
        with self._vault.opened(submission) as box:
            yield LineBox(submission, box)

    def _read(
        self, submission: SubmissionId, rows: Iterable[Row], read: Callable[[LineBox, Row], T]
    ) -> tuple[T, ...]:
        """Open rows; no key is needed where there are none."""
        found = list(rows)
        if not found:
            return ()
        with self._lines_of(submission) as lines:
            return tuple(read(lines, row) for row in found)


def _lookup_body(proposed: Proposed) -> LookupBody:
    return LookupBody(proposed.matched.verdict, Said(proposed.kind, proposed.fields, proposed.reason))


def _required(row: models.Line, sealed: bytes | memoryview[int] | None) -> bytes | memoryview[int]:
    if sealed is None:
        raise StoreError(f"line {row.ordinal} has no approval, which its state needs")
    return sealed
