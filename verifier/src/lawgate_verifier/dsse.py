"""DSSE envelopes: one signature, Ed25519 or by passkey, over the payload's type and bytes (format section 4)."""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lawgate_verifier.canonical import Json, encode, parse_object
from lawgate_verifier.encoding import from_base64, hex_sha256
from lawgate_verifier.passkey import PUBLIC_BYTES, check_assertion
from lawgate_verifier.refused import Refused, demand


def keyid_of(public: bytes) -> str:
    """Name a signing key: the first 32 hex digits of the SHA-256 of its bytes (32, a passkey's 33)."""
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


def open_signed(raw: bytes, payload_type: str, public: bytes, relying_party: str = "") -> dict[str, Json]:
    """Open an envelope of that type that this key signed, and return its payload. Raises Refused for anything else.

    ``public`` has 32 bytes, or a passkey's 33; a passkey signs on the pages of its ``relying_party``.
    """
    envelope = parse_object(raw.removesuffix(b"\n"))
    signatures = envelope.get("signatures")
    if set(envelope) != {"payload", "payloadType", "signatures"} or not isinstance(signatures, list):
        raise Refused(0, "The envelope does not have exactly its members.")
    demand(envelope["payloadType"] == payload_type, "The envelope holds another kind of document.")
    signature = signatures[0] if len(signatures) == 1 else None
    if not isinstance(signature, dict) or set(signature) != {"keyid", "sig"}:
        raise Refused(0, "The envelope does not have exactly one signature.")
    demand(signature["keyid"] == keyid_of(public), "The envelope is signed by another key.")
    payload, made = from_base64(str(envelope["payload"])), from_base64(str(signature["sig"]))
    signed = pre_authentication(payload_type, payload)
    if len(public) == PUBLIC_BYTES:
        check_assertion(made, public, relying_party, signed)
        return parse_object(payload)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(made, signed)
    except (InvalidSignature, ValueError):
        raise Refused(0, "The envelope's signature does not verify.") from None
    return parse_object(payload)
