"""What is counted: each verdict against its truth, each miss with its cause, each wrong person with what made them equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from lawgate.domain.steps import Verdict, VerdictKind
from lawgate.records.evaluate import Evaluation, Labelled, evaluate
from lawgate.records.row import RecordRow
from lawgate.records.rule import Query, RuleLimits, decide

Row = Callable[..., RecordRow]
HOME = {"number": "742", "street": "N Main St", "city": "Springfield", "state": "IL", "zip": "62704"}
JOHN = {"given": "John", "surname": "Smith"}


class Rows:
    def __init__(self, rows: Sequence[RecordRow]) -> None:
        self.rows, self.lookups = rows, 0

    def look_up(self, queries: Sequence[Query | None], max_filers: int) -> list[Verdict]:
        self.lookups += len(queries)
        nobody = Verdict(VerdictKind.NONE, "340")
        limits = RuleLimits(max_filers)
        return [nobody if q is None else decide(q, self.rows, self.history, limits) for q in queries]

    def history(self, record_id: str) -> list[RecordRow]:
        return [r for r in self.rows if r.record_id == record_id]


def counted(rows: Sequence[RecordRow], truth: str = "r1", *, most: int = 5, **stated: Any) -> Evaluation:
    data = {"name": JOHN, "address": HOME} | stated
    engine = Rows(rows)
    done = evaluate([Labelled(7, data, truth)], engine, RuleLimits(most), engine.history, {})
    assert engine.lookups == done.requests == done.members + done.non_members == 1
    assert done.members == done.matched_right + done.matched_wrong + done.missed
    assert sum(done.missed_by_cause.values()) == done.missed
    return done


def test_right_wrong_and_matched_non_members_are_told_apart(row: Row) -> None:
    rows = [row("r1")]
    assert counted(rows).matched_right == 1
    assert counted(rows, "").non_members_matched == 1
    assert counted([*rows, row("r2", number="9")], "r2").matched_wrong == 1
    assert counted(rows, "", name={"given": "Ann", "surname": "Smith"}).non_members_matched == 0


@pytest.mark.parametrize(
    ("on_record", "stated", "cause"),
    [
        ({}, {"address": HOME | {"street": "Failed to Provide"}}, "what is stated is not an address"),
        ({}, {"name": {"given": "", "surname": "Smith"}}, "what is stated is not a name"),
        ({"number": "9", "street": "Oak St"}, {}, "the record does not have the address"),
        ({"surname": "Smyth"}, {}, "written differently: surname"),
        ({"given": "Jhon"}, {}, "written differently: given name"),
        ({"number": "724"}, {}, "written differently: number"),
        ({"street": "N Maine St"}, {}, "written differently: street"),
        ({"city": "Chatham", "zip": "62629"}, {}, "written differently: place"),
        ({"unit": "1"}, {"address": HOME | {"unit": "2"}}, "written differently: unit"),
        ({"birth_date": "1980-05-06"}, {"birth_date": "1981-05-06"}, "contradicts: birth_date"),
        ({"middle": "Lee"}, {"name": JOHN | {"middle": "Ann"}}, "contradicts: middle"),
    ],
)
def test_a_miss_has_its_cause(
    row: Row, on_record: dict[str, str], stated: dict[str, Any], cause: str
) -> None:
    assert counted([row("r1", **on_record)], **stated).missed_by_cause == {cause: 1}


def test_a_crowd_a_tie_and_a_record_that_is_not_there_are_causes_too(row: Row) -> None:
    crowd = [row("r1"), *(row(f"x{n}", given="Ann", surname=f"Other{n}") for n in range(9))]
    assert counted(crowd).missed_by_cause == {"address of many filers": 1}
    assert counted([row("r1"), row("r2")]).missed_by_cause == {"somebody else there could be meant": 1}
    assert counted([row("r1", number="9")], "r9").missed_by_cause == {
        "the right record is not in the file": 1
    }


def test_a_wrong_person_is_listed_by_row_with_what_was_equal(row: Row) -> None:
    (wrong,) = counted([row("r1", middle="Q")], "").wrong
    assert (wrong.row, wrong.equal, wrong.silent) == (7, True, ())
    assert {"given", "surname", "number", "street", "zip"} <= set(wrong.agrees)
    (wrong,) = counted([row("r1")], "", birth_date="1950-01-01").wrong
    assert (wrong.row, wrong.equal, wrong.silent) == (7, False, ("birth_date",))


def test_a_nickname_is_not_equal_in_every_stated_datum(row: Row) -> None:
    (wrong,) = counted(
        [row("r1", middle="Q")], "", name={"given": "Jack", "middle": "Q", "surname": "Smith"}
    ).wrong
    assert not wrong.equal


def test_a_row_without_a_tax_year_says_nothing_against_a_birth_date(row: Row) -> None:
    assert counted([row("r1", tax_year=0)], birth_date="1950-01-01").matched_right == 1
    assert counted([row("r1", tax_year=1940)], birth_date="1950-01-01").matched_right == 0


def test_names_are_counted_by_how_they_are_written_and_only_where_one_is_stated(row: Row) -> None:
    found = counted([row("r1")]).by_form["surname of 5 to 8 letters"]
    assert found == {"members": 1, "right": 1, "wrong": 0}
    taken = counted([row("r1")], "").by_form["surname of 5 to 8 letters"]
    assert taken == {"members": 0, "right": 0, "wrong": 1}
    assert counted([row("r1")], address={"street": "Failed to Provide"}).by_form == {}
