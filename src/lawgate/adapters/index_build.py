"""Builds the index of records: sources in, one file out, memory bounded however many records there are.

1. Rows are dealt out by record, so that every record is whole in one part.
2. Part by part: normal forms, fingerprints, the records' own rows sealed in pages; what stands at each address is dealt out by key.
3. Part by part: everything at one address is put together and written; its keys are dealt out, and written in their order.

Beside these the model that may veto is trained, on a sample of the addresses (model_training.py).
What is dealt out waits on disk under a key that only this process knows.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lawgate.adapters.arrow import arrow
from lawgate.adapters.index_file import Array, Keys, Writer, replacing
from lawgate.adapters.index_parts import (
    Buckets,
    by_record,
    forms_digest,
    groups_of,
    lines_of,
    record_prints,
    rows_in_clear,
    years_of,
)
from lawgate.adapters.model_training import Sample, train
from lawgate.adapters.normal_columns import normal_columns
from lawgate.adapters.record_sources import RecordSource, Source
from lawgate.adapters.spill import Spill
from lawgate.domain.errors import RecordEngineError
from lawgate.records.encode import Encoded, encode
from lawgate.records.engine import IndexInfo
from lawgate.records.layout import LINE

_PART = 1 << 20  # rows held in memory at a time
_SMALL = arrow.ipc.IpcWriteOptions(compression="lz4")
_AT_ONCE = 2  # parts of pass 2 in memory, where there are as many processors


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
        Spill(target.parent, parts, random_bytes) as rows,
        Spill(target.parent, parts, random_bytes) as lines,
        Spill(target.parent, parts, random_bytes) as entries,
    ):
        build = _Build(keys, parts, rows, lines, entries)
        sample = Sample(sum(source.rows for source in sources))
        for source in sources:
            build.deal_out(source, sample)
        writer.pages("records", build.records())
        writer.section("where", iter([build.where()]))
        writer.section("lines", build.lines())
        found = build.write_entries(writer)
        model, names = train(sample, keys.words("texts"))
        writer.section("names", iter([names]))
        digests = "".join(source.sha256 for source in sources)
        info = IndexInfo(build.rows, build.count, found, hashlib.sha256(digests.encode()).hexdigest(), model)
        writer.end({"info": asdict(info), "forms": forms_digest()})
    return info


class _Part(NamedTuple):
    """One part of pass 2: the records' clear rows, where each record begins in them and in the rows, and the rows encoded."""

    rows: bytes
    begins: Array
    starts: Array
    years: Array
    encoded: Encoded


class _Build:
    """The three passes; what must be known to the end is a position for each record and one for each bucket of keys."""

    def __init__(self, keys: Keys, parts: int, rows: Spill, lines: Spill, entries: Spill) -> None:
        self._texts, self._pairs = keys.words("texts"), keys.words("lines")
        self._parts, self._rows, self._lines, self._entries = parts, rows, lines, entries
        self._where: list[Array] = []
        self.rows = self.count = self._written = self._noted = 0

    def deal_out(self, source: Source, sample: Sample) -> None:
        """Pass 1: put every row of a source to the other rows of its record, and take some aside for the model."""
        for table in source.batches():
            sample.take(table)
            route = _spread(record_prints(table["record_id"], self._texts), self._parts)
            table = table.take(arrow.array(np.argsort(route, kind="stable")))
            for part, start, count in _runs(route):
                sink = arrow.BufferOutputStream()
                with arrow.ipc.new_stream(sink, table.schema, options=_SMALL) as stream:
                    stream.write_table(table.slice(start, count))
                self._rows.put(part, memoryview(sink.getvalue()).cast("B"))

    def records(self) -> Iterator[bytes]:
        """Pass 2: yield the clear rows of every record, and deal out what stands at each address by its key."""
        with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
            waiting = (pool.submit(self._encoded, part) for part in range(self._parts))
            ahead = list(islice(waiting, _AT_ONCE))
            while ahead:
                done = ahead.pop(0).result()
                if done:
                    yield self._placed(done)
                    self._deal_out_lines(done)
                    self.rows, self.count = self.rows + len(done.years), self.count + len(done.starts) - 1
                del done
                ahead += islice(waiting, 1)

    def where(self) -> bytes:
        """Return where in the clear rows each record begins, and where the last one ends."""
        ends = [*self._where, np.array([self._written], dtype="<u8")]
        return np.concatenate(ends).astype("<u8").tobytes()

    def lines(self) -> Iterator[bytes]:
        """Pass 3: yield all lines, those of one address together, addresses in the order of their first key."""
        written = 0
        for part in range(self._parts):
            pieces = [np.frombuffer(p, "<u8").reshape(-1, LINE + 2) for p in self._lines.take(part)]
            if not pieces:
                continue
            lines = np.concatenate(pieces)
            by_zip, by_city = lines[:, LINE], lines[:, LINE + 1]
            # A record's further lines must stay behind its own: the order is stable, and they came in one after another.
            order = np.lexsort((by_city, np.where(by_zip, by_zip, by_city)))
            lines = lines[order]
            self._note(lines[:, LINE:], written)
            written += len(lines)
            del pieces
            yield np.ascontiguousarray(lines[:, :LINE]).tobytes()

    def write_entries(self, writer: Writer) -> int:
        """Write every key with the group of lines it stands for, sorted, and where each bucket of keys begins. Returns how many keys."""
        buckets, keys = Buckets(self._noted), 0

        def sorted_entries() -> Iterator[bytes]:
            nonlocal keys
            for part in range(self._parts):
                found = [np.frombuffer(p, "<u8").reshape(-1, 2) for p in self._entries.take(part)]
                if found:
                    entries = np.concatenate(found)
                    entries = entries[np.argsort(entries[:, 0], kind="stable")]
                    keys += buckets.note(entries[:, 0])
                    yield entries.tobytes()

        writer.section("entries", sorted_entries())
        writer.section("buckets", iter([buckets.whole()]))
        return keys

    def _encoded(self, part: int) -> _Part | None:
        tables = [arrow.ipc.open_stream(piece).read_all() for piece in self._rows.take(part)]
        if not tables:
            return None
        table, starts = by_record(arrow.concat_tables(tables).combine_chunks(), self._texts)
        del tables
        rows, begins = rows_in_clear(table, starts)
        return _Part(rows, begins, starts, years_of(table), encode(normal_columns(table), self._texts))

    def _placed(self, part: _Part) -> bytes:
        self._where.append((part.begins + self._written).astype("<u8"))
        self._written += len(part.rows)
        return part.rows

    def _deal_out_lines(self, part: _Part) -> None:
        numbers = np.arange(self.count, self.count + len(part.starts) - 1)
        lines = lines_of(self._pairs, part.encoded, part.years, part.starts, numbers)
        by_zip, by_city = lines[:, LINE], lines[:, LINE + 1]
        route = _spread(np.where(by_zip, by_zip, by_city), self._parts)
        lines = lines[np.argsort(route, kind="stable")]
        for place, start, count in _runs(route):
            self._lines.put(place, lines[start : start + count].tobytes())

    def _note(self, keys: Array, written: int) -> None:
        entries = groups_of(keys, written)
        route = _spread(entries[:, 0], self._parts)
        entries = entries[np.argsort(route, kind="stable")]
        for place, start, count in _runs(route):
            self._entries.put(place, entries[start : start + count].tobytes())
        self._noted += len(entries)


def _spread(prints: Array, parts: int) -> Array:
    # By the upper half of each word, so that parts follow the order of the words.
    return ((prints >> np.uint64(32)) * np.uint64(parts)) >> np.uint64(32)


def _runs(route: Array) -> list[tuple[int, int, int]]:
    """Return for every part that occurs: its number, where its rows begin once they are sorted by part, and how many there are."""
    counts = np.bincount(route.astype(np.int64))
    begins = np.cumsum(counts) - counts
    return [(int(part), int(begins[part]), int(counts[part])) for part in np.flatnonzero(counts)]
