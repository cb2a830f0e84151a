"""Trains the model that may veto while an index is built: on a sample of its addresses, with requests made up from them.

Everybody who stands at a sampled address is in the sample, so households are whole. The sample, the requests and so the model are the
same for the same records, whatever their order and the key. No request that was ever received plays a part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from lawgate.adapters.arrow import Table as Rows
from lawgate.adapters.arrow import arrow, compute
from lawgate.adapters.index_file import Array
from lawgate.adapters.normal_columns import as_column, normal_columns
from lawgate.records import kernel
from lawgate.records.encode import BORN, FLAGS, GIVEN, MORE_PARTS, SURNAME, encode, nickname_table
from lawgate.records.fingerprint import text_prints
from lawgate.records.kernel import NOBODY, Requests, Table, Veto
from lawgate.records.layout import LINE, lay_out
from lawgate.records.made_up import make_up
from lawgate.records.model import PATTERNS, VERSION, Fitted, choose, fit, odds_of

SAMPLE = 30_000
REQUESTS = 20_000
LEAST_RECORDS = 1000
_TRAINING, _HELD_OUT = 1, 2  # seeds
_MAX_FILERS = 10
_PAIRS = 40 * REQUESTS
_COMMON, _MIDDLING = (1 / 200, 20), (1 / 2000, 5)  # share of the sampled records, and how many at least

# The sample is looked at under keys that hide nothing: it stays in memory, and goes with the process.
_TEXTS, _LINES = np.array([1, 2], np.uint64), np.array([3, 4], np.uint64)


class Sample:
    """Takes about SAMPLE of ``rows`` rows aside, by number, box and ZIP as they are written; never more than twice as many."""

    def __init__(self, rows: int) -> None:
        self._share = min(1.0, SAMPLE / max(rows, 1))
        self._taken: list[Rows] = []
        self._places: list[Array] = []

    def take(self, table: Rows) -> None:
        """Take what is to be taken of these rows."""
        place = np.zeros(table.num_rows, np.uint64)
        for column, odd in (("number", 3), ("box", 5), ("zip", 7)):
            texts = table[column]
            prints = np.zeros(table.num_rows, np.uint64)
            text_prints(_TEXTS, *as_column(compute.utf8_slice_codeunits(texts, 0, 5) if column == "zip" else texts), prints)  # fmt: skip
            place += prints * np.uint64(odd)
        here = (place >> np.uint64(32)).astype(np.float64) < self._share * (1 << 32)
        if here.any():
            self._taken.append(table.filter(arrow.array(here)))
            self._places.append(place[here])

    def rows(self) -> Rows | None:
        """Return what was taken, record by record; nothing if there were no rows."""
        if not self._taken:
            return None
        places = np.concatenate(self._places)
        table = arrow.concat_tables(self._taken)
        if len(places) > 2 * SAMPLE:
            table = table.filter(arrow.array(places <= np.sort(places)[2 * SAMPLE - 1]))
        order = [
            ("record_id", "ascending"),
            *((c, "ascending") for c in table.column_names if c != "record_id"),
        ]
        return table.sort_by(order).combine_chunks()


def train(sample: Sample, texts: Array) -> tuple[dict[str, Any], bytes]:
    """Return what of the model may be shown, and the names that are not rare, fingerprinted under the index's own key."""
    rows = sample.rows()
    if rows is None or compute.count_distinct(rows["record_id"]).as_py() < LEAST_RECORDS:
        # Among so few nobody can be told from somebody made up: what the classes mean stands as it is, and the lowest threshold.
        return _shown(fit(np.zeros(0, np.int64)), choose(*_nobody(), 0)), _bytes_of([], [])
    ids = rows["record_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
    known = encode(normal_columns(rows), _TEXTS)
    common = [_not_rare(known.words[starts, column]) for column in (GIVEN, SURNAME)]
    table = _table_of(known, rows, np.append(starts, len(ids)).astype(np.int64))
    bands = [np.ascontiguousarray(part) for found in common for part in (found[0], found[2])]
    blank = Veto(np.ones(PATTERNS), 0.0, *bands)
    plain = np.flatnonzero((known.words[:, FLAGS] & MORE_PARTS) == 0)
    usable = known.words[plain]
    nicknames = nickname_table(_TEXTS)
    asked, _ = _requests(make_up(usable, nicknames, REQUESTS, _TRAINING))
    patterns = np.zeros(_PAIRS, np.int64)
    fitted = fit(patterns[: kernel.patterns_of(_LINES, asked, table, blank, patterns)])
    held_out, truth = _requests(make_up(usable, nicknames, REQUESTS, _HELD_OUT))
    right = np.where(truth >= 0, ids[plain[truth]], NOBODY) if len(plain) else truth
    measured = _measure(held_out, right, known.words, ids, table, blank._replace(odds=odds_of(fitted)))
    named = [rows.take(arrow.array(starts[first])) for _, first, _ in common]
    prints = [encode(normal_columns(some), texts).words[:, column] for some, column in zip(named, (GIVEN, SURNAME), strict=True)]  # fmt: skip
    return _shown(fitted, choose(*measured, len(truth))), _bytes_of(prints, [b for _, _, b in common])


def veto_of(model: Mapping[str, Any], names: bytes) -> Veto:
    """Make of what an index keeps what the kernel takes."""
    words = np.frombuffer(names, "<u8")
    given, surnames = int(words[0]), int(words[1])
    columns = words[2 : 2 + 2 * (given + surnames)].reshape(-1, 2)
    parts = [np.ascontiguousarray(part) for some in (columns[:given], columns[given:]) for part in (some[:, 0], some[:, 1].astype(np.int64))]  # fmt: skip
    return Veto(odds_of(Fitted(**model["fitted"])), float(model["threshold"]["at"]), *parts)


def _shown(fitted: Fitted, threshold: Any) -> dict[str, Any]:
    found = {"version": VERSION, "fitted": asdict(fitted), "threshold": asdict(threshold)}
    shown: dict[str, Any] = json.loads(json.dumps(found))
    return shown


def _nobody() -> tuple[Array, Array, Array]:
    return np.zeros(0), np.zeros(0, np.bool_), np.zeros(0, np.bool_)


def _not_rare(prints: Array) -> tuple[Array, Array, Array]:
    names, first, counts = np.unique(prints, return_index=True, return_counts=True)
    common, middling = (
        (counts >= share * len(prints)) & (counts >= least) for share, least in (_COMMON, _MIDDLING)
    )
    kept = (common | middling) & (names != 0)
    return names[kept], first[kept], np.where(common[kept], 2, 1).astype(np.int64)


def _bytes_of(prints: list[Array], bands: list[Array]) -> bytes:
    pieces = [np.array([len(p) for p in prints] or [0, 0], "<u8")]
    for some, band in zip(prints, bands, strict=True):
        order = np.argsort(some)
        pieces.append(np.stack((some[order], band[order].astype(np.uint64)), axis=1).ravel())
    return np.concatenate(pieces).astype("<u8").tobytes()


def _table_of(known: Any, rows: Rows, starts: Array) -> Table:
    years = np.array([int(v) for v in rows["tax_year"].to_pylist()], np.int64)
    births = np.ascontiguousarray(known.words[:, BORN])
    given = (
        _LINES,
        known.words,
        known.more,
        known.more_at,
        years,
        births,
        starts,
        np.arange(len(starts) - 1, dtype=np.int64),
    )
    nowhere = np.zeros((0, LINE + 2), np.uint64)
    lines = np.zeros((lay_out(*given, nowhere, nowhere, False), LINE + 2), np.uint64)
    lay_out(*given, lines, lines[:, LINE:], True)
    # A record's further lines must stay behind its own: the order is stable.
    lines = lines[np.lexsort((lines[:, LINE + 1], np.where(lines[:, LINE], lines[:, LINE], lines[:, LINE + 1])))]  # fmt: skip
    keys = lines[:, LINE:]
    begin = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(keys)])
    extents = (begin.astype(np.uint64) << np.uint64(24)) | np.diff(np.append(begin, len(keys))).astype(np.uint64)  # fmt: skip
    entries = np.concatenate([np.stack((keys[begin, n], extents), axis=1) for n in range(2)])
    entries = entries[entries[:, 0] != 0]
    entries = np.ascontiguousarray(entries[np.argsort(entries[:, 0], kind="stable")])
    bits = max(1, len(entries).bit_length() - 1)
    firsts = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    buckets = np.append(np.searchsorted(entries[:, 0], firsts), len(entries)).astype(np.uint64)
    whole = np.ascontiguousarray(lines[:, :LINE])
    return Table(whole, entries, buckets, np.uint64(64 - bits), *nickname_table(_TEXTS))


def _requests(made: tuple[Array, Array]) -> tuple[Requests, Array]:
    words, truth = made
    lines, keys = np.zeros(len(words), np.uint64), np.zeros((len(words), 2), np.uint64)
    kernel.lines_asked(_LINES, words, lines, keys)
    return Requests(words, np.zeros(0, np.uint64), np.zeros(len(words) + 1, np.int64), lines, keys), truth


def _measure(
    asked: Requests, truth: Array, known: Array, ids: Array, table: Table, veto: Veto
) -> tuple[Array, Array, Array]:
    """For the rule's answers to held-out requests: the posterior, whether it is right, and whether it is wrong with an equal name."""
    count = len(truth)
    reasons, records, said = (np.zeros(count, np.int64) for _ in range(3))
    posteriors = np.zeros(count)
    kernel.decide_all(_LINES, asked, table, veto, _MAX_FILERS, 0, count, reasons, records, said, posteriors)
    found = np.flatnonzero(records != NOBODY)
    right = truth[found] == records[found]
    equal = [
        not good and bool((known[ids == records[n]][:, [GIVEN, SURNAME]] == asked.words[n, [GIVEN, SURNAME]]).all(axis=1).any())
        for n, good in zip(found, right, strict=True)
    ]  # fmt: skip
    return posteriors[found], right, np.array(equal, np.bool_)
