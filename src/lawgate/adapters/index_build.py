"""Builds the index of records: sources in, one file out, memory bounded however many records there are.

1. Rows are dealt out by record, so that every record is whole in one part.
2. Part by part: normal forms, fingerprints, the records' own rows sealed in pages; what stands at each address is dealt out by key.
3. Part by part: everything at one address is put together and written, and noted under its keys.

Beside these the model that may veto is trained, on a sample of the addresses (model_training.py).
What is dealt out waits on disk under a key that only this process knows.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Table, arrow, compute
from lawgate.adapters.index_file import Array, Keys, Writer, replacing
from lawgate.adapters.model_training import Sample, train
from lawgate.adapters.normal_columns import as_column, normal_columns
from lawgate.adapters.record_sources import COLUMNS, ROW_END, VALUE_END, RecordsInMemory, RecordSource
from lawgate.adapters.spill import Spill
from lawgate.domain.errors import RecordEngineError
from lawgate.records.encode import BORN, encode
from lawgate.records.engine import IndexInfo
from lawgate.records.fingerprint import text_prints
from lawgate.records.layout import LINE, lay_out

_PART = 1 << 20  # rows held in memory at a time
_LARGEST_GROUP = (1 << 24) - 1  # lines at one address
_COUNT_BITS = 24
_PER_BUCKET = 2


Source = RecordSource | RecordsInMemory


def build_index(
    sources: Sequence[Path], target: Path, key: bytes, random_bytes: Callable[[int], bytes]
) -> IndexInfo:
    """Read all files, index them and put the index in place of the old one; ``key`` has 32 bytes.

    Raises RecordEngineError (nothing of the old index is touched) for a file that cannot be read whole, or no file.
    """
    return index_sources([RecordSource(path) for path in sources], target, key, random_bytes)


def index_sources(
    sources: Sequence[Source], target: Path, key: bytes, random_bytes: Callable[[int], bytes]
) -> IndexInfo:
    """Do the same with sources that are open. Raises RecordEngineError."""
    if not sources:
        raise RecordEngineError("no source of records was given")
    parts = 1 + sum(source.rows for source in sources) // _PART
    with (
        replacing(target, key, random_bytes) as (writer, keys),
        Spill(target.parent, parts, random_bytes) as by_record,
        Spill(target.parent, parts, random_bytes) as by_key,
    ):
        build = _Build(keys, parts, by_record, by_key)
        sample = Sample(sum(source.rows for source in sources))
        for source in sources:
            build.deal_out(source, sample)
        writer.pages("records", build.records())
        writer.section("where", iter([build.where()]))
        writer.section("lines", build.lines())
        found = build.write_entries(writer)
        model, names = train(sample, keys.words("texts"))
        writer.pages("names", iter([names]))
        digests = "".join(source.sha256 for source in sources)
        info = IndexInfo(build.rows, build.count, found, hashlib.sha256(digests.encode()).hexdigest(), model)
        writer.end({"info": asdict(info)})
    return info


class _Build:
    """The three passes; what must be known to the end is a position for each record and two words for each key."""

    def __init__(self, keys: Keys, parts: int, by_record: Spill, by_key: Spill) -> None:
        self._texts, self._pairs = keys.words("texts"), keys.words("lines")
        self._parts, self._by_record, self._by_key = parts, by_record, by_key
        self._where: list[Array] = []
        self._entries: list[Array] = []
        self.rows = self.count = self._written = 0

    def deal_out(self, source: Source, sample: Sample) -> None:
        """Pass 1: put every row of a source to the other rows of its record, and take some aside for the model."""
        for table in source.batches():
            sample.take(table)
            route = _spread(self._record_prints(table), self._parts)
            for part in _used(route):
                rows = table if self._parts == 1 else table.filter(arrow.array(route == part))
                sink = arrow.BufferOutputStream()
                with arrow.ipc.new_stream(sink, rows.schema) as stream:
                    stream.write_table(rows)
                self._by_record.put(part, memoryview(sink.getvalue()).cast("B"))

    def records(self) -> Iterator[bytes]:
        """Pass 2: yield the clear rows of every record, and deal out what stands at each address by its key."""
        for part in range(self._parts):
            tables = [arrow.ipc.open_stream(piece).read_all() for piece in self._by_record.take(part)]
            if not tables:
                continue
            table, starts = self._by_record_and_year(arrow.concat_tables(tables).combine_chunks())
            yield self._rows_of(table, starts)
            self._deal_out_lines(table, starts)
            self.rows, self.count = self.rows + table.num_rows, self.count + len(starts) - 1

    def where(self) -> bytes:
        """Return where in the clear rows each record begins, and where the last one ends."""
        ends = [*self._where, np.array([self._written], dtype="<u8")]
        return np.concatenate(ends).astype("<u8").tobytes()

    def lines(self) -> Iterator[bytes]:
        """Pass 3: yield all lines, those of one address together, addresses in the order of their first key."""
        written = 0
        for part in range(self._parts):
            pieces = [np.frombuffer(p, "<u8").reshape(-1, LINE + 2) for p in self._by_key.take(part)]
            if not pieces:
                continue
            lines = np.concatenate(pieces)
            by_zip, by_city = lines[:, LINE], lines[:, LINE + 1]
            # A record's further lines must stay behind its own: the order is stable, and they came in one after another.
            order = np.lexsort((by_city, np.where(by_zip, by_zip, by_city)))
            lines = lines[order]
            self._note(lines[:, LINE:], written)
            written += len(lines)
            yield np.ascontiguousarray(lines[:, :LINE]).tobytes()

    def write_entries(self, writer: Writer) -> int:
        """Write every key with the group of lines it stands for, sorted, and where each bucket of keys begins. Returns how many keys."""
        entries = np.concatenate([*self._entries, np.zeros((0, 2), np.uint64)])
        entries = entries[np.argsort(entries[:, 0], kind="stable")]
        bits = max(1, int(math.log2(len(entries) / _PER_BUCKET + 1)))
        firsts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
        buckets = np.append(np.searchsorted(entries[:, 0], firsts), len(entries)).astype("<u8")
        writer.section("entries", iter([entries.astype("<u8").tobytes()]))
        writer.section("buckets", iter([buckets.tobytes()]))
        return int((entries[1:, 0] != entries[:-1, 0]).sum()) + bool(len(entries))

    def _record_prints(self, table: Table) -> Array:
        prints = np.zeros(table.num_rows, dtype=np.uint64)
        text_prints(self._texts, *as_column(table["record_id"]), prints)
        return prints

    def _by_record_and_year(self, table: Table) -> tuple[Table, Array]:
        prints, years = self._record_prints(table), _years(table)
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

    def _rows_of(self, table: Table, starts: Array) -> bytes:
        end = arrow.scalar(ROW_END)
        text = compute.binary_join_element_wise(*(table[c] for c in COLUMNS), VALUE_END)
        column = as_column(compute.binary_join_element_wise(text, end, ""))
        begin = column.offsets[0]
        self._where.append((column.offsets[starts[:-1]] - begin + self._written).astype("<u8"))
        self._written += int(column.offsets[-1] - begin)
        return bytes(column.data[begin : column.offsets[-1]].tobytes())

    def _deal_out_lines(self, table: Table, starts: Array) -> None:
        rows = encode(normal_columns(table), self._texts)
        births = np.ascontiguousarray(rows.words[:, BORN])
        given = (self._pairs, rows.words, rows.more, rows.more_at, _years(table), births, starts, self.count)
        nowhere = np.zeros((0, LINE + 2), np.uint64)
        count = lay_out(*given, nowhere, nowhere, False)
        lines = np.zeros((count, LINE + 2), np.uint64)
        lay_out(*given, lines, lines[:, LINE:], True)
        by_zip, by_city = lines[:, LINE], lines[:, LINE + 1]
        route = _spread(np.where(by_zip, by_zip, by_city), self._parts)
        for part in _used(route):
            self._by_key.put(part, lines[route == part].tobytes())

    def _note(self, keys: Array, written: int) -> None:
        starts = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
        counts = np.diff(np.append(starts, len(keys))).astype(np.uint64)
        if int(counts.max()) > _LARGEST_GROUP:
            raise RecordEngineError("more lines stand at one address than an index can hold")
        extents = ((starts.astype(np.uint64) + np.uint64(written)) << np.uint64(_COUNT_BITS)) | counts
        for which in range(2):
            mine = keys[starts, which]
            there = np.flatnonzero(mine)
            self._entries.append(np.stack((mine[there], extents[there]), axis=1))


def _spread(prints: Array, parts: int) -> Array:
    # By the upper half of each word, so that parts follow the order of the words.
    return ((prints >> np.uint64(32)) * np.uint64(parts)) >> np.uint64(32)


def _used(route: Array) -> list[int]:
    found: list[int] = np.flatnonzero(np.bincount(route.astype(np.int64))).tolist()
    return found


def _years(table: Table) -> Array:
    codes = table["tax_year"].combine_chunks().dictionary_encode()
    years: Array = np.array([int(v) for v in codes.dictionary.to_pylist()], dtype=np.int64)
    by_row: Array = years[codes.indices.to_numpy()]
    return by_row
