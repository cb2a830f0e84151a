"""Counts of lines: those that are kept, for whoever looks; and all of them taken from the rows themselves, which must agree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Sum

from lawgate.domain.kept import Tally
from lawgate.domain.steps import Disposition, LineState, SubmissionId
from lawgate.store import models
from lawgate.store.bulk import chunks
from lawgate.store.transaction import one_transaction, reading

WAITING = "W"
ANSWERED = (LineState.LOGGED.value, LineState.HANDED_OVER.value)


class CountPart:
    """Counts; nothing sealed is opened for any of them."""

    def tally(self) -> Tally:
        """Count everything. Taken under the writers' lock, so that no count is of another moment than the next."""
        with one_transaction("count"):
            answers = models.Answer.objects
            rows = models.Line.objects.values_list("state", "disposition")
            kept = models.LineCount.objects.values_list("state", "disposition")
            return Tally(
                submissions=models.Submission.objects.count(),
                lines=models.Line.objects.count(),
                by_disposition=_by_disposition(rows.annotate(Count("pk")).order_by()),
                kept=_by_disposition(kept.annotate(Sum("lines")).order_by()),
                approved=models.Line.objects.filter(approval__isnull=False).count(),
                lookups=models.Lookup.objects.count(),
                answers=answers.count(),
                accounting_rows=models.AccountingRow.objects.count(),
                handed_over=answers.filter(handed_over_at__isnull=False).count(),
                acknowledged=answers.filter(acknowledged_at__isnull=False).count(),
                entries=models.Entry.objects.count(),
                acknowledged_kept=models.Submission.objects.aggregate(n=Sum("acknowledged"))["n"] or 0,
            )

    def letters(self, submission: SubmissionId) -> Mapping[tuple[LineState, Disposition], int]:
        """Say how many lines stand where, as the counts are kept."""
        with reading("count lines"):
            rows = models.LineCount.objects.filter(submission_id=submission, lines__gt=0)
            counts = rows.values_list("state", "disposition").annotate(Sum("lines")).order_by()
            return {(LineState(s), Disposition(d)): n for s, d, n in counts}

    def codes(self, submission: SubmissionId) -> Mapping[str, int]:
        """Say how many lines have which code, as the counts are kept."""
        counts: dict[str, int] = {}
        with reading("count codes"):
            rows = models.LineCount.objects.filter(submission_id=submission, lines__gt=0)
            for codes, number in rows.values_list("codes", "lines"):
                for code in json.loads(codes):
                    counts[code] = counts.get(code, 0) + number
        return dict(sorted(counts.items()))

    def on_their_way(self, submissions: Sequence[SubmissionId]) -> Mapping[SubmissionId, int]:
        """Say how many lines of each are not final, as the counts are kept; one without such lines is left out."""
        counts: dict[SubmissionId, int] = {}
        with reading("count lines"):
            for some in chunks(submissions):
                rows = models.LineCount.objects.filter(submission_id__in=some)
                columns = rows.values_list("submission_id", "state", "disposition", "lines")
                for name, state, letter, number in columns:
                    if number and not _is_final(state, letter):
                        submission = SubmissionId(name)
                        counts[submission] = counts.get(submission, 0) + number
        return counts

    def acknowledged(self, submission: SubmissionId) -> int:
        """Say how many of a submission's answers were acknowledged, as that is kept."""
        with reading("count acknowledgements"):
            own = models.Submission.objects.filter(pk=submission)
            return own.values_list("acknowledged", flat=True).first() or 0


def _by_disposition(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Sum up lines by letter, those without their final disposition under ``W`` (as ``domain.kept.is_final`` says)."""
    counts: dict[str, int] = {}
    for state, letter, number in rows:
        key = letter if _is_final(state, letter) else WAITING
        counts[key] = counts.get(key, 0) + number
    return {key: number for key, number in counts.items() if number}


def _is_final(state: str, letter: str) -> bool:
    return state == LineState.FINAL.value or (state in ANSWERED and letter == Disposition.ANSWERED.value)
