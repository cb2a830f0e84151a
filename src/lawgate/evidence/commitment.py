"""Commitments that hide a value until its salt is shown, and that open to one value only (docs/ledger-format.md §3)."""

from __future__ import annotations

import hmac

from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical

SALT_BYTES = 32
"""Exactly this long: HMAC pads short keys and hashes long ones, so another length would give one commitment two openings."""


def commit(salt: bytes, field: str, value: Json) -> bytes:
    """Return ``HMAC-SHA256(salt, "lawgate/v1/" || field || 0x00 || JCS(value))``, 32 bytes.

    ``salt`` is 32 random bytes used for this field of this entry only. Raises ValueError for a salt of another length, a field
    that is empty, not ASCII or holds a NUL, or a value without canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has exactly 32 bytes")
    if not field or not field.isascii() or "\0" in field:
        raise ValueError("a field name is ASCII, not empty, without NUL")
    message = b"lawgate/v1/" + field.encode("ascii") + b"\0" + canonical(value)
    return hmac.digest(salt, message, "sha256")


def opens(commitment: bytes, salt: bytes, field: str, value: Json) -> bool:
    """Say whether salt, field and value are the opening of the commitment. Raises ValueError as ``commit`` does."""
    return hmac.compare_digest(commitment, commit(salt, field, value))
