"""DSSE envelopes: one Ed25519 signature over the payload's type and bytes (format section 4)."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate_verifier.canonical import Json, encode
from lawgate_verifier.encoding import hex_sha256


def keyid_of(public: bytes) -> str:
    """Name a signing key: the first 32 hex digits of the SHA-256 of its 32 bytes."""
    return hex_sha256(public)[:32]


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """Lay out the bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_envelope(payload_type: str, payload: bytes, private: Ed25519PrivateKey) -> bytes:
    """Sign a payload; the envelope is canonical JSON."""
    signature: dict[str, Json] = {
        "keyid": keyid_of(private.public_key().public_bytes_raw()),
        "sig": base64.b64encode(private.sign(pre_authentication(payload_type, payload))).decode(),
    }
    return encode(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": payload_type,
            "signatures": [signature],
        }
    )
