"""The officer's own keys: the age identity that opens answers, and the Ed25519 key that acknowledges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lawgate_verifier.age import Identity, read_identities
from lawgate_verifier.dsse import keyid_of
from lawgate_verifier.refused import Refused


@dataclass(frozen=True, slots=True, repr=False)
class Officer:
    """Both keys of one officer. Nothing of them is ever printed, hence no repr."""

    identities: Sequence[Identity]
    private: Ed25519PrivateKey

    @property
    def recipients(self) -> frozenset[str]:
        """The age recipients that are the officer's own."""
        return frozenset(str(identity.to_public()) for identity in self.identities)

    @property
    def keyid(self) -> str:
        """The name of the officer's signing key."""
        return keyid_of(self.private.public_key().public_bytes_raw())


def read_officer(identity_file: bytes, pem: bytes) -> Officer:
    """Read an age identity file and a PKCS 8 PEM key without a passphrase. Raises Refused."""
    return Officer(read_identities(identity_file), read_private(pem))


def read_private(pem: bytes) -> Ed25519PrivateKey:
    """Read a PKCS 8 PEM Ed25519 key without a passphrase. Raises Refused."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Refused(0, "The key file is not a PEM key without a passphrase.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(0, "The key file does not hold an Ed25519 key.")
    return key
