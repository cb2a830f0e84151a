"""The truth judges answers by people and dwellings: a wrong person is counted, and one whom nothing could tell apart is listed beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lawgate.domain.steps import AnswerKind
from lawgate.rehearsal.exchange_truth import Answer, Truth

HERE, ELSEWHERE = 10, 20
NOBODY = -1


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    """Line 1 means record 1; line 2 nobody, though record 2 bears the very name and files from there; line 3 nobody, and nobody is like it."""
    lines: Mapping[str, list[object]] = {
        "record": [1, NOBODY, NOBODY],
        "dwelling": [HERE, HERE, ELSEWHERE],
        "building": [HERE, HERE, ELSEWHERE],
        "whole": [True, True, True],
        "twin": [NOBODY, 2, NOBODY],
        "kind": [0, 0, 0],
    }
    addresses = {
        "record": [1, 2],
        "dwelling": [HERE, HERE],
        "building": [HERE, HERE],
        "address": ["1|A St|||97401"] * 2,
    }
    pq.write_table(pa.table(lines), tmp_path / "lines-0000.parquet")
    pq.write_table(pa.table(addresses), tmp_path / "addresses-0000.parquet")
    return Truth(tmp_path)


def told(line: int, record: int) -> Answer:
    return Answer(line, AnswerKind.CONFIRMED, f"R{record}", {})


@pytest.mark.parametrize(
    ("answer", "wrong_person", "without_address", "equal"),
    [
        (told(1, 1), 0, 0, ()),
        (told(1, 2), 1, 0, ()),
        (told(2, 2), 0, 0, (2,)),
        (told(2, 1), 1, 0, ()),
        (told(3, 1), 1, 1, ()),
    ],
)
def test_each_answer_is_judged(
    truth: Truth, answer: Answer, wrong_person: int, without_address: int, equal: tuple[int, ...]
) -> None:
    found = truth.measure([answer])
    assert (found.wrong_person, found.without_verified_address, found.equal) == (
        wrong_person,
        without_address,
        equal,
    )
    assert (found.confirmed, found.released, found.wrong_address) == (1, 0, 0)


def test_an_address_that_is_not_the_records_is_a_wrong_one(truth: Truth) -> None:
    given = {"number": "1", "street": "A St", "zip": "97401"}
    right = Answer(1, AnswerKind.RELEASED, "R1", given)
    assert truth.measure([right]).wrong_address == 0
    assert truth.measure([Answer(1, AnswerKind.RELEASED, "R1", given | {"number": "2"})]).wrong_address == 1
