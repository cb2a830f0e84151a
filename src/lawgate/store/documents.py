"""Signed documents that stand outside any one submission (erasures, preservations, incidents), and the forgetting of a submission's key."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.domain.steps import SignedDecision, SubmissionId
from lawgate.store.envelopes import EnvelopePart
from lawgate.store.log import append_leaves
from lawgate.store.models import Answer
from lawgate.store.transaction import one_transaction
from lawgate.store.vault import REGISTER


class DocumentPart(EnvelopePart):
    """Keeps documents under the register's key, which outlives every submission's."""

    def keep_document(
        self, kind: str, document: SignedDecision, envelope: bytes, leaves: Sequence[bytes], ends: str = ""
    ) -> None:
        """Keep a document and its leaves in one commit; the same envelope again changes nothing. On the answer that it ``ends`` nothing is owed."""
        self._vault.new_key(REGISTER)
        with one_transaction(f"keep a document ({kind})"):
            if not self.kept_envelope(document.sha256):
                self._keep_envelope(kind, None, document, envelope)
                Answer.objects.filter(pk=ends).update(owed=None)
                append_leaves(leaves)

    def erase(self, submission: SubmissionId) -> None:
        """Destroy a submission's key. A crash halfway leaves a key that opens nothing, and the same call finishes it."""
        self._vault.erase(submission)
