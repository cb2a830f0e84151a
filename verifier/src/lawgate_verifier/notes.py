"""Signed notes, verifier keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), by exact grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lawgate_verifier.encoding import from_base64, from_decimal, hash_from_base64, sha256
from lawgate_verifier.refused import Refused, demand

ED25519 = 0x01
COSIGNATURE = 0x04
MOST_SIGNATURES = 16
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
    """Read a verifier key of any algorithm whose key id is the hash of its name and key. Raises Refused."""
    found = _VKEY.fullmatch(text)
    if found is None:
        raise Refused(0, "A verifier key is not of the form name+id+key.")
    name, key_id, body = found[1], bytes.fromhex(found[2]), from_base64(found[3])
    demand(_is_name(name), "A key's name holds white space or a plus sign.")
    demand(len(body) > 1, "A verifier key is empty.")
    demand(
        sha256(name.encode() + b"\n" + body)[:4] == key_id, "A key id is not the hash of its name and key."
    )
    demand(body[0] not in (ED25519, COSIGNATURE) or len(body) == 33, "An Ed25519 key does not have 32 bytes.")
    return Key(name, key_id, body[0], body[1:])


def parse_checkable_vkey(text: str) -> Key:
    """Read a verifier key of an algorithm whose signatures can be checked here. Raises Refused for another."""
    key = parse_vkey(text)
    demand(key.kind in (ED25519, COSIGNATURE), "A verifier key is of an unknown algorithm.")
    return key


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
    demand(1 <= len(lines) <= MOST_SIGNATURES, "The note does not have 1 to 16 signature lines.")
    return Note(head + "\n", tuple(_signature(line) for line in lines))


def verified_by(note: Note, keys: Sequence[Key]) -> frozenset[Key]:
    """Say which of the keys signed the note. Raises Refused if one of them signed it wrongly or twice.

    Lines of unknown keys, and of keys whose algorithm is unknown here, are skipped.
    """
    known = {(key.name, key.key_id): key for key in keys if key.kind in (ED25519, COSIGNATURE)}
    seen: set[Key] = set()
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        demand(key not in seen, "The same key signed the note twice.")
        demand(_verifies(key, note.text, signature.blob), "A signature by a known key does not verify.")
        seen.add(key)
    return frozenset(seen)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint: origin, size, root, and nothing else. Raises Refused."""
    lines = text.split("\n")
    demand(len(lines) == 4 and lines[3] == "" and lines[0] != "", "The checkpoint does not have three lines.")
    return Checkpoint(lines[0], from_decimal(lines[1]), hash_from_base64(lines[2]))


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(ch.isspace() for ch in name)


def _signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise Refused(0, "A signature line is malformed.")
    blob = from_base64(found[2])
    demand(_is_name(found[1]) and len(blob) > 4, "A signature line is malformed.")
    return Signature(found[1], blob[:4], blob[4:])


def _verifies(key: Key, text: str, blob: bytes) -> bool:
    signed = text.encode()
    if key.kind == COSIGNATURE:
        if len(blob) != 72:
            return False
        time = int.from_bytes(blob[:8], "big")
        signed, blob = f"cosignature/v1\ntime {time}\n".encode() + signed, blob[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob, signed)
    except InvalidSignature:
        return False
    return True
