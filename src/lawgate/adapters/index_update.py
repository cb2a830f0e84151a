"""Brings an index up to date with records that were added, changed or withdrawn, without reading the others again.

A changed record keeps its number, its old rows go and its new ones stand in their place; a new one gets the next number; a withdrawn
one leaves an empty place. The new file is written beside the old one out of its own words, so it keeps the key of those words and
nothing else: digests and sealed pages have new keys. What is said at an address is taken out where the record's old rows say that it
must stand, and has to be found there word for word. What is new stands in groups of its own, and under the same keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Table, arrow
from lawgate.adapters.index_file import Array, Reader, Writer, replacing
from lawgate.adapters.index_parts import (
    Buckets,
    by_record,
    forms_digest,
    groups_of,
    lines_of_rows,
    record_prints,
    rows_in_clear,
    values_of,
)
from lawgate.adapters.local_records import table_of
from lawgate.adapters.record_sources import COLUMNS, VALUE_END, Source, WithdrawnIds
from lawgate.domain.errors import RecordEngineError
from lawgate.records.engine import IndexInfo
from lawgate.records.layout import COUNT_BITS, LARGEST_GROUP, LINE
from lawgate.records.struck import leading_prints, places_of

_CLEAR_AT_ONCE = 1 << 25  # bytes of clear rows
_ENTRIES_AT_ONCE = 1 << 20
_LINES_AT_ONCE = 1 << 17
_OWN = frozenset({"records", "where", "lines", "entries", "buckets"})


def update_index(
    changed: Sequence[Source],
    withdrawn: Sequence[WithdrawnIds],
    target: Path,
    key: bytes,
    random_bytes: Callable[[int], bytes],
) -> IndexInfo:
    """Put the records of ``changed`` whole in place of what the index has of them, take the withdrawn ones out, and keep the others.

    Memory grows with what is changed, not with what is kept. The model that may veto is kept
    as it was trained, until the next whole build. Raises
    RecordEngineError (the old index stays as it is): no index, a damaged one, one that other rules of normal form made; a source
    that cannot be read whole; a record withdrawn that is not on record, or withdrawn and changed at once.
    """
    with replacing(target, key, random_bytes) as (writer, _):
        old = Reader(target, key)
        # All of it is about to be written under new digests, so all of it must be as it was built.
        old.check_all()
        if old.manifest.get("forms") != forms_digest():
            raise RecordEngineError(
                "the index was built by another version of Lawgate, which writes names and addresses otherwise; build it anew"
            )
        delta = _Delta(changed, withdrawn, old.keys.words("texts"))
        update = _Update(old, delta)
        writer.pages("records", update.records())
        delta.refuse_unfound()
        writer.section("where", iter([update.where()]))
        writer.section("lines", update.lines())
        keys = update.write_entries(writer)
        for name in sorted(set(old.manifest["sections"]) - _OWN):
            writer.section(name, old.pieces(name))
        before = IndexInfo(**old.manifest["info"])
        info = IndexInfo(
            before.rows - update.rows_gone + delta.rows.num_rows,
            before.records - len(delta.gone) + update.added,
            keys,
            hashlib.sha256((before.built_from + delta.digests()).encode()).hexdigest(),
            before.model,
        )
        kept = {name: value for name, value in old.manifest.items() if name != "sections"}
        writer.end({**kept, "info": asdict(info), "words": old.keys.words_salt.hex()})
    return info


class _Delta:
    """What is to change: the rows of each changed record together, the fingerprints of the changed and of the withdrawn records."""

    def __init__(self, changed: Sequence[Source], withdrawn: Sequence[WithdrawnIds], texts: Array) -> None:
        self._sources = (changed, withdrawn)
        none = arrow.table({name: arrow.array([], arrow.string()) for name in COLUMNS})
        tables = [table for source in changed for table in source.batches()]
        self.rows = arrow.concat_tables([none, *tables]).combine_chunks()
        self.starts = np.zeros(1, dtype=np.int64)
        if self.rows.num_rows:
            self.rows, self.starts = by_record(self.rows, texts)
        firsts = self.rows["record_id"].take(arrow.array(self.starts[:-1]))
        self.prints = record_prints(firsts, texts)
        ids = [table["record_id"] for source in withdrawn for table in source.batches()]
        gone = arrow.chunked_array([c for i in ids for c in i.chunks], arrow.string()).unique()
        prints = record_prints(gone, texts)
        order = np.argsort(prints)
        self.gone = prints[order]
        self._ids = (firsts.to_pylist(), gone.take(arrow.array(order)).to_pylist())
        if not len(self.prints) and not len(self.gone):
            raise RecordEngineError("there is nothing to change: no record was given and none withdrawn")
        both = int(np.isin(self.gone, self.prints).sum())
        if both:
            raise RecordEngineError(f"records that are changed and withdrawn at once: {both}")
        clear, begins = rows_in_clear(self.rows, self.starts)
        self._clear, self._begins = clear, np.append(begins, len(clear))
        self.numbers = np.full(len(self.prints), -1, dtype=np.int64)
        self._gone_found = np.zeros(len(self.gone), dtype=np.bool_)

    def clear(self, place: int) -> bytes:
        """Return the rows of one changed record as the index keeps them."""
        return self._clear[self._begins[place] : self._begins[place + 1]]

    def found(self, print_: np.uint64, record_id: str, number: int) -> int:
        """Note that a record is number ``number`` of the index; returns its place among the changed ones, -1 if it is withdrawn.

        Raises RecordEngineError if it is another record, which has the same fingerprint by chance.
        """
        place = int(np.searchsorted(self.gone, print_))
        gone = place < len(self.gone) and bool(self.gone[place] == print_)
        place = place if gone else int(np.searchsorted(self.prints, print_))
        if self._ids[gone][place] != record_id:
            raise RecordEngineError(
                "a record to change has by chance the fingerprint of another that stays; build the index anew"
            )
        if gone:
            self._gone_found[place] = True
            return -1
        self.numbers[place] = number
        return place

    def refuse_unfound(self) -> None:
        """Raise RecordEngineError if a withdrawn record was not found."""
        unknown = int((~self._gone_found).sum())
        if unknown:
            raise RecordEngineError(
                f"records to withdraw that are not on record: {unknown}; nothing was changed"
            )

    def digests(self) -> str:
        """Return the SHA-256 of every source, what is changed before what is withdrawn."""
        return "".join(source.sha256 for sources in self._sources for source in sources)


class _Update:
    """The old index and what is to change, written section by section in the order of the methods."""

    def __init__(self, old: Reader, delta: _Delta) -> None:
        self._old, self._delta = old, delta
        self._texts, self._pairs = old.keys.words("texts"), old.keys.words("lines")
        self._table = table_of(old)
        self._where = old.array("where", "<u8")
        self._lengths = np.diff(self._where).astype(np.int64)
        self._gone_rows: list[tuple[int, bytes]] = []
        self._struck = np.zeros(0, dtype=np.int64)
        self._new = np.zeros((0, LINE + 2), dtype=np.uint64)
        self.rows_gone = self.added = 0

    def records(self) -> Iterator[bytes | memoryview]:
        """Yield the clear rows of all records: old ones in their places, changed ones in theirs, then the new ones."""
        touched = np.concatenate([self._delta.prints, self._delta.gone])
        first, count = 0, len(self._lengths)
        while first < count:
            begin = int(self._where[first])
            last = int(np.searchsorted(self._where, begin + _CLEAR_AT_ONCE, side="right")) - 1
            last = min(max(last, first + 1), count)
            yield from self._records_between(first, last, touched)
            first = last
        new = np.flatnonzero(self._delta.numbers < 0)
        self._delta.numbers[new] = count + np.arange(len(new))
        self.added = len(new)
        texts = [self._delta.clear(int(place)) for place in new]
        self._lengths = np.append(self._lengths, np.array([len(text) for text in texts], dtype=np.int64))
        yield from texts

    def where(self) -> bytes:
        """Return where each record begins, and where the last one ends."""
        return np.append(0, np.cumsum(self._lengths)).astype("<u8").tobytes()

    def lines(self) -> Iterator[bytes]:
        """Yield the lines that stay, in their order, then the new ones, those of one address together."""
        self._strike()
        count = len(self._table.lines)
        for first in range(0, count, _LINES_AT_ONCE):
            last = min(first + _LINES_AT_ONCE, count)
            low, high = np.searchsorted(self._struck, [first, last])
            stay = np.delete(self._table.lines[first:last], self._struck[low:high] - first, axis=0)
            yield stay.tobytes()
        delta = self._delta
        if len(delta.prints):
            # A record's lines stay behind one another: the order is stable.
            new = lines_of_rows(self._texts, self._pairs, delta.rows, delta.starts, delta.numbers)
            self._new = new[np.lexsort((new[:, LINE + 1], new[:, LINE]))]
            yield np.ascontiguousarray(self._new[:, :LINE]).tobytes()

    def write_entries(self, writer: Writer) -> int:
        """Write the old keys with where their groups stand now, the new ones among them, and the buckets. Returns how many keys."""
        new = groups_of(self._new[:, LINE:], len(self._table.lines) - len(self._struck))
        new = new[np.argsort(new[:, 0], kind="stable")]
        buckets, keys = Buckets(len(self._table.entries) + len(new)), 0

        def merged() -> Iterator[bytes]:
            nonlocal keys
            entries, start = self._table.entries, 0
            for first in range(0, max(len(entries), 1), _ENTRIES_AT_ONCE):
                here = self._moved(entries[first : first + _ENTRIES_AT_ONCE])
                ends = first + _ENTRIES_AT_ONCE >= len(entries)
                # What comes next has the same key as the last one here, or a higher one.
                stop = (
                    len(new)
                    if ends
                    else int(np.searchsorted(new[:, 0], entries[first + _ENTRIES_AT_ONCE, 0]))
                )
                mine = new[start:stop]
                here = np.insert(here, np.searchsorted(here[:, 0], mine[:, 0], side="right"), mine, axis=0)
                start = stop
                keys += buckets.note(here[:, 0])
                yield here.astype("<u8").tobytes()

        writer.section("entries", merged())
        writer.section("buckets", iter([buckets.whole()]))
        return keys

    def _records_between(self, first: int, last: int, touched: Array) -> Iterator[bytes | memoryview]:
        begin, end = int(self._where[first]), int(self._where[last])
        clear = self._old.open_pages("records", begin, end) if end > begin else b""
        starts = (self._where[first : last + 1] - self._where[first]).astype(np.int64)
        prints = np.zeros(last - first, dtype=np.uint64)
        leading_prints(self._texts, np.frombuffer(clear, np.uint8), starts, ord(VALUE_END), prints)
        kept = 0
        for at in np.flatnonzero(np.isin(prints, touched)):
            text = clear[starts[at] : starts[at + 1]]
            self._gone_rows.append((first + int(at), text))
            yield memoryview(clear)[kept : starts[at]]
            record_id = text.partition(VALUE_END.encode())[0].decode()
            place = self._delta.found(prints[at], record_id, first + int(at))
            rows = self._delta.clear(place) if place >= 0 else b""
            self._lengths[first + at] = len(rows)
            yield rows
            kept = int(starts[at + 1])
        yield memoryview(clear)[kept:]

    def _strike(self) -> None:
        """Find the lines that the old rows of changed and withdrawn records made."""
        if not self._gone_rows:
            return
        numbers = np.array([number for number, _ in self._gone_rows])
        rows = [values_of(text.decode()) for _, text in self._gone_rows]
        starts = np.append(0, np.cumsum([len(of_one) for of_one in rows])).astype(np.int64)
        table = _as_table([row for of_one in rows for row in of_one])
        said = lines_of_rows(self._texts, self._pairs, table, starts, numbers)
        places = np.zeros(places_of(said, self._table, self._struck, False), dtype=np.int64)
        places_of(said, self._table, places, True)
        self._struck, self.rows_gone = np.unique(places), table.num_rows
        if not np.array_equal(_sorted(self._table.lines[self._struck]), _sorted(said[:, :LINE])):
            raise RecordEngineError("the index does not say of a record what its rows say; build it anew")

    def _moved(self, entries: Array) -> Array:
        first = entries[:, 1] >> np.uint64(COUNT_BITS)
        end = first + (entries[:, 1] & np.uint64(LARGEST_GROUP))
        before, inside = (
            np.searchsorted(self._struck, at.astype(np.int64)).astype(np.uint64) for at in (first, end)
        )
        first, end = first - before, end - inside
        moved = np.stack((entries[:, 0], (first << np.uint64(COUNT_BITS)) | (end - first)), axis=1)
        return moved[end > first]


def _as_table(rows: Sequence[Sequence[str]]) -> Table:
    columns = zip(*rows, strict=True)
    return arrow.table(
        {name: arrow.array(column, arrow.string()) for name, column in zip(COLUMNS, columns, strict=True)}
    )


def _sorted(lines: Array) -> Array:
    return lines[np.lexsort(lines.T)]
