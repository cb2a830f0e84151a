"""Asking the witnesses: each gets a consistency proof from the size it has seen; one that has seen another log ends everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lawgate.domain.errors import LedgerError
from lawgate.ledger.checkpoint import parse_decimal
from lawgate.ledger.note import Note, SignatureLine, VerifierKey, parse_signatures
from lawgate.ledger.policy import Policy, believe
from lawgate.ledger.stored import StoredTree
from lawgate.ledger.tree import consistency_proof
from lawgate.ledger.witness import ACCEPTED, CONFLICT, NOT_CONSISTENT, Witness, WitnessReply, write_request


def collect(
    signed: Note,
    tree: StoredTree,
    since: int,
    kept: Sequence[SignatureLine],
    witnesses: Sequence[Witness],
    policy: Policy,
    now: datetime,
) -> Note:
    """Return the signed checkpoint with every cosignature that could be had, and the ``kept`` ones, which count for no quorum.

    ``since`` is the size that the witnesses are thought to have seen. A witness that cannot be reached, or answers something
    useless, is left out. Raises QuorumError if the policy is not satisfied then, and LedgerError if a witness has seen a larger
    log or another one.
    """
    answers = [line for witness in witnesses for line in _ask(witness, signed, tree, since, now)]
    # The quorum is counted among those who answer now: kept lines would be restored together with a backup they are in.
    believe(str(_cosigned(signed, answers, policy)), policy)
    return _cosigned(signed, [*kept, *answers], policy)


def _cosigned(signed: Note, lines: Sequence[SignatureLine], policy: Policy) -> Note:
    """Return the note with each witness's good line, the last one if several, in the policy's order."""
    found: dict[VerifierKey, SignatureLine] = {}
    for line in lines:
        for key in policy.witnesses.values():
            if key.verifies(signed.text, line):
                found[key] = line
    ordered = tuple(found[key] for key in policy.witnesses.values() if key in found)
    return Note(signed.text, (*signed.signatures, *ordered))


def _ask(
    witness: Witness, signed: Note, tree: StoredTree, since: int, now: datetime
) -> tuple[SignatureLine, ...]:
    try:
        reply = _converse(witness, signed, tree, since, now)
    except OSError:
        return ()
    if reply.status == NOT_CONSISTENT:
        raise LedgerError(f"witness {witness.name} has seen a log that is not a beginning of this one")
    if reply.status != ACCEPTED:
        return ()
    try:
        return parse_signatures(reply.body)
    except LedgerError:
        # An answer that cannot be read is worth as much as none.
        return ()


def _converse(witness: Witness, signed: Note, tree: StoredTree, since: int, now: datetime) -> WitnessReply:
    """Send the checkpoint, and once more from the size that the witness says it has seen."""
    old: int | None = since
    reply = WitnessReply(CONFLICT)
    for _attempt in range(2):
        if old is None or reply.status != CONFLICT:
            break
        proof = consistency_proof(old, tree.size, tree.node) if old else ()
        reply = witness.add_checkpoint(write_request(old, proof, signed), now)
        if reply.status == CONFLICT:
            old = _seen_by(witness, reply, tree.size, old)
    return reply


def _seen_by(witness: Witness, reply: WitnessReply, size: int, asked: int) -> int | None:
    """Return the size a witness says it has seen, None if it says nothing clear.

    Raises LedgerError if what it says means a rollback or a fork of ours.
    """
    try:
        seen = parse_decimal(reply.body.removesuffix("\n"))
    except LedgerError:
        return None
    if seen > size:
        raise LedgerError(f"witness {witness.name} has seen a larger log: this one was rolled back")
    if seen == asked == size:
        raise LedgerError(f"witness {witness.name} has seen another log of the same size")
    return seen
