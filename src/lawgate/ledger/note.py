"""C2SP signed notes: text, an empty line, signature lines; one strict reading, and no known key's bad signature is overlooked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from lawgate.domain.errors import LedgerError
from lawgate.ledger.head import parse_checkpoint
from lawgate.ledger.spelling import check_name, decode64, encode64

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "MAX_SIGNATURES",
    "ML_DSA_44",
    "Note",
    "SignatureLine",
    "Signer",
    "VerifierKey",
    "cosigned_message",
    "decode64",
    "encode64",
    "good_signers",
    "parse_note",
    "parse_signatures",
    "parse_vkey",
    "split_note",
]

ED25519 = 0x01
"""Key type of a log's own signature."""
COSIGNATURE = 0x04
"""Key type of a witness's timestamped Ed25519 cosignature (C2SP tlog-cosignature)."""
ML_DSA_44 = 0x06
"""Key type of a witness's timestamped ML-DSA-44 cosignature, which no quantum computer forges (C2SP tlog-cosignature)."""
MAX_SIGNATURES = 64
"""C2SP asks for 16 at least, and for policies of 32 witnesses."""

_KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
_TIME_BYTES = 8
_SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE: _TIME_BYTES + 64, ML_DSA_44: _TIME_BYTES + 2420}
_LAST_TIME = 2**63 - 1
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature line: ``blob`` is what follows the 4-byte key id."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {encode64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` ends in a newline."""

    text: str
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; ``algorithm`` is ED25519, COSIGNATURE or ML_DSA_44."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of ``H(name || 0x0A || algorithm || public key)``."""
        typed = bytes([self.algorithm]) + self.public
        return hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.algorithm]) + self.public)}"

    def made(self, line: SignatureLine) -> bool:
        """Say whether the line claims to be by this key."""
        return line.name == self.name and line.key_id == self.key_id

    def verifies(self, text: str, line: SignatureLine) -> bool:
        """Say whether the line is this key's good signature over the text."""
        if not self.made(line) or len(line.blob) != _SIGNATURE_BYTES[self.algorithm]:
            return False
        try:
            if self.algorithm == ED25519:
                Ed25519PublicKey.from_public_bytes(self.public).verify(line.blob, text.encode())
                return True
            time = int.from_bytes(line.blob[:_TIME_BYTES], "big")
            message = cosigned_message(self.algorithm, self.name, text, time)
            made_for = Ed25519PublicKey if self.algorithm == COSIGNATURE else MLDSA44PublicKey
            made_for.from_public_bytes(self.public).verify(line.blob[_TIME_BYTES:], message)
        except (InvalidSignature, LedgerError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A named private key, which never shows in a representation. Only a witness may have one for ML-DSA-44."""

    name: str
    private: Ed25519PrivateKey | MLDSA44PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)

    def key(self, algorithm: int) -> VerifierKey:
        """Return the public half, as a log's (ED25519) or a witness's (COSIGNATURE, ML_DSA_44)."""
        if (algorithm == ML_DSA_44) != isinstance(self.private, MLDSA44PrivateKey):
            raise LedgerError("a key of this kind does not make such signatures")
        return VerifierKey(self.name, algorithm, self.private.public_key().public_bytes_raw())

    @property
    def witness_key(self) -> VerifierKey:
        """The public half as a policy names a witness."""
        return self.key(ML_DSA_44 if isinstance(self.private, MLDSA44PrivateKey) else COSIGNATURE)

    def sign(self, text: str) -> SignatureLine:
        """Sign a note's text as a log does."""
        return SignatureLine(self.name, self.key(ED25519).key_id, self.private.sign(text.encode()))


def cosigned_message(algorithm: int, name: str, text: str, time: int) -> bytes:
    """Return the bytes that a cosignature by ``name`` signs; ``time`` is POSIX seconds.

    Raises LedgerError for a time that no witness states (zero, which says that nothing larger was looked for, or beyond 2^63 - 1),
    and for ML-DSA-44, which signs a checkpoint's three values and no text, also if the text is no checkpoint.
    """
    if not 0 < time <= _LAST_TIME:
        raise LedgerError("a cosignature states no time")
    if algorithm == COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    checkpoint = parse_checkpoint(text)
    moment, start, end = (value.to_bytes(8, "big") for value in (time, 0, checkpoint.size))
    cosigner, origin = _prefixed(name), _prefixed(checkpoint.origin)
    return b"subtree/v1\n\0" + cosigner + moment + origin + start + end + checkpoint.root


def _prefixed(name: str) -> bytes:
    raw = name.encode()
    if len(raw) > 255:
        raise LedgerError("a name is too long for this kind of cosignature")
    return bytes([len(raw)]) + raw


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key. Raises LedgerError for a bad form, a key id that is not the key's, or another algorithm."""
    match = _VKEY.fullmatch(text)
    if match is None:
        raise LedgerError("a verifier key has the form name+id+base64")
    name, key_id, encoded = match.groups()
    typed = decode64(encoded)
    if not typed or len(typed) - 1 != _KEY_BYTES.get(typed[0]):
        raise LedgerError("a verifier key is of an unknown algorithm or a wrong length")
    key = VerifierKey(check_name(name), typed[0], typed[1:])
    if key.key_id.hex() != key_id:
        raise LedgerError("a verifier key's id is not that of the key")
    return key


def split_note(raw: str) -> tuple[str, str]:
    """Split a note into its text and its signature lines, not yet read. Raises LedgerError without an empty line between."""
    at = raw.rfind("\n\n")
    if at < 1:
        raise LedgerError("a note has no empty line before its signatures")
    text = raw[: at + 1]
    if any(char < " " and char != "\n" for char in text):
        raise LedgerError("a note holds a control character")
    return text, raw[at + 2 :]


def parse_note(raw: str) -> Note:
    """Read a note. Raises LedgerError for anything that is not exactly one note with 1 to 64 signature lines."""
    text, lines = split_note(raw)
    return Note(text, parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[SignatureLine, ...]:
    """Read 1 to 64 signature lines. Raises LedgerError."""
    if not lines.endswith("\n"):
        raise LedgerError("a note's last signature line is not ended")
    signatures = tuple(_parse_line(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise LedgerError("a note has more than 64 signatures")
    return signatures


def good_signers(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return which of the known keys signed the note, in the keys' order; lines of unknown keys are skipped.

    Raises LedgerError if a known key's signature does not verify, or stands there twice.
    """
    found: set[VerifierKey] = set()
    for line in note.signatures:
        key = next((known for known in keys if known.made(line)), None)
        if key is None:
            continue
        if key in found:
            raise LedgerError("a note is signed twice by one known key")
        if not key.verifies(note.text, line):
            raise LedgerError("a known key's signature does not verify")
        found.add(key)
    return tuple(key for key in keys if key in found)


def _parse_line(line: str) -> SignatureLine:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise LedgerError("a signature line has the form dash, name, base64")
    blob = decode64(parts[2])
    if len(blob) < 5:
        raise LedgerError("a signature is too short")
    return SignatureLine(check_name(parts[1]), blob[:4], blob[4:])
