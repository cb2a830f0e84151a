"""Yearly logs: each has its own origin, key and tree, and its second entry commits to the last head of the one before.

An entry's *number* counts through all of them: the size of those before (``base``) and its index in its own tree. What entries say of
one another (``previous``, ``entries``) are numbers; proofs and tiles are by index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lawgate.domain.errors import LedgerError
from lawgate.ledger.leaves import policy_leaf, shard_leaf
from lawgate.ledger.policy import Believed, Policy, believe
from lawgate.ledger.stored import TileStore, read_text
from lawgate.ledger.tile import CHECKPOINT


@dataclass(frozen=True, slots=True)
class Shard:
    """One year's log. ``base`` is how many entries the logs before it hold."""

    base: int
    tiles: TileStore
    policy: Policy


class Numbered(Protocol):
    """Every entry of a home, by number."""

    def size(self) -> int:
        """How many entries are sequenced."""
        ...

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Read entries ``start <= number < end``."""
        ...


@dataclass(frozen=True, slots=True)
class OneYear:
    """The entries of one shard, by index: an ``EntrySource``."""

    all_years: Numbered
    base: int

    def size(self) -> int:
        """How many entries this log has."""
        return self.all_years.size() - self.base

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Read entries ``start <= index < end``."""
        return self.all_years.entries(self.base + start, self.base + end)


def published_head(shard: Shard) -> Believed:
    """Return a log's last cosigned head. Raises LedgerError if nothing is published, or what ``believe`` raises."""
    raw = read_text(shard.tiles, CHECKPOINT)
    if raw is None:
        raise LedgerError("the log has no checkpoint")
    return believe(raw, shard.policy)


def first_leaves(
    before: Shard, *, at: datetime, origin: str, policy_sha256: str, terms_sha256: str
) -> tuple[bytes, bytes]:
    """Make the two entries with which a log succeeds another. Raises as ``published_head`` does."""
    head = published_head(before).checkpoint
    return (
        policy_leaf(at=at, origin=origin, policy_sha256=policy_sha256, terms_sha256=terms_sha256),
        shard_leaf(
            at=at, predecessor=head.origin, size=head.size, root=head.root.hex(), base=before.base + head.size
        ),
    )
