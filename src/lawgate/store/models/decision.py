"""Signed envelopes, and the batches in which answers are authorised."""

from __future__ import annotations

from django.db import models


class Decision(models.Model):
    """One signed envelope, sealed: a decision, sample, authorisation, stop, lift or acknowledgement."""

    kind = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    submission = models.ForeignKey("store.Submission", null=True, on_delete=models.PROTECT)
    keyid = models.TextField()
    person = models.TextField()
    at = models.DateTimeField()
    envelope = models.BinaryField()


class Impairment(models.Model):
    """Which of the envelopes is counsel's determination on a submission; read at every release, so found without looking through the others."""

    submission = models.ForeignKey("store.Submission", on_delete=models.PROTECT)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT)


class Batch(models.Model):
    """Proposed answers that are authorised together."""

    submission = models.ForeignKey("store.Submission", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    seed = models.TextField()
    ordinals = models.JSONField()
    sample = models.JSONField()

    class Meta:
        """What the database itself refuses."""

        constraints = (models.UniqueConstraint(fields=["submission", "number"], name="batch_once"),)


class SampleReview(models.Model):
    """One person's look at one batch's sample: a person looks once."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)
    person = models.TextField()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT)
    errors = models.JSONField()

    class Meta:
        """What the database itself refuses."""

        constraints = (models.UniqueConstraint(fields=["batch", "person"], name="sample_looked_at_once"),)
