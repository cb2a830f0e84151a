"""A court's or counsel's order that nothing, or nothing of some kind, may leave (I-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class StopScope(Enum):
    """What a stop reaches. PERSON is by keyed fingerprint only and shows outside as an answer under seal."""

    EVERYTHING = "everything"
    PACK = "pack"
    AGENCY = "agency"
    SUBMISSION = "submission"
    OFFICER = "officer"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Stop:
    """A durably received stop. ``subject`` names the pack, agency, submission or the officer's keyid, or holds the fingerprint.

    ``envelope_sha256`` is the digest of the signed order; ``lifted_at`` and ``lift_sha256`` are those of the second order.
    """

    id: str
    scope: StopScope
    subject: str
    authority: str
    issuer: str
    envelope_sha256: str
    received_at: datetime
    lifted_at: datetime | None = None
    lift_sha256: str | None = None

    def bites_at(self, moment: datetime) -> bool:
        """Say whether it holds at that moment: from its receipt until its lifting was received."""
        return self.received_at <= moment and (self.lifted_at is None or moment < self.lifted_at)
