"""One approved request is one look-up, by name and address alone (I-2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from lawgate.domain.steps import Approved, Json, Line, SignedDecision, SubmissionId, VerdictKind
from lawgate.identity.normal import normal_address
from lawgate.records.engine import RecordRow
from lawgate.records.keys import keys_of
from lawgate.records.rule import RuleLimits
from lawgate.records.verify import verify_record

Row = Callable[..., RecordRow]
NAME: dict[str, Json] = {"given": "John", "surname": "Smith"}
ADDRESS: dict[str, Json] = {
    "number": "742",
    "street": "N Main St",
    "city": "Springfield",
    "state": "IL",
    "zip": "62704",
}


class Rows:
    """An engine over a list that remembers what it was asked."""

    def __init__(self, *rows: RecordRow) -> None:
        self.rows, self.asked = rows, list[Sequence[str]]()

    def candidates(self, keys: Sequence[str]) -> list[RecordRow]:
        self.asked.append(keys)
        return [r for r in self.rows if set(keys) & set(keys_of(normal_address(r.address)))]

    def history(self, record_id: str) -> list[RecordRow]:
        return [r for r in self.rows if r.record_id == record_id]


def approved(**data: Json) -> Approved:
    line = Line(1, "k", {"name": NAME, "address": ADDRESS, **data}, "0" * 64)
    decision = SignedDecision("0" * 64, "k", "p", datetime(2026, 1, 1, tzinfo=UTC))
    return Approved(SubmissionId("S"), line, (), ("address",), (2022,), "r", decision)


def test_the_index_is_asked_once_by_address_only(row: Row) -> None:
    engine = Rows(row("r1"), row("r2", number="9"))
    matched = verify_record(approved(), engine, RuleLimits(5))
    assert (matched.verdict.kind, matched.verdict.record_id) == (VerdictKind.ONE, "r1")
    assert engine.asked == [("S|742|N MAIN ST|62704", "S|742|N MAIN ST|SPRINGFIELD|IL")]


def test_nothing_else_of_the_line_is_looked_at(row: Row) -> None:
    engine = Rows(row("r1"))
    more: dict[str, Json] = {
        "offence_facts": {"nationality": "any", "order": "2020"},
        "reasons": "x",
        "engaged_officer": "o",
    }
    assert (
        verify_record(approved(**more), engine, RuleLimits(5)).verdict
        == verify_record(approved(), engine, RuleLimits(5)).verdict
    )


def test_birth_date_and_taxpayer_number_are_compared(row: Row) -> None:
    engine = Rows(row("r1", birth_date="1980-05-06", taxpayer_number="900701234"))
    for said in (
        {"birth_date": "1980-05-07"},
        {"taxpayer_number": "900701235"},
        {"taxpayer_number": 900701234},
    ):
        assert verify_record(approved(**said), engine, RuleLimits(5)).verdict.reason == "331"


def test_what_is_no_name_or_address_matches_nothing_and_is_still_one_look_up(row: Row) -> None:
    engine = Rows(row("r1"))
    for bad in ({"address": {"text": "742 N Main St"}}, {"name": {"surname": "Smith"}}, {"address": None}):
        assert verify_record(approved(**bad), engine, RuleLimits(5)).verdict.kind is VerdictKind.NONE
    assert engine.asked == [(), (), ()]


def test_there_is_no_key_without_a_house_box_or_route_number(row: Row) -> None:
    for gone in ({"number": ""}, {"number": "0"}, {"street": ""}, {"city": "", "zip": ""}):
        assert keys_of(normal_address(row("r1", **gone).address)) == ()
    assert keys_of(normal_address(row("r1", number="", street="", box="RR 2").address)) == (
        "B|RR 2|62704",
        "B|RR 2|SPRINGFIELD|IL",
    )
