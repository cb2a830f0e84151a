"""The model that may veto: what it learns, how its threshold is chosen, and that it is the same whenever and wherever it is made."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from lawgate.adapters import model_training
from lawgate.adapters.index_file import replacing
from lawgate.adapters.labelled_files import read_labelled_records
from lawgate.adapters.local_records import open_index
from lawgate.adapters.model_training import Sample, train
from lawgate.domain.errors import RecordEngineError
from lawgate.records.calibration import calibration_svg
from lawgate.records.measure import at_most
from lawgate.records.model import ANCHOR, BOUND, CLASSES, FIELDS, LEAST, PATTERNS, SIZES, choose, fit, odds_of
from lawgate.rehearsal.world import RECORDS

KEY = np.array([8, 9], np.uint64)


def pattern(**levels: str) -> int:
    """One level of each field; what is not named is silent, the name equal and middling, the unit agreeing."""
    plain = {"given": "equal middling", "surname": "equal middling", "unit": "agrees"}
    said = {f: levels.get(f, plain.get(f, "silent")) for f in FIELDS}
    return int(np.ravel_multi_index([FIELDS[f].index(said[f]) for f in FIELDS], SIZES))


@pytest.fixture(scope="module")
def sample() -> Sample:
    source = read_labelled_records(RECORDS, {})
    taken = Sample(source.rows)
    for table in source.batches():
        taken.take(table)
    return taken


def test_the_shipped_world_gives_a_model_that_keeps_to_its_bound(sample: Sample) -> None:
    model, _ = train(sample, KEY)
    kept = model["threshold"]
    assert model["fitted"]["taken"]
    assert kept["requests"] == model_training.REQUESTS
    assert kept["answered"] > kept["requests"] / 3
    assert kept["wrong_at_most"] == at_most(kept["wrong"], kept["requests"]) <= BOUND
    assert kept["right_vetoed"] < kept["answered"] / 200
    assert sum(row[2] for row in kept["reliability"]) == kept["answered"] - kept["equal"]


def test_the_same_records_give_the_same_model_in_any_order_and_under_any_key(sample: Sample) -> None:
    source = read_labelled_records(RECORDS, {})
    again = Sample(source.rows)
    (table,) = source.batches()
    shuffled = table.take(np.random.default_rng(3).permutation(table.num_rows))
    for at in range(0, table.num_rows, 50_000):
        again.take(shuffled.slice(at, 50_000))
    one, names = train(sample, KEY)
    other, other_names = train(again, np.array([1, 7], np.uint64))
    assert one == other
    assert names != other_names
    assert len(names) == len(other_names)


def test_classes_found_without_labels_are_those_that_made_the_pairs() -> None:
    rng = np.random.default_rng(5)
    made_of, pairs = (0.5, 0.3, 0.0, 0.2), 40_000
    truth = rng.choice(4, pairs, p=made_of)
    columns = []
    for place, size in enumerate(SIZES):
        tables = [
            (*row[place][:3], *(row[place][-1] / 3,) * 3) if size == 6 else row[place] for row in ANCHOR
        ]
        shares = [np.array(t) / sum(t) for t in tables]
        columns.append(np.array([rng.choice(size, p=shares[k]) for k in truth]))
    fitted = fit(np.ravel_multi_index(columns, SIZES))
    assert fitted.taken
    assert fitted.shares[:2] == pytest.approx(made_of[:2], abs=0.02)
    assert all(abs(sum(fitted.levels[c][f]) - 1) < 1e-6 for c in CLASSES for f in FIELDS)


def test_pairs_that_would_turn_the_classes_round_are_not_taken() -> None:
    # Everybody of the name differs in the birth date, and whoever has another name agrees: no record is like that.
    upside_down = [pattern(birth_date="differs")] * 90_000
    upside_down += [pattern(given="other", surname="other", birth_date="agrees")] * 90_000
    fitted = fit(np.array(upside_down))
    assert not fitted.taken
    assert fitted == fit(np.zeros(0, np.int64))


def test_what_the_odds_say_without_a_record_seen() -> None:
    odds = odds_of(fit(np.zeros(0, np.int64)))
    assert len(odds) == PATTERNS
    plain = odds[pattern()]
    assert odds[pattern(birth_date="agrees")] > plain > odds[pattern(given="nickname")] > odds[pattern(given="other")]  # fmt: skip
    assert odds[pattern(given="other")] < 0.1
    assert odds[pattern(birth_date="differs")] < plain
    assert odds[pattern(unit="silent")] < plain


def test_the_threshold_lets_as_many_wrong_answers_through_as_the_bound_and_no_more() -> None:
    posterior = np.linspace(0.6, 0.99, 1000)
    right, equal = np.ones(1000, np.bool_), np.zeros(1000, np.bool_)
    right[[100, 300, 500, 700, 900]] = False
    kept = choose(posterior, right, equal, 20_000)
    assert at_most(kept.wrong, 20_000) <= BOUND < at_most(kept.wrong + 1, 20_000)
    assert kept.right_vetoed == int((right & (posterior < kept.at)).sum()) > 0
    few = choose(posterior, right, equal, 100)
    assert few.wrong == 0
    assert few.at > posterior[900]
    none = choose(posterior, right, ~right, 20_000)
    assert (none.at, none.wrong, none.equal) == (LEAST, 0, 5)


def test_an_index_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    target = tmp_path / "index"
    info = {"rows": 0, "records": 0, "keys": 0, "built_from": ""}
    for found in (info, {**info, "model": {"version": 0}}):
        with replacing(target, bytes(32), os.urandom) as (writer, _):
            for name in ("records", "where", "lines", "entries", "buckets", "names"):
                writer.section(name, iter([bytes(4096)]))
            writer.end({"info": found})
        with pytest.raises(RecordEngineError, match="build it again with `lawgate records index`"):
            open_index(target, bytes(32))


def test_the_picture_is_whole_and_fetches_nothing(sample: Sample) -> None:
    model, _ = train(sample, KEY)
    picture = calibration_svg(model["threshold"])
    root = ElementTree.fromstring(picture)
    assert root.tag.endswith("svg")
    assert "href" not in picture
    assert picture.count("<circle") == sum(row[2] > 0 for row in model["threshold"]["reliability"])
