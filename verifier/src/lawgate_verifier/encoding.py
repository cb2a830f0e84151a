"""Base64, decimal and digest spellings: each value has exactly one spelling, and no other is read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from lawgate_verifier.refused import Refused, demand

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


def from_base64(text: str) -> bytes:
    """Decode RFC 4648 section 4 base64. Raises Refused for any but the canonical spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(0, "A base64 value cannot be read.") from None
    demand(base64.b64encode(raw).decode() == text, "A base64 value is not in its canonical spelling.")
    return raw


def hash_from_base64(text: str) -> bytes:
    """Decode a SHA-256 hash. Raises Refused unless it has exactly 32 bytes."""
    raw = from_base64(text)
    demand(len(raw) == 32, "A hash does not have 32 bytes.")
    return raw


def from_decimal(text: str) -> int:
    """Read a decimal number without sign, spaces or leading zeros. Raises Refused for any other spelling."""
    demand(_DECIMAL.fullmatch(text) is not None, "A number is not in plain decimal digits.")
    return int(text)


def sha256(raw: bytes) -> bytes:
    """Hash bytes."""
    return hashlib.sha256(raw).digest()


def hex_sha256(raw: bytes) -> str:
    """Hash bytes; the digest in lower-case hex."""
    return hashlib.sha256(raw).hexdigest()
