"""What officers stated of answers that left, and what they owe: one statement of each act for an answer, with its leaf in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import HandedOver, Statement
from lawgate.store import models
from lawgate.store.answers import left_of
from lawgate.store.bulk import chunks
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.log import append_leaves
from lawgate.store.transaction import one_transaction, reading
from lawgate.store.vault import REGISTER


class StatementPart(EnvelopePart):
    """Statements are kept under the register's key: they are still made, and owed, when their submission's data was erased."""

    def stated_acts(self, answers: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Which acts were stated of these answers."""
        found: dict[str, set[str]] = {}
        with reading("read statements"):
            for some in chunks(answers):
                rows = models.Statement.objects.filter(answer__in=some).values_list("answer_id", "act")
                for answer, act in rows:
                    found.setdefault(answer, set()).add(act)
        return {answer: frozenset(acts) for answer, acts in found.items()}

    def keep_statements(self, statements: Sequence[Statement]) -> None:
        """Keep statements with their leaves, all or none. Raises StoreError for an answer that has not left, or an act stated twice.

        A crash before this commit: none of them was made, and the officer's file is entered again. After it: all of them, and a leaf that
        is not published yet comes along with the next.
        """
        self._vault.new_key(REGISTER)
        with one_transaction("keep statements"):
            for each in statements:
                row = models.Answer.objects.filter(pk=each.answer, handed_over_at__isnull=False).first()
                if row is None or models.Statement.objects.filter(answer=row, act=each.act).exists():
                    raise StoreError("a statement is of an answer that has not left, or was made before")
                decision = self._keep_envelope("statement", None, each.signed, each.envelope)
                models.Statement.objects.create(answer=row, act=each.act, decision=decision)
                models.Answer.objects.filter(pk=row.pk).update(owed=each.owed)
            append_leaves([each.leaf for each in statements])

    def owes_statement(self, agency: str, day: date) -> bool:
        """Say whether a statement was owed by the agency's officers before that day and has not come."""
        with reading("look for what is owed"):
            return models.Answer.objects.filter(owed__lt=day, line__submission__agency=agency).exists()

    def owed_statements(self, most: int, keyids: Sequence[str] | None = None) -> tuple[HandedOver, ...]:
        """Answers about which a statement is owed, the first due first."""
        owed = models.Answer.objects.filter(owed__isnull=False).order_by("owed", "entry_id")
        if keyids is not None:
            owed = owed.filter(recipient_keyid__in=keyids)
        with reading("read what is owed"):
            return tuple(left_of(owed[:most]))
