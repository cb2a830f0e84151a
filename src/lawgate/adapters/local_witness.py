"""A witness on this machine: own folder, own key, own memory of the last checkpoint; it never cosigns a fork or a rollback.

For a single machine and the rehearsal. Whoever controls the machine controls it too, so a real quorum names witnesses elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lawgate.adapters.durable import exclusive, make_folder, write_atomic
from lawgate.domain.errors import LedgerError
from lawgate.ledger.cosignature import cosign
from lawgate.ledger.note import Signer, VerifierKey
from lawgate.ledger.spelling import decode64, encode64, parse_decimal
from lawgate.ledger.tree import HASH_BYTES
from lawgate.ledger.witness import ACCEPTED, Seen, WitnessReply, rule

__all__ = ["LocalWitness", "begin_witness", "exclusive"]

_STATE = "last-seen"
_LOCK = "lock"


def begin_witness(folder: Path) -> None:
    """Give a new witness its memory: it has seen the empty log. Changes nothing where a memory is already."""
    make_folder(folder)
    with exclusive(folder / _LOCK):
        if not (folder / _STATE).exists():
            # A crash here leaves no memory, and a witness that refuses to work until this is called again.
            write_atomic(folder / _STATE, _write(Seen()))


class LocalWitness:
    """A ``Witness`` for one log, whose memory ``begin_witness`` made. A lost memory is never taken for an empty one."""

    def __init__(self, folder: Path, key: Signer, log: VerifierKey, *more: Signer) -> None:
        """``more`` are further keys of the same witness, each of which adds a line."""
        self._folder = folder
        self._key = key
        self._more = more
        self._log = log

    @property
    def name(self) -> str:
        """The name in its key."""
        return self._key.name

    @property
    def vkey(self) -> VerifierKey:
        """The key that a policy names."""
        return self._key.witness_key

    def last_seen(self) -> Seen:
        """Read the last checkpoint cosigned. Raises LedgerError if the memory is lost or unreadable."""
        try:
            raw = (self._folder / _STATE).read_text("ascii")
            size, root, end = raw.split("\n")
            seen = Seen(parse_decimal(size), decode64(root))
        except (FileNotFoundError, ValueError):
            raise LedgerError(f"witness {self.name} has lost its memory") from None
        if len(seen.root) != HASH_BYTES or end:
            raise LedgerError(f"witness {self.name} cannot read its memory")
        return seen

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        """Answer a C2SP tlog-witness add-checkpoint body. Raises LedgerError as ``last_seen`` does."""
        # One lock around reading, deciding and persisting: two requests at once could otherwise move the memory backwards.
        with exclusive(self._folder / _LOCK):
            last = self.last_seen()
            ruling = rule(last, self._log, body)
            if ruling.refusal is not None:
                return ruling.refusal
            if ruling.seen != last:
                # Before the cosignature leaves: a crash here means a checkpoint remembered and not cosigned, asked for again.
                write_atomic(self._folder / _STATE, _write(ruling.seen))
        lines = (cosign(key, ruling.text, now) for key in (self._key, *self._more))
        return WitnessReply(ACCEPTED, "".join(map(str, lines)))


def _write(seen: Seen) -> bytes:
    return f"{seen.size}\n{encode64(seen.root)}\n".encode()
