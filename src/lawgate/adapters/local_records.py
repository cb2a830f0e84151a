"""Answers from an index of records on this machine: mapped into memory, checked block by block as it is used, decided by the kernel.

Requests are decided in the order of their keys, on every processor at once; what comes out is in the order they came in, and the
same whatever the number of threads and the size of a chunk.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np

from lawgate.adapters.index_file import BLOCK_BITS, Array, Reader
from lawgate.adapters.index_parts import forms_digest, values_of
from lawgate.adapters.model_training import veto_of
from lawgate.adapters.record_rows import record_rows
from lawgate.domain.errors import RecordEngineError
from lawgate.domain.steps import Verdict
from lawgate.records import kernel
from lawgate.records.encode import Column, Encoded, column_of, encode, nickname_table
from lawgate.records.engine import IndexInfo
from lawgate.records.kernel import NOBODY, Requests, Table
from lawgate.records.layout import LINE
from lawgate.records.model import VERSION
from lawgate.records.outcome import verdict_of
from lawgate.records.row import RecordRow
from lawgate.records.rule import Query

_FEW = 512  # requests that are not worth a second thread
_UNSAID = (340, NOBODY, 0)  # what states no name or no address finds nobody


def open_index(target: Path, key: bytes, threads: int | None = None) -> LocalRecords:
    """Open an index: its manifest is checked here, each block before it is first used.

    Raises RecordEngineError for another kind of file, a wrong key, a file that is not as long as it was built, one without a model of this
    version, or one that another version of the normal forms was written with.
    """
    return LocalRecords(Reader(target, key), threads or os.cpu_count() or 1)


def table_of(reader: Reader) -> Table:
    """See the sections of an index as the kernel does; none of them may be used before its blocks are checked."""
    buckets = reader.array("buckets", "<u8")
    shift = np.uint64(65 - (len(buckets) - 1).bit_length())
    names = nickname_table(reader.keys.words("texts"))
    return Table(
        reader.array("lines", "<u8", LINE), reader.array("entries", "<u8", 2), buckets, shift, *names
    )


class Decided:
    """The outcome for each of many requests: ``reasons`` (3xx), ``records`` (the number in the index, or NOBODY) and ``said``."""

    def __init__(self, count: int) -> None:
        self.reasons, self.records, self.said = (np.zeros(count, dtype=np.int64) for _ in range(3))


class LocalRecords:
    """One open index. ``lookups`` counts the look-ups made since it was opened (I-2)."""

    def __init__(self, reader: Reader, threads: int) -> None:
        self._reader, self._threads = reader, threads
        self.info = _info(reader)
        self.lookups = 0
        self._texts, self._pairs = reader.keys.words("texts"), reader.keys.words("lines")
        self._where = reader.array("where", "<u8")
        self._table = table_of(reader)
        self.veto = veto_of(self.info.model, _names(reader))

    def look_up(self, queries: Sequence[Query | None], max_filers: int) -> list[Verdict]:
        """Decide each query by one look-up, in order; None, which is no name or no address, matches nothing.

        Raises RecordEngineError if part of the index is not as it was built.
        """
        self.lookups += len(queries)
        stated = [q for q in queries if q is not None]
        decided = self.decide(encode(_columns(stated), self._texts), max_filers)
        outcomes = zip(decided.reasons.tolist(), decided.records.tolist(), decided.said.tolist(), strict=True)
        return [
            verdict_of(q, *(_UNSAID if q is None else next(outcomes)), rows=self.record_rows) for q in queries
        ]

    def encode(self, columns: dict[str, Column]) -> Encoded:
        """Fingerprint normal forms as this index does."""
        return encode(columns, self._texts)

    def decide(self, stated: Encoded, max_filers: int) -> Decided:
        """Decide encoded requests; the record of a ONE is its number in the index."""
        count = len(stated.words)
        asked = kernel.asked_of(self._pairs, stated)
        order = np.argsort(asked.keys[:, 0], kind="stable")
        asked = _in_order(asked, order)
        self._check(asked.keys)
        out = Decided(count)
        self._decide_sorted(asked, max_filers, out)
        back = Decided(count)
        back.reasons[order], back.records[order], back.said[order] = out.reasons, out.records, out.said
        return back

    def record_rows(self, record: int) -> tuple[RecordRow, ...]:
        """Open the rows of one record, oldest tax year first."""
        at = self._reader.start("where") + 8 * record
        self._reader.check_span(at, at + 16)
        start, end = (int(self._where[record + n]) for n in range(2))
        text = self._reader.open_pages("records", start, end).decode()
        return record_rows(values_of(text))

    def check_all(self) -> None:
        """Check every block of the file. Raises RecordEngineError if one is not as it was built."""
        self._reader.check_all()

    def _check(self, keys: Array) -> None:
        # Each of the three says where the next one looks, so it must be checked before it is read.
        reader, table = self._reader, self._table
        for mark, section in (
            (kernel.mark_buckets, "buckets"),
            (kernel.mark_entries, "entries"),
            (kernel.mark_lines, "lines"),
        ):
            if reader.all_checked:
                return
            marks = reader.blank()
            mark(keys, table, reader.start(section), BLOCK_BITS, marks)
            reader.check(marks)

    def _decide_sorted(self, asked: Requests, max_filers: int, out: Decided) -> None:
        count = len(asked.words)
        threads = self._threads if count > _FEW else 1
        bounds = [count * n // threads for n in range(threads + 1)]

        def decide(start: int, end: int) -> None:
            kernel.decide_all(
                self._pairs, asked, self._table, self.veto, max_filers, start, end, out.reasons, out.records, out.said
            )  # fmt: skip

        if threads == 1:
            decide(0, count)
            return
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(decide, *span) for span in pairwise(bounds)]:
                done.result()


def _info(reader: Reader) -> IndexInfo:
    found = reader.manifest["info"]
    if found.get("model", {}).get("version") != VERSION or "names" not in reader.manifest["sections"]:
        raise RecordEngineError(
            "the index has no model of this version; build it again with `lawgate records index`"
        )
    if reader.manifest.get("forms") != forms_digest():
        raise RecordEngineError(
            "the index was built by a version of Lawgate that writes names and addresses otherwise; build it again with `lawgate records index`"
        )
    return IndexInfo(**found)


def _names(reader: Reader) -> bytes:
    start, size = reader.manifest["sections"]["names"]
    reader.check_span(start, start + size)
    return b"".join(reader.pieces("names"))


def _columns(queries: Sequence[Query]) -> dict[str, Column]:
    names, addresses = [q.name for q in queries], [q.address for q in queries]
    return {
        **{field: column_of([getattr(n, field) for n in names]) for field in ("given", "middle", "surname", "suffix")},
        **{field: column_of([getattr(a, field) for a in addresses]) for field in ("number", "street", "unit", "box", "city", "state", "zip", "country")},
        "birth_date": column_of([q.birth_date for q in queries]),
        "taxpayer_number": column_of([q.taxpayer_number for q in queries]),
    }  # fmt: skip


def _in_order(asked: Requests, order: Array) -> Requests:
    more, more_at = asked.more, asked.more_at
    if len(more):
        more, more_at = kernel.more_in_order(more, more_at, order)
    return Requests(asked.words[order], more, more_at, asked.lines[order], asked.keys[order])
