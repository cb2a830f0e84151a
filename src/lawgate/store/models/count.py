"""How many lines stand where: kept, so that no page counts a million rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lawgate.store.models.submission import Submission


class LineCount(models.Model):
    """How many lines of a submission are in one state, with one letter and the same codes; ``codes`` as JSON.

    Whoever moves a line changes it in the same transaction (``store.counts``); the rows themselves are counted on demand and must agree.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT)
    state = models.TextField()
    disposition = models.CharField(max_length=1)
    codes = models.TextField()
    lines = models.PositiveIntegerField()

    class Meta:
        """What the database itself refuses, and what it finds quickly."""

        constraints = (
            models.UniqueConstraint(
                fields=["submission", "state", "disposition", "codes"], name="lines_counted_once"
            ),
            models.CheckConstraint(condition=Q(lines__gte=0), name="no_fewer_lines_than_none"),
        )
