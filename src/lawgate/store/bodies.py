"""What the sealed columns hold where that is not simply a step type.

No value is kept twice: a step that rests on an earlier one is kept without it, and put together again when it is read. A *number* of
findings is their place in ``store.findings``; a *decision* or *authorisation* is the digest of its kept envelope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lawgate.domain.steps import AnswerKind, Hold, Json, Verdict


@dataclass(frozen=True, slots=True)
class Custody:
    """Who keeps the age identity of a key, and where."""

    custodian: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class StatusBody:
    """The sealed part of a line's status."""

    request_key: str
    findings: int
    holds: tuple[Hold, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalBody:
    """An approval without its line."""

    findings: int
    items: tuple[str, ...]
    periods: tuple[int, ...]
    recipient_keyid: str
    decision: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer would say."""

    kind: AnswerKind
    fields: Mapping[str, Json]
    reason: str


@dataclass(frozen=True, slots=True)
class LookupBody:
    """A look-up's verdict and the proposal made of it, without the approval."""

    verdict: Verdict
    said: Said


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An answer's authorisation and what is enclosed for the sealer, without the proposal; ``said`` is None where it says what was proposed."""

    authorisation: str
    batch: int
    said: Said | None
    enclosed: bytes
    accounting_salt: bytes
