"""An authenticator and a browser of our own making, laid out by another project's library (python-fido2), so that nothing is shared with the code."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2.webauthn import AuthenticatorData, CollectedClientData

DOMAIN = "gateway.example"


class Passkey:
    """One passkey: what a browser gives back for a challenge, each part changeable."""

    def __init__(self, secret: int = 7, domain: str = DOMAIN) -> None:
        self.private: EllipticCurvePrivateKey = derive_private_key(secret, SECP256R1())
        self.public = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.domain = domain
        self.count = 0

    def answer(
        self,
        challenge: bytes,
        *,
        origin: str = "",
        purpose: str = "webauthn.get",
        flags: int = 0x05,
        domain: str = "",
        extensions: dict[str, Any] | None = None,
        cross_origin: bool = False,
        **more: object,
    ) -> tuple[bytes, bytes, bytes]:
        """Return authenticator data, client data and signature."""
        self.count += 1
        where = hashlib.sha256((domain or self.domain).encode()).digest()
        authenticator = bytes(
            AuthenticatorData.create(where, AuthenticatorData.FLAG(flags), self.count, b"", extensions)
        )
        client = bytes(
            CollectedClientData.create(
                purpose, challenge, origin or f"https://{self.domain}", cross_origin, **more
            )
        )
        signed = authenticator + hashlib.sha256(client).digest()
        return authenticator, client, self.private.sign(signed, ECDSA(SHA256()))
