"""The counts that must agree, taken from the rows themselves at one moment; nothing sealed is opened for them."""

from __future__ import annotations

from django.db.models import Count

from lawgate.domain.kept import Tally
from lawgate.domain.steps import Disposition, LineState, SubmissionId
from lawgate.store import models
from lawgate.store.transaction import one_transaction, reading

WAITING = "W"
ANSWERED = (LineState.LOGGED.value, LineState.HANDED_OVER.value)


class CountPart:
    """Counts rows."""

    def tally(self) -> Tally:
        """Count everything. Taken under the writers' lock, so that no count is of another moment than the next."""
        with one_transaction("count"):
            answers = models.Answer.objects
            return Tally(
                submissions=models.Submission.objects.count(),
                lines=models.Line.objects.count(),
                by_disposition=_by_disposition(),
                approved=models.Line.objects.filter(approval__isnull=False).count(),
                lookups=models.Lookup.objects.count(),
                answers=answers.count(),
                accounting_rows=models.AccountingRow.objects.count(),
                handed_over=answers.filter(handed_over_at__isnull=False).count(),
                acknowledged=answers.filter(acknowledged_at__isnull=False).count(),
                entries=models.Entry.objects.count(),
            )

    def acknowledged(self, submission: SubmissionId) -> int:
        """Count a submission's answers that were acknowledged."""
        with reading("count acknowledgements"):
            answers = models.Answer.objects.filter(line__submission_id=submission)
            return answers.filter(acknowledged_at__isnull=False).count()


def _by_disposition() -> dict[str, int]:
    """Count lines by letter, those without their final disposition under ``W`` (as ``domain.kept.is_final`` says)."""
    counts: dict[str, int] = {}
    for state, letter, number in models.Line.objects.values_list("state", "disposition").annotate(
        Count("pk")
    ):
        is_final = state == LineState.FINAL.value or (
            state in ANSWERED and letter == Disposition.ANSWERED.value
        )
        key = letter if is_final else WAITING
        counts[key] = counts.get(key, 0) + number
    return counts
