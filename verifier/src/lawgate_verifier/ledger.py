"""Opens a whole log: the head by the policy, then every file, hash and entry recomputed. What is returned hangs together."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate_verifier.entries import Entry, parse_entry
from lawgate_verifier.policy import Head, Policy, check_head
from lawgate_verifier.refused import Refused
from lawgate_verifier.tiles import Read, check_tree, read_entries

# Room for a checkpoint with 64 signature lines of the largest algorithm in use (ML-DSA).
LARGEST_CHECKPOINT = 1 << 18


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a log; ``index`` is None where it is not about one entry."""

    index: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log as read. ``entries`` holds the well-formed ones; it is empty while the tree itself has faults.

    ``base`` is how many entries the logs before it hold.
    """

    base: int
    head: Head
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


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
    raws = read_entries(read, head.checkpoint.size)
    broken = check_tree(read, raws, head.checkpoint.root)
    if broken:
        return Log(base, head, (), tuple(Fault(None, sentence) for sentence in broken))
    entries: list[Entry] = []
    faults: list[Fault] = []
    for index, raw in enumerate(raws, base):
        try:
            entries.append(parse_entry(index, raw))
        except Refused as refusal:
            faults.append(Fault(index, refusal.sentence))
    return Log(base, head, tuple(entries), tuple(faults))
