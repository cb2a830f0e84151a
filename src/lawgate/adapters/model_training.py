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
from lawgate.adapters.index_parts import Buckets, groups_of, lines_of, years_of
from lawgate.adapters.normal_columns import as_column, normal_columns
from lawgate.records import kernel
from lawgate.records.encode import (
    FLAGS,
    GIVEN,
    MORE_PARTS,
    SURNAME,
    Encoded,
    Nicknames,
    encode,
    nickname_table,
)
from lawgate.records.fingerprint import text_prints
from lawgate.records.kernel import NOBODY, Requests, Table, Veto, veto_with
from lawgate.records.layout import LINE
from lawgate.records.made_up import make_up
from lawgate.records.model import PATTERNS, VERSION, Fitted, choose, fit, odds_of

SAMPLE = 30_000
REQUESTS = 20_000
LEAST_RECORDS = 1000
_TRAINING, _HELD_OUT = 1, 2  # seeds
_MAX_FILERS = 12
"""As an example of settings has it. A home may say otherwise: then more or fewer addresses are of many, and nobody is told of more of them."""
_PAIRS = 40 * REQUESTS
_COMMON, _MIDDLING = (1 / 200, 20), (1 / 2000, 5)  # share of the sampled records, and how many at least

# The sample is looked at under keys that hide nothing: it stays in memory, and goes with the process.
# Read-only, as an index's own keys are: the compiled engine then has one form for both.
_TEXTS, _LINES = (np.frombuffer(np.array(key, "<u8").tobytes(), "<u8") for key in ([1, 2], [3, 4]))


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
    nicknames = nickname_table(_TEXTS)
    table = _table_of(known, years_of(rows), np.append(starts, len(ids)).astype(np.int64), nicknames)
    bands = [np.array(part) for found in common for part in (found[0], found[2])]
    plain = np.flatnonzero((known.words[:, FLAGS] & MORE_PARTS) == 0)
    usable = known.words[plain]
    asked, _ = _requests(make_up(usable, nicknames, REQUESTS, _TRAINING))
    patterns = np.zeros(_PAIRS, np.int64)
    unfitted = veto_with(np.ones(PATTERNS), 0.0, bands)
    fitted = fit(patterns[: kernel.patterns_of(_LINES, asked, table, unfitted, patterns)])
    held_out, truth = _requests(make_up(usable, nicknames, REQUESTS, _HELD_OUT))
    right = np.where(truth >= 0, ids[plain[truth]], NOBODY) if len(plain) else truth
    measured = _measure(held_out, right, known.words, ids, table, veto_with(odds_of(fitted), 0.0, bands))
    named = [rows.take(arrow.array(starts[first])) for _, first, _ in common]
    prints = [encode(normal_columns(some), texts).words[:, column] for some, column in zip(named, (GIVEN, SURNAME), strict=True)]  # fmt: skip
    return _shown(fitted, choose(*measured, len(truth))), _bytes_of(prints, [b for _, _, b in common])


def veto_of(model: Mapping[str, Any], names: bytes) -> Veto:
    """Make of what an index keeps what the kernel takes."""
    words = np.frombuffer(names, "<u8")
    given, surnames = int(words[0]), int(words[1])
    columns = words[2 : 2 + 2 * (given + surnames)].reshape(-1, 2)
    parts = [np.array(part) for some in (columns[:given], columns[given:]) for part in (some[:, 0], some[:, 1].astype(np.int64))]  # fmt: skip
    return veto_with(odds_of(Fitted(**model["fitted"])), float(model["threshold"]["at"]), parts)


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


def _table_of(known: Encoded, years: Array, starts: Array, nicknames: Nicknames) -> Table:
    lines = lines_of(_LINES, known, years, starts, np.arange(len(starts) - 1))
    # A record's further lines must stay behind its own: the order is stable.
    lines = lines[np.lexsort((lines[:, LINE + 1], np.where(lines[:, LINE], lines[:, LINE], lines[:, LINE + 1])))]  # fmt: skip
    entries = groups_of(lines[:, LINE:], 0)
    entries = entries[np.argsort(entries[:, 0], kind="stable")]
    buckets = Buckets(len(entries))
    buckets.note(entries[:, 0])
    whole = np.ascontiguousarray(lines[:, :LINE])
    whole.flags.writeable = entries.flags.writeable = False
    return Table(whole, entries, np.frombuffer(buckets.whole(), "<u8"), buckets.shift, *nicknames)


def _requests(made: tuple[Array, Array]) -> tuple[Requests, Array]:
    words, truth = made
    none = Encoded(words, np.zeros(0, np.uint64), np.zeros(len(words) + 1, np.int64))
    return kernel.asked_of(_LINES, none), truth


def _measure(
    asked: Requests, truth: Array, known: Array, ids: Array, table: Table, veto: Veto
) -> tuple[Array, Array, Array]:
    """For the rule's answers to held-out requests: the posterior, whether it is right, and whether it is wrong with an equal name."""
    count = len(truth)
    reasons, records, said = (np.zeros(count, np.int64) for _ in range(3))
    posteriors = np.zeros(count)
    kernel.decide_all(_LINES, asked, table, veto, _MAX_FILERS, 0, count, reasons, records, said)
    kernel.posteriors_of(_LINES, asked, table, veto, records, posteriors)
    found = np.flatnonzero(records != NOBODY)
    right = truth[found] == records[found]
    equal = [
        not good and bool((known[ids == records[n]][:, [GIVEN, SURNAME]] == asked.words[n, [GIVEN, SURNAME]]).all(axis=1).any())
        for n, good in zip(found, right, strict=True)
    ]  # fmt: skip
    return posteriors[found], right, np.array(equal, np.bool_)
