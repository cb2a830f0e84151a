"""The RFC 6962 tree: hashes, root, inclusion and consistency. Every hash has exactly 32 bytes or is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from lawgate_verifier.refused import demand

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def parents(row: Sequence[bytes]) -> list[bytes]:
    """Hash a row pairwise; a last one without partner moves up unchanged, which is RFC 6962's split at powers of two."""
    paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
    return paired + list(row[len(row) - 1 :]) if len(row) % 2 else paired


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Compute the root over leaf hashes; the empty tree has the hash of nothing."""
    row = list(leaves)
    if not row:
        return EMPTY_ROOT
    while len(row) > 1:
        row = parents(row)
    return row[0]


class Hashes:
    """A row of hashes in one buffer: a log has millions, and as objects of their own they would take three times the room."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        self._raw = bytearray()
        for each in hashes:
            self._raw += each

    def __len__(self) -> int:
        return len(self._raw) // 32

    def __getitem__(self, index: int) -> bytes:
        return self.run(index, index + 1)

    def run(self, start: int, end: int) -> bytes:
        """Give the hashes from ``start`` on and before ``end``, one after the other, as a tile has them."""
        return bytes(self._raw[32 * start : 32 * end])


class EarlierRoots:
    """The roots that a tree had at its earlier sizes; asked for in growing order, they cost one walk over the leaves together."""

    def __init__(self, leaves: Hashes) -> None:
        self._leaves = leaves
        self._size = 0
        self._peaks: list[bytes] = []  # the roots of the full subtrees, the largest first

    def at(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaf hashes, of which there are as many."""
        if size < self._size:
            self._size, self._peaks = 0, []
        for index in range(self._size, size):
            node = self._leaves[index]
            while index % 2:
                node = node_hash(self._peaks.pop(), node)
                index >>= 1
            self._peaks.append(node)
        self._size = size
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at ``index`` of the tree of ``size`` (RFC 9162 section 2.1.3.2). Raises Refused."""
    _check_hashes([leaf, root, *path])
    demand(0 <= index < size, "The index lies outside the tree.")
    place, last, found = index, size - 1, leaf
    for beside in path:
        demand(last > 0, "The inclusion proof is too long.")
        if place % 2 or place == last:
            found = node_hash(beside, found)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        place, last = place >> 1, last >> 1
    demand(last == 0 and found == root, "The inclusion proof does not lead to the signed root.")


def check_consistency(
    old_size: int, new_size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the larger tree extends the smaller one (RFC 9162 section 2.1.4.2). Raises Refused.

    A tree of size 0 proves nothing and is refused. For holders of two checkpoints and no log.
    """
    _check_hashes([old_root, new_root, *path])
    demand(0 < old_size <= new_size, "The sizes are not those of an older and a newer tree.")
    if old_size == new_size:
        demand(not path and old_root == new_root, "Two trees of one size have different roots.")
        return
    nodes = list(path)
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root)
    demand(bool(nodes), "The consistency proof is too short.")
    place, last = old_size - 1, new_size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for beside in nodes[1:]:
        demand(last > 0, "The consistency proof is too long.")
        if place % 2 or place == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        place, last = place >> 1, last >> 1
    demand(
        last == 0 and (old, new) == (old_root, new_root), "The consistency proof does not join the two roots."
    )


def _check_hashes(hashes: Sequence[bytes]) -> None:
    demand(all(len(each) == 32 for each in hashes), "A hash does not have 32 bytes.")
