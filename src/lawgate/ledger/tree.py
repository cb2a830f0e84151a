"""The Merkle tree of RFC 6962 §2.1: hashes, roots and both kinds of proof, made and verified; every hash has exactly 32 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without entries."""

KNOWN_HASHES = 8192
"""How many hashes of proofs are held for the next proof, which shares most of them with the one before."""

_LEVELS_TOGETHER = 8
_TOGETHER = 1 << _LEVELS_TOGETHER

Node = Callable[[int, int], bytes]
"""``node(level, index)`` gives the hash of the complete subtree over entries ``index·2^level`` to ``(index+1)·2^level - 1``."""


def leaf_hash(entry: bytes) -> bytes:
    """Return ``H(0x00 || entry)``."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return ``H(0x01 || left || right)``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


_shared_hash = lru_cache(maxsize=KNOWN_HASHES)(node_hash)


class Frontier:
    """The right edge of a tree that grows: appending costs about two hashes, whatever the size."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(peaks) or any(len(peak) != HASH_BYTES for peak in peaks):
            raise ValueError("a frontier has one 32-byte hash for each bit set in its size")
        self.size = size
        self._peaks = list(peaks)

    def append(self, hashed: bytes, level: int = 0) -> None:
        """Add one leaf hash, or the root of ``2^level`` leaves at once, where the size is a multiple of that."""
        size = self.size >> level
        while size & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            size >>= 1
        self._peaks.append(hashed)
        self.size += 1 << level

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add many leaf hashes, whole subtrees of them at once where they are in place."""
        at = 0
        while at < len(leaf_hashes):
            if self.size % _TOGETHER == 0 and at + _TOGETHER <= len(leaf_hashes):
                self.append(root_of(leaf_hashes[at : at + _TOGETHER]), _LEVELS_TOGETHER)
                at += _TOGETHER
            else:
                self.append(leaf_hashes[at])
                at += 1

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, which are all in memory for it."""
    row, sha256 = list(leaf_hashes), hashlib.sha256
    while len(row) > 1:
        # A last one without partner moves up unchanged: RFC 6962 splits at powers of two.
        alone = row[-1:] if len(row) % 2 else []
        row = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        row += alone
    return row[0] if row else EMPTY_ROOT


def frontier_of(size: int, node: Node) -> Frontier:
    """Read the right edge of a stored tree of that size."""
    peaks, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            peaks.append(node(level, start >> level))
            start += 1 << level
    return Frontier(size, peaks)


def inclusion_proof(
    index: int, size: int, node: Node, edges: dict[tuple[int, int], bytes] | None = None
) -> tuple[bytes, ...]:
    """Make the audit path of RFC 6962 §2.1.1, leaf upwards. Raises ValueError unless ``0 <= index < size``.

    ``edges`` keeps what was hashed together at the tree's right edge, for the next proof of the same tree.
    """
    if not 0 <= index < size:
        raise ValueError("the index lies outside the tree")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_kept_hash(middle, high, node, edges))
            high = middle
        else:
            path.append(_kept_hash(low, middle, node, edges))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """Make the consistency proof of RFC 6962 §2.1.2; empty if the sizes are equal. Raises ValueError unless ``0 < old <= new``."""
    if not 0 < old <= new:
        raise ValueError("no consistency proof exists between these sizes")
    path, low, high, whole = [], 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, node))
            high = middle
        else:
            path.append(_range_hash(low, middle, node))
            low, whole = middle, False
    if not whole:
        path.append(_range_hash(low, high, node))
    return tuple(reversed(path))


def verify_inclusion(index: int, size: int, hashed: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the leaf hash stands at that index of the tree with that root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes(hashed, root, *proof):
        return False
    place, last, current = index, size - 1, hashed
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = _shared_hash(sibling, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = _shared_hash(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the old tree is a prefix of the new one (RFC 9162 §2.1.4.2).

    An old size of 0 is never consistent here: there is nothing that a proof could prove, and the caller must mean it.
    """
    if not 0 < old <= new or not _all_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(width: int) -> int:
    """Return the largest power of two smaller than the width."""
    return 1 << (width - 1).bit_length() - 1


def _range_hash(low: int, high: int, node: Node) -> bytes:
    """Hash the entries from low to high, where low is aligned as RFC 6962's splitting leaves it."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(width)
    return node_hash(_range_hash(low, middle, node), _range_hash(middle, high, node))


def _kept_hash(low: int, high: int, node: Node, edges: dict[tuple[int, int], bytes] | None) -> bytes:
    width = high - low
    if edges is None or width & (width - 1) == 0:
        return _range_hash(low, high, node)
    if (low, high) not in edges:
        edges[low, high] = _range_hash(low, high, node)
    return edges[low, high]


def _all_hashes(*values: bytes) -> bool:
    return set(map(len, values)) == {HASH_BYTES}
