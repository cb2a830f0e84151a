"""Lines of one submission opened with its data key, and put together again from what each step kept of them.

The only place outside the rooms where a step type is made: of what that type's own room made before, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from lawgate.domain.errors import StoreError
from lawgate.domain.finding import Finding
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
from lawgate.store.lines import LineRow
from lawgate.store.sealing import Sealed, line_place, seal, unseal
from lawgate.store.vault import Box, Vault

T = TypeVar("T")


class Opened:
    """What was opened of the lines that a step took last, each value with the sealed bytes it was opened from.

    A step hands most of it back as it is. A value here is frozen: the very same object, and the very same sealed bytes, mean that it says what is
    kept, without opening and writing it once more. Any other object is compared by what it says.
    """

    def __init__(self) -> None:
        self._sealed: dict[int, tuple[object, tuple[bytes | None, ...]]] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._sealed.clear()

    def keep(self, value: object, *sealed: bytes | None) -> None:
        """Remember what a value was opened from. It is held, so that no other object can come to have its identity."""
        self._sealed[id(value)] = value, sealed

    def is_of(self, value: object, *sealed: bytes | None) -> bool:
        """Say whether this very object was opened from these bytes."""
        return self._sealed.get(id(value)) == (value, sealed)


class LineBox:
    """Seals and opens the lines of one submission with its data key. Made anew for each transaction or reading."""

    def __init__(
        self,
        submission: SubmissionId,
        box: Box,
        opened: Opened,
        known: dict[tuple[bytes, bytes], tuple[Finding, ...]],
    ) -> None:
        self.submission = submission
        self.box = box
        self._opened = opened
        self.findings = FindingSets(submission, box, known)
        self._decisions: dict[str, SignedDecision] = {}

    def line(self, row: LineRow) -> Line:
        """Open what the line states."""
        return unseal(self.box, self._place(row.ordinal, "stated"), Line, row.stated)

    def is_line(self, row: LineRow, line: Line) -> bool:
        """Say whether this is the line as received."""
        if self._opened.is_of(line, row.stated):
            return True
        return self._clear(row, "stated", row.stated) == encode(line)

    def admitted(self, row: LineRow) -> Admitted:
        """Put together what guard admitted: the line, and what was found about it."""
        body = self._status_body(row)
        line = self.line(row)
        self._opened.keep(line, row.stated)
        checked = Checked(line, self.findings.of(body.findings))
        return Admitted(checked, body.holds, body.hints)

    def status(self, row: LineRow, codes: tuple[str, ...]) -> LineStatus:
        """Put together where the line stands."""
        body = self._status_body(row)
        return LineStatus(
            submission=self.submission,
            ordinal=row.ordinal,
            request_key=body.request_key,
            state=LineState(row.state),
            disposition=Disposition(row.disposition),
            codes=codes,
            findings=self.findings.of(body.findings),
            holds=body.holds,
            hints=body.hints,
        )

    def seal_status(self, status: LineStatus) -> bytes:
        """Seal a line's status; inside a transaction, because its findings may be new."""
        number = self.findings.number(status.findings)
        body = StatusBody(status.request_key, number, status.holds, status.hints)
        return seal(self.box, self._place(status.ordinal, "status"), body)

    def approved(self, row: LineRow) -> Approved:
        """Put together an approval and its line."""
        body = unseal(
            self.box, self._place(row.ordinal, "approval"), ApprovalBody, required(row.ordinal, row.approval)
        )
        approved = Approved(
            submission=self.submission,
            line=self.line(row),
            findings=self.findings.of(body.findings),
            items=body.items,
            periods=body.periods,
            recipient_keyid=body.recipient_keyid,
            decision=self.decision(body.decision),
        )
        self._opened.keep(approved, row.approval, row.stated)
        return approved

    def seal_approval(self, approved: Approved) -> bytes:
        """Seal an approval without its line; inside a transaction, because its findings may be new."""
        return seal(self.box, self._place(approved.line.ordinal, "approval"), self._approval_body(approved))

    def is_approval(self, row: LineRow, approved: Approved) -> bool:
        """Say whether this is the approval that is kept, of the line as received."""
        if approved.submission == self.submission and self._opened.is_of(approved, row.approval, row.stated):
            return True
        kept = self._clear(row, "approval", row.approval)
        return (
            approved.submission == self.submission
            and kept == encode(self._approval_body(approved))
            and approved.decision == self.decision(approved.decision.sha256)
            and self.is_line(row, approved.line)
        )

    def is_proposal(self, row: LineRow, proposed: Proposed) -> bool:
        """Say whether this is the kept look-up with just what was proposed then."""
        if self._opened.is_of(proposed, row.lookup):
            return True
        kept = self._clear(row, "lookup", row.lookup)
        return kept == encode(_lookup_body(proposed))

    def lookup(self, row: LineRow) -> LookupBody:
        """Open a line's look-up and what was proposed then."""
        return unseal(
            self.box, self._place(row.ordinal, "lookup"), LookupBody, required(row.ordinal, row.lookup)
        )

    def proposed(self, row: LineRow, instead: Said | None = None) -> Proposed:
        """Put together a proposal, its look-up, its approval and its line, saying what was proposed or something else instead."""
        body = self.lookup(row)
        said = instead or body.said
        proposed = Proposed(Matched(self.approved(row), body.verdict), said.kind, said.fields, said.reason)
        if instead is None:
            self._opened.keep(proposed, row.lookup)
        return proposed

    def seal_lookup(self, proposed: Proposed) -> bytes:
        """Seal a look-up and its proposal without the approval."""
        where = self._place(proposed.matched.approved.line.ordinal, "lookup")
        return seal(self.box, where, _lookup_body(proposed))

    def authorised(self, row: LineRow, body: AnswerBody) -> Authorised:
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

    def _status_body(self, row: LineRow) -> StatusBody:
        return unseal(self.box, self._place(row.ordinal, "status"), StatusBody, row.status)

    def _clear(self, row: LineRow, column: str, sealed: bytes | memoryview[int] | None) -> bytes:
        return self.box.open(self._place(row.ordinal, column), bytes(required(row.ordinal, sealed)))

    def _place(self, ordinal: int, column: str) -> bytes:
        return line_place(self.submission, ordinal, column)


class LinePart(Sealed):
    """A part of the memory that reads and writes lines."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault)
        self._opened = Opened()
        self._known: dict[tuple[bytes, bytes], tuple[Finding, ...]] = {}

    @contextmanager
    def _lines_of(self, submission: SubmissionId, *, going_on: bool = False) -> Iterator[LineBox]:
        """Open a submission's data key for the length of one transaction or reading. ``going_on`` is for the two ends of a step: the
        reading, whose values come back to the transaction that keeps what was made of them."""
        with self._vault.opened(submission) as box:
            yield LineBox(submission, box, self._opened if going_on else Opened(), self._known)

    @contextmanager
    def _lines_kept(self, submission: SubmissionId) -> Iterator[LineBox]:
        """Open a submission's data key for the transaction that ends a step."""
        try:
            with self._lines_of(submission, going_on=True) as lines:
                yield lines
        finally:
            self._opened.forget()

    def _read(
        self,
        submission: SubmissionId,
        rows: Iterable[LineRow],
        read: Callable[[LineBox, LineRow], T],
        *,
        going_on: bool = False,
    ) -> tuple[T, ...]:
        """Open rows; no key is needed where there are none."""
        found = list(rows)
        if not found:
            return ()
        with self._lines_of(submission, going_on=going_on) as lines:
            return tuple([read(lines, row) for row in found])

    def _read_to_go_on(
        self, submission: SubmissionId, rows: Iterable[LineRow], read: Callable[[LineBox, LineRow], T]
    ) -> tuple[T, ...]:
        """Open the rows of lines that a step takes."""
        self._opened.forget()
        return self._read(submission, rows, read, going_on=True)


def _lookup_body(proposed: Proposed) -> LookupBody:
    return LookupBody(proposed.matched.verdict, Said(proposed.kind, proposed.fields, proposed.reason))


def required(ordinal: int, sealed: bytes | memoryview[int] | None) -> bytes | memoryview[int]:
    """Return what a line's state needs. Raises StoreError if it is not there."""
    if sealed is None:
        raise StoreError(f"line {ordinal} lacks an approval or a look-up, which its state needs")
    return sealed
