"""Checking a whole log from its files alone, as any outsider can: nothing is taken over, everything is computed again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lawgate.domain.errors import LedgerError
from lawgate.domain.steps import Json
from lawgate.ledger.head import Checkpoint
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.policy import Policy
from lawgate.ledger.shard import Shard, published_head
from lawgate.ledger.stored import StoredTree, TileStore
from lawgate.ledger.tile import WIDTH, bundles, levels, tile_root, tiles
from lawgate.ledger.tree import leaf_hash, root_of


@dataclass(frozen=True, slots=True)
class LogSummary:
    """What a verified log holds. ``policy_current`` is True if the last policy entry names the policy file used to verify."""

    origin: str
    size: int
    root: str
    cosigners: tuple[str, ...]
    entries_by_type: Mapping[str, int]
    policy_current: bool


def verify_log(store: TileStore, policy: Policy, before: Sequence[Shard] = ()) -> LogSummary:
    """Recompute every entry, tile and the root, and check signatures, entry grammar and what entries say of one another.

    ``before`` are the logs that this one succeeds, oldest first: they are recomputed too, and each must be committed to by the next.
    Raises LedgerError for the first thing that does not hold, QuorumError if a checkpoint lacks cosignatures.
    """
    history = _History()
    for shard in (*before, Shard(0, store, policy)):
        believed = published_head(shard)
        _follow(shard, believed.checkpoint, history)
    checkpoint = believed.checkpoint
    return LogSummary(
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root.hex(),
        believed.cosigners,
        dict(history.types),
        history.policy_sha256 == hashlib.sha256(policy.text.encode()).hexdigest(),
    )


def _follow(shard: Shard, checkpoint: Checkpoint, history: _History) -> None:
    tree = StoredTree(shard.tiles, checkpoint.size)
    history.begin(checkpoint)
    hashes = []
    for place in bundles(tree.size):
        for entry in tree.bundle(place.index):
            history.take(check_leaf(entry))
            hashes.append(leaf_hash(entry))
    if not hashes:
        raise LedgerError("the log is empty")
    _check_tiles(tree, hashes)
    if root_of(hashes) != checkpoint.root:
        raise LedgerError("the entries do not hash to the cosigned root")
    history.end()


def _check_tiles(tree: StoredTree, hashes: list[bytes]) -> None:
    for level in levels(tree.size):
        for place in tiles(level, tree.size):
            at = place.index * WIDTH
            if tree.tile(level, place.index) != tuple(hashes[at : at + place.width]):
                raise LedgerError(f"the log's file {place.path} does not follow from the entries")
        hashes = [tile_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]


@dataclass(slots=True)
class _History:
    """What entries say about those before them, through all years: numbers and places that anybody can count again."""

    types: Counter[str] = field(default_factory=Counter)
    last_answers: dict[str, tuple[int, int]] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    policy_sha256: str = ""
    head: Checkpoint | None = None
    before: Checkpoint | None = None
    base: int = 0

    def begin(self, head: Checkpoint) -> None:
        """Go on with the log that has this head."""
        self.before, self.head, self.base = self.head, head, self.types.total()

    def take(self, leaf: Mapping[str, Json]) -> None:
        number, kind = self.types.total(), str(leaf["type"])
        index = number - self.base
        if index == 0 and kind != "policy":
            raise LedgerError("entry 0 is not a policy entry")
        if (kind == "shard") != (index == 1 and self.before is not None):
            raise LedgerError("a log that succeeds another says so in entry 1, and no other does anywhere")
        if kind == "policy":
            self._take_policy(leaf)
        elif kind == "shard":
            self._take_shard(leaf)
        elif kind == "answer":
            self._take_answer(number, leaf)
        elif kind == "timestamp" and isinstance(leaf["size"], int) and leaf["size"] > index:
            raise LedgerError(f"entry {number} stamps a larger log than there was")
        elif kind == "heartbeat" and leaf["entries"] != number:
            raise LedgerError(f"entry {number} states another size than the log had")
        elif kind == "ack" and leaf["answer"] not in self.answers:
            raise LedgerError(f"entry {number} acknowledges an answer that is not in the log")
        elif kind == "statement" and leaf["answer"] not in self.answers:
            raise LedgerError(f"entry {number} speaks of an answer that is not in the log")
        self.types[kind] += 1

    def end(self) -> None:
        """Refuse a log that succeeds another and does not say so."""
        if self.before is not None and self.types.total() - self.base < 2:
            raise LedgerError("a log that succeeds another does not say so")

    def _take_policy(self, leaf: Mapping[str, Json]) -> None:
        if self.head is None or leaf["origin"] != self.head.origin:
            raise LedgerError("a policy entry names another log")
        self.policy_sha256 = str(leaf["policy_sha256"])

    def _take_shard(self, leaf: Mapping[str, Json]) -> None:
        before = self.before
        stated = (leaf["predecessor"], leaf["size"], leaf["root"], leaf["base"])
        if before is None or stated != (before.origin, before.size, before.root.hex(), self.base):
            raise LedgerError("a log does not commit to the last head of the log before it")

    def _take_answer(self, index: int, leaf: Mapping[str, Json]) -> None:
        recipient, answer = str(leaf["recipient_keyid"]), str(leaf["answer"])
        sequence, previous = self.last_answers.get(recipient, (0, -1))
        stated = (leaf["sequence"], leaf["previous"])
        if stated != (sequence + 1, "" if previous < 0 else str(previous)):
            raise LedgerError(f"entry {index} breaks its recipient's sequence")
        if leaf["stops"] != self.types["stop"]:
            raise LedgerError(f"entry {index} miscounts the stops before it")
        if answer in self.answers:
            raise LedgerError(f"entry {index} repeats an answer")
        self.answers.add(answer)
        self.last_answers[recipient] = (sequence + 1, index)
