"""The three lines of a C2SP tlog-checkpoint that stand for the whole log: origin, size, root."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.domain.errors import LedgerError
from lawgate.ledger.spelling import check_name, decode64, encode64, parse_decimal
from lawgate.ledger.tree import EMPTY_ROOT, HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``root`` has 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note's text as a checkpoint. Raises LedgerError; extension lines are refused, no cosignature type covers them all."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise LedgerError("a checkpoint has exactly three lines")
    size, root = parse_decimal(lines[1]), decode64(lines[2])
    if len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        raise LedgerError("a checkpoint's root is not one that a tree of its size can have")
    return Checkpoint(check_name(lines[0]), size, root)
