"""The log's sequenced entries and its last signed checkpoint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One entry; ``index`` counts from 0 without gaps, ``kind`` and ``submission`` are read from the body."""

    index = models.PositiveBigIntegerField(primary_key=True)
    kind = models.TextField()
    submission = models.TextField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        """What the database finds quickly."""

        indexes = (models.Index(fields=["kind", "submission"], name="entry_by_kind"),)


class Head(models.Model):
    """The single row with the checkpoint that the log signed last."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    note = models.TextField()

    class Meta:
        """What the database itself refuses."""

        constraints = (models.CheckConstraint(condition=Q(id=1), name="head_is_one_row"),)
