"""Steps 1 to 3 as kept here: a submission whole or not at all, with its original bytes and where each line stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import EarlierLine, SubmissionSummary, Trace
from lawgate.domain.steps import (
    Admitted,
    Disposition,
    Line,
    LineState,
    LineStatus,
    Received,
    Rejected,
    SubmissionId,
)
from lawgate.store import models
from lawgate.store.bodies import LINE_OF_ADMITTED
from lawgate.store.lines import LinePart, chunks, line_place
from lawgate.store.log import append_leaves
from lawgate.store.sealing import place
from lawgate.store.transaction import one_transaction, reading

AT_RECEIPT = (LineState.FINAL, LineState.HELD, LineState.DOCKETED)


class SubmissionPart(LinePart):
    """Submissions, lines, traces."""

    def summary(self, submission: SubmissionId) -> SubmissionSummary | None:
        """Find one submission, or None."""
        with reading("read a submission"):
            row = models.Submission.objects.filter(pk=submission).first()
        return None if row is None else _summary(row)

    def summaries(self) -> tuple[SubmissionSummary, ...]:
        """All submissions, oldest first."""
        with reading("read the submissions"):
            return tuple(_summary(row) for row in models.Submission.objects.order_by("received_at", "pk"))

    def keep_rejected(
        self, rejected: Rejected, original: Mapping[str, bytes], leaves: Sequence[bytes]
    ) -> None:
        """Keep a rejected submission with its original bytes; the same again changes nothing."""
        if self._is_known(rejected, rejected.code):
            return
        # A crash between the key and the commit leaves a key that nothing is sealed with.
        self._vault.new_key(rejected.submission)
        with one_transaction("keep a rejected submission"):
            if self._is_known(rejected, rejected.code):
                return
            self._insert(rejected, rejected.agency or "", "", rejected.code, 0, rejected.message)
            models.OriginalFile.objects.bulk_create(self._files(rejected.submission, original))
            append_leaves(leaves)

    def keep_received(
        self,
        received: Received,
        original: Mapping[str, bytes],
        admitted: Sequence[Admitted],
        statuses: Sequence[LineStatus],
        traces: Sequence[Trace],
        leaves: Sequence[bytes],
    ) -> None:
        """Keep a submission with every line and where each stands; the same again changes nothing.

        Raises StoreError if a line has no status or a status no line (I-10), or a line would start in a later state.
        """
        _require_complete(received, statuses)
        if self._is_known(received, ""):
            return
        # A crash between the key and the commit leaves a key that nothing is sealed with.
        self._vault.new_key(received.submission)
        cover = received.cover
        with one_transaction("keep a submission"):
            if self._is_known(received, ""):
                return
            self._insert(
                received, cover.agency, cover.pack, "", len(received.lines), replace(received, lines=())
            )
            models.OriginalFile.objects.bulk_create(self._files(received.submission, original))
            models.Line.objects.bulk_create(self._lines(received, admitted, statuses))
            models.Trace.objects.bulk_create(_traces(received, traces))
            append_leaves(leaves)

    def count_traces(
        self, kind: str, fingerprints: Sequence[str], agency: str | None, since: datetime
    ) -> Mapping[str, int]:
        """Count the lines that left each fingerprint since a moment (inclusive); each fingerprint has its number, 0 included."""
        counts = dict.fromkeys(fingerprints, 0)
        with reading("count traces"):
            for some in chunks(list(counts)):
                rows = models.Trace.objects.filter(kind=kind, fingerprint__in=some, at__gte=since)
                if agency is not None:
                    rows = rows.filter(agency=agency)
                counts.update(rows.values_list("fingerprint").annotate(Count("id")))
        return counts

    def lines_with_trace(
        self, kind: str, fingerprints: Sequence[str], agency: str
    ) -> Mapping[str, tuple[EarlierLine, ...]]:
        """Find an agency's lines that left each fingerprint, oldest first; a fingerprint nobody left is not in it."""
        left: dict[str, list[tuple[str, int]]] = {}
        with reading("find lines by trace"):
            for some in chunks(list(dict.fromkeys(fingerprints))):
                rows = models.Trace.objects.filter(kind=kind, fingerprint__in=some, agency=agency)
                for mark, submission, ordinal in rows.order_by("at", "pk").values_list(
                    "fingerprint", "submission_id", "ordinal"
                ):
                    left.setdefault(mark, []).append((submission, ordinal))
            letters = _letters(place for places in left.values() for place in places)
        return {
            mark: tuple(EarlierLine(SubmissionId(s), n, Disposition(letters[s, n])) for s, n in places)
            for mark, places in left.items()
        }

    def received(self, submission: SubmissionId) -> Received | None:
        """Read a received submission back; None if there is none or it was rejected."""
        with reading("read a submission"):
            row = models.Submission.objects.filter(pk=submission, rejected_code="").first()
            lines = models.Line.objects.filter(submission_id=submission).order_by("ordinal")
            if row is None:
                return None
            bare = self._open(Received, submission, place("submission", submission), row.body)
            return replace(bare, lines=tuple(self._line(line) for line in lines))

    def original(self, submission: SubmissionId) -> Mapping[str, bytes]:
        """Read the original bytes back, by file name; empty for an unknown submission."""
        with reading("read original files"):
            rows = list(models.OriginalFile.objects.filter(submission_id=submission).order_by("number"))
        return {
            self._open(
                str, submission, place("file", submission, row.number, "name"), row.name
            ): self._vault.open(
                submission, place("file", submission, row.number, "content"), bytes(row.content)
            )
            for row in rows
        }

    def statuses(self, submission: SubmissionId) -> tuple[LineStatus, ...]:
        """Every line's status in line order."""
        with reading("read line statuses"):
            rows = models.Line.objects.filter(submission_id=submission).order_by("ordinal")
            return tuple(self._status(row) for row in rows)

    def docket(self, submission: SubmissionId) -> tuple[Admitted, ...]:
        """Lines DOCKETED or HELD, in line order."""
        waiting = [LineState.DOCKETED.value, LineState.HELD.value]
        with reading("read the docket"):
            rows = models.Line.objects.filter(submission_id=submission, state__in=waiting).order_by("ordinal")
            return tuple(self._admitted(row) for row in rows)

    def _is_known(self, given: Received | Rejected, code: str) -> bool:
        """Say whether exactly this is kept. Raises StoreError if its id stands for something else."""
        with reading("look for a submission"):
            row = models.Submission.objects.filter(pk=given.submission).first()
        if row is None:
            return False
        if row.manifest_sha256 != given.manifest_sha256 or bool(row.rejected_code) != bool(code):
            raise StoreError(
                "this confirmation number was given to another submission, or to another outcome"
            )
        return True

    def _insert(
        self, given: Received | Rejected, agency: str, pack: str, code: str, count: int, body: Received | str
    ) -> None:
        models.Submission.objects.create(
            submission=given.submission,
            manifest_sha256=given.manifest_sha256,
            agency=agency,
            pack=pack,
            received_at=given.received_at,
            rejected_code=code,
            line_count=count,
            body=self._seal(given.submission, place("submission", given.submission), body),
        )

    def _files(
        self, submission: SubmissionId, original: Mapping[str, bytes]
    ) -> Iterator[models.OriginalFile]:
        for number, (name, content) in enumerate(original.items()):
            yield models.OriginalFile(
                submission_id=submission,
                number=number,
                name=self._seal(submission, place("file", submission, number, "name"), name),
                content=self._vault.seal(submission, place("file", submission, number, "content"), content),
            )

    def _lines(
        self, received: Received, admitted: Sequence[Admitted], statuses: Sequence[LineStatus]
    ) -> Iterator[models.Line]:
        found = {a.checked.line.ordinal: a for a in admitted}
        submission = received.submission
        for line, status in zip(received.lines, statuses, strict=True):
            known = found.get(line.ordinal)
            if known is None and status.state is not LineState.FINAL:
                raise StoreError(f"line {line.ordinal} would wait for a person without having been checked")
            yield models.Line(
                submission_id=submission,
                ordinal=line.ordinal,
                state=status.state.value,
                disposition=status.disposition.value,
                codes=list(status.codes),
                stated=self._seal(submission, line_place(submission, line.ordinal, "stated"), line),
                admitted=None if known is None else self._seal_admitted(submission, line, known),
                status=self._seal_status(status, known),
            )

    def _seal_admitted(self, submission: SubmissionId, line: Line, admitted: Admitted) -> bytes:
        if admitted.checked.line != line:
            raise StoreError(f"what was admitted as line {line.ordinal} is not the line as received")
        where = line_place(submission, line.ordinal, "admitted")
        return self._seal(submission, where, admitted, LINE_OF_ADMITTED)


def _require_complete(received: Received, statuses: Sequence[LineStatus]) -> None:
    if [line.ordinal for line in received.lines] != [status.ordinal for status in statuses]:
        raise StoreError("the statuses are not those of the lines, one each and in order")
    if any(s.state not in AT_RECEIPT or s.submission != received.submission for s in statuses):
        raise StoreError("a status is not one that a line can have on receipt")


def _traces(received: Received, traces: Sequence[Trace]) -> Iterator[models.Trace]:
    for trace in dict.fromkeys(traces):
        yield models.Trace(
            submission_id=received.submission,
            ordinal=trace.ordinal,
            kind=trace.kind,
            fingerprint=trace.fingerprint,
            agency=received.cover.agency,
            at=received.received_at,
        )


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


def _summary(row: models.Submission) -> SubmissionSummary:
    return SubmissionSummary(
        submission=SubmissionId(row.submission),
        manifest_sha256=row.manifest_sha256,
        agency=row.agency,
        pack=row.pack,
        received_at=row.received_at,
        rejected_code=row.rejected_code,
        line_count=row.line_count,
    )
