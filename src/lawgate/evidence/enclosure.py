"""What is enclosed for one reader alone: HPKE (RFC 9180), so that whoever wrote it cannot read it back."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from lawgate.domain.errors import LedgerError

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"lawgate/enclosed/v1\0"


def enclose(reader: X25519PublicKey, answer: str, clear: bytes) -> bytes:
    """Encrypt what belongs to one answer under a data key of its own, which only the reader's private key unwraps."""
    return _SUITE.encrypt(clear, reader, _INFO + answer.encode())


def take_out(reader: X25519PrivateKey, answer: str, enclosed: bytes) -> bytes:
    """Decrypt what was enclosed for one answer. Raises LedgerError if it was changed, or is another answer's or another reader's."""
    try:
        return _SUITE.decrypt(enclosed, reader, _INFO + answer.encode())
    except (InvalidTag, ValueError):
        raise LedgerError("what was enclosed for the sealer was changed, or is not of this answer") from None
