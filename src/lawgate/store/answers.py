"""Steps 7 and 8 as kept here: accounting row, leaf and answer in one commit, each line answered once (I-2, I-6)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Accounting, AnswerDraft, LoggedAnswer, Slot
from lawgate.domain.steps import LineState, SignedDecision, SubmissionId
from lawgate.store import models
from lawgate.store.bodies import APPROVAL_OF_ANSWER, AnswerBody
from lawgate.store.codec import decode
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.lines import LinePart, lines_by_ordinal, move, require_state
from lawgate.store.log import append_leaves, entry_row, log_size
from lawgate.store.sealing import place
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import ACCOUNTING

LOGGED = (LineState.LOGGED, LineState.HANDED_OVER)


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
        rows = lines_by_ordinal(submission, [_ordinal(d) for d in drafts])
        places = Places(index=log_size(), stops=models.Entry.objects.filter(kind="stop").count())
        taken: list[models.Line] = []
        entries, answers, accounts = [], [], []
        for draft in drafts:
            row = rows[_ordinal(draft)]
            require_state(row, (LineState.PROPOSED, *LOGGED))
            if row.state != LineState.PROPOSED.value:
                continue
            self._require_rests(row, draft, authorisation)
            slot = places.take(draft.accounting.recipient_keyid)
            entries.append(entry_row(slot.index, draft.build(slot)))
            answers.append(self._answer_row(row, draft, slot))
            accounts.append(self._accounting_row(draft, slot))
            taken.append(row)
        models.Entry.objects.bulk_create(entries)
        models.Answer.objects.bulk_create(answers)
        models.AccountingRow.objects.bulk_create(accounts)
        move(taken, LineState.PROPOSED, LineState.LOGGED)
        return len(taken)

    def _require_rests(self, row: models.Line, draft: AnswerDraft, authorisation: SignedDecision) -> None:
        """Refuse a draft whose parts speak of different things: what is kept once must be what was given."""
        approved = draft.authorised.proposed.matched.approved
        account = draft.accounting
        if approved != self._approved(row) or draft.authorised.authorisation != authorisation:
            raise StoreError(
                f"the answer to line {row.ordinal} does not rest on the kept approval and this authorisation"
            )
        named = (account.answer, account.submission, account.ordinal, account.recipient_keyid)
        if named != (draft.answer, row.submission_id, row.ordinal, approved.recipient_keyid):
            raise StoreError(f"the accounting row of line {row.ordinal} is of another answer")

    def _answer_row(self, row: models.Line, draft: AnswerDraft, slot: Slot) -> models.Answer:
        body = AnswerBody(authorised=draft.authorised, salts=draft.salts)
        return models.Answer(
            answer=draft.answer,
            line=row,
            entry_id=slot.index,
            recipient_keyid=draft.accounting.recipient_keyid,
            sequence=slot.sequence,
            body=self._seal(row.submission_id, place("answer", draft.answer), body, APPROVAL_OF_ANSWER),
        )

    def _accounting_row(self, draft: AnswerDraft, slot: Slot) -> models.AccountingRow:
        return models.AccountingRow(
            answer_id=draft.answer,
            entry_id=slot.index,
            body=self._seal(ACCOUNTING, place("accounting", draft.answer), draft.accounting),
        )

    def logged(self, submission: SubmissionId) -> tuple[LoggedAnswer, ...]:
        """Answers LOGGED or HANDED_OVER, in line order."""
        with reading("read answers"):
            rows = models.Answer.objects.filter(line__submission_id=submission).order_by("line__ordinal")
            return tuple(self._logged(row) for row in rows.select_related("line", "accounting_row"))

    def answer(self, answer: str) -> LoggedAnswer | None:
        """Find one answer by its id."""
        with reading("read an answer"):
            rows = models.Answer.objects.filter(pk=answer).select_related("line", "accounting_row")
            row = rows.first()
            return None if row is None else self._logged(row)

    def _logged(self, row: models.Answer) -> LoggedAnswer:
        approval = self._clear(row.line, "approval", row.line.approval)
        raw = self._raw(row.line.submission_id, place("answer", row.answer), row.body)
        body = decode(AnswerBody, raw, APPROVAL_OF_ANSWER, approval)
        return LoggedAnswer(
            answer=row.answer,
            authorised=body.authorised,
            salts=body.salts,
            accounting=self._accounting(row.accounting_row),
            index=row.entry_id,
            sequence=row.sequence,
            handed_over_at=row.handed_over_at,
            acknowledged_at=row.acknowledged_at,
        )

    def keep_hand_over(self, answer: str, at: datetime) -> None:
        """Record that an answer leaves: LOGGED to HANDED_OVER. The first moment stands. Raises StoreError for an unknown answer.

        A crash after this commit and before the bytes leave: the answer counts as handed over and can be handed over again, the same.
        """
        with one_transaction("record a hand-over"):
            row = _required(answer)
            if row.handed_over_at is None:
                models.Answer.objects.filter(pk=answer).update(handed_over_at=at)
                move([row.line], LineState.LOGGED, LineState.HANDED_OVER)

    def keep_ack(self, answer: str, at: datetime, envelope: bytes, leaves: Sequence[bytes]) -> None:
        """Keep the first acknowledgement. Raises StoreError for an answer unknown or not handed over."""
        with one_transaction("keep an acknowledgement"):
            row = _required(answer)
            if row.handed_over_at is None:
                raise StoreError("an answer that was not handed over cannot be acknowledged")
            if row.acknowledged_at is not None:
                return
            signed = SignedDecision(
                sha256=hashlib.sha256(envelope).hexdigest(), keyid=row.recipient_keyid, person="", at=at
            )
            self._keep_envelope("ack", row.line.submission_id, signed, envelope)
            models.Answer.objects.filter(pk=answer).update(acknowledged_at=at)
            append_leaves(leaves)

    def accounting(self) -> tuple[Accounting, ...]:
        """Every accounting row, in leaf order; rows outlive the data of their submission."""
        with reading("read the accounting"):
            return tuple(self._accounting(row) for row in models.AccountingRow.objects.order_by("entry_id"))

    def _accounting(self, row: models.AccountingRow) -> Accounting:
        return self._open(Accounting, ACCOUNTING, place("accounting", row.answer_id), row.body)


def _ordinal(draft: AnswerDraft) -> int:
    return draft.authorised.proposed.matched.approved.line.ordinal


def _required(answer: str) -> models.Answer:
    row = models.Answer.objects.filter(pk=answer).select_related("line").first()
    if row is None:
        raise StoreError("there is no such answer")
    return row
