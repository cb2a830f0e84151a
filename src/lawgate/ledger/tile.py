"""The files of C2SP tlog-tiles: their names, which ones a tree of some size has, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lawgate.domain.errors import LedgerError
from lawgate.ledger.tree import HASH_BYTES, root_of

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""
LEVELS = 8
"""Levels of the tree from one tile to the tile above it."""
CHECKPOINT = "checkpoint"

_NUMBER = r"(?!x000/)(?:x[0-9]{3}/)*[0-9]{3}"
_TILE_PATH = re.compile(
    rf"tile/(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/{_NUMBER}(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{{2}}|2[0-4][0-9]|25[0-5]))?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One file: ``level`` counts tiles upwards, None for an entry bundle; ``width`` is 1 to 256."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Its name below the log's folder."""
        level = "entries" if self.level is None else str(self.level)
        groups = f"{self.index:0{-(-len(str(self.index)) // 3) * 3}d}"
        number = "/".join(f"x{groups[at : at + 3]}" for at in range(0, len(groups), 3))
        number = number[: -len("x000")] + number[-len("000") :]
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number}{partial}"


def is_tile_path(path: str) -> bool:
    """Say whether a name is one that a tile or a bundle can have."""
    return _TILE_PATH.fullmatch(path) is not None


def place_at(level: int | None, index: int, size: int) -> Place:
    """Return the file with that index as a tree of that size has it. Raises ValueError if the tree has no such file."""
    count = size >> LEVELS * (level or 0)
    width = min(WIDTH, count - index * WIDTH)
    if index < 0 or width < 1:
        raise ValueError("a tree of this size has no such tile")
    return Place(level, index, width)


def bundles(size: int, since: int = 0) -> Iterator[Place]:
    """List the entry bundles of a tree of that size that hold an entry from ``since`` on."""
    for index in range(since // WIDTH, -(-size // WIDTH)):
        yield place_at(None, index, size)


def tiles(level: int, size: int, since: int = 0) -> Iterator[Place]:
    """List the tiles of one level of a tree of that size that changed since it had size ``since``."""
    count, first = size >> LEVELS * level, (since >> LEVELS * level) // WIDTH
    for index in range(first, -(-count // WIDTH)):
        yield place_at(level, index, size)


def levels(size: int) -> range:
    """Return the tile levels that a tree of that size has."""
    return range(-(-size.bit_length() // LEVELS))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Write 1 to 256 entries, each as a big-endian uint16 length and its bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(raw: bytes, width: int) -> tuple[bytes, ...]:
    """Read exactly ``width`` entries. Raises LedgerError if there are more or fewer, or bytes left over."""
    entries, at = [], 0
    for _ in range(width):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        if at + 2 > len(raw) or end > len(raw):
            raise LedgerError("an entry bundle ends before its last entry")
        entries.append(raw[at + 2 : end])
        at = end
    if at != len(raw):
        raise LedgerError("an entry bundle has bytes after its last entry")
    return tuple(entries)


def decode_tile(raw: bytes, width: int) -> tuple[bytes, ...]:
    """Read exactly ``width`` hashes. Raises LedgerError for any other length."""
    if len(raw) != width * HASH_BYTES:
        raise LedgerError("a tile has not the length of its width")
    return tuple(raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES))


def beginning(full: bytes, place: Place) -> bytes:
    """Cut a full file to the width of a partial one. Raises LedgerError if it is no full file."""
    if place.level is None:
        return encode_bundle(decode_bundle(full, WIDTH)[: place.width])
    return b"".join(decode_tile(full, WIDTH)[: place.width])


def full_of(path: str) -> str | None:
    """Return the name of the full file that supersedes a partial one, None for a name that is no partial file's."""
    return path.rpartition(".p/")[0] or None if is_tile_path(path) else None


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Return what a full tile, or an aligned part of one, adds to the level above."""
    return root_of(hashes)
