"""Signs and opens DSSE envelopes; what opens was signed, byte for byte, by one enrolled key that was valid at that moment.

An envelope is accepted in the exact serialised form that ``sign`` writes and in no other, so that changing any byte of it is noticed. One final
newline, which other tools put at the end of a text file, may follow it; ``Signed.sha256`` is over all bytes, that newline included.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.dsse import Envelope

# Public names of the library, which it re-exports without saying so to type checkers.
from securesystemslib.signer import CryptoSigner, Signature, SSlibKey  # type: ignore[attr-defined]

from lawgate.domain.errors import LawgateError, MalformedRequestError, NotAuthenticatedError
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Json
from lawgate.evidence.assertion import PASSKEY_BYTES, challenge_of, verify_assertion
from lawgate.evidence.canonical import canonical, parse_canonical, sha256_hex

_KIND = re.compile(r"[a-z]+(-[a-z]+)*")
_MEMBERS = {"payload", "payloadType", "signatures"}
_SIGNATURE_MEMBERS = {"keyid", "sig"}


@dataclass(frozen=True, slots=True)
class Signed:
    """An opened envelope: ``payload`` includes its ``type``; ``sha256`` (hex) is over ``raw``, the exact envelope bytes."""

    payload: dict[str, Json]
    key: EnrolledKey
    sha256: str
    raw: bytes


def keyid_of(public: bytes) -> str:
    """Return the first 32 hex digits of SHA-256 over the bytes of a public key: 32 of an Ed25519 key, 33 of a passkey."""
    if len(public) not in (32, PASSKEY_BYTES):
        raise ValueError("an Ed25519 public key has 32 bytes, a passkey 33")
    return hashlib.sha256(public).hexdigest()[:32]


def sign(kind: str, body: Mapping[str, Json], private: Ed25519PrivateKey) -> bytes:
    """Sign a document of that kind: DSSE v1, Ed25519, RFC 8785 payload with ``type`` added, canonical JSON outside too.

    The same arguments give the same bytes. Raises ValueError for a kind that is no name, or a body with a ``type`` of its own.
    """
    envelope = _unsigned(kind, body)
    envelope.sign(CryptoSigner(private, _verifier(private.public_key().public_bytes_raw())))
    return canonical(envelope.to_dict())


def passkey_challenge(kind: str, body: Mapping[str, Json]) -> bytes:
    """Return the 32 bytes that a browser is given to have a passkey sign this document. Raises ValueError as ``sign`` does."""
    return challenge_of(_unsigned(kind, body).pae())


def sign_by_passkey(kind: str, body: Mapping[str, Json], public: bytes, assertion: bytes) -> bytes:
    """Put a passkey's assertion under the document it was made for; nothing is checked before ``open_envelope``. Raises ValueError as ``sign`` does."""
    envelope, keyid = _unsigned(kind, body), keyid_of(public)
    envelope.signatures[keyid] = Signature(keyid, assertion.hex())
    return canonical(envelope.to_dict())


def _unsigned(kind: str, body: Mapping[str, Json]) -> Envelope:
    if _KIND.fullmatch(kind) is None or "type" in body:
        raise ValueError("the kind must be a lower-case name, and the body must leave its type to sign()")
    return Envelope(canonical({**body, "type": f"lawgate/{kind}/v1"}), _payload_type(kind), {})


def open_envelope(
    raw: bytes, kind: str, key_for: Callable[[str], EnrolledKey | None], at: datetime
) -> Signed:
    """Open an envelope of that kind; ``key_for`` finds an enrolled key by its id, revoked ones included.

    1. The bytes are canonical JSON (and at most one newline) with the members DSSE gives and no others, and exactly one signature.
    2. The payload type is that of ``kind``.
    3. The key is enrolled and valid at ``at`` (I-13). 4. Its signature verifies over the DSSE pre-authentication encoding; a passkey's is an
       assertion whose challenge is the SHA-256 of that encoding (``lawgate.evidence.assertion``).
    5. The payload is canonical JSON, and its own ``type`` agrees.

    Raises MalformedRequestError ("102") for 1, 2, 5; NotAuthenticatedError ("501") for 3 and ("506") for 4.
    """
    envelope = _envelope(raw, kind)
    (keyid,) = envelope.signatures
    key = key_for(keyid)
    if key is None or key.keyid != keyid or not key.valid_at(at):
        raise NotAuthenticatedError("501", "the signing key is not enrolled, or is not valid at this moment")
    _verify(envelope, key)
    return Signed(payload=_payload(envelope, kind), key=key, sha256=sha256_hex(raw), raw=raw)


def unverified_payload(raw: bytes, kind: str) -> dict[str, Json]:
    """Read what an envelope says WITHOUT checking its signature; only for showing a person their own document before it is sent.

    Raises MalformedRequestError ("102") as ``open_envelope`` does.
    """
    return _payload(_envelope(raw, kind), kind)


def _payload_type(kind: str) -> str:
    return f"application/vnd.lawgate.{kind}+json"


def _envelope(raw: bytes, kind: str) -> Envelope:
    """Parse the envelope strictly (steps 1 and 2)."""
    data = _strict(raw.removesuffix(b"\n"))
    signatures = data.get("signatures")
    if set(data) != _MEMBERS or not isinstance(signatures, list) or len(signatures) != 1:
        raise _malformed("the envelope does not have exactly payload, payloadType and one signature")
    (signature,) = signatures
    if not isinstance(signature, dict) or set(signature) != _SIGNATURE_MEMBERS:
        raise _malformed("the signature does not have exactly keyid and sig")
    texts = (data["payload"], data["payloadType"], signature["keyid"], signature["sig"])
    if not all(isinstance(text, str) for text in texts):
        raise _malformed("a member of the envelope is not a string")
    if data["payloadType"] != _payload_type(kind):
        raise _malformed("the payload type is another one than expected here")
    return _read_base64(raw, data)


def _read_base64(raw: bytes, data: dict[str, Json]) -> Envelope:
    try:
        envelope = Envelope.from_dict(data)
    except (binascii.Error, ValueError):
        raise _malformed("payload or signature is not base64") from None
    # The library also takes URL-safe and sloppy base64. Writing it again and comparing admits one spelling only.
    if canonical(envelope.to_dict()) != raw.removesuffix(b"\n"):
        raise _malformed("payload or signature is not in the canonical spelling of base64")
    return envelope


def _verify(envelope: Envelope, key: EnrolledKey) -> None:
    public = bytes.fromhex(key.public)
    if keyid_of(public) != key.keyid:
        raise NotAuthenticatedError("501", "the register's key is not the one its key id was made from")
    signature = bytes.fromhex(envelope.signatures[key.keyid].signature)
    if len(public) == PASSKEY_BYTES:
        try:
            verify_assertion(signature, public, key.relying_party or "", envelope.pae())
        except (ValueError, RecursionError, LawgateError):
            raise NotAuthenticatedError("506", "the passkey's signature does not verify") from None
        return
    try:
        # Not envelope.verify(): it reads the key anew for each envelope, and attestations come by the million under few keys.
        _public_key(public).verify(signature, envelope.pae())
    except (InvalidSignature, ValueError):
        raise NotAuthenticatedError("506", "the signature does not verify") from None


@lru_cache(maxsize=1024)
def _public_key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def _verifier(public: bytes) -> SSlibKey:
    return SSlibKey(keyid_of(public), "ed25519", "ed25519", {"public": public.hex()})


def _payload(envelope: Envelope, kind: str) -> dict[str, Json]:
    payload = _strict(envelope.payload)
    if payload.get("type") != f"lawgate/{kind}/v1":
        raise _malformed("the document's own type is another one than its envelope says")
    return payload


def _strict(raw: bytes) -> dict[str, Json]:
    """Parse an object in canonical JSON; whatever goes wrong is one error without data."""
    try:
        value = parse_canonical(raw)
    except (ValueError, RecursionError, LawgateError):
        raise _malformed("not an object in canonical JSON (RFC 8785)") from None
    return value


def _malformed(message: str) -> MalformedRequestError:
    return MalformedRequestError("102", message)
