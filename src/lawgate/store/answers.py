"""Steps 7 and 8 as kept here: accounting row, leaf and answer in one commit, each line answered once (I-2, I-6)."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Accounting, Ack, AnswerDraft, Delivery, HandedOver, LoggedAnswer, Owed, Slot
from lawgate.domain.steps import AnswerKind, LineState, SignedDecision, SubmissionId
from lawgate.store import models
from lawgate.store.bodies import AnswerBody, Said
from lawgate.store.bulk import Value, chunks, insert, moment, update
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.line_box import LineBox, LinePart
from lawgate.store.lines import (
    COLUMNS,
    LOOKUP,
    LineRow,
    lines_by_ordinal,
    move,
    require_state,
    values_within,
)
from lawgate.store.log import append_leaves, entry_row, insert_entries, log_size
from lawgate.store.sealing import place, seal, unseal
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import ACCOUNTING, Box

LOGGED = (LineState.LOGGED, LineState.HANDED_OVER)
LINE = tuple(f"line__{column}" for column in (*COLUMNS, LOOKUP))
ANSWER = (
    "pk", "entry_id", "sequence", "handed_over_at", "acknowledged_at", "body", "accounting_row__body", *LINE,
)  # fmt: skip
LEFT = ("answer", "entry_id", "sequence", "recipient_keyid", "handed_over_at", "owed", "end_days")
"""The columns of a ``HandedOver``."""
ANSWER_COLUMNS = ("answer", "line_id", "entry_id", "recipient_keyid", "sequence", "body")


class AnswerRow(NamedTuple):
    """One answer's row, its accounting and its line's row."""

    answer: str
    entry: int
    sequence: int
    handed_over_at: datetime | None
    acknowledged_at: datetime | None
    body: bytes
    accounting: bytes
    line: LineRow


@dataclass
class Places:
    """Hands out slots inside one transaction: what it read at the start nobody else can change before the commit."""

    index: int
    stops: int
    last: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    def take(self, recipient_keyid: str) -> Slot:
        """Take the next index, and the recipient's next sequence number after the answer before."""
        if recipient_keyid not in self.last:
            answers = models.Answer.objects.filter(recipient_keyid=recipient_keyid).order_by("-sequence")
            self.last[recipient_keyid] = answers.values_list("sequence", "entry_id").first() or (0, None)
        sequence, previous = self.last[recipient_keyid]
        slot = Slot(index=self.index, sequence=sequence + 1, previous=previous, stops=self.stops)
        self.last[recipient_keyid] = (slot.sequence, slot.index)
        self.index += 1
        return slot


class AnswerPart(LinePart, EnvelopePart):
    """Answers and their accounting."""

    def log_answers(
        self,
        submission: SubmissionId,
        authorisation: SignedDecision,
        envelope: bytes,
        drafts: Sequence[AnswerDraft],
        leaves: Sequence[bytes],
    ) -> None:
        """Accounting row and leaf in one motion: PROPOSED to LOGGED. A draft whose line has moved on is skipped whole.

        ``leaves`` speak of the drafts: they are not appended where every draft was skipped. Raises StoreError for a draft of
        a line that was never proposed, or that does not rest on what is kept.
        """
        self._vault.new_key(ACCOUNTING)
        # A crash before this commit: no row, no leaf, no answer, and the authorisation can be given again. After it: all of
        # them; the leaves are published from the kept entries, and nothing leaves before they are.
        with one_transaction("log answers"):
            is_new = not self.kept_envelope(authorisation.sha256)
            if is_new:
                self._keep_envelope("authorisation", submission, authorisation, envelope)
            taken = self._log(submission, authorisation, drafts)
            if taken or (is_new and not drafts):
                append_leaves(leaves)

    def _log(
        self, submission: SubmissionId, authorisation: SignedDecision, drafts: Sequence[AnswerDraft]
    ) -> int:
        rows = lines_by_ordinal(submission, [_ordinal(d) for d in drafts], and_lookup=True)
        places = Places(index=log_size(), stops=models.Entry.objects.filter(kind="stop").count())
        taken: list[int] = []
        entries, answers, accounts = [], [], []
        with self._lines_kept(submission) as lines, self._vault.opened(ACCOUNTING) as accounting:
            for draft in drafts:
                row = rows[_ordinal(draft)]
                require_state(row, (LineState.PROPOSED, *LOGGED))
                if row.state != LineState.PROPOSED.value:
                    continue
                said = _require_rests(lines, row, draft, authorisation)
                slot = places.take(draft.accounting.recipient_keyid)
                entries.append(entry_row(slot.index, draft.build(slot)))
                answers.append(_answer_row(lines, row, draft, slot, said))
                accounts.append(_accounting_row(accounting, draft, slot))
                taken.append(row.pk)
        insert_entries(entries)
        insert(models.Answer, ANSWER_COLUMNS, answers)
        insert(models.AccountingRow, ("answer_id", "entry_id", "body"), accounts)
        move(taken, LineState.PROPOSED, LineState.LOGGED)
        return len(taken)

    def logged(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[LoggedAnswer, ...]:
        """Answers LOGGED or HANDED_OVER, in line order."""
        with reading("read answers"):
            rows = [
                _answer(values)
                for values in values_within(models.Answer.objects.all(), "line__", ANSWER, submission, within)
            ]
            if not rows:
                return ()
            with self._lines_of(submission) as lines, self._vault.opened(ACCOUNTING) as accounting:
                return tuple(_logged(lines, accounting, row) for row in rows)

    def answer(self, answer: str) -> LoggedAnswer | None:
        """Find one answer by its id."""
        with reading("read an answer"):
            found = models.Answer.objects.filter(pk=answer).values_list(*ANSWER).first()
            if found is None:
                return None
            row = _answer(found)
            submission = SubmissionId(row.line.submission)
            with self._lines_of(submission) as lines, self._vault.opened(ACCOUNTING) as accounting:
                return _logged(lines, accounting, row)

    def keep_hand_overs(self, answers: Sequence[str], at: datetime, owed: Owed) -> None:
        """Record that answers leave: LOGGED to HANDED_OVER. The first moment stands, and what is owed from then. Raises StoreError for an
        unknown answer.

        A crash after this commit and before the bytes leave: the answers count as handed over and can be handed over again, the same.
        """
        if not answers:
            return
        with one_transaction("record a hand-over"):
            for some in chunks(answers):
                found = models.Answer.objects.filter(pk__in=some)
                rows = list(found.values_list("answer", "line_id", "handed_over_at"))
                if len(rows) != len(some):
                    raise StoreError("there is no such answer")
                first = [(answer, line) for answer, line, left_at in rows if left_at is None]
                by = None if owed.by is None else owed.by.isoformat()
                left = [(moment(at), by, owed.end_days, answer) for answer, _ in first]
                update(models.Answer, ("handed_over_at", "owed", "end_days"), ("answer",), left)
                move([line for _, line in first], LineState.LOGGED, LineState.HANDED_OVER)

    def handed_over(self, answers: Sequence[str]) -> Mapping[str, HandedOver]:
        """Find those of the answers that were handed over."""
        with reading("read answers"):
            return {
                left.answer: left
                for some in chunks(answers)
                for left in left_of(models.Answer.objects.filter(pk__in=some, handed_over_at__isnull=False))
            }

    def deliveries(self, keyids: Sequence[str]) -> tuple[Delivery, ...]:
        """Count the answers that are sealed to these keys, submission by submission, in the order of their confirmation numbers."""
        waits = Q(handed_over_at__isnull=False, acknowledged_at=None)
        with reading("count answers"):
            rows = (
                models.Answer.objects.filter(recipient_keyid__in=keyids)
                .values_list("line__submission_id")
                .annotate(
                    Count("pk"),
                    Count("handed_over_at"),
                    Count("acknowledged_at"),
                    oldest=Min("handed_over_at", filter=waits),
                )
                .order_by("line__submission_id")
            )
            return tuple(Delivery(SubmissionId(number), *rest) for number, *rest in rows)

    def ordinals_to(self, submission: SubmissionId, keyids: Sequence[str]) -> Sequence[int]:
        """Ordinals of a submission's lines whose answers are sealed to one of these keys, in line order."""
        with reading("find answers"):
            rows = models.Answer.objects.filter(recipient_keyid__in=keyids, line__submission=submission)
            return array(
                "L", rows.order_by("line__ordinal").values_list("line__ordinal", flat=True).iterator()
            )

    def keep_acks(self, acks: Sequence[Ack], at: datetime) -> None:
        """Keep the first acknowledgement of each answer. Raises StoreError for an answer unknown or not handed over."""
        with one_transaction("keep acknowledgements"):
            for ack in acks:
                row = models.Answer.objects.filter(pk=ack.answer).select_related("line").first()
                if row is None or row.handed_over_at is None:
                    raise StoreError("an answer that was not handed over cannot be acknowledged")
                if row.acknowledged_at is not None:
                    continue
                digest = hashlib.sha256(ack.envelope).hexdigest()
                signed = SignedDecision(sha256=digest, keyid=row.recipient_keyid, person="", at=at)
                self._keep_envelope("ack", row.line.submission_id, signed, ack.envelope)
                models.Answer.objects.filter(pk=ack.answer).update(acknowledged_at=at)
                own = models.Submission.objects.filter(pk=row.line.submission_id)
                own.update(acknowledged=F("acknowledged") + 1)
                append_leaves([ack.leaf])

    def kinds(self, answers: Sequence[str]) -> Mapping[str, AnswerKind]:
        """What these answers say; an answer whose submission's data was erased is left out."""
        found: dict[str, AnswerKind] = {}
        with reading("read answers"):
            for some in chunks(answers):
                by_submission: dict[str, list[AnswerRow]] = {}
                for row in map(_answer, models.Answer.objects.filter(pk__in=some).values_list(*ANSWER)):
                    by_submission.setdefault(row.line.submission, []).append(row)
                for submission, own in by_submission.items():
                    with suppress(StoreError), self._lines_of(SubmissionId(submission)) as lines:
                        found.update((row.answer, _said(lines, row).kind) for row in own)
        return found

    def accounting(self, within: range | None = None) -> tuple[Accounting, ...]:
        """Accounting rows in leaf order; rows outlive the data of their submission."""
        with reading("read the accounting"):
            chosen = models.AccountingRow.objects.order_by("entry_id").values_list("answer_id", "body")
            if within is not None:
                chosen = chosen.filter(entry_id__gte=within.start, entry_id__lt=within.stop)
            rows = list(chosen)
            if not rows:
                return ()
            with self._vault.opened(ACCOUNTING) as box:
                return tuple([_accounting(box, answer, sealed) for answer, sealed in rows])


def _require_rests(
    lines: LineBox, row: LineRow, draft: AnswerDraft, authorisation: SignedDecision
) -> Said | None:
    """Refuse a draft whose parts speak of different things: what is kept once must be what was given. Return what it says instead of
    what was proposed, None if it says that."""
    proposed = draft.authorised.proposed
    approved, account = proposed.matched.approved, draft.accounting
    if not lines.is_approval(row, approved) or draft.authorised.authorisation != authorisation:
        raise StoreError(
            f"the answer to line {row.ordinal} does not rest on the kept approval and this authorisation"
        )
    as_proposed = lines.is_proposal(row, proposed)
    if not as_proposed and proposed.matched.verdict != lines.lookup(row).verdict:
        raise StoreError(f"the answer to line {row.ordinal} does not rest on its look-up")
    named = (account.answer, account.submission, account.ordinal, account.recipient_keyid)
    if named != (draft.answer, row.submission, row.ordinal, approved.recipient_keyid):
        raise StoreError(f"the accounting row of line {row.ordinal} is of another answer")
    return None if as_proposed else Said(proposed.kind, proposed.fields, proposed.reason)


def _answer_row(
    lines: LineBox, row: LineRow, draft: AnswerDraft, slot: Slot, said: Said | None
) -> tuple[Value, ...]:
    body = AnswerBody(
        authorisation=draft.authorised.authorisation.sha256,
        batch=draft.authorised.batch,
        said=said,
        enclosed=draft.enclosed,
        accounting_salt=draft.accounting_salt,
    )
    return (
        draft.answer,
        row.pk,
        slot.index,
        draft.accounting.recipient_keyid,
        slot.sequence,
        seal(lines.box, place("answer", draft.answer), body),
    )


def _accounting_row(box: Box, draft: AnswerDraft, slot: Slot) -> tuple[Value, ...]:
    return draft.answer, slot.index, seal(box, place("accounting", draft.answer), draft.accounting)


def _answer(values: Sequence[Any]) -> AnswerRow:
    """Take what the columns ``ANSWER`` hold apart."""
    own = len(ANSWER) - len(LINE)
    return AnswerRow._make((*values[:own], LineRow(*values[own:])))


def _logged(lines: LineBox, accounting: Box, row: AnswerRow) -> LoggedAnswer:
    body = unseal(lines.box, place("answer", row.answer), AnswerBody, row.body)
    return LoggedAnswer(
        answer=row.answer,
        authorised=lines.authorised(row.line, body),
        enclosed=body.enclosed,
        accounting_salt=body.accounting_salt,
        accounting=_accounting(accounting, row.answer, row.accounting),
        index=row.entry,
        sequence=row.sequence,
        handed_over_at=row.handed_over_at,
        acknowledged_at=row.acknowledged_at,
    )


def _said(lines: LineBox, row: AnswerRow) -> Said:
    body = unseal(lines.box, place("answer", row.answer), AnswerBody, row.body)
    return body.said or lines.lookup(row.line).said


def _accounting(box: Box, answer: str, sealed: bytes | memoryview[int]) -> Accounting:
    return unseal(box, place("accounting", answer), Accounting, sealed)


def left_of(rows: QuerySet[models.Answer]) -> Iterator[HandedOver]:
    """Read answers that left."""
    return (HandedOver(*values) for values in rows.values_list(*LEFT))


def _ordinal(draft: AnswerDraft) -> int:
    return draft.authorised.proposed.matched.approved.line.ordinal
