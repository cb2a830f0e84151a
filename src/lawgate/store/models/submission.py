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
    """One submission; ``body`` seals the cover, or the message of rejection where ``rejected_code`` is not empty."""

    submission = models.CharField(max_length=16, primary_key=True)
    manifest_sha256 = models.CharField(max_length=64)
    agency = models.TextField()
    pack = models.TextField()
    received_at = models.DateTimeField()
    rejected_code = models.TextField()
    line_count = models.PositiveIntegerField()
    body = models.BinaryField()


class OriginalFile(models.Model):
    """One file exactly as it came; its name and bytes are sealed."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    name = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (models.UniqueConstraint(fields=["submission", "number"], name="original_file_once"),)


class FindingSet(models.Model):
    """One distinct tuple of findings of a submission, sealed; lines refer to it by number."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (models.UniqueConstraint(fields=["submission", "number"], name="finding_set_once"),)


class Line(models.Model):
    """One line and where it stands. Sealed: what it states, its status with what was found about it, its approval."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    ordinal = models.PositiveIntegerField()
    state = models.TextField()
    disposition = models.CharField(max_length=1)
    codes = models.JSONField()
    stated = models.BinaryField()
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
    """A fingerprint a line left, with what guard counts by."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    ordinal = models.PositiveIntegerField()
    kind = models.TextField()
    fingerprint = models.TextField()
    agency = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (
            models.UniqueConstraint(
                fields=["submission", "ordinal", "kind", "fingerprint"], name="trace_once"
            ),
        )
        indexes = (models.Index(fields=["kind", "fingerprint", "at"], name="trace_by_fingerprint"),)
