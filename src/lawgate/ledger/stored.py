"""The published log as files: reads exactly the tiles and bundles that a size asks for, and gives nodes of the tree from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from lawgate.domain.errors import LedgerError
from lawgate.ledger.tile import LEVELS, WIDTH, Place, beginning, decode_bundle, decode_tile, place_at
from lawgate.ledger.tree import node_hash

_BUNDLES = 8


class TileStore(Protocol):
    """The log's folder. A tile or bundle once written never changes; only ``checkpoint`` is ever replaced."""

    def read(self, path: str) -> bytes | None:
        """Read a file, or None if it is not there."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a file durably and whole: after a crash it is there complete, or as it was before.

        Raises LedgerError if a tile stands there with other content.
        """
        ...

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write tiles and bundles, each as ``write`` does. A crash leaves some of them written; the rest are written next time."""
        ...


class StoredTree:
    """The tree of one size, read from files; each tile is read once, and of the far larger bundles the last few are kept."""

    def __init__(self, store: TileStore, size: int) -> None:
        self.size = size
        self._store = store
        self._tiles: dict[Place, tuple[bytes, ...]] = {}
        self._nodes: dict[tuple[int, int], list[list[bytes]]] = {}
        self._bundles: dict[int, tuple[bytes, ...]] = {}

    def tile(self, level: int, index: int) -> tuple[bytes, ...]:
        """Read the hashes of one tile. Raises LedgerError if it is missing or of a wrong length."""
        place = place_at(level, index, self.size)
        if place not in self._tiles:
            self._tiles[place] = decode_tile(self._read(place), place.width)
        return self._tiles[place]

    def bundle(self, index: int) -> tuple[bytes, ...]:
        """Read one bundle's entries. Raises LedgerError if it is missing or malformed."""
        place = place_at(None, index, self.size)
        return decode_bundle(self._read(place), place.width)

    def entry(self, index: int) -> bytes:
        """Read one entry. Raises LedgerError as ``bundle`` does."""
        number = index // WIDTH
        if number not in self._bundles:
            if len(self._bundles) >= _BUNDLES:
                del self._bundles[next(iter(self._bundles))]
            self._bundles[number] = self.bundle(number)
        return self._bundles[number][index % WIDTH]

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree (``tree.Node``)."""
        tile_level, height = divmod(level, LEVELS)
        tile, at = divmod(index << height, WIDTH)
        return self._within(tile_level, tile)[height][at >> height]

    def _within(self, level: int, tile: int) -> list[list[bytes]]:
        """Hash a tile together, once: its own hashes, and above them those of every complete subtree that lies within it."""
        found = self._nodes.get((level, tile))
        if found is None:
            found = [list(self.tile(level, tile))]
            while len(found[-1]) > 1:
                below = found[-1]
                pairs = zip(below[::2], below[1::2], strict=False)
                found.append([node_hash(left, right) for left, right in pairs])
            self._nodes[level, tile] = found
        return found

    def _read(self, place: Place) -> bytes:
        raw = self._store.read(place.path)
        if raw is None and place.width < WIDTH:
            # A log may drop a partial file once the full one is there (C2SP tlog-tiles); its beginning says the same.
            full = self._store.read(Place(place.level, place.index, WIDTH).path)
            raw = None if full is None else beginning(full, place)
        if raw is None:
            raise LedgerError(f"the log's file {place.path} is missing")
        return raw


def entries_of(store: TileStore, start: int, size: int) -> Iterator[bytes]:
    """Read entries ``start <= index < size`` of a log of that size, bundle by bundle. Raises LedgerError as ``bundle`` does."""
    tree = StoredTree(store, size)
    for number in range(start // WIDTH, -(-size // WIDTH)):
        yield from tree.bundle(number)[max(start - number * WIDTH, 0) :]


def read_text(store: TileStore, path: str) -> str | None:
    """Read a file as UTF-8 text, or None. Raises LedgerError if it is not UTF-8."""
    raw = store.read(path)
    try:
        return None if raw is None else raw.decode("utf-8")
    except UnicodeDecodeError:
        raise LedgerError(f"the log's file {path} is not UTF-8") from None
