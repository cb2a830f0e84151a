"""The names an answer and a line go by: made from the request alone, so that doing it again names the same answer."""

from __future__ import annotations

import hashlib

from lawgate.evidence.canonical import canonical, sha256_hex

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def answer_id(submission: str, ordinal: int, digest: str) -> str:
    """Return the answer's id: the first 16 bytes (32 hex digits) of SHA-256 over canonical JSON of the three."""
    return sha256_hex(canonical({"submission": submission, "ordinal": ordinal, "digest": digest}))[:32]


def confirmation(submission: str, ordinal: int) -> str:
    """Return a line's confirmation number: 16 characters of Crockford base32, the first 80 bits of SHA-256 over canonical JSON."""
    digest = hashlib.sha256(canonical({"submission": submission, "ordinal": ordinal})).digest()
    bits = int.from_bytes(digest[:10], "big")
    return "".join(_CROCKFORD[bits >> shift & 31] for shift in range(75, -1, -5))
