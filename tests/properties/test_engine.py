"""The compiled engine over an index, held to records/rule.py over all rows: not one verdict, reason or comparison may differ.

The worlds are small and their alphabets are chosen so that names, addresses and facts meet, nearly meet and contradict.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invented.small_worlds import Row, request, world
from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.normal_columns import normal_columns
from lawgate.adapters.record_sources import COLUMNS
from lawgate.domain.steps import Verdict, VerdictKind
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.identity.normal import normal_address, normal_name
from lawgate.records import encode
from lawgate.records.compare import birth_date_form, taxpayer_number_form
from lawgate.records.kernel import veto_with
from lawgate.records.keys import keys_of
from lawgate.records.model import PATTERNS
from lawgate.records.row import RecordRow
from lawgate.records.rule import Query, RuleLimits, decide

KEY = bytes(range(32))
VETOED = Verdict(VerdictKind.AMBIGUOUS, "333")


def record_row(row: Row) -> RecordRow:
    bars = tuple(b.strip() for b in row["bars"].split(";") if b)
    return RecordRow(row["record_id"], stated_name(row), stated_parts(row), row["birth_date"], row["taxpayer_number"],
                     int(row["tax_year"]), row["source"], row["form"], bars)  # fmt: skip


def brute_force(query: Query, rows: Sequence[RecordRow], max_filers: int) -> Verdict:
    """Look at every row. The one loss by key: an address at home without a number has none, so it finds nobody."""
    found = rows
    if not keys_of(query.address):
        found = ()
    elif query.address.country == "US" and query.address.street and not query.address.number:
        # A box stands beside a street without a number: it is found by the box, where the records have the same.
        found = [r for r in rows if normal_address(r.address).box == query.address.box]
    every = rows
    return decide(query, found, lambda i: [r for r in every if r.record_id == i], RuleLimits(max_filers))


def index_of(rows: Sequence[Row], threads: int | None = None) -> LocalRecords:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "records.parquet", Path(folder) / "index"
        columns = {c: arrow.array([row.get(c, "") for row in rows], arrow.string()) for c in COLUMNS}
        parquet.write_table(arrow.table(columns), source)
        build_index([source], target, KEY, os.urandom)
        return open_index(target, KEY, threads)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 2, 3, 10]))
def test_the_engine_says_what_the_rule_says_over_all_rows(seed: int, max_filers: int) -> None:
    rng = Random(seed)
    rows = world(rng)
    known = [record_row(row) for row in rows]
    asked = [request(rng, rows) for _ in range(40)]
    engine = index_of(rows)
    for query, verdict in zip(asked, engine.look_up(asked, max_filers), strict=True):
        by_rule = brute_force(query, known, max_filers)
        # The model may take a ONE back, and does nothing else.
        assert verdict == (VETOED if verdict.reason == "333" and by_rule.record_id else by_rule)
    assert engine.lookups == 40


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.floats(0, 1.01), st.integers(0, 2**32))
def test_whatever_the_model_says_it_takes_answers_back_and_adds_none(seed: int, at: float, odds: int) -> None:
    """Verdicts with a model are a subset of those without: any odds, sensible or not, and any threshold."""
    rng = Random(seed)
    rows = world(rng)
    asked = [request(rng, rows) for _ in range(40)]
    engine = index_of(rows)
    any_odds = np.random.default_rng(odds).choice([0.0, 0.01, 1.0, 100.0, np.inf, np.nan], PATTERNS)
    names = engine.veto[2:6]
    engine.veto = veto_with(np.ones(PATTERNS), 0.0, names)
    without = engine.look_up(asked, 3)
    engine.veto = veto_with(any_odds, at, names)
    for verdict, by_rule in zip(engine.look_up(asked, 3), without, strict=True):
        assert verdict == by_rule or (verdict == VETOED and by_rule.record_id)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.floats(0, 1), st.integers(0, 2**32))
def test_bounds_of_the_odds_never_decide_otherwise_than_the_posterior(
    seed: int, at: float, odds: int
) -> None:
    rng = Random(seed)
    rows = world(rng)
    asked = [request(rng, rows) for _ in range(40)]
    engine = index_of(rows)
    any_odds = np.exp(np.random.default_rng(odds).normal(0, 3, PATTERNS))
    engine.veto = veto_with(any_odds, at, engine.veto[2:6])
    bounded = engine.look_up(asked, 3)
    # Bounds that say nothing leave it to the posterior.
    engine.veto = engine.veto._replace(least=np.zeros_like(engine.veto.least))
    assert engine.look_up(asked, 3) == bounded


def test_the_worlds_of_this_file_reach_every_reason() -> None:
    reasons = Counter[str]()
    for seed in range(40):
        rng = Random(seed)
        rows = world(rng)
        reasons.update(v.reason for v in index_of(rows).look_up([request(rng, rows) for _ in range(40)], 2))
    assert min(reasons[reason] for reason in ("301", "310", "320", "330", "331", "332", "340")) > 0


@pytest.mark.parametrize("threads", [1, 3])
def test_neither_threads_nor_chunks_nor_order_change_a_verdict(threads: int) -> None:
    rng = Random(5)
    rows = [{**row, "record_id": f"{n}-{row['record_id']}"} for n in range(60) for row in world(rng)]
    asked: list[Query | None] = [request(rng, rows) for _ in range(1500)]
    asked[7] = None
    engine = index_of(rows, threads)
    whole = engine.look_up(asked, 3)
    assert [v for at in range(0, 1500, 97) for v in engine.look_up(asked[at : at + 97], 3)] == whole
    order = rng.sample(range(1500), 1500)
    assert engine.look_up([asked[n] for n in order], 3) == [whole[n] for n in order]
    assert index_of(rows, 1).look_up(asked, 3) == whole


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_column_of_normal_forms_is_the_normal_form_of_each_row(seed: int) -> None:
    rng = Random(seed)
    rows = [{**row, "birth_date": row["birth_date"] + rng.choice(["", " "])} for row in world(rng)]
    assert_forms_are_those_of_each_row(rows)


def test_what_is_told_from_the_whole_column_is_what_is_told_of_each_value() -> None:
    names = (
        "Smith",
        "JR",
        "iii",
        "Y",
        "De",
        "St",
        "NMN",
        "O'Neil",
        "Peña",
        "Smith Jr",
        "Ana\n",
        "X1",
        "",
        " Lee",
    )
    codes = ("00000", "99999", "55555", "02134", "02134-1000", "0213", "٠٢١٣٤", "02134\n", "")
    rows = [
        {"given": given, "surname": surname, "suffix": suffix}
        for given, surname, suffix in product(names, names, ("", "Sr"))
    ] + [
        {"street": "Calle Sol", "number": number, "state": state, "zip": code, "country": country}
        for number, state, code, country in product(("A-17", "12"), ("PR", "MA", ""), codes, ("", "US", "FR"))
    ]
    assert_forms_are_those_of_each_row([{c: row.get(c, "") for c in COLUMNS} for row in rows])


def assert_forms_are_those_of_each_row(rows: Sequence[Row]) -> None:
    table = arrow.table({c: arrow.array([row.get(c, "") for row in rows], arrow.string()) for c in COLUMNS})
    columns = normal_columns(table)
    for place, row in enumerate(rows):
        name, address = normal_name(stated_name(row)), normal_address(stated_parts(row))
        forms = {
            "birth_date": birth_date_form(row["birth_date"]),
            "taxpayer_number": taxpayer_number_form(row["taxpayer_number"]),
        }
        for column in encode.COLUMNS:
            data, offsets = columns[column]
            wanted = forms.get(column) or getattr(name, column, None) or getattr(address, column, None) or ""
            assert bytes(data[offsets[place] : offsets[place + 1]]).decode() == wanted


def test_a_column_of_texts_keeps_them_apart() -> None:
    texts = ["", "A", "", "李", "É B", ""]
    data, offsets = encode.column_of(texts)
    assert [bytes(data[a:b]).decode() for a, b in pairwise(offsets)] == texts
    with pytest.raises(ValueError, match="line break"):
        encode.column_of(["A\nB"])
