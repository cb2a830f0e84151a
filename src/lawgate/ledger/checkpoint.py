"""C2SP tlog-checkpoint: three lines that stand for the whole log (origin, size, root), in exactly one spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawgate.domain.errors import LedgerError
from lawgate.ledger.note import (
    ED25519,
    Note,
    Signer,
    VerifierKey,
    check_name,
    decode64,
    encode64,
    good_signers,
)
from lawgate.ledger.tree import EMPTY_ROOT, HASH_BYTES

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


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


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> Note:
    """Sign as the log. Ed25519 is deterministic: the same checkpoint is the same note."""
    return Note(str(checkpoint), (signer.sign(str(checkpoint)),))


def checkpoint_of(note: Note, log: VerifierKey) -> Checkpoint:
    """Return the checkpoint that the log signed. Raises LedgerError if it is another log's, or not signed by its key."""
    checkpoint = parse_checkpoint(note.text)
    if log.algorithm != ED25519 or checkpoint.origin != log.name:
        raise LedgerError("the checkpoint is not this log's")
    if good_signers(note, [log]) != (log,):
        raise LedgerError("the log has not signed the checkpoint")
    return checkpoint


def parse_decimal(text: str) -> int:
    """Read a decimal number in its one spelling: digits only, no leading zero, below 10^18. Raises LedgerError."""
    if _DECIMAL.fullmatch(text) is None:
        raise LedgerError("a number is not in plain decimal")
    return int(text)
