"""Steps 1 to 3 as kept here: a submission whole or not at all, with its original bytes and where each line stands."""

from __future__ import annotations

from array import array
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
from lawgate.store.line_box import LineBox, LinePart
from lawgate.store.lines import chunks, lines_within
from lawgate.store.log import append_leaves
from lawgate.store.sealing import place, seal, unseal
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import Box

AT_RECEIPT = (LineState.FINAL, LineState.HELD, LineState.DOCKETED)
WAITING = (LineState.DOCKETED, LineState.HELD)


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
            with self._vault.opened(rejected.submission) as box:
                _insert(box, rejected, rejected.agency or "", "", rejected.code, 0, rejected.message)
                models.OriginalFile.objects.bulk_create(_files(box, rejected.submission, original))
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
            with self._lines_of(received.submission) as lines:
                bare = replace(received, lines=())
                _insert(lines.box, received, cover.agency, cover.pack, "", len(received.lines), bare)
                models.OriginalFile.objects.bulk_create(_files(lines.box, received.submission, original))
                models.Line.objects.bulk_create(_lines(lines, received, admitted, statuses))
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
        """Read a received submission back, without its lines; None if there is none or it was rejected."""
        with reading("read a submission"):
            row = models.Submission.objects.filter(pk=submission, rejected_code="").first()
            if row is None:
                return None
            with self._vault.opened(submission) as box:
                return unseal(box, place("submission", submission), Received, row.body)

    def lines(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Line, ...]:
        """Lines as received, in line order."""
        with reading("read lines"):
            return self._read(submission, lines_within(submission, within), LineBox.line)

    def original(self, submission: SubmissionId) -> Mapping[str, bytes]:
        """Read the original bytes back, by file name; empty for an unknown submission."""
        with reading("read original files"):
            rows = list(models.OriginalFile.objects.filter(submission_id=submission).order_by("number"))
        if not rows:
            return {}
        with self._vault.opened(submission) as box:
            return {
                unseal(box, place("file", submission, row.number, "name"), str, row.name): box.open(
                    place("file", submission, row.number, "content"), bytes(row.content)
                )
                for row in rows
            }

    def statuses(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[LineStatus, ...]:
        """Statuses in line order."""
        with reading("read line statuses"):
            return self._read(submission, lines_within(submission, within), LineBox.status)

    def ordinals(self, submission: SubmissionId, *states: LineState) -> Sequence[int]:
        """Ordinals of the lines in any of the states, in line order."""
        with reading("find lines"):
            rows = models.Line.objects.filter(
                submission_id=submission, state__in=[state.value for state in states]
            )
            return array("L", rows.order_by("ordinal").values_list("ordinal", flat=True).iterator())

    def codes(self, submission: SubmissionId) -> Mapping[str, int]:
        """Count a submission's lines by the codes they have; nothing sealed is opened for it."""
        counts: dict[str, int] = {}
        with reading("count codes"):
            rows = models.Line.objects.filter(submission_id=submission).values_list("codes")
            for codes, number in rows.annotate(Count("id")).order_by():
                for code in codes:
                    counts[code] = counts.get(code, 0) + number
        return dict(sorted(counts.items()))

    def letters(self, submission: SubmissionId) -> Mapping[tuple[LineState, Disposition], int]:
        """Count lines by where they stand; nothing sealed is opened for it."""
        with reading("count lines"):
            rows = models.Line.objects.filter(submission_id=submission).values_list("state", "disposition")
            return {(LineState(s), Disposition(d)): n for s, d, n in rows.annotate(Count("id"))}

    def docket(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Admitted, ...]:
        """Lines DOCKETED or HELD, in line order."""
        with reading("read the docket"):
            return self._read(submission, lines_within(submission, within, WAITING), LineBox.admitted)

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
    box: Box, given: Received | Rejected, agency: str, pack: str, code: str, count: int, body: Received | str
) -> None:
    models.Submission.objects.create(
        submission=given.submission,
        manifest_sha256=given.manifest_sha256,
        agency=agency,
        pack=pack,
        received_at=given.received_at,
        rejected_code=code,
        line_count=count,
        body=seal(box, place("submission", given.submission), body),
    )


def _files(
    box: Box, submission: SubmissionId, original: Mapping[str, bytes]
) -> Iterator[models.OriginalFile]:
    for number, (name, content) in enumerate(original.items()):
        yield models.OriginalFile(
            submission_id=submission,
            number=number,
            name=seal(box, place("file", submission, number, "name"), name),
            content=box.seal(place("file", submission, number, "content"), content),
        )


def _lines(
    lines: LineBox, received: Received, admitted: Sequence[Admitted], statuses: Sequence[LineStatus]
) -> Iterator[models.Line]:
    found = {a.checked.line.ordinal: a for a in admitted}
    for line, status in zip(received.lines, statuses, strict=True):
        _require_agrees(line, status, found.get(line.ordinal))
        yield models.Line(
            submission_id=received.submission,
            ordinal=line.ordinal,
            state=status.state.value,
            disposition=status.disposition.value,
            codes=list(status.codes),
            stated=lines.seal_line(line),
            status=lines.seal_status(status),
        )


def _require_agrees(line: Line, status: LineStatus, admitted: Admitted | None) -> None:
    """A line that waits for a person is read back as it was admitted, from its status."""
    if status.state is LineState.FINAL:
        return
    if admitted is None:
        raise StoreError(f"line {line.ordinal} would wait for a person without having been checked")
    found = (admitted.checked.line, admitted.checked.findings, admitted.holds, admitted.hints)
    if found != (line, status.findings, status.holds, status.hints):
        raise StoreError(f"what was admitted as line {line.ordinal} is not the line as received")


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
