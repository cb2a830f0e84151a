"""What a witness answers to C2SP tlog-witness ``add-checkpoint``: it cosigns a log that grows and never one that forks or shrinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lawgate.domain.errors import LedgerError
from lawgate.ledger.checkpoint import Checkpoint, checkpoint_of, parse_checkpoint, parse_decimal
from lawgate.ledger.note import Note, VerifierKey, parse_signatures, split_note
from lawgate.ledger.spelling import decode64, encode64
from lawgate.ledger.tree import EMPTY_ROOT, HASH_BYTES, verify_consistency

ACCEPTED = 200
MALFORMED = 400
NOT_SIGNED = 403
UNKNOWN_LOG = 404
CONFLICT = 409
NOT_CONSISTENT = 422

_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint a witness cosigned for a log; before the first, the empty tree."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class WitnessReply:
    """An HTTP status and body: cosignature lines with 200, the witness's size and a newline with 409."""

    status: int
    body: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the witness must do: answer ``refusal``, or persist ``seen`` durably and then cosign ``text``."""

    refusal: WitnessReply | None
    seen: Seen
    text: str = ""


class Witness(Protocol):
    """Somebody who cosigns. ``name`` is for messages; whom a policy believes is decided by the key."""

    @property
    def name(self) -> str:
        """How an operator calls it."""
        ...

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        """Answer an add-checkpoint body; the new state is durable before this returns 200. Raises OSError if unreachable."""
        ...


def write_request(old: int, proof: Sequence[bytes], checkpoint: Note) -> str:
    """Write an add-checkpoint body."""
    return "\n".join([f"old {old}", *map(encode64, proof), ""]) + "\n" + str(checkpoint)


def rule(last: Seen, log: VerifierKey, body: str) -> Ruling:
    """Decide on an add-checkpoint body, given the last checkpoint cosigned for that log, in the order of C2SP tlog-witness."""
    try:
        old, proof, text, lines = _parse_request(body)
        checkpoint = parse_checkpoint(text)
    except LedgerError:
        return _refuse(last, MALFORMED)
    if checkpoint.origin != log.name:
        return _refuse(last, UNKNOWN_LOG)
    try:
        checkpoint_of(Note(text, parse_signatures(lines)), log)
    except LedgerError:
        return _refuse(last, NOT_SIGNED)
    refusal = _growth_refusal(last, old, proof, checkpoint)
    if refusal is not None:
        return Ruling(refusal, last)
    return Ruling(None, Seen(checkpoint.size, checkpoint.root), text)


def origin_of(body: str) -> str:
    """Return the origin of the checkpoint in an add-checkpoint body, nothing of it verified. Raises LedgerError if it is malformed."""
    return parse_checkpoint(_parse_request(body)[2]).origin


def _growth_refusal(
    last: Seen, old: int, proof: tuple[bytes, ...], checkpoint: Checkpoint
) -> WitnessReply | None:
    if old > checkpoint.size:
        return WitnessReply(MALFORMED)
    if old != last.size or (old == checkpoint.size and last.root != checkpoint.root):
        return WitnessReply(CONFLICT, f"{last.size}\n")
    if old == 0:
        # Nothing was cosigned yet: any tree grows out of the empty one, and there is nothing to prove.
        return WitnessReply(NOT_CONSISTENT) if proof else None
    if not verify_consistency(old, checkpoint.size, last.root, checkpoint.root, proof):
        return WitnessReply(NOT_CONSISTENT)
    return None


def _parse_request(body: str) -> tuple[int, tuple[bytes, ...], str, str]:
    head, gap, note = body.partition("\n\n")
    lines = head.split("\n")
    if not gap or not lines[0].startswith("old "):
        raise LedgerError("not an add-checkpoint body")
    proof = tuple(decode64(line) for line in lines[1:])
    if len(proof) > _MAX_HASHES or any(len(value) != HASH_BYTES for value in proof):
        raise LedgerError("not a consistency proof")
    text, signatures = split_note(note)
    return parse_decimal(lines[0][len("old ") :]), proof, text, signatures


def _refuse(last: Seen, status: int) -> Ruling:
    return Ruling(WitnessReply(status), last)
