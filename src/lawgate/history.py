"""What the log itself says about stops, keys and sequence numbers: its entries replayed up to a cosigned head, believed for their hashes."""

from __future__ import annotations

from dataclasses import dataclass, field

from lawgate.domain.errors import LedgerError
from lawgate.domain.leaving import BitingStop
from lawgate.domain.stop import StopScope
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.policy import Believed
from lawgate.ledger.stored import TileStore, entries_of
from lawgate.ledger.tree import Frontier, leaf_hash

_TOLD = (b'"type":"answer"', b'"type":"key"', b'"type":"stop"')
"""In canonical JSON a text never holds a bare quotation mark: only these types' entries have these bytes."""


@dataclass(slots=True)
class History:
    """All years' entries so far. After a LedgerError it is of no more use: begin another."""

    stops: dict[str, BitingStop] = field(default_factory=dict)
    """Ordered and not lifted, by id: what each reaches."""
    keys: dict[str, bool] = field(default_factory=dict)
    """Whether a key that was enrolled is not revoked."""
    out_of_order: set[int] = field(default_factory=set)
    """Numbers of answers that do not follow the one before to the same recipient."""
    _last: dict[str, tuple[int, str]] = field(default_factory=dict)
    _years: dict[int, Frontier] = field(default_factory=dict)

    def read_on(
        self, base: int, store: TileStore, believed: Believed, seen: tuple[int, bytes] | None
    ) -> None:
        """Read one year's log up to a cosigned head; years come in their order. ``seen`` is a head of it that was seen before.

        Raises LedgerError if the entries do not hash to the head, or the head does not go on from what was read or seen.
        """
        head = believed.checkpoint
        edge = self._years.setdefault(base, Frontier())
        if seen is not None and edge.size == seen[0] and edge.size and edge.root() != seen[1]:
            raise LedgerError("the log's past is not what the sealer has seen")
        if head.size < max(edge.size, 0 if seen is None else seen[0]):
            raise LedgerError("the log's cosigned head is older than one that the sealer has seen")
        for entry in entries_of(store, edge.size, head.size) if edge.size < head.size else ():
            number = base + edge.size
            edge.append(leaf_hash(entry))
            if any(each in entry for each in _TOLD):
                self._take(number, entry)
            if seen is not None and edge.size == seen[0] and edge.root() != seen[1]:
                raise LedgerError("the log's past is not what the sealer has seen")
        if edge.size != head.size or edge.root() != head.root:
            raise LedgerError("the log's entries do not hash to its cosigned head")

    def _take(self, number: int, entry: bytes) -> None:
        leaf = check_leaf(entry)
        if leaf["type"] == "stop":
            if leaf["act"] == "order":
                self.stops[str(leaf["stop"])] = BitingStop(StopScope(leaf["scope"]), str(leaf["subject"]))
            else:
                self.stops.pop(str(leaf["stop"]), None)
        elif leaf["type"] == "key":
            # A key that was revoked is never enrolled again.
            self.keys[str(leaf["keyid"])] = leaf["act"] == "enrol" and self.keys.get(str(leaf["keyid"]), True)
        elif leaf["type"] == "answer":
            sequence, previous = self._last.get(str(leaf["recipient_keyid"]), (0, ""))
            if (leaf["sequence"], leaf["previous"]) != (sequence + 1, previous):
                self.out_of_order.add(number)
            self._last[str(leaf["recipient_keyid"])] = int(str(leaf["sequence"])), str(number)
