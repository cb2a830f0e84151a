"""What a whole build and an update of the index make in the same way: clear rows, lines at their addresses, buckets of keys."""

from __future__ import annotations

import hashlib
import math
from functools import cache
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Column, Table, arrow, compute
from lawgate.adapters.index_file import Array
from lawgate.adapters.normal_columns import as_column, normal_columns
from lawgate.adapters.record_sources import COLUMNS, ROW_END, VALUE_END
from lawgate.domain.errors import RecordEngineError
from lawgate.records.encode import BORN, Encoded, encode
from lawgate.records.fingerprint import text_prints
from lawgate.records.layout import COUNT_BITS, LARGEST_GROUP, LINE, lay_out

_PER_BUCKET = 2


def record_prints(ids: Column, texts: Array) -> Array:
    """Return the fingerprint of every record_id."""
    prints = np.zeros(len(ids), dtype=np.uint64)
    text_prints(texts, *as_column(ids), prints)
    return prints


def by_record(table: Table, texts: Array) -> tuple[Table, Array]:
    """Put the rows of every record together, by tax year; returns them and where each record begins, with the end.

    Records come in the order of their fingerprints. Raises RecordEngineError if two have the same.
    """
    prints, years = record_prints(table["record_id"], texts), years_of(table)
    order = np.lexsort((years, prints))
    table, prints = table.take(arrow.array(order)), prints[order]
    starts = np.flatnonzero(np.append(True, prints[1:] != prints[:-1]))
    ids = table["record_id"].combine_chunks()
    changes = (
        1 + compute.sum(compute.cast(compute.not_equal(ids[1:], ids[:-1]), "int64"), min_count=0).as_py()
    )
    if changes != len(starts):
        raise RecordEngineError("two records have one fingerprint by chance; build the index once more")
    return table, np.append(starts, table.num_rows).astype(np.int64)


def rows_in_clear(table: Table, starts: Array) -> tuple[bytes, Array]:
    """Write rows that stand together by record as the index keeps them; returns them and where in them each record begins."""
    text = compute.binary_join_element_wise(*(table[c] for c in COLUMNS), VALUE_END)
    column = as_column(compute.binary_join_element_wise(text, arrow.scalar(ROW_END), ""))
    begin, end = column.offsets[0], column.offsets[-1]
    return column.data[begin:end].tobytes(), column.offsets[starts[:-1]] - begin


def values_of(text: str) -> list[list[str]]:
    """Read rows as ``rows_in_clear`` wrote them: each the values of COLUMNS in their order."""
    return [row.split(VALUE_END) for row in text.split(ROW_END)[:-1]]


def lines_of_rows(texts: Array, pairs: Array, table: Table, starts: Array, numbers: Array) -> Array:
    """Encode rows that stand together by record, and lay them out as ``lines_of`` does."""
    return lines_of(pairs, encode(normal_columns(table), texts), years_of(table), starts, numbers)


def lines_of(pairs: Array, rows: Encoded, years: Array, starts: Array, numbers: Array) -> Array:
    """Lay out records with these numbers in the index; each line has the keys of its address by ZIP and by city behind it."""
    births = np.ascontiguousarray(rows.words[:, BORN])
    given = (pairs, rows.words, rows.more, rows.more_at, years, births, starts, numbers.astype(np.int64))
    nowhere = np.zeros((0, LINE + 2), np.uint64)
    count = lay_out(*given, nowhere, nowhere, False)
    lines = np.zeros((count, LINE + 2), np.uint64)
    lay_out(*given, lines, lines[:, LINE:], True)
    return lines


def groups_of(keys: Array, written: int) -> Array:
    """Return the entries of lines that stand sorted by their two keys behind ``written`` others: each key with the group it stands for.

    Raises RecordEngineError if too many stand at one address.
    """
    if not len(keys):
        return np.zeros((0, 2), dtype=np.uint64)
    starts = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
    counts = np.diff(np.append(starts, len(keys))).astype(np.uint64)
    if int(counts.max()) > LARGEST_GROUP:
        raise RecordEngineError("more lines stand at one address than an index can hold")
    extents = ((starts.astype(np.uint64) + np.uint64(written)) << np.uint64(COUNT_BITS)) | counts
    found = np.concatenate([np.stack((keys[starts, which], extents), axis=1) for which in range(2)])
    entries: Array = found[found[:, 0] != 0]
    return entries


@cache
def forms_digest() -> str:
    """Return SHA-256 over everything that says how a record is written in an index: fingerprints of two versions are not compared."""
    adapters, home = Path(__file__).parent, Path(__file__).parents[1]
    files = [
        *sorted((home / "identity").glob("*.py")),
        *(home / "records" / f"{name}.py" for name in ("compare", "encode", "fingerprint", "layout")),
        *(adapters / f"{name}.py" for name in ("normal_columns", "record_sources", "index_parts")),
    ]
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


def years_of(table: Table) -> Array:
    """Return the tax years as numbers."""
    codes = table["tax_year"].combine_chunks().dictionary_encode()
    years: Array = np.array([int(v) for v in codes.dictionary.to_pylist()], dtype=np.int64)
    by_row: Array = years[codes.indices.to_numpy()]
    return by_row


class Buckets:
    """Where in sorted entries each bucket of keys begins, told piece by piece. ``shift`` cuts a key to its bucket."""

    def __init__(self, entries: int) -> None:
        bits = max(1, int(math.log2(entries / _PER_BUCKET + 1)))
        self.shift = np.uint64(64 - bits)
        self._counts = np.zeros((1 << bits) + 1, dtype=np.uint64)
        self._last: int | None = None

    def note(self, keys: Array) -> int:
        """Take the next keys, in ascending order; returns how many of them were not there before."""
        if not len(keys):
            return 0
        buckets, counts = np.unique(keys >> self.shift, return_counts=True)
        self._counts[buckets.astype(np.int64) + 1] += counts.astype(np.uint64)
        new = int((keys[1:] != keys[:-1]).sum()) + (int(keys[0]) != self._last)
        self._last = int(keys[-1])
        return new

    def whole(self) -> bytes:
        """Return the section: a position for each bucket, and the end."""
        return np.cumsum(self._counts, dtype="<u8").tobytes()
