"""The traces of a chunk of lines as bytes: what guard's first pass leaves for its second, and what is counted over all chunks.

Between the passes a submission may have a million lines, so nothing of a line is held but these.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from lawgate.guard.matter import CORROBORATING
from lawgate.guard.reasons import WORD_BYTES
from lawgate.guard.traces import MARK_BYTES, SAID_BYTES, Traces

SINGLE = ("line", "officer", "case", "opened", "address")
"""Kinds of which a line leaves one at most."""
COUNTED = (*SINGLE, "reasons")
"""Kinds that are counted by mark."""
BUCKETS = 16
"""Entries stand apart by their first four bits, so that not all of them need be looked at together."""
COUNT_BYTES = ORDINAL_BYTES = 4

_SAID = SAID_BYTES * len(CORROBORATING)
MATTER_BYTES = MARK_BYTES + ORDINAL_BYTES + _SAID
_HEAD = struct.Struct(">BIII")
_CHECKED, _GOES_ON = 32, 64

Entries = tuple[bytes, ...]
"""For each bucket the entries that are in it, sorted, in one piece."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The traces of one chunk: ``left`` line by line (see ``unpack``), ``entries`` by kind, and how many lines leave ``unusable``."""

    lines: int
    unusable: int
    left: bytes
    entries: Mapping[str, Entries]


def pack(left: Sequence[Traces]) -> Packed:
    """Pack the traces of lines that stand one behind the other.

    An entry is a mark and its count (kind ``word``: a word's digest and its count, of checked lines only); of kind ``matter`` it is a mark, an
    ordinal, and what was said.
    """
    entries = {kind: _counted(_single(left, kind)) for kind in SINGLE}
    entries["reasons"] = _counted(chain.from_iterable(one.reasons for one in left))
    entries["word"] = _counted(chain.from_iterable(one.words for one in left))
    entries["matter"] = _in_buckets(
        [
            mark + one.ordinal.to_bytes(ORDINAL_BYTES, "big") + said
            for one in left
            for mark, said in one.matters
        ]
    )
    unusable = sum(not one.address for one in left)
    return Packed(len(left), unusable, b"".join(map(_packed, left)), entries)


def unpack(left: bytes, first: int) -> Iterator[Traces]:
    """Read the packed lines back; ``first`` is the ordinal of the first."""
    place, ordinal = 0, first
    while place < len(left):
        flags, reasons, matters, words = _HEAD.unpack_from(left, place)
        place += _HEAD.size
        single = []
        for n in range(len(SINGLE)):
            if flags >> n & 1:
                single.append(left[place : place + MARK_BYTES])
                place += MARK_BYTES
            else:
                single.append(b"")
        bands = tuple(
            [left[p : p + MARK_BYTES] for p in range(place, place + reasons * MARK_BYTES, MARK_BYTES)]
        )
        place += reasons * MARK_BYTES
        size = MARK_BYTES + _SAID
        found = tuple(
            [
                (left[p : p + MARK_BYTES], left[p + MARK_BYTES : p + size])
                for p in range(place, place + matters * size, size)
            ]
        )
        place += matters * size
        end = place + words * WORD_BYTES
        digests = tuple([left[p : p + WORD_BYTES] for p in range(place, end, WORD_BYTES)])
        place = end
        line, officer, case, opened, address = single
        yield Traces(
            ordinal, bool(flags & _CHECKED), bool(flags & _GOES_ON), line, officer, case, opened, address, bands, found, digests
        )  # fmt: skip
        ordinal += 1


def _packed(one: Traces) -> bytes:
    single = (one.line, one.officer, one.case, one.opened, one.address)
    flags = sum(1 << n for n, mark in enumerate(single) if mark)
    flags |= (_CHECKED if one.checked else 0) | (_GOES_ON if one.goes_on else 0)
    head = _HEAD.pack(flags, len(one.reasons), len(one.matters), len(one.words))
    return b"".join((head, *single, *one.reasons, *chain.from_iterable(one.matters), *one.words))


def _single(left: Sequence[Traces], kind: str) -> Iterator[bytes]:
    return (mark for one in left if (mark := getattr(one, kind)))


def _counted(marks: Iterable[bytes]) -> Entries:
    return _in_buckets([mark + n.to_bytes(COUNT_BYTES, "big") for mark, n in Counter(marks).items()])


def _in_buckets(entries: list[bytes]) -> Entries:
    buckets: list[list[bytes]] = [[] for _ in range(BUCKETS)]
    for entry in sorted(entries):
        buckets[entry[0] * BUCKETS >> 8].append(entry)
    return tuple(map(b"".join, buckets))
