"""The fingerprints that lines left: counted by submission where only the count matters, line by line for matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import EarlierLine, EarlierMatter, MatterTrace, Trace
from lawgate.domain.steps import Disposition, SubmissionId
from lawgate.store import models
from lawgate.store.bulk import batches, chunks, insert
from lawgate.store.transaction import reading

KINDS = ("official", "agency", "unusable", "officer", "case", "opened", "address", "reasons", "line")
"""Each kind is kept as its place here. New ones go to the end."""


class TracePart:
    """Traces."""

    def count_traces(
        self, kind: str, marks: Sequence[bytes], agency: str | None, since: datetime
    ) -> Mapping[bytes, int]:
        """Count the lines that left each mark since a moment (inclusive), of one agency or of all; a mark nobody left is not in it."""
        counts: dict[bytes, int] = {}
        with reading("count traces"):
            submissions = models.Submission.objects.filter(received_at__gte=since)
            if agency is not None:
                submissions = submissions.filter(agency=agency)
            among = set(submissions.values_list("number", flat=True))
            if not among:
                return {}
            for some in chunks(list(dict.fromkeys(marks))):
                rows = models.Trace.objects.filter(kind=_number(kind), mark__in=some)
                for mark, submission, lines in rows.values_list("mark", "submission", "lines"):
                    if submission in among:
                        counts[bytes(mark)] = counts.get(bytes(mark), 0) + lines
        return counts

    def matters_before(self, marks: Sequence[bytes], agency: str) -> Mapping[bytes, EarlierMatter]:
        """Find what an agency's lines left on each matter, oldest first; a matter nobody asked about is not in it."""
        found: dict[bytes, list[tuple[str, int, bytes]]] = {}
        with reading("find lines by matter"):
            rows = models.Submission.objects.filter(agency=agency).values_list("number", "submission")
            names = dict(rows)
            if not names:
                return {}
            for some in chunks(list(dict.fromkeys(marks))):
                left = models.MatterTrace.objects.filter(mark__in=some).order_by("submission", "ordinal")
                for mark, number, ordinal, said in left.values_list("mark", "submission", "ordinal", "said"):
                    if number in names:
                        found.setdefault(bytes(mark), []).append((names[number], ordinal, bytes(said)))
            letters = _letters((s, n) for places in found.values() for s, n, _ in places)
        return {
            mark: EarlierMatter(
                tuple(EarlierLine(SubmissionId(s), n, Disposition(letters[s, n])) for s, n, _ in places),
                tuple(said for _, _, said in places),
            )
            for mark, places in found.items()
        }


def keep_traces(number: int, traces: Iterable[Trace], matters: Iterable[MatterTrace]) -> None:
    """Keep what a submission left, inside the caller's transaction."""
    for counted in batches((_number(t.kind), t.mark, number, t.lines) for t in traces):
        insert(models.Trace, ("kind", "mark", "submission", "lines"), counted)
    for left in batches((m.mark, number, m.ordinal, m.said) for m in matters):
        insert(models.MatterTrace, ("mark", "submission", "ordinal", "said"), left)


def _number(kind: str) -> int:
    if kind not in KINDS:
        raise StoreError("there is no such kind of trace")
    return KINDS.index(kind)


def _letters(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Read where lines stand now, by submission and ordinal."""
    by_submission: dict[str, set[int]] = {}
    for submission, ordinal in places:
        by_submission.setdefault(submission, set()).add(ordinal)
    return {
        (submission, ordinal): letter
        for submission, ordinals in by_submission.items()
        for some in chunks(sorted(ordinals))
        for ordinal, letter in models.Line.objects.filter(
            submission_id=submission, ordinal__in=some
        ).values_list("ordinal", "disposition")
    }
