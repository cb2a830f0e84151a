"""The log's files (C2SP tlog-tiles): where each tile lies, which a size asks for, and whether they hold what the entries say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lawgate_verifier.entries import LARGEST_ENTRY
from lawgate_verifier.merkle import EarlierRoots, Hashes, root_of
from lawgate_verifier.refused import Refused, demand

WIDTH = 256
HASH_BYTES = 32

# Reads a file below the log's folder: at most so many bytes, or None if it is not there. Raises Refused if it is larger or out of reach.
Read = Callable[[str, int], bytes | None]


def tile_path(level: str, number: int, width: int) -> str:
    """Name a tile: ``level`` is a number or ``entries``, ``width`` 1 to 256 (256: a full tile)."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def widths(count: int) -> Iterator[tuple[int, int]]:
    """Number the tiles over ``count`` things, with the width of each."""
    for start in range(0, count, WIDTH):
        yield start // WIDTH, min(WIDTH, count - start)


def read_entries(read: Read, size: int) -> Iterator[bytes]:
    """Read the entries of a log of that size one after the other, from bundles of exactly the widths that the size asks for.

    Raises Refused. No more than one bundle is in memory at a time.
    """
    for number, width in widths(size):
        yield from _bundle(read, number, width)


def _bundle(read: Read, number: int, width: int) -> list[bytes]:
    path = tile_path("entries", number, width)
    raw = read(path, width * (LARGEST_ENTRY + 2))
    if raw is not None:
        return _split(raw, width, path)
    # A log may drop a partial file once the full one is there (C2SP tlog-tiles); its beginning says the same.
    full = tile_path("entries", number, WIDTH)
    raw = read(full, WIDTH * (LARGEST_ENTRY + 2)) if width < WIDTH else None
    if raw is None:
        raise Refused(0, f"The log lacks {path}.")
    return _split(raw, WIDTH, full)[:width]


def _tile(read: Read, level: int, number: int, width: int) -> bytes:
    path = tile_path(str(level), number, width)
    raw = read(path, width * HASH_BYTES)
    if raw is None and width < WIDTH:
        raw = read(tile_path(str(level), number, WIDTH), WIDTH * HASH_BYTES)
        if raw is not None and len(raw) == WIDTH * HASH_BYTES:
            return raw[: width * HASH_BYTES]
    if raw is None:
        raise Refused(0, f"The log lacks {path}.")
    return raw


def check_tree(read: Read, leaves: Hashes, root: bytes) -> list[str]:
    """Compare every needed hash tile, and the root, with the entries' leaf hashes. Returns a sentence for each that differs."""
    faults = []
    if EarlierRoots(leaves).at(len(leaves)) != root:
        faults.append("The entries do not have the root that the checkpoint states.")
    row = leaves
    level = 0
    while len(row):
        faults += _differing(read, level, row)
        # A level's hash stands for a full tile of the level below; what is partial has none yet.
        row = Hashes(_tile_root(row, number) for number in range(len(row) // WIDTH))
        level += 1
    return faults


def _tile_root(row: Hashes, number: int) -> bytes:
    return root_of([row[index] for index in range(number * WIDTH, (number + 1) * WIDTH)])


def _differing(read: Read, level: int, row: Hashes) -> Iterator[str]:
    for number, width in widths(len(row)):
        path = tile_path(str(level), number, width)
        wanted = row.run(number * WIDTH, number * WIDTH + width)
        try:
            if _tile(read, level, number, width) != wanted:
                yield f"The tile {path} does not hold the hashes of the entries."
        except Refused as refusal:
            yield refusal.sentence


def _split(raw: bytes, width: int, path: str) -> list[bytes]:
    entries = []
    at = 0
    for _ in range(width):
        length = int.from_bytes(raw[at : at + 2], "big")
        entries.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
        demand(at <= len(raw) and length > 0, f"The bundle {path} ends early or holds an empty entry.")
    demand(at == len(raw), f"The bundle {path} holds more than its entries.")
    return entries
