"""Look-ups, answers and accounting rows: one of each for a line that is answered (I-2); and what was stated of answers later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lawgate.store.models.log import Entry
from lawgate.store.models.submission import Line


class Lookup(models.Model):
    """The one look-up of a line; ``body`` seals verdict and proposal."""

    line = models.OneToOneField(Line, on_delete=models.PROTECT)
    at = models.DateTimeField()
    body = models.BinaryField()


class Answer(models.Model):
    """The one answer of a line, with its place in the log and in its recipient's sequence; ``body`` is sealed. ``owed`` is the day by which a
    statement about it is owed, if one is; ``end_days`` is the agreement's term on the day it left."""

    answer = models.CharField(max_length=32, primary_key=True)
    line = models.OneToOneField(Line, on_delete=models.PROTECT)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    recipient_keyid = models.CharField(max_length=32)
    sequence = models.PositiveBigIntegerField()
    handed_over_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    owed = models.DateField(null=True)
    end_days = models.PositiveIntegerField(null=True)
    body = models.BinaryField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        indexes = (models.Index(fields=["owed"], name="statement_owed", condition=Q(owed__isnull=False)),)
        constraints = (
            models.UniqueConstraint(
                fields=["recipient_keyid", "sequence"], name="sequence_once_per_recipient"
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="sequence_from_one"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(handed_over_at__isnull=False),
                name="answer_handed_over_before_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(owed__isnull=True) | Q(handed_over_at__isnull=False),
                name="answer_handed_over_before_owed",
            ),
        )


class AccountingRow(models.Model):
    """The accounting of one answer; ``body`` seals the row for the owner ``accounting``."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="accounting_row")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    body = models.BinaryField()


class Statement(models.Model):
    """What an officer stated of an answer that left; the signed document is kept as a decision."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT)
    act = models.TextField()
    decision = models.OneToOneField("store.Decision", on_delete=models.PROTECT)

    class Meta:
        """What the database itself refuses."""

        constraints = (models.UniqueConstraint(fields=["answer", "act"], name="stated_once"),)
