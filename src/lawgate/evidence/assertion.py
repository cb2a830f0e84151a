"""Signatures by passkey: a WebAuthn assertion whose challenge is the hash of exactly the text that was to be signed (W3C WebAuthn Level 2, §7.2).

The person's authenticator signs what the browser says it showed: purpose, challenge and origin. Only the form that browsers write (§5.8.1.1) is
accepted, read as §5.8.1.2 reads it, so that no two JSON parsers can understand one assertion differently. The authenticator must have been
touched and must have recognised its holder; it gives no attested data and no extensions, because none was asked for.
"""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from lawgate.evidence.canonical import canonical, parse_canonical

PASSKEY_BYTES = 33
"""A passkey's public key is a point of P-256 in its compressed form (SEC 1, §2.3.3); an Ed25519 key has 32 bytes."""

_MEMBERS = ("authenticator_data", "client_data", "signature")
_PRESENT, _VERIFIED = 0x01, 0x04
_NOTHING_ATTACHED = 0x40 | 0x80 | 0x22
"""Attested data, extensions and the two reserved bits: none of them may be set."""
_AUTHENTICATOR_BYTES = 37
_OWN_PAGE = b',"crossOrigin":false'
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_ORIGIN = re.compile(rf"(https?)://({_HOST.pattern})(:[1-9][0-9]{{0,4}})?")


def is_relying_party(name: str) -> bool:
    """Say whether a text is a domain in small letters, as passkeys are bound to."""
    return len(name) <= 253 and _HOST.fullmatch(name) is not None


def is_passkey(public: bytes) -> bool:
    """Say whether 33 bytes are a compressed point of P-256."""
    try:
        return len(public) == PASSKEY_BYTES and bool(_point(public))
    except ValueError:
        return False


def compressed(x: bytes, y: bytes) -> bytes:
    """Return the compressed form of a point as an authenticator's COSE key states it. Raises ValueError unless it is one of P-256."""
    if len(x) != 32 or len(y) != 32:
        raise ValueError("a point of P-256 has two coordinates of 32 bytes")
    public = (b"\x03" if y[-1] & 1 else b"\x02") + x
    if _point(public).public_numbers().y != int.from_bytes(y, "big"):
        raise ValueError("not a point of P-256")
    return public


def challenge_of(text: bytes) -> bytes:
    """Return the 32 bytes that a browser must be given as the challenge for signing this text."""
    return hashlib.sha256(text).digest()


def write_assertion(authenticator_data: bytes, client_data: bytes, signature: bytes) -> bytes:
    """Put what the browser gave back into the one form that stands as an envelope's signature: canonical JSON of three base64 texts."""
    values = (authenticator_data, client_data, signature)
    return canonical({n: base64.b64encode(v).decode() for n, v in zip(_MEMBERS, values, strict=True)})


def verify_assertion(raw: bytes, public: bytes, relying_party: str, text: bytes) -> None:
    """Pass if the holder of this passkey signed exactly this text on a page of that relying party.

    Raises ValueError, which says what is wrong and holds nothing of the text, for anything else.
    """
    authenticator_data, client_data, signature = _read(raw)
    _check_authenticator(authenticator_data, relying_party)
    _check_client(client_data, relying_party, challenge_of(text))
    signed = authenticator_data + hashlib.sha256(client_data).digest()
    try:
        _point(public).verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        raise ValueError("the passkey's signature does not verify") from None


def _read(raw: bytes) -> tuple[bytes, bytes, bytes]:
    data = parse_canonical(raw)
    if tuple(sorted(data)) != _MEMBERS:
        raise ValueError("the assertion does not have exactly its members")
    first, second, third = (base64.b64decode(str(data[name]), validate=True) for name in _MEMBERS)
    if write_assertion(first, second, third) != raw:
        raise ValueError("the assertion is not in its one spelling")
    return first, second, third


def _check_authenticator(data: bytes, relying_party: str) -> None:
    if len(data) != _AUTHENTICATOR_BYTES or data[32] & _NOTHING_ATTACHED:
        raise ValueError("the authenticator's data hold more or less than they should")
    if data[:32] != hashlib.sha256(relying_party.encode()).digest():
        raise ValueError("the assertion was made for another relying party")
    if not (data[32] & _PRESENT and data[32] & _VERIFIED):
        raise ValueError("the authenticator did not make sure that its holder was there")


def _check_client(data: bytes, relying_party: str, challenge: bytes) -> None:
    expected = base64.urlsafe_b64encode(challenge).rstrip(b"=")
    head = b'{"type":"webauthn.get","challenge":"' + expected + b'","origin":"'
    if not data.startswith(head):
        raise ValueError("the assertion was made for another purpose or over another text")
    origin, quote, rest = data[len(head) :].partition(b'"')
    if not quote or not is_origin_of(origin.decode("ascii"), relying_party):
        raise ValueError("the assertion was made on a page of another origin")
    more = rest.removeprefix(_OWN_PAGE)
    if more == rest or not (more == b"}" or (more.startswith(b",") and more.endswith(b"}"))):
        raise ValueError("the assertion was made inside a page of another origin")


def is_origin_of(origin: str, relying_party: str) -> bool:
    """Say whether an origin is the relying party's: its domain or one below, over TLS, or this very machine in a trial."""
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    scheme, host = match.group(1), match.group(2)
    ours = host == relying_party or host.endswith(f".{relying_party}")
    return ours and (scheme == "https" or host == "localhost")


def _point(public: bytes) -> EllipticCurvePublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
