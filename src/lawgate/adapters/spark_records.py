"""Answers from an index whose lines a Spark cluster probes: the same keys, the same kernel, the same outcome line by line.

Requests go out as keyed fingerprints in chunks. Two joins find what stands under their address keys, as ``kernel.find`` does
on one machine, and each chunk is decided by ``kernel.decide_all`` over what was found for it. The index's file stays here: for
a verdict ONE its sealed rows are opened on this machine, as ever. Every call reads all lines once, so it is for many requests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Column, arrow
from lawgate.adapters.arrow import Table as ArrowTable
from lawgate.adapters.index_file import Array, Reader
from lawgate.adapters.local_records import Decided, LocalRecords
from lawgate.adapters.spark_lines import ENTRIES, LINES, check_lines
from lawgate.adapters.spark_session import Session
from lawgate.domain.errors import RecordEngineError
from lawgate.records import kernel
from lawgate.records.encode import WIDTH, Encoded, Nicknames, nickname_table
from lawgate.records.kernel import Requests, Table, Veto
from lawgate.records.layout import COUNT_BITS, LARGEST_GROUP, LINE

_CHUNK = 20_000  # requests decided together
_OUTCOME = "number long, reason long, record long, said long"
_BITS = 12  # of a key, that say its bucket in a chunk's own table


class SparkRecords(LocalRecords):
    """One open index beside its lines on a cluster's storage. ``partitions`` and ``chunk`` change how fast it is and nothing else."""

    def __init__(
        self, reader: Reader, folder: Path, session: Session, *, partitions: int = 8, chunk: int = _CHUNK
    ) -> None:
        super().__init__(reader, threads=1)
        self._folder, self._session, self._partitions, self._chunk = folder, session, partitions, chunk
        self._nicknames = nickname_table(self._texts)

    def decide(self, stated: Encoded, max_filers: int) -> Decided:
        """Decide encoded requests on the cluster. Raises RecordEngineError if a line of the index is missing there."""
        asked, out = kernel.asked_of(self._pairs, stated), Decided(len(stated.words))
        if not len(stated.words):
            return out
        chunks = np.empty(len(asked.words), dtype=np.int64)
        # Requests of one address in one chunk: what stands there is then sent once.
        chunks[np.argsort(asked.keys[:, 0], kind="stable")] = np.arange(len(chunks)) // self._chunk
        found = self._outcomes(asked, chunks, max_filers)
        numbers = found["number"].to_numpy()
        if not np.array_equal(np.sort(numbers), np.arange(len(chunks))):
            raise RecordEngineError("the cluster did not decide every request once")
        for name, values in (
            ("reason", out.reasons),
            ("record", out.records),
            ("said", out.said),
        ):
            values[numbers] = found[name].to_numpy()
        return out

    def _outcomes(self, asked: Requests, chunks: Array, max_filers: int) -> ArrowTable:
        from pyspark.errors import PySparkException
        from pyspark.sql import functions as f

        session = self._session
        session.conf.set("spark.sql.shuffle.partitions", str(self._partitions))
        requests = session.createDataFrame(_request_table(asked, chunks))
        keys = session.createDataFrame(_key_table(asked, chunks))
        entries = session.read.parquet(str(self._folder / ENTRIES))
        lines = session.read.parquet(str(self._folder / LINES))
        # The index stays where it lies; what is asked for goes to every worker, and only what is found there moves.
        asked_for = entries.join(f.broadcast(keys), "key")
        wanted = asked_for.select("chunk", "start").distinct()
        held = lines.join(f.broadcast(wanted), "start")
        found = asked_for.unionByName(held, allowMissingColumns=True)
        decide = _decider(self._pairs, self._nicknames, self.veto, max_filers)
        outcomes = (
            requests.groupBy("chunk").cogroup(found.groupBy("chunk")).applyInArrow(decide, schema=_OUTCOME)
        )
        try:
            return outcomes.toArrow()
        except PySparkException as fault:
            raise RecordEngineError(
                "the cluster did not decide the requests; Spark's log says why"
            ) from fault


def open_cluster(
    target: Path, key: bytes, folder: Path, session: Session, *, partitions: int = 8, chunk: int = _CHUNK
) -> SparkRecords:
    """Open an index and, in ``folder``, its lines as ``write_lines`` wrote them: every byte of both is checked here.

    Raises RecordEngineError if one is not as it was written, or they do not belong together.
    """
    reader = Reader(target, key)
    reader.check_all()
    check_lines(reader, folder)
    return SparkRecords(reader, folder, session, partitions=partitions, chunk=chunk)


def _request_table(asked: Requests, chunks: Array) -> ArrowTable:
    words = np.hstack((asked.words, asked.lines[:, None], asked.keys))
    ends = np.arange(len(words) + 1) * words.shape[1]
    return arrow.table({
        "chunk": chunks, "number": np.arange(len(words)), "words": _blobs(words, ends), "more": _blobs(asked.more, asked.more_at)
    })  # fmt: skip


def _key_table(asked: Requests, chunks: Array) -> ArrowTable:
    keys = np.concatenate((asked.keys[:, 0], asked.keys[:, 1])).view(np.int64)
    table = arrow.table({"key": keys, "chunk": np.tile(chunks, 2)})
    return table.filter(arrow.compute.not_equal(table["key"], 0)).group_by(["key", "chunk"]).aggregate([])


def _blobs(words: Array, ends: Array) -> Column:
    offsets, data = (ends * 8).astype(np.int64), np.ascontiguousarray(words)
    blobs = arrow.Array.from_buffers(
        arrow.large_binary(), len(ends) - 1, [None, arrow.py_buffer(offsets), arrow.py_buffer(data)]
    )
    # In pieces, for Spark knows no column longer than two gigabytes.
    return arrow.chunked_array([blobs.slice(at, _CHUNK).cast(arrow.binary()) for at in range(0, len(blobs), _CHUNK)])  # fmt: skip


def _decider(
    key: Array, nicknames: Nicknames, veto: Veto, max_filers: int
) -> Callable[[ArrowTable, ArrowTable], ArrowTable]:
    pairs = np.array(key)

    def decide(stated: ArrowTable, found: ArrowTable) -> ArrowTable:
        return decide_chunk(pairs, nicknames, veto, max_filers, stated, found)

    return decide


def decide_chunk(
    key: Array, nicknames: Nicknames, veto: Veto, max_filers: int, stated: ArrowTable, found: ArrowTable
) -> ArrowTable:
    """Decide one chunk over what stands under its keys; this runs on a worker. Raises RecordEngineError if a line is missing."""
    words = _words(stated["words"]).reshape(-1, WIDTH + 3)
    count, more = len(words), stated["more"].combine_chunks()
    ends = arrow.compute.binary_length(more).to_numpy(zero_copy_only=False).astype(np.int64) // 8
    asked = Requests(
        np.ascontiguousarray(words[:, :WIDTH]),
        _words(stated["more"]),
        np.append(0, np.cumsum(ends)).astype(np.int64),
        np.ascontiguousarray(words[:, WIDTH]),
        np.ascontiguousarray(words[:, WIDTH + 1 :]),
    )
    out = Decided(count)
    table = _table(found, nicknames)
    kernel.decide_all(key, asked, table, veto, max_filers, 0, count, out.reasons, out.records, out.said)
    return arrow.table(
        {
            "number": stated["number"],
            "reason": out.reasons,
            "record": out.records,
            "said": out.said,
        }
    )


def _table(found: ArrowTable, nicknames: Nicknames) -> Table:
    # A small index of what was found: entries in the order they have in the large one, each with all its lines.
    listed = found.filter(arrow.compute.is_valid(found["place"])).sort_by("place")
    held = found.filter(arrow.compute.is_valid(found["first"])).sort_by("first")
    keys, extents = (listed[name].to_numpy().astype(np.int64).view(np.uint64) for name in ("key", "extent"))
    group, counts = (extents >> np.uint64(COUNT_BITS)).astype(np.int64), extents & np.uint64(LARGEST_GROUP)
    lines = _words(held["lines"]).reshape(-1, LINE)
    sizes = arrow.compute.binary_length(held["lines"]).to_numpy().astype(np.int64) // (8 * LINE)
    places, first = np.cumsum(sizes) - sizes, held["first"].to_numpy().astype(np.int64)
    starts, head = np.unique(held["start"].to_numpy().astype(np.int64), return_index=True)
    if not np.array_equal(starts, np.unique(group)) or not np.array_equal(first[head], starts):
        raise RecordEngineError("lines of the index are missing on the cluster")
    which = np.searchsorted(starts, group)
    if len(head) and not np.array_equal(np.add.reduceat(sizes, head)[which], counts):
        raise RecordEngineError("lines of the index are missing on the cluster")
    moved = (places[head][which].astype(np.uint64) << np.uint64(COUNT_BITS)) | counts
    bounds = np.arange(1 << _BITS, dtype=np.uint64) << np.uint64(64 - _BITS)
    buckets = np.append(np.searchsorted(keys, bounds), len(keys)).astype(np.uint64)
    entries = np.stack((keys, moved), axis=1)
    return Table(lines, entries, buckets, np.uint64(64 - _BITS), *nicknames)


def _words(blobs: Column) -> Array:
    whole = arrow.compute.cast(blobs, arrow.large_binary()).combine_chunks()
    if not len(whole):
        return np.zeros(0, dtype=np.uint64)
    _, offsets, data = whole.buffers()
    ends = np.frombuffer(offsets, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]].view(np.uint64)
