"""Steps 1 to 3 as kept here: a submission whole or not at all, with where each line stands."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice

from django.db.models import Exists, Max, OuterRef

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import MatterTrace, SubmissionSummary, Trace
from lawgate.domain.steps import (
    Admitted,
    Line,
    LineState,
    LineStatus,
    Received,
    Rejected,
    SubmissionId,
)
from lawgate.store import models
from lawgate.store.arriving import arriving_place
from lawgate.store.bulk import Value, batches, insert
from lawgate.store.counts import Place, codes_text, keep_counts
from lawgate.store.line_box import LineBox, LinePart
from lawgate.store.lines import codes_within, lines_within
from lawgate.store.log import append_leaves
from lawgate.store.sealing import place, seal, unseal
from lawgate.store.traces import keep_traces
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import Box

AT_RECEIPT = (LineState.FINAL, LineState.HELD, LineState.DOCKETED)
WAITING = (LineState.DOCKETED, LineState.HELD)
SUMMARY = (
    "submission", "manifest_sha256", "agency", "pack", "received_at", "rejected_code", "line_count",
)  # fmt: skip
"""The columns of a submission in which nothing is sealed."""


class SubmissionPart(LinePart):
    """Submissions and lines."""

    def summary(self, submission: SubmissionId) -> SubmissionSummary | None:
        """Find one submission, or None."""
        with reading("read a submission"):
            row = models.Submission.objects.filter(pk=submission).only(*SUMMARY).first()
        return None if row is None else _summary(row)

    def summaries(self) -> tuple[SubmissionSummary, ...]:
        """All submissions, oldest first."""
        with reading("read the submissions"):
            rows = models.Submission.objects.order_by("received_at", "pk").only(*SUMMARY)
            return tuple(_summary(row) for row in rows)

    def latest(self, count: int, before: SubmissionId | None = None) -> tuple[SubmissionSummary, ...]:
        """At most so many submissions, the last received first; ``before`` names the one they came before. None if it is unknown."""
        with reading("read the submissions"):
            rows = models.Submission.objects.order_by("-number")
            if before is not None:
                number = models.Submission.objects.filter(pk=before).values_list("number", flat=True).first()
                rows = rows.filter(number__lt=0 if number is None else number)
            return tuple(_summary(row) for row in rows.only(*SUMMARY)[:count])

    def unfinished(self) -> tuple[SubmissionId, ...]:
        """Submissions with lines that are approved and not looked up, or proposed and in no batch."""
        own = models.Line.objects.filter(submission=OuterRef("pk"))
        left = Exists(own.filter(state=LineState.APPROVED.value)) | Exists(
            own.filter(state=LineState.PROPOSED.value, batch=None)
        )
        with reading("find unfinished submissions"):
            rows = models.Submission.objects.filter(left).order_by("number")
            return tuple(SubmissionId(pk) for pk in rows.values_list("pk", flat=True))

    def keep_rejected(self, rejected: Rejected, leaves: Sequence[bytes]) -> None:
        """Keep that a submission was rejected; the same again changes nothing."""
        if self._is_known(rejected, rejected.code):
            return
        # A crash between the key and the commit leaves a key that nothing is sealed with.
        self._vault.new_key(rejected.submission)
        with one_transaction("keep a rejected submission"):
            if self._is_known(rejected, rejected.code):
                return
            with self._vault.opened(rejected.submission) as box:
                _insert(box, rejected, rejected.agency or "", "", rejected.code, 0, rejected.message)
            append_leaves(leaves)

    def begin_arrival(self) -> None:
        """Make room for the chunks of one submission; those of one that never became whole are forgotten."""
        with one_transaction("make room for a submission"):
            models.Arriving.objects.all().delete()
            models.Stated.objects.filter(pk__gt=_last_text()).delete()

    def keep_arriving(self, ordinal: int, stated: Sequence[bytes], found: bytes) -> None:
        """Keep one chunk: what its lines state, one for each from ``ordinal`` on, and what was found about them. Nobody sees it yet."""
        with one_transaction("keep some lines"):
            first = _last_text() + ordinal
            insert(models.Stated, ("id", "body"), list(enumerate(stated, first)))
            models.Arriving.objects.create(ordinal=ordinal, body=found)

    def arrived(self, submission: SubmissionId) -> Iterator[tuple[int, bytes]]:
        """Read back what was found about each chunk, by the ordinal of its first line, in order."""
        with reading("read what was found about lines"):
            ordinals = list(models.Arriving.objects.order_by("pk").values_list("pk", flat=True))
            for ordinal in ordinals:
                body = models.Arriving.objects.values_list("body", flat=True).get(pk=ordinal)
                with self._vault.opened(submission) as box:
                    yield ordinal, box.open(arriving_place(submission, ordinal), bytes(body))

    def keep_received(
        self,
        received: Received,
        statuses: Iterable[LineStatus],
        traces: Callable[[], Iterable[Trace]],
        matters: Callable[[], Iterable[MatterTrace]],
        leaves: Callable[[], Sequence[bytes]],
    ) -> None:
        """Make a submission whole whose chunks are kept; the same again changes nothing. What is called is called when all statuses are taken.

        Raises StoreError if a line has no status or a status no line (I-10), or a line would start in a later state.
        """
        if self._is_known(received, ""):
            return
        cover = received.cover
        with one_transaction("keep a submission"):
            if self._is_known(received, ""):
                return
            with self._lines_of(received.submission) as lines:
                counts: Counter[Place] = Counter()
                # Its own row comes last: what the statuses are made from asks what came before it.
                for some in batches(_rows(lines, received, statuses, counts)):
                    insert(models.Line, _COLUMNS, some)
                number = _insert(
                    lines.box, received, cover.agency, cover.pack, "", cover.line_count, received
                )
            keep_counts(counts)
            keep_traces(number, traces(), matters())
            models.Arriving.objects.all().delete()
            append_leaves(leaves())

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

    def statuses(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[LineStatus, ...]:
        """Statuses in line order."""
        with reading("read line statuses"):
            found = list(codes_within(submission, within))
            if not found:
                return ()
            with self._lines_of(submission) as lines:
                return tuple([lines.status(row, codes) for row, codes in found])

    def ordinals(self, submission: SubmissionId, *states: LineState) -> Sequence[int]:
        """Ordinals of the lines in any of the states, in line order."""
        with reading("find lines"):
            rows = models.Line.objects.filter(
                submission_id=submission, state__in=[state.value for state in states]
            )
            return array("L", rows.order_by("ordinal").values_list("ordinal", flat=True).iterator())

    def ordinals_after(
        self, submission: SubmissionId, after: int, count: int, *states: LineState
    ) -> tuple[int, ...]:
        """Ordinals of at most so many of the next lines in any of the states, in line order."""
        with reading("find lines"):
            # State by state: each is one walk along the index, however many lines stand elsewhere.
            rows = (
                models.Line.objects.filter(submission_id=submission, state=state.value, ordinal__gt=after)
                for state in states
            )
            found = (r.order_by("ordinal").values_list("ordinal", flat=True)[:count] for r in rows)
            return tuple(islice(merge(*found), count))

    def docket(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Admitted, ...]:
        """Lines DOCKETED or HELD, in line order."""
        with reading("read the docket"):
            return self._read_to_go_on(
                submission, lines_within(submission, within, WAITING), LineBox.admitted
            )

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
) -> int:
    """Insert a submission's row and return its number."""
    number: int = (models.Submission.objects.aggregate(Max("number"))["number__max"] or 0) + 1
    models.Submission.objects.create(
        submission=given.submission,
        manifest_sha256=given.manifest_sha256,
        agency=agency,
        pack=pack,
        received_at=given.received_at,
        rejected_code=code,
        line_count=count,
        body=seal(box, place("submission", given.submission), body),
        number=number,
    )
    return number


def _last_text() -> int:
    """Return the id of what the last line of all whole submissions states. One process at a time receives, so ids above it are its own."""
    return models.Line.objects.aggregate(Max("pk"))["pk__max"] or 0


def _rows(
    lines: LineBox, received: Received, statuses: Iterable[LineStatus], counts: Counter[Place]
) -> Iterator[tuple[Value, ...]]:
    """Make the lines' rows, and count them as they pass."""
    before, count = _last_text(), 0
    for count, status in enumerate(statuses, 1):
        if status.state not in AT_RECEIPT or status.submission != received.submission:
            raise StoreError("a status is not one that a line can have on receipt")
        if status.ordinal != count:
            raise StoreError("the statuses are not those of the lines, one each and in order")
        codes = codes_text(status.codes)
        counts[received.submission, status.state.value, status.disposition.value, codes] += 1
        yield (
            before + count,
            received.submission,
            count,
            status.state.value,
            status.disposition.value,
            codes,
            lines.seal_status(status),
            None,
            None,
        )
    kept = models.Stated.objects.filter(pk__gt=before).count()
    if count != received.cover.line_count or count != kept:
        raise StoreError("the statuses are not those of the lines, one each and in order")


_COLUMNS = (
    "id", "submission_id", "ordinal", "state", "disposition", "codes", "status", "approval", "batch_id",
)  # fmt: skip


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
