"""C2SP tlog-proof: one text file by which anybody, offline, sees that an entry is in a checkpoint the witnesses cosigned."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.domain.errors import LedgerError
from lawgate.ledger.checkpoint import parse_decimal
from lawgate.ledger.entry import MAX_ENTRY
from lawgate.ledger.note import decode64, encode64
from lawgate.ledger.policy import Believed, Policy, believe
from lawgate.ledger.tree import HASH_BYTES, leaf_hash, verify_inclusion

_HEAD = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file: ``entry`` stands in its extra line, ``checkpoint`` is the cosigned note as it stands."""

    entry: bytes
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def __str__(self) -> str:
        lines = [
            _HEAD,
            f"extra {encode64(self.entry)}",
            f"index {self.index}",
            *map(encode64, self.hashes),
            "",
        ]
        return "\n".join(lines) + "\n" + self.checkpoint


def parse_proof(raw: str) -> Proof:
    """Read a proof file; nothing of it is verified yet. Raises LedgerError."""
    head, gap, checkpoint = raw.partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != _HEAD:
        raise LedgerError("not a tlog-proof")
    entry, index = decode64(_after("extra ", lines[1])), parse_decimal(_after("index ", lines[2]))
    hashes = tuple(decode64(line) for line in lines[3:])
    if len(hashes) > _MAX_HASHES or any(len(value) != HASH_BYTES for value in hashes):
        raise LedgerError("a proof holds too many hashes, or one not of 32 bytes")
    if not 1 <= len(entry) <= MAX_ENTRY:
        raise LedgerError("a proof's extra line holds no entry")
    return Proof(entry, index, hashes, checkpoint)


def verify_proof(proof: Proof, policy: Policy, known: Believed | None = None) -> Believed:
    """Return the checkpoint that the proof rests on, once everything holds. ``known`` is a checkpoint already believed under this
    policy; it counts only where its text is the proof's own, byte for byte.

    The extra line is unauthenticated in C2SP; here its leaf hash must be the one that the inclusion proof proves. Raises
    LedgerError if it is not, or as ``policy.believe`` does; QuorumError for missing cosignatures.
    """
    is_known = known is not None and known.text == proof.checkpoint
    believed = known if known is not None and is_known else believe(proof.checkpoint, policy)
    checkpoint = believed.checkpoint
    if not verify_inclusion(
        proof.index, checkpoint.size, leaf_hash(proof.entry), proof.hashes, checkpoint.root
    ):
        raise LedgerError("the entry is not in the log at that index")
    return believed


def _after(start: str, line: str) -> str:
    if not line.startswith(start):
        raise LedgerError("not a tlog-proof")
    return line[len(start) :]
