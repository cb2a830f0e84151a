"""Publishing the log: files, check, signature, commit, cosignatures, and only then the checkpoint; safe to repeat after any crash.

The order is the promise:

1. what is already signed is what lies in the store and in the files, and no witness has seen more or other than that;
2. the new entries' bundles and tiles are written, read back and hashed again, before anything is signed: an entry that does not
   hash to a signed root could never be repaired;
3. the head is signed and swapped in: the commit point, after which the log can only go on from here;
4. the witnesses cosign, each from the size it has seen;
5. only with a quorum is the public ``checkpoint`` replaced, and only from that file are receipts made (I-6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from lawgate.domain.errors import LawgateError, LedgerError, QuorumError
from lawgate.domain.receipt import Receipt, make_receipt
from lawgate.ledger.checkpoint import Checkpoint, checkpoint_of, parse_checkpoint, sign_checkpoint
from lawgate.ledger.collect import collect
from lawgate.ledger.cosignature import cosigned_at
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.note import ED25519, Note, SignatureLine, Signer, good_signers, parse_note
from lawgate.ledger.policy import Believed, Policy, believe
from lawgate.ledger.proof import Proof, parse_proof, verify_proof
from lawgate.ledger.stored import StoredTree, TileStore, read_text
from lawgate.ledger.tile import CHECKPOINT, LEVELS, WIDTH, bundles, encode_bundle, levels, tile_root, tiles
from lawgate.ledger.tree import EMPTY_ROOT, frontier_of, inclusion_proof, leaf_hash
from lawgate.ledger.witness import Witness

__all__ = [
    "CLOCK_SKEW",
    "EntrySource",
    "HeadLock",
    "Published",
    "TileStore",
    "Witness",
    "prove",
    "publish",
    "published",
    "receipt_for",
]

CLOCK_SKEW = 300
"""Seconds by which a cosignature may lie ahead of our clock; further ahead it does not count."""


class EntrySource(Protocol):
    """The sequenced entries. What has an index keeps it, and its bytes, for ever."""

    def size(self) -> int:
        """How many entries are sequenced."""
        ...

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Read entries ``start <= index < end``."""
        ...


class HeadLock(Protocol):
    """The last signed checkpoint, with compare-and-swap."""

    def load_head(self) -> str | None:
        """Read the last signed checkpoint (the log's own signature only), or None before the first."""
        ...

    def swap_head(self, old: str | None, new: str) -> bool:
        """Replace it durably if it is still ``old``; say whether it was."""
        ...


def publish(
    entries: EntrySource,
    store: TileStore,
    head: HeadLock,
    signer: Signer,
    witnesses: Sequence[Witness],
    policy: Policy,
    now: datetime,
    predecessor: str = "",
) -> str:
    """Publish every sequenced entry and return the cosigned checkpoint note, which is then also the file ``checkpoint``.

    Safe to call again after a crash anywhere and with nothing new: what is missing is done, what is there is left. The caller
    holds an inter-process lock. ``now`` (aware) is the time in the cosignatures of witnesses that have no clock of their own.
    ``predecessor`` is the origin of the log that this one succeeds: until this one is signed first, the head is that log's last.

    Raises LedgerError, having signed nothing, if head, entries, files or a witness contradict one another: stop and look.
    Raises QuorumError if too few witnesses cosign; ``checkpoint`` is then what it was.
    """
    if signer.key(ED25519) != policy.log:
        raise LedgerError("the signing key is not the policy's log key")
    old = head.load_head()
    signed, size = _signed_head(old, signer, policy, predecessor), entries.size()
    tree = _checked_tree(checkpoint_of(signed, policy.log), size, entries, store, policy)
    # Nothing is signed on top of a head that no quorum confirms now: a restored backup fails here, before it has forked the log.
    kept = _public_lines(store, signed, policy)
    cosigned = collect(signed, tree, tree.size, kept, witnesses, policy, now)
    if size > tree.size:
        grown = _grow(tree, size, entries, store, policy)
        signed = sign_checkpoint(grown, signer)
        # The commit point. A crash before it leaves tiles nobody has signed, written again the same next time. A crash after it
        # leaves a signed head without cosignatures, which the next call collects.
        if not head.swap_head(old, str(signed)):
            raise LedgerError("another process moved the log's head")
        cosigned = collect(signed, StoredTree(store, size), tree.size, (), witnesses, policy, now)
    # A crash before this write leaves the older checkpoint public: receipts wait, nothing is believed that is not so.
    store.write(CHECKPOINT, str(cosigned).encode())
    return str(cosigned)


@dataclass(frozen=True, slots=True)
class Published:
    """The published log as it was read at one moment, for many proofs: the checkpoint believed, and the tree below it, each file read once.

    ``base`` is how many entries the logs before it hold.
    """

    policy: Policy
    believed: Believed
    tree: StoredTree
    base: int = 0
    _edges: dict[tuple[int, int], bytes] = field(default_factory=dict, repr=False)

    def proof(self, index: int) -> tuple[Proof, str]:
        """Make one entry's proof file and its text, and verify it as its reader will. Raises LedgerError if the files contradict one
        another, QuorumError if the checkpoint does not cover the index yet."""
        if index < 0:
            raise LedgerError("an index is not negative")
        if index >= self.tree.size:
            raise QuorumError("no cosigned checkpoint covers this entry yet")
        hashes = inclusion_proof(index, self.tree.size, self.tree.node, self._edges)
        proof = Proof(self.tree.entry(index), index, hashes, self.believed.text)
        # Read back from its own text: what is handed out is what was verified.
        text = str(proof)
        verify_proof(parse_proof(text), self.policy, self.believed)
        return proof, text


def published(store: TileStore, policy: Policy, now: datetime | None = None, base: int = 0) -> Published:
    """Read the public checkpoint and believe it. Given a moment, no cosignature stamped more than ``CLOCK_SKEW`` seconds after it counts.

    Raises QuorumError if there is none, or too few cosignatures count; LedgerError if it is not the log's.
    """
    raw = read_text(store, CHECKPOINT)
    if raw is None:
        raise QuorumError("no checkpoint is published yet")
    believed = believe(raw, policy)
    if now is not None:
        latest = int(now.timestamp()) + CLOCK_SKEW
        timely = {name for name in believed.cosigners if _time_of(name, believed, policy) <= latest}
        if not policy.satisfied_by(timely):
            raise QuorumError("too few cosignatures that are not dated in the future")
    return Published(policy, believed, StoredTree(store, believed.checkpoint.size), base)


def prove(index: int, store: TileStore, policy: Policy) -> Proof:
    """Make the proof file of one entry from the published files. Raises as ``published`` and ``Published.proof`` do."""
    return published(store, policy).proof(index)[0]


def receipt_for(number: int, proofs: Published) -> Receipt:
    """Make the receipt without which nothing is sealed (I-6); the number counts through all years. Raises as ``Published.proof`` does."""
    proof, text = proofs.proof(number - proofs.base)
    return make_receipt(proof.index, proof.entry, proofs.tree.size, text, proofs.base)


def last_quorum(store: TileStore, policy: Policy) -> datetime | None:
    """Return the latest moment by which a quorum had cosigned the public checkpoint, or None if nothing believable is public."""
    try:
        believed = published(store, policy).believed
    except LawgateError:
        return None
    times = {name: _time_of(name, believed, policy) for name in believed.cosigners}
    enough = (
        time
        for time in sorted(times.values(), reverse=True)
        if policy.satisfied_by({name for name, stated in times.items() if stated >= time})
    )
    latest = next(enough, None)
    return None if latest is None else datetime.fromtimestamp(latest, UTC)


def _time_of(name: str, believed: Believed, policy: Policy) -> int:
    key = policy.witnesses[name]
    return next(cosigned_at(line) for line in believed.note.signatures if key.made(line))


def _signed_head(old: str | None, signer: Signer, policy: Policy, predecessor: str) -> Note:
    """Return the last signed head; before the first, the empty tree's, which contradicts no other head and so is safe to sign."""
    if old is not None:
        kept = parse_note(old)
        if not predecessor or parse_checkpoint(kept.text).origin != predecessor:
            return kept
    return sign_checkpoint(Checkpoint(policy.log.name, 0, EMPTY_ROOT), signer)


def _checked_tree(
    head: Checkpoint, size: int, entries: EntrySource, store: TileStore, policy: Policy
) -> StoredTree:
    """Return the signed head's tree; refuse to go on from a head that is not the store's and the files' own past."""
    if size == 0:
        raise LedgerError("a log without its policy entry is not published")
    if size < head.size:
        raise LedgerError("the store holds fewer entries than the log has signed")
    tree = StoredTree(store, head.size)
    if frontier_of(head.size, tree.node).root() != head.root:
        raise LedgerError("the files do not hash to the signed head")
    if head.size:
        # The last bundle stands for all: earlier ones were compared with the store before an earlier head was signed.
        _check_bundle(tree, (head.size - 1) // WIDTH, entries)
    raw = read_text(store, CHECKPOINT)
    if raw is not None:
        public = checkpoint_of(parse_note(raw), policy.log)
        if public.size > head.size or (public.size == head.size and public.root != head.root):
            raise LedgerError("a later or another checkpoint is already public")
    return tree


def _public_lines(store: TileStore, signed: Note, policy: Policy) -> tuple[SignatureLine, ...]:
    """Return the witnesses' lines under the public checkpoint, if it is this very head."""
    raw = read_text(store, CHECKPOINT)
    public = None if raw is None else parse_note(raw)
    if public is None or public.text != signed.text:
        return ()
    keys = good_signers(public, tuple(policy.witnesses.values()))
    return tuple(line for line in public.signatures if any(key.made(line) for key in keys))


def _grow(tree: StoredTree, size: int, entries: EntrySource, store: TileStore, policy: Policy) -> Checkpoint:
    """Write the files of what was sequenced since the signed head, read them back, and return the checkpoint they make."""
    fresh: list[bytes] = []
    store.write_many(_bundles(tree, size, entries, policy, fresh))
    store.write_many(_new_tiles(tree, fresh, size))
    grown = StoredTree(store, size)
    for place in bundles(size, tree.size):
        _check_bundle(grown, place.index, entries)
    frontier = frontier_of(tree.size, tree.node)
    frontier.extend(fresh)
    root = frontier.root()
    if frontier.size != size or frontier_of(size, grown.node).root() != root:
        raise LedgerError("what was written does not hash to what was sequenced")
    return Checkpoint(policy.log.name, size, root)


def _bundles(
    tree: StoredTree, size: int, entries: EntrySource, policy: Policy, fresh: list[bytes]
) -> Iterator[tuple[str, bytes]]:
    """Give the bundles that hold an entry from the signed head on; ``fresh`` takes the new entries' hashes."""
    for place in bundles(size, tree.size):
        start = place.index * WIDTH
        block = entries.entries(start, start + place.width)
        for index, entry in enumerate(block, start):
            if index >= tree.size:
                _check_entry(index, entry, policy)
                fresh.append(leaf_hash(entry))
        yield place.path, encode_bundle(block)


def _check_entry(index: int, entry: bytes, policy: Policy) -> None:
    leaf = check_leaf(entry)
    if index == 0 and (leaf["type"] != "policy" or leaf["origin"] != policy.log.name):
        raise LedgerError("entry 0 of a log is its policy entry")


def _check_bundle(tree: StoredTree, index: int, entries: EntrySource) -> None:
    """Compare one bundle as read from its file with the store's entries, and its hashes with the tile beside it."""
    stored, start = tree.bundle(index), index * WIDTH
    if stored != tuple(entries.entries(start, start + len(stored))):
        raise LedgerError("a published entry is not the sequenced one")
    if tuple(map(leaf_hash, stored)) != tree.tile(0, index):
        raise LedgerError("a published entry does not hash to its tile")


def _new_tiles(tree: StoredTree, fresh: list[bytes], size: int) -> Iterator[tuple[str, bytes]]:
    """Give the hash tiles that changed, level by level; each full tile gives one hash to the level above."""
    for level in levels(size):
        count = tree.size >> LEVELS * level
        first = count // WIDTH * WIDTH
        kept = tree.tile(level, count // WIDTH) if count > first else ()
        hashes = [*kept, *fresh]
        for place in tiles(level, size, tree.size) if fresh else ():
            at = place.index * WIDTH - first
            yield place.path, b"".join(hashes[at : at + place.width])
        fresh = [tile_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
