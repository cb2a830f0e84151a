"""Checking a whole log from its files alone, as any outsider can: nothing is taken over, everything is computed again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lawgate.domain.errors import LedgerError
from lawgate.domain.steps import Json
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.policy import Policy, believe
from lawgate.ledger.stored import StoredTree, TileStore, read_text
from lawgate.ledger.tile import CHECKPOINT, WIDTH, bundles, levels, tile_root, tiles
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


def verify_log(store: TileStore, policy: Policy) -> LogSummary:
    """Recompute every entry, tile and the root, and check signatures, entry grammar and what entries say of one another.

    Raises LedgerError for the first thing that does not hold, QuorumError if the checkpoint lacks cosignatures.
    """
    raw = read_text(store, CHECKPOINT)
    if raw is None:
        raise LedgerError("the log has no checkpoint")
    believed = believe(raw, policy)
    checkpoint = believed.checkpoint
    tree = StoredTree(store, checkpoint.size)
    history = _History(policy)
    hashes = []
    for place in bundles(tree.size):
        for entry in tree.bundle(place.index):
            history.take(check_leaf(entry))
            hashes.append(leaf_hash(entry))
    _check_tiles(tree, hashes)
    if root_of(hashes) != checkpoint.root:
        raise LedgerError("the entries do not hash to the cosigned root")
    history.finish()
    return LogSummary(
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root.hex(),
        believed.cosigners,
        dict(history.types),
        history.policy_sha256 == hashlib.sha256(policy.text.encode()).hexdigest(),
    )


def _check_tiles(tree: StoredTree, hashes: list[bytes]) -> None:
    for level in levels(tree.size):
        for place in tiles(level, tree.size):
            at = place.index * WIDTH
            if tree.tile(level, place.index) != tuple(hashes[at : at + place.width]):
                raise LedgerError(f"the log's file {place.path} does not follow from the entries")
        hashes = [tile_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]


@dataclass(slots=True)
class _History:
    """What entries say about those before them: numbers and places that anybody can count again."""

    policy: Policy
    types: Counter[str] = field(default_factory=Counter)
    last_answers: dict[str, tuple[int, int]] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    policy_sha256: str = ""

    def take(self, leaf: Mapping[str, Json]) -> None:
        index, kind = self.types.total(), str(leaf["type"])
        if index == 0 and kind != "policy":
            raise LedgerError("entry 0 is not a policy entry")
        if kind == "policy":
            self._take_policy(leaf)
        elif kind == "answer":
            self._take_answer(index, leaf)
        elif kind == "heartbeat" and leaf["entries"] != index:
            raise LedgerError(f"entry {index} states another size than the log had")
        elif kind == "ack" and leaf["answer"] not in self.answers:
            raise LedgerError(f"entry {index} acknowledges an answer that is not in the log")
        self.types[kind] += 1

    def finish(self) -> None:
        if not self.types:
            raise LedgerError("the log is empty")

    def _take_policy(self, leaf: Mapping[str, Json]) -> None:
        if leaf["origin"] != self.policy.log.name:
            raise LedgerError("a policy entry names another log")
        self.policy_sha256 = str(leaf["policy_sha256"])

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
