"""Signatures by passkey: a WebAuthn assertion over the hash of what is signed, in the one form that browsers write (format section 4)."""

from __future__ import annotations

import base64
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from lawgate_verifier.canonical import encode, parse_object
from lawgate_verifier.encoding import from_base64, sha256
from lawgate_verifier.refused import Refused, demand

PUBLIC_BYTES = 33
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_PAGE = re.compile(
    rf'(?P<scheme>https?)://(?P<host>{_DOMAIN})(?::[1-9][0-9]{{0,4}})?"(?P<rest>.*)', re.DOTALL
)


def check_assertion(raw: bytes, public: bytes, relying_party: str, signed: bytes) -> None:
    """Pass if the passkey, used with its holder's presence and recognition on the relying party's pages, signed these bytes. Raises Refused."""
    parts = parse_object(raw)
    demand(
        set(parts) == {"authenticator_data", "client_data", "signature"} and encode(parts) == raw,
        "The assertion does not have exactly its members.",
    )
    authenticator, client, signature = (
        from_base64(str(parts[name])) for name in ("authenticator_data", "client_data", "signature")
    )
    demand(
        len(authenticator) == 37 and authenticator[:32] == sha256(relying_party.encode()),
        "The assertion was made for another relying party.",
    )
    flags = authenticator[32]
    demand(flags & 0b101 == 0b101, "The authenticator did not see and recognise its holder.")
    demand(flags & 0b11100010 == 0, "The authenticator attached what nobody asked for.")
    _check_page(client, relying_party, sha256(signed))
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(signature, authenticator + sha256(client), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise Refused(0, "The passkey's signature does not verify.") from None


def _check_page(client: bytes, relying_party: str, challenge: bytes) -> None:
    text = client.decode("utf-8", "replace")
    named = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
    start = f'{{"type":"webauthn.get","challenge":"{named}","origin":"'
    demand(text.startswith(start), "The assertion is for another purpose, or over another document.")
    page = _PAGE.fullmatch(text[len(start) :])
    if page is None:
        raise Refused(0, "The assertion names no page.")
    host, rest = page["host"], page["rest"]
    demand(
        (host == relying_party or host.endswith("." + relying_party))
        and (page["scheme"] == "https" or host == "localhost"),
        "The assertion was made on somebody else's page.",
    )
    own = ',"crossOrigin":false'
    closed = rest == own + "}" or (rest.startswith(own + ",") and rest.endswith("}"))
    demand(closed, "The assertion was made inside somebody else's page.")
