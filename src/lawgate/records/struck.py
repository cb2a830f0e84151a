"""Finds in an index what it says of some records, where the addresses of their rows are known: an update takes it out."""

from __future__ import annotations

from lawgate.records.compiled import Bytes, Places, Words, compiled
from lawgate.records.fingerprint import NOTHING, text_print
from lawgate.records.kernel import Table, extent, find
from lawgate.records.layout import KIND, LINE, RECORD


@compiled
def leading_prints(key: Words, data: Bytes, starts: Places, end: int, out: Words) -> None:
    """Fingerprint what stands in each text of ``data`` before its first sign ``end``; an empty text has none (0).

    Text ``n`` goes from ``starts[n]`` up to ``starts[n + 1]``.
    """
    for n in range(len(starts) - 1):
        at = starts[n]
        while at < starts[n + 1] and data[at] != end:
            at += 1
        out[n] = text_print(key, data, starts[n], at) if at > starts[n] else NOTHING


@compiled
def places_of(said: Words, table: Table, places: Places, write: bool) -> int:
    """Say in which lines of the index the records stand that ``said`` was made of: lines with the two keys of their address behind.

    Returns how many places there are, some more than once; with ``write`` it fills ``places``.
    """
    count = 0
    for n in range(len(said)):
        key = said[n, LINE] if said[n, LINE] != NOTHING else said[n, LINE + 1]
        first, end = find(table.entries, table.buckets, table.shift, key)
        for entry in range(first, end):
            start, stop = extent(table.entries[entry, 1])
            for at in range(start, stop):
                if (table.lines[at, RECORD] ^ said[n, RECORD]) & ~KIND == NOTHING:
                    if write:
                        places[count] = at
                    count += 1
    return count
