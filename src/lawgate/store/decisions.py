"""Steps 4 to 6 as kept here: decisions, look-ups, batches and samples; each line moves once and from one state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.steps import Approved, LineState, LineStatus, Proposed, SignedDecision, SubmissionId
from lawgate.store import models
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.line_box import LineBox, LinePart
from lawgate.store.lines import (
    chunks,
    lines_by_ordinal,
    lines_within,
    move,
    require_state,
)
from lawgate.store.log import append_leaves
from lawgate.store.transaction import one_transaction, reading

WAITING = (LineState.DOCKETED, LineState.HELD)
WAITS_FOR_RELEASE = ["902"]
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
            with self._lines_of(submission) as lines:
                for approval in approved:
                    _approve(lines, rows[approval.line.ordinal], approval, decision)
                for status in closed:
                    _close(lines, rows[status.ordinal], status)
            append_leaves(leaves)

    def approved(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Approved, ...]:
        """Lines APPROVED and not yet looked up, in line order."""
        with reading("read approvals"):
            rows = lines_within(submission, within, (LineState.APPROVED,))
            return self._read(submission, rows, LineBox.approved)

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
        open_rows = {o: row for o, row in rows.items() if row.state == LineState.APPROVED.value}
        lookups = []
        with self._lines_of(submission) as lines:
            for proposal in proposed:
                row_or_none = open_rows.get(proposal.matched.approved.line.ordinal)
                if row_or_none is not None:
                    lookups.append(_lookup(lines, row_or_none, proposal, at))
        models.Lookup.objects.bulk_create(lookups)
        move(open_rows.values(), LineState.APPROVED, LineState.PROPOSED)

    def proposals(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[Proposed, ...]:
        """Lines PROPOSED, in line order."""
        with reading("read proposals"):
            rows = lines_within(submission, within, (LineState.PROPOSED,), and_lookup=True)
            return self._read(submission, rows, LineBox.proposed)

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
            rows = lines_by_ordinal(batch.submission, batch.ordinals)
            for row in rows.values():
                require_state(row, (LineState.PROPOSED,))
                if row.batch_id is not None:
                    raise StoreError(f"line {row.ordinal} is in a batch already")
            kept = models.Batch.objects.create(
                submission_id=batch.submission,
                number=batch.number,
                seed=batch.seed,
                ordinals=list(batch.ordinals),
                sample=list(batch.sample),
            )
            for some in chunks([row.pk for row in rows.values()]):
                models.Line.objects.filter(pk__in=some).update(batch=kept)

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


def _approve(lines: LineBox, row: models.Line, approval: Approved, decision: SignedDecision) -> None:
    require_state(row, WAITING)
    if (approval.submission, approval.decision) != (row.submission_id, decision):
        raise StoreError(f"the approval of line {row.ordinal} is not of this submission and decision")
    if not lines.is_line(row, approval.line):
        raise StoreError(f"the approval of line {row.ordinal} is not of the line as received")
    row.approval = lines.seal_approval(approval)
    row.state = LineState.APPROVED.value
    row.codes = WAITS_FOR_RELEASE
    row.save(update_fields=["state", "codes", "approval"])


def _close(lines: LineBox, row: models.Line, status: LineStatus) -> None:
    require_state(row, WAITING)
    if status.state is not LineState.FINAL or status.submission != row.submission_id:
        raise StoreError(f"the closing status of line {row.ordinal} is not a final one of this submission")
    row.state = status.state.value
    row.disposition = status.disposition.value
    row.codes = list(status.codes)
    row.status = lines.seal_status(status)
    row.save(update_fields=["state", "disposition", "codes", "status"])


def _lookup(lines: LineBox, row: models.Line, proposal: Proposed, at: datetime) -> models.Lookup:
    if not lines.is_approval(row, proposal.matched.approved):
        raise StoreError(f"the look-up of line {row.ordinal} does not rest on the approval that is kept")
    return models.Lookup(line=row, at=at, body=lines.seal_lookup(proposal))


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
