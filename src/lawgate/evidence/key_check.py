"""Keys that libraries could understand differently are refused before they are enrolled.

An Ed25519 key outside the prime-order group lets one signature be good for one program and bad for another. An X25519 recipient of small
order makes everybody's secret zero: what is sealed to it, anybody opens.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from nacl.bindings import crypto_core_ed25519_is_valid_point

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
# Any private key tells: a point of small order gives zero with each of them, and no other point does with any.
_PROBE = X25519PrivateKey.from_private_bytes(b"\x40" * 32)


def is_signing_key(public: bytes) -> bool:
    """Say whether 32 bytes are an Ed25519 key in its one spelling, on the curve, and in the prime-order group."""
    return len(public) == 32 and crypto_core_ed25519_is_valid_point(public)


def is_recipient(recipient: str) -> bool:
    """Say whether a text is an age X25519 recipient (Bech32, ``age1…``) in its one spelling, and no point of small order."""
    public = _decoded(recipient)
    if public is None:
        return False
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    # The highest bit is ignored by X25519: with it set, the same recipient would have a second spelling.
    return int.from_bytes(public, "little") < 2**255 - 19


def _decoded(text: str) -> bytes | None:
    """Decode Bech32 (BIP 173) with the prefix ``age`` to 32 bytes, or None."""
    if not text.startswith("age1") or any(char not in _BECH32 for char in text[4:]):
        return None
    values = [_BECH32.index(char) for char in text[4:]]
    prefix = [ord(char) >> 5 for char in "age"] + [0] + [ord(char) & 31 for char in "age"]
    if _polymod([*prefix, *values]) != 1:
        return None
    number = 0
    for value in values[:-_CHECKSUM]:
        number = number << 5 | value
    spare = 5 * (len(values) - _CHECKSUM) - 256
    if not 0 <= spare < 5 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(32, "big")


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check
