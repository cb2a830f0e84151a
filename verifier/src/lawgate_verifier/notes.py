"""Signed notes, verifier keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), by exact grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from lawgate_verifier.encoding import from_base64, from_decimal, hash_from_base64, sha256
from lawgate_verifier.merkle import EMPTY_ROOT
from lawgate_verifier.refused import Refused, demand

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
MOST_SIGNATURES = 64
_KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
_SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE: 8 + 64, ML_DSA_44: 8 + 2420}
_SIGNATURE_LINE = re.compile("— ([^ \n]+) ([A-Za-z0-9+/=]+)")
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: ``kind`` is the algorithm byte, ``key_id`` the four bytes a signature line names it by."""

    name: str
    key_id: bytes
    kind: int
    public: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, not yet believed."""

    name: str
    key_id: bytes
    blob: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note that parsed; ``text`` ends in a newline."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log's head says."""

    origin: str
    size: int
    root: bytes


def parse_vkey(text: str) -> Key:
    """Read a verifier key whose key id is the hash of its name and key. Raises Refused, also for an unknown algorithm."""
    found = _VKEY.fullmatch(text)
    if found is None:
        raise Refused(0, "A verifier key is not of the form name+id+key.")
    name, key_id, body = found[1], bytes.fromhex(found[2]), from_base64(found[3])
    demand(_is_name(name), "A key's name holds white space or a plus sign.")
    demand(
        sha256(name.encode() + b"\n" + body)[:4] == key_id, "A key id is not the hash of its name and key."
    )
    demand(body[:1] != b"" and body[0] in _KEY_BYTES, "A verifier key is of an unknown algorithm.")
    demand(len(body) - 1 == _KEY_BYTES[body[0]], "A verifier key does not have the length of its algorithm.")
    return Key(name, key_id, body[0], body[1:])


def parse_note(raw: bytes) -> Note:
    """Split a note into its text and its signature lines. Raises Refused for any other form."""
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(0, "The note is not UTF-8.") from None
    demand(not any(ch < " " and ch != "\n" for ch in whole), "The note holds control characters.")
    head, gap, tail = whole.rpartition("\n\n")
    demand(bool(gap) and bool(head) and tail.endswith("\n"), "The note has no signature block.")
    lines = tail[:-1].split("\n")
    demand(1 <= len(lines) <= MOST_SIGNATURES, "The note does not have 1 to 64 signature lines.")
    return Note(head + "\n", tuple(_signature(line) for line in lines))


def verified_by(note: Note, keys: Sequence[Key]) -> frozenset[Key]:
    """Say which of the keys signed the note. Raises Refused if one of them signed it wrongly or twice.

    Lines of unknown keys are skipped.
    """
    known = {(key.name, key.key_id): key for key in keys}
    seen: set[Key] = set()
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        demand(key not in seen, "The same key signed the note twice.")
        demand(_verifies(key, note.text, signature.blob), "A signature by a known key does not verify.")
        seen.add(key)
    return frozenset(seen)


def cosigned_at(note: Note, key: Key) -> int:
    """Read the POSIX second that a witness's cosignature, verified before, states."""
    return next(
        int.from_bytes(line.blob[:8], "big")
        for line in note.signatures
        if (line.name, line.key_id) == (key.name, key.key_id)
    )


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint: origin, size, root, and nothing else. Raises Refused."""
    lines = text.split("\n")
    demand(len(lines) == 4 and lines[3] == "", "The checkpoint does not have three lines.")
    demand(_is_name(lines[0]), "The checkpoint's origin is empty, or holds white space or a plus sign.")
    size, root = from_decimal(lines[1]), hash_from_base64(lines[2])
    demand(
        size > 0 or root == EMPTY_ROOT, "The checkpoint of an empty log has another root than it can have."
    )
    return Checkpoint(lines[0], size, root)


def _is_name(name: str) -> bool:
    return bool(name) and not any(ch.isspace() or ch == "+" or ch < " " for ch in name)


def _signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise Refused(0, "A signature line is malformed.")
    blob = from_base64(found[2])
    demand(_is_name(found[1]) and len(blob) > 4, "A signature line is malformed.")
    return Signature(found[1], blob[:4], blob[4:])


def _verifies(key: Key, text: str, blob: bytes) -> bool:
    if len(blob) != _SIGNATURE_BYTES[key.kind]:
        return False
    try:
        if key.kind == ED25519:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob, text.encode())
            return True
        time, signature = int.from_bytes(blob[:8], "big"), blob[8:]
        # A cosignature at time zero states that nothing larger was looked for; it is no witness's (C2SP tlog-cosignature).
        if not 0 < time < 2**63:
            return False
        if key.kind == COSIGNATURE:
            signed = f"cosignature/v1\ntime {time}\n".encode() + text.encode()
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
        else:
            MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, _subtree(key, text, time))
    except (InvalidSignature, Refused):
        return False
    return True


def _subtree(key: Key, text: str, time: int) -> bytes:
    """Lay out what ML-DSA-44 cosigns: the cosigner, the time, and the checkpoint as the subtree from entry 0."""
    head = parse_checkpoint(text)
    cosigner, origin = key.name.encode(), head.origin.encode()
    demand(len(cosigner) < 256 and len(origin) < 256, "A name is too long for an ML-DSA cosignature.")
    start_and_end = bytes(8) + head.size.to_bytes(8, "big")
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(cosigner)]) + cosigner,
            time.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            start_and_end,
            head.root,
        )
    )
