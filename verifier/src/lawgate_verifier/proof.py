"""The proof file (C2SP tlog-proof): the entry, its place, the way to the root and the signed head, by exact grammar."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate_verifier.encoding import from_base64, from_decimal, hash_from_base64
from lawgate_verifier.entries import LARGEST_ENTRY
from lawgate_verifier.refused import Refused, demand

_MAGIC = "c2sp.org/tlog-proof@v1"
_LONGEST_PATH = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file that parsed; nothing in it is believed yet. ``note`` is the signed checkpoint's bytes."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    note: bytes


def parse_proof(raw: bytes) -> Proof:
    """Read a proof file. Raises Refused for any other form; the checkpoint in it is left for whoever holds the policy."""
    head, gap, note = raw.partition(b"\n\n")
    demand(bool(gap), "The proof file has no checkpoint.")
    try:
        magic, extra, index, *path = head.decode("ascii").split("\n")
    except ValueError:
        raise Refused(0, "The proof file does not have its first three lines.") from None
    demand(magic == _MAGIC, "The proof file is not of a known kind.")
    demand(len(path) <= _LONGEST_PATH, "The inclusion proof is too long.")
    entry = from_base64(_after("extra ", extra))
    demand(1 <= len(entry) <= LARGEST_ENTRY, "The proof file's extra line holds no entry.")
    return Proof(
        entry,
        from_decimal(_after("index ", index)),
        tuple(hash_from_base64(line) for line in path),
        note,
    )


def _after(label: str, line: str) -> str:
    demand(line.startswith(label), "The proof file does not have its first three lines.")
    return line.removeprefix(label)
