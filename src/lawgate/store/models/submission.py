"""Submissions, their original bytes, their lines and the fingerprints the lines left."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lawgate.domain.steps import Disposition, LineState
from lawgate.store.models.decision import Batch

ASKED = [LineState.FINAL.value, LineState.HELD.value, LineState.DOCKETED.value]
ALLOWED = [
    LineState.APPROVED.value,
    LineState.PROPOSED.value,
    LineState.LOGGED.value,
    LineState.HANDED_OVER.value,
]
ANSWERED = [LineState.LOGGED.value, LineState.HANDED_OVER.value]


class Submission(models.Model):
    """One submission; ``body`` seals the cover, or the message of rejection where ``rejected_code`` is not empty. ``number`` is its place in the order of receipt,
    ``acknowledged`` how many of its answers were."""

    submission = models.CharField(max_length=16, primary_key=True)
    manifest_sha256 = models.CharField(max_length=64)
    agency = models.TextField()
    pack = models.TextField()
    received_at = models.DateTimeField()
    rejected_code = models.TextField()
    line_count = models.PositiveIntegerField()
    body = models.BinaryField()
    number = models.PositiveIntegerField(unique=True)
    acknowledged = models.PositiveIntegerField(default=0)


class Stated(models.Model):
    """What one line states, sealed once and never changed. It is nobody's until a ``Line`` of its id says whose it is.

    A submission's are written in many transactions before its lines are in one; what a crash leaves has ids above the last line's.
    """

    id = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()


class Arriving(models.Model):
    """What steps 1 to 3 found about one chunk of the submission that is arriving, sealed; gone when it has arrived."""

    ordinal = models.PositiveIntegerField(primary_key=True)
    body = models.BinaryField()


class FindingSet(models.Model):
    """One distinct tuple of findings of a submission, sealed; lines refer to it by number."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (models.UniqueConstraint(fields=["submission", "number"], name="finding_set_once"),)


class Line(models.Model):
    """One line and where it stands; it moves often and is small. Sealed: what it states, its status with what was found about it, its approval."""

    text = models.OneToOneField(Stated, primary_key=True, db_column="id", on_delete=models.PROTECT)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    ordinal = models.PositiveIntegerField()
    state = models.TextField()
    disposition = models.CharField(max_length=1)
    codes = models.JSONField()
    status = models.BinaryField()
    approval = models.BinaryField(null=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (
            models.UniqueConstraint(fields=["submission", "ordinal"], name="line_once"),
            models.CheckConstraint(
                condition=Q(disposition__in=[d.value for d in Disposition]), name="line_has_a_letter"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ASKED, approval__isnull=True)
                | Q(state__in=ALLOWED, approval__isnull=False),
                name="line_walks_on_with_an_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED) | Q(disposition=Disposition.ANSWERED.value),
                name="line_answered_under_seal",
            ),
        )
        indexes = (models.Index(fields=["submission", "state", "ordinal"], name="line_by_state"),)


class Trace(models.Model):
    """How many lines of a submission left one fingerprint; ``kind`` is a place in ``store.traces.KINDS``, ``submission`` is its number.

    Ten for each line, by the million: so the number stands here instead of the submission, which is looked for but once for all.
    """

    pk = models.CompositePrimaryKey("kind", "mark", "submission")
    kind = models.PositiveSmallIntegerField()
    mark = models.BinaryField()
    submission = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()


class MatterTrace(models.Model):
    """A line's fingerprint of a matter, with what it said of the corroborating fields; ``submission`` is its number."""

    pk = models.CompositePrimaryKey("mark", "submission", "ordinal")
    mark = models.BinaryField()
    submission = models.PositiveIntegerField()
    ordinal = models.PositiveIntegerField()
    said = models.BinaryField()
