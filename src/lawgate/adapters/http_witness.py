"""A witness elsewhere, asked by C2SP tlog-witness over HTTP. Only its key makes it a witness, never its address."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

from lawgate.adapters.connection import SECONDS, Connection
from lawgate.ledger.witness import CONFLICT, WitnessReply

_LARGEST = 1 << 18
PAUSE = 30.0
SIZE_TYPE = "text/x.tlog.size"


class HttpWitness:
    """A ``Witness``. ``prefix`` is its submission prefix; an answer later than ``seconds`` counts as none.

    One that let us wait in vain is not asked again for ``PAUSE`` seconds: a dead one must not slow everything that the others cosign.
    """

    def __init__(self, name: str, prefix: str, seconds: float = SECONDS) -> None:
        self.name = name
        self._host = Connection(prefix, seconds)
        self._rests_until = 0.0

    def add_checkpoint(self, body: str, now: datetime) -> WitnessReply:
        """POST the body; the witness has its own clock, so ``now`` is not used. Raises OSError if it cannot be reached or understood."""
        if monotonic() < self._rests_until:
            raise TimeoutError("the witness did not answer a moment ago")
        try:
            reply = self._host.ask("POST", "add-checkpoint", _LARGEST, body.encode())
        except TimeoutError:
            self._rests_until = monotonic() + PAUSE
            raise
        if reply.status == CONFLICT and reply.content_type.partition(";")[0].strip() != SIZE_TYPE:
            # Somebody else's conflict, a proxy's for instance: its body is no tree size.
            raise OSError("the witness answers a conflict without a size")
        try:
            return WitnessReply(reply.status, reply.body.decode("utf-8"))
        except UnicodeDecodeError:
            raise OSError("the witness's answer is not UTF-8") from None
