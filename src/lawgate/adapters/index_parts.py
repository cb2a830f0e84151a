"""What a whole build and an update of the index make in the same way: clear rows, lines at their addresses, buckets of keys."""

from __future__ import annotations

import math

import numpy as np

from lawgate.adapters.arrow import Table, arrow, compute
from lawgate.adapters.index_file import Array
from lawgate.adapters.normal_columns import as_column
from lawgate.adapters.record_sources import COLUMNS, ROW_END, VALUE_END
from lawgate.records.encode import BORN, Encoded
from lawgate.records.layout import LINE, lay_out

LARGEST_GROUP = (1 << 24) - 1
"""Lines at one address."""

COUNT_BITS = 24
"""The low bits of an entry's second word: how many lines its group has; the bits above say which is the first."""

_PER_BUCKET = 2


def rows_in_clear(table: Table, starts: Array) -> tuple[bytes, Array]:
    """Write rows that stand together by record as the index keeps them; returns them and where in them each record begins."""
    text = compute.binary_join_element_wise(*(table[c] for c in COLUMNS), VALUE_END)
    column = as_column(compute.binary_join_element_wise(text, arrow.scalar(ROW_END), ""))
    begin, end = column.offsets[0], column.offsets[-1]
    return column.data[begin:end].tobytes(), column.offsets[starts[:-1]] - begin


def lines_of(pairs: Array, rows: Encoded, years: Array, starts: Array, numbers: Array) -> Array:
    """Lay out records with these numbers in the index; each line has the keys of its address by ZIP and by city behind it."""
    births = np.ascontiguousarray(rows.words[:, BORN])
    given = (pairs, rows.words, rows.more, rows.more_at, years, births, starts, numbers.astype(np.int64))
    nowhere = np.zeros((0, LINE + 2), np.uint64)
    count = lay_out(*given, nowhere, nowhere, False)
    lines = np.zeros((count, LINE + 2), np.uint64)
    lay_out(*given, lines, lines[:, LINE:], True)
    return lines


def years_of(table: Table) -> Array:
    """Return the tax years as numbers."""
    codes = table["tax_year"].combine_chunks().dictionary_encode()
    years: Array = np.array([int(v) for v in codes.dictionary.to_pylist()], dtype=np.int64)
    by_row: Array = years[codes.indices.to_numpy()]
    return by_row


class Buckets:
    """Where in sorted entries each bucket of keys begins, told piece by piece."""

    def __init__(self, entries: int) -> None:
        bits = max(1, int(math.log2(entries / _PER_BUCKET + 1)))
        self._shift = np.uint64(64 - bits)
        self._counts = np.zeros((1 << bits) + 1, dtype=np.uint64)
        self._last: int | None = None

    def note(self, keys: Array) -> int:
        """Take the next keys, in ascending order; returns how many of them were not there before."""
        if not len(keys):
            return 0
        buckets, counts = np.unique(keys >> self._shift, return_counts=True)
        self._counts[buckets.astype(np.int64) + 1] += counts.astype(np.uint64)
        new = int((keys[1:] != keys[:-1]).sum()) + (int(keys[0]) != self._last)
        self._last = int(keys[-1])
        return new

    def whole(self) -> bytes:
        """Return the section: a position for each bucket, and the end."""
        return np.cumsum(self._counts, dtype="<u8").tobytes()
