"""Opens a whole log: the head by the policy, then every file, hash and entry recomputed. What is returned hangs together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lawgate_verifier.entries import Entry, parse_entry
from lawgate_verifier.merkle import EarlierRoots, Hashes, leaf_hash
from lawgate_verifier.notes import Key
from lawgate_verifier.policy import Head, Policy, check_head
from lawgate_verifier.refused import Refused, demand
from lawgate_verifier.tiles import Read, check_tree, read_entries

# Room for a checkpoint with 64 signature lines of the largest algorithm in use (ML-DSA).
LARGEST_CHECKPOINT = 1 << 18


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a log; ``index`` is None where it is not about one entry."""

    index: int | None
    sentence: str


class Entries:
    """The well-formed entries of a log, read and parsed anew each time they are gone through: a log may be larger than memory.

    Each must still have the leaf hash that was checked when the log was opened, else going through them raises Refused.
    """

    def __init__(self, read: Read, leaves: Hashes, malformed: Collection[int], base: int) -> None:
        self._read, self._leaves, self._malformed, self._base = read, leaves, frozenset(malformed), base

    def __len__(self) -> int:
        return len(self._leaves) - len(self._malformed)

    def __iter__(self) -> Iterator[Entry]:
        for index, raw in enumerate(read_entries(self._read, len(self._leaves)), self._base):
            unchanged = leaf_hash(raw) == self._leaves[index - self._base]
            demand(unchanged, "The log's files changed while they were read.")
            if index not in self._malformed:
                yield parse_entry(index, raw)


@dataclass(frozen=True, slots=True)
class Log:
    """A log as read. ``entries`` goes through the well-formed ones; there are none while the tree itself has faults.

    ``stops`` are those among them that order or lift a stop, ``stamps`` those that name a timestamp. ``base`` is how many entries the
    logs before it hold, ``key`` the log's own, ``read`` where its files are, ``roots`` what its root was at earlier sizes.
    """

    base: int
    head: Head
    entries: Entries
    stops: tuple[Entry, ...]
    stamps: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    key: Key
    read: Read
    roots: EarlierRoots


class Years:
    """The entries of several logs, oldest first, read anew each time they are gone through."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self._logs = tuple(logs)

    def __iter__(self) -> Iterator[Entry]:
        for log in self._logs:
            yield from log.entries


def open_head(read: Read, policy: Policy) -> Head:
    """Read the log's head and hold it against the policy. Raises Refused."""
    raw = read("checkpoint", LARGEST_CHECKPOINT)
    if raw is None:
        raise Refused(0, "The log lacks its checkpoint.")
    return check_head(policy, raw)


def open_log(read: Read, policy: Policy, base: int = 0) -> Log:
    """Check head, tiles, root and every entry's grammar. Raises Refused if the head or a bundle cannot be believed at all.

    Where the tree does not hold, its entries are not looked at: nothing says whose they are.
    """
    head = open_head(read, policy)
    leaves = Hashes(leaf_hash(raw) for raw in read_entries(read, head.checkpoint.size))
    broken = check_tree(read, leaves, head.checkpoint.root)
    if broken:
        faulty = tuple(Fault(None, sentence) for sentence in broken)
        return Log(
            base,
            head,
            Entries(read, Hashes(()), (), base),
            (),
            (),
            faulty,
            policy.log,
            read,
            EarlierRoots(Hashes(())),
        )
    kept: dict[str, list[Entry]] = {"stop": [], "timestamp": []}
    faults: list[Fault] = []
    for index, raw in enumerate(read_entries(read, len(leaves)), base):
        demand(leaf_hash(raw) == leaves[index - base], "The log's files changed while they were read.")
        try:
            entry = parse_entry(index, raw)
        except Refused as refusal:
            faults.append(Fault(index, refusal.sentence))
            continue
        if entry.kind in kept:
            kept[entry.kind].append(entry)
    malformed = [fault.index for fault in faults if fault.index is not None]
    return Log(
        base,
        head,
        Entries(read, leaves, malformed, base),
        tuple(kept["stop"]),
        tuple(kept["timestamp"]),
        tuple(faults),
        policy.log,
        read,
        EarlierRoots(leaves),
    )
