"""Steps 4 to 6 as kept here: decisions, look-ups, batches and samples; each line moves once and from one state."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from datetime import datetime

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.steps import Approved, LineState, LineStatus, Proposed, SignedDecision, SubmissionId
from lawgate.store import models
from lawgate.store.bulk import Value, chunks, insert, moment, update
from lawgate.store.counts import counted
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.line_box import LineBox, LinePart
from lawgate.store.lines import (
    LineRow,
    lines_by_ordinal,
    lines_within,
    move,
    require_state,
)
from lawgate.store.log import append_leaves
from lawgate.store.transaction import one_transaction, reading

WAITING = (LineState.DOCKETED, LineState.HELD)
WAITS_FOR_RELEASE = json.dumps(["902"])
MOVED_ON = (LineState.PROPOSED, LineState.LOGGED, LineState.HANDED_OVER)


class DecisionPart(LinePart, EnvelopePart):
    """Decisions, look-ups, batches, samples."""

    def keep_decision(
        self,
        submission: SubmissionId,
        decision: SignedDecision,
        envelope: bytes,
        approved: Sequence[Approved],
        closed: Sequence[LineStatus],
        leaves: Sequence[bytes],
    ) -> None:
        """Keep a signed decision; the same envelope again changes nothing. Raises StoreError if a named line does not wait for one."""
        with one_transaction("keep a decision"):
            if self.kept_envelope(decision.sha256):
                return
            self._keep_envelope("decision", submission, decision, envelope)
            named = [a.line.ordinal for a in approved] + [s.ordinal for s in closed]
            rows = lines_by_ordinal(submission, named)
            keys = [row.pk for row in rows.values()]
            with self._lines_kept(submission) as lines, counted(keys):
                update(
                    models.Line,
                    ("state", "codes", "approval"),
                    ("id",),
                    [_approved(lines, rows[a.line.ordinal], a, decision) for a in approved],
                )
                update(
                    models.Line,
                    ("state", "disposition", "codes", "status"),
                    ("id",),
                    [_closed(lines, rows[s.ordinal], s) for s in closed],
                )
            append_leaves(leaves)

    def approved(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Approved, ...]:
        """Lines APPROVED and not yet looked up, in line order."""
        with reading("read approvals"):
            rows = lines_within(submission, within, (LineState.APPROVED,))
            return self._read_to_go_on(submission, rows, LineBox.approved)

    def keep_lookups(self, proposed: Sequence[Proposed], at: datetime) -> None:
        """Record each look-up once: APPROVED to PROPOSED; a line already looked up is left. Raises StoreError for one never approved."""
        # A crash before this commit: the records were read and nothing of it is kept; the lines are looked up again.
        with one_transaction("keep look-ups"):
            for submission in dict.fromkeys(p.matched.approved.submission for p in proposed):
                own = [p for p in proposed if p.matched.approved.submission == submission]
                self._keep_lookups_of(submission, own, at)

    def _keep_lookups_of(self, submission: SubmissionId, proposed: Sequence[Proposed], at: datetime) -> None:
        rows = lines_by_ordinal(submission, [p.matched.approved.line.ordinal for p in proposed])
        for row in rows.values():
            require_state(row, (LineState.APPROVED, *MOVED_ON))
        found: list[tuple[Value, ...]] = []
        left: list[int] = []
        with self._lines_kept(submission) as lines:
            for proposal in proposed:
                row = rows[proposal.matched.approved.line.ordinal]
                if row.state == LineState.APPROVED.value:
                    found.append((row.pk, moment(at), _lookup(lines, row, proposal)))
                    left.append(row.pk)
        insert(models.Lookup, ("line_id", "at", "body"), found)
        move(left, LineState.APPROVED, LineState.PROPOSED)

    def proposals(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[Proposed, ...]:
        """Lines PROPOSED, in line order."""
        with reading("read proposals"):
            rows = lines_within(submission, within, (LineState.PROPOSED,), and_lookup=True)
            return self._read_to_go_on(submission, rows, LineBox.proposed)

    def unbatched(self, submission: SubmissionId) -> Sequence[int]:
        """Ordinals of lines PROPOSED that are in no batch, in line order."""
        with reading("read proposals"):
            rows = models.Line.objects.filter(
                submission_id=submission, state=LineState.PROPOSED.value, batch=None
            )
            return array("L", rows.order_by("ordinal").values_list("ordinal", flat=True).iterator())

    def batch(self, submission: SubmissionId, number: int) -> Batch | None:
        """Find one batch."""
        with reading("read a batch"):
            row = models.Batch.objects.filter(submission_id=submission, number=number).first()
            return None if row is None else _batch(row)

    def batch_count(self, submission: SubmissionId) -> int:
        """Count a submission's batches."""
        with reading("count batches"):
            return models.Batch.objects.filter(submission_id=submission).count()

    def batches(self, submission: SubmissionId) -> tuple[Batch, ...]:
        """All batches of a submission, in order."""
        with reading("read batches"):
            rows = models.Batch.objects.filter(submission_id=submission).order_by("number")
            return tuple(_batch(row) for row in rows)

    def keep_batch(self, batch: Batch) -> None:
        """Open a batch over PROPOSED lines; the same again changes nothing. Raises StoreError for a line elsewhere or in a batch."""
        if not set(batch.sample) <= set(batch.ordinals):
            raise StoreError("a sample looks at lines of its own batch only")
        with one_transaction("open a batch"):
            kept = models.Batch.objects.filter(submission_id=batch.submission, number=batch.number).first()
            if kept is not None:
                if _batch(kept) != batch:
                    raise StoreError(f"batch {batch.number} is open with other lines")
                return
            kept = models.Batch.objects.create(
                submission_id=batch.submission,
                number=batch.number,
                seed=batch.seed,
                ordinals=list(batch.ordinals),
                sample=list(batch.sample),
            )
            _put_into(kept, batch.ordinals)

    def keep_sample_review(self, review: SampleReview, envelope: bytes) -> None:
        """Keep one person's look; the same envelope again changes nothing, another by the same person raises StoreError."""
        with one_transaction("keep a look at a sample"):
            if self.kept_envelope(review.review.sha256):
                return
            batch = models.Batch.objects.filter(submission_id=review.submission, number=review.number).first()
            if batch is None:
                raise StoreError(f"there is no batch {review.number} to look at")
            if models.SampleReview.objects.filter(batch=batch, person=review.review.person).exists():
                raise StoreError("this person has looked at this sample already")
            decision = self._keep_envelope("sample", review.submission, review.review, envelope)
            models.SampleReview.objects.create(
                batch=batch, person=review.review.person, decision=decision, errors=list(review.errors)
            )

    def sample_reviews(self, submission: SubmissionId, number: int) -> tuple[SampleReview, ...]:
        """All looks at one batch's sample, oldest first."""
        with reading("read looks at a sample"):
            rows = models.SampleReview.objects.filter(batch__submission_id=submission, batch__number=number)
            return tuple(_review(row) for row in rows.select_related("batch", "decision").order_by("id"))


def _approved(
    lines: LineBox, row: LineRow, approval: Approved, decision: SignedDecision
) -> tuple[Value, ...]:
    require_state(row, WAITING)
    if (approval.submission, approval.decision) != (row.submission, decision):
        raise StoreError(f"the approval of line {row.ordinal} is not of this submission and decision")
    if not lines.is_line(row, approval.line):
        raise StoreError(f"the approval of line {row.ordinal} is not of the line as received")
    return LineState.APPROVED.value, WAITS_FOR_RELEASE, lines.seal_approval(approval), row.pk


def _closed(lines: LineBox, row: LineRow, status: LineStatus) -> tuple[Value, ...]:
    require_state(row, WAITING)
    if status.state is not LineState.FINAL or status.submission != row.submission:
        raise StoreError(f"the closing status of line {row.ordinal} is not a final one of this submission")
    codes = json.dumps(status.codes)
    return status.state.value, status.disposition.value, codes, lines.seal_status(status), row.pk


def _lookup(lines: LineBox, row: LineRow, proposal: Proposed) -> bytes:
    if not lines.is_approval(row, proposal.matched.approved):
        raise StoreError(f"the look-up of line {row.ordinal} does not rest on the approval that is kept")
    return lines.seal_lookup(proposal)


def _put_into(batch: models.Batch, ordinals: Sequence[int]) -> None:
    """Put lines into a batch. Raises StoreError, and so undoes the batch, for a line that is not PROPOSED or is in one already."""
    for some in chunks(ordinals):
        lines = models.Line.objects.filter(submission_id=batch.submission_id, ordinal__in=some)
        taken = lines.filter(state=LineState.PROPOSED.value, batch=None).update(batch=batch)
        if taken != len(some):
            raise StoreError(f"{len(some) - taken} lines are not proposed, or are in a batch already")


def _batch(row: models.Batch) -> Batch:
    return Batch(
        submission=SubmissionId(row.submission_id),
        number=row.number,
        seed=row.seed,
        ordinals=tuple(row.ordinals),
        sample=tuple(row.sample),
    )


def _review(row: models.SampleReview) -> SampleReview:
    decision = row.decision
    return SampleReview(
        submission=SubmissionId(row.batch.submission_id),
        number=row.batch.number,
        review=SignedDecision(
            sha256=decision.sha256, keyid=decision.keyid, person=decision.person, at=decision.at
        ),
        errors=tuple(row.errors),
    )
