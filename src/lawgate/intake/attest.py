"""Finds for each line the engaged officer's signature under exactly that line; a bad or missing one leaves only its own line without.

What follows from a missing attestation is a rule's question (R-10, code 229), not a fault of form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lawgate.domain.errors import RequestFaultError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Attestation, Json, Line
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.intake.rows import MAX_BYTES, physical_lines

STATEMENT = "personally and directly engaged"
"""The words of 26 U.S.C. 6103(i)(2)(A) an officer signs under."""

Bound = tuple[str, str, str]
"""What an attestation is bound to beside the nonce: request key, line digest, officer."""


def attestation_body(nonce: str, line: Line, officer: str) -> dict[str, Json]:
    """Return what an officer signs: this one line, within this one submission."""
    return {
        "nonce": nonce,
        "request_key": line.request_key,
        "line_sha256": line.digest,
        "officer": officer,
        "statement": STATEMENT,
    }


def read_attestations(
    raw: bytes, nonce: str, key_for: Callable[[str], EnrolledKey | None], now: datetime
) -> dict[Bound, Attestation]:
    """Open every envelope of ``attestations.jsonl``, one per line, and keep the good ones; the first of several alike counts."""
    found: dict[Bound, Attestation] = {}
    for piece in physical_lines(raw):
        signed = _opened(piece, key_for, now)
        bound = None if signed is None else _bound(signed, nonce)
        if signed is not None and bound is not None:
            found.setdefault(bound, Attestation(signed.key.keyid, signed.key.person, signed.sha256))
    return found


def attest(lines: Sequence[Line], found: Mapping[Bound, Attestation]) -> tuple[Line, ...]:
    """Put each attestation to the line it was signed for, by the officer whom the line itself names."""
    return tuple(
        replace(line, attestation=found.get((line.request_key, line.digest, _officer(line))))
        for line in lines
    )


def _officer(line: Line) -> str:
    officer = line.data.get("engaged_officer")
    return officer if isinstance(officer, str) else ""


def _opened(piece: bytes, key_for: Callable[[str], EnrolledKey | None], now: datetime) -> Signed | None:
    if len(piece) > MAX_BYTES:
        return None
    try:
        return open_envelope(piece, "attestation", key_for, now)
    except RequestFaultError:
        return None


def _bound(signed: Signed, nonce: str) -> Bound | None:
    """Say what an opened attestation is bound to; None unless an engaged officer signed exactly the known form in person."""
    stated = signed.payload
    key, digest, officer = (stated.get(name) for name in ("request_key", "line_sha256", "officer"))
    expected = {
        "type": "lawgate/attestation/v1",
        "nonce": nonce,
        "request_key": key,
        "line_sha256": digest,
        "officer": signed.key.person,
        "statement": STATEMENT,
    }
    if stated != expected or signed.key.role is not Role.ENGAGED_OFFICER or not officer:
        return None
    return (key, digest, str(officer)) if isinstance(key, str) and isinstance(digest, str) else None
