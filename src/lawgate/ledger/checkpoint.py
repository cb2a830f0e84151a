"""C2SP tlog-checkpoint: a note whose text stands for the whole log, signed by the log itself, in exactly one spelling."""

from __future__ import annotations

from lawgate.domain.errors import LedgerError
from lawgate.ledger.head import Checkpoint, parse_checkpoint
from lawgate.ledger.note import ED25519, Note, Signer, VerifierKey, good_signers
from lawgate.ledger.spelling import parse_decimal

__all__ = ["Checkpoint", "checkpoint_of", "parse_checkpoint", "parse_decimal", "sign_checkpoint"]


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
