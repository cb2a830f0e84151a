"""Requests made from a population: the same every time, the truth beside them right, and none of the decoys fools the engine."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lawgate.adapters.arrow import Table
from lawgate.adapters.index_build import build_index
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.normal_columns import normal_columns
from lawgate.rehearsal.population import make_block
from lawgate.rehearsal.population_records import write_block
from lawgate.rehearsal.population_requests import DECOYS, KINDS, MIXED, requests_of

KEY, PEOPLE, SEED = bytes(32), 5_000, 11


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> LocalRecords:
    folder = tmp_path_factory.mktemp("population")
    write_block(folder / "records.parquet", make_block(SEED, 0, PEOPLE))
    build_index([folder / "records.parquet"], folder / "index", KEY, os.urandom)
    return open_index(folder / "index", KEY)


def asked(count: int, shares: tuple[float, ...], *, numbers: bool) -> Table:
    return requests_of(make_block(SEED, 0, PEOPLE), count, shares, numbers=numbers, seed=SEED)


def found(engine: LocalRecords, stated: Table) -> list[str]:
    decided = engine.decide(engine.encode(normal_columns(stated)), 10)
    return [engine.record_rows(r)[0].record_id if r >= 0 else "" for r in decided.records.tolist()]


def test_the_same_seed_gives_the_same_requests_of_every_kind() -> None:
    one, other = asked(2_000, MIXED, numbers=False), asked(2_000, MIXED, numbers=False)
    assert one.equals(other)
    both = set(one["kind"].to_pylist()) | set(asked(2_000, DECOYS, numbers=True)["kind"].to_pylist())
    assert both == set(KINDS)


def test_members_are_found_as_themselves_and_nobody_as_somebody_else(engine: LocalRecords) -> None:
    stated = asked(4_000, MIXED, numbers=False)
    truth, answers = np.array(stated["truth"].to_pylist()), np.array(found(engine, stated))
    assert not ((answers != "") & (answers != truth)).any()
    assert 0.7 < (answers[truth != ""] != "").mean() < 0.95


def test_no_decoy_is_matched(engine: LocalRecords) -> None:
    stated = asked(6_000, DECOYS, numbers=True)
    truth = stated["truth"].to_pylist()
    wrong = [
        kind
        for kind, t, answer in zip(stated["kind"].to_pylist(), truth, found(engine, stated), strict=True)
        if answer not in ("", t)
    ]
    assert wrong == []  # fmt: skip
