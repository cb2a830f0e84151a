"""Commitments to single fields: HMAC-SHA256 under a salt of exactly 32 bytes (format section 3)."""

from __future__ import annotations

import hmac

from lawgate_verifier.canonical import Json, encode
from lawgate_verifier.refused import demand

# HMAC pads and hashes keys, so a shorter or longer salt could open one commitment in two ways.
SALT_BYTES = 32


def commitment(salt: bytes, field: str, value: Json) -> bytes:
    """Commit to one field's value. Raises Refused for a salt of another length."""
    demand(len(salt) == SALT_BYTES, "A salt does not have 32 bytes.")
    return hmac.digest(salt, b"lawgate/v1/" + field.encode("ascii") + b"\x00" + encode(value), "sha256")
