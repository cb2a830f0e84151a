"""Signed envelopes as kept here: each exactly once, sealed, under the digest that decisions refer to."""

from __future__ import annotations

import hashlib

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import SignedDecision
from lawgate.store.models import Decision
from lawgate.store.sealing import Sealed, place
from lawgate.store.transaction import reading
from lawgate.store.vault import REGISTER


class EnvelopePart(Sealed):
    """Keeps envelopes inside the caller's transaction."""

    def kept_envelope(self, sha256: str) -> bool:
        """Say whether this very signed envelope was kept before."""
        with reading("look for an envelope"):
            return Decision.objects.filter(sha256=sha256).exists()

    def envelope(self, sha256: str) -> bytes | None:
        """Return the signed envelope of that digest as it was received. Raises StoreError if its owner's key is gone."""
        with reading("read an envelope"):
            row = Decision.objects.filter(sha256=sha256).first()
            if row is None:
                return None
            with self._vault.opened(row.submission_id or REGISTER) as box:
                return box.open(place("envelope", row.kind, sha256), bytes(row.envelope))

    def _keep_envelope(
        self, kind: str, submission: str | None, decision: SignedDecision, envelope: bytes
    ) -> Decision:
        if hashlib.sha256(envelope).hexdigest() != decision.sha256:
            raise StoreError(f"the envelope of this {kind} is not the one it names")
        owner = REGISTER if submission is None else submission
        with self._vault.opened(owner) as box:
            sealed = box.seal(place("envelope", kind, decision.sha256), envelope)
        return Decision.objects.create(
            kind=kind,
            sha256=decision.sha256,
            submission_id=submission,
            keyid=decision.keyid,
            person=decision.person,
            at=decision.at,
            envelope=sealed,
        )
