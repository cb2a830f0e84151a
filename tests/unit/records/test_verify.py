"""One approved request is one look-up, by name and address alone (I-2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from lawgate.domain.steps import Approved, Json, Line, SignedDecision, SubmissionId, Verdict, VerdictKind
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.identity.normal import normal_address
from lawgate.records.keys import keys_of
from lawgate.records.row import RecordRow
from lawgate.records.rule import Query, RuleLimits, decide, query_of
from lawgate.records.verify import verify_records

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
        self.rows, self.asked = rows, list[Query | None]()

    def look_up(self, queries: Sequence[Query | None], max_filers: int) -> list[Verdict]:
        self.asked += queries
        return [self._decide(query, max_filers) for query in queries]

    def _decide(self, query: Query | None, max_filers: int) -> Verdict:
        if query is None:
            return Verdict(VerdictKind.NONE, "340")
        return decide(query, self.rows, self.history, RuleLimits(max_filers))

    def history(self, record_id: str) -> list[RecordRow]:
        return [r for r in self.rows if r.record_id == record_id]


def approved(**data: Json) -> Approved:
    line = Line(1, "k", {"name": NAME, "address": ADDRESS, **data}, "0" * 64)
    decision = SignedDecision("0" * 64, "k", "p", datetime(2026, 1, 1, tzinfo=UTC))
    return Approved(SubmissionId("S"), line, (), ("address",), (2022,), "r", decision)


def test_the_index_is_asked_once_by_address_only(row: Row) -> None:
    engine = Rows(row("r1"), row("r2", number="9"))
    (matched,) = verify_records([approved()], engine, RuleLimits(5))
    assert (matched.verdict.kind, matched.verdict.record_id) == (VerdictKind.ONE, "r1")
    assert engine.asked == [query_of(stated_name(NAME), stated_parts(ADDRESS))]


def test_requests_come_back_in_their_order_each_with_its_own_verdict(row: Row) -> None:
    engine = Rows(row("r1"), row("r2", number="9"))
    asked = [approved(address={**ADDRESS, "number": n}) for n in ("9", "", "742", "8")]
    matched = verify_records(asked, engine, RuleLimits(5))
    assert [m.approved for m in matched] == asked
    assert [m.verdict.record_id for m in matched] == ["r2", None, "r1", None]
    assert len(engine.asked) == 4


def test_nothing_else_of_the_line_is_looked_at(row: Row) -> None:
    engine = Rows(row("r1"))
    more: dict[str, Json] = {
        "offence_facts": {"nationality": "any", "order": "2020"},
        "reasons": "x",
        "engaged_officer": "o",
    }
    one, other = verify_records([approved(**more), approved()], engine, RuleLimits(5))
    assert one.verdict == other.verdict
    assert engine.asked[0] == engine.asked[1]


def test_birth_date_and_taxpayer_number_are_compared(row: Row) -> None:
    engine = Rows(row("r1", birth_date="1980-05-06", taxpayer_number="900701234"))
    for said in (
        {"birth_date": "1980-05-07"},
        {"taxpayer_number": "900701235"},
        {"taxpayer_number": 900701234},
    ):
        (matched,) = verify_records([approved(**said)], engine, RuleLimits(5))
        assert matched.verdict.reason == "331"


def test_what_is_no_name_or_address_matches_nothing_and_is_still_one_look_up(row: Row) -> None:
    engine = Rows(row("r1"))
    for bad in ({"address": {"text": "742 N Main St"}}, {"name": {"surname": "Smith"}}, {"address": None}):
        (matched,) = verify_records([approved(**bad)], engine, RuleLimits(5))
        assert matched.verdict == Verdict(VerdictKind.NONE, "340")
    assert engine.asked == [None, None, None]


def test_there_is_no_key_without_a_house_box_or_route_number(row: Row) -> None:
    for gone in ({"number": ""}, {"number": "0"}, {"street": ""}, {"city": "", "zip": ""}):
        assert keys_of(normal_address(row("r1", **gone).address)) == ()
    assert keys_of(normal_address(row("r1", number="", street="", box="RR 2").address)) == (
        "B|RR 2|62704",
        "B|RR 2|SPRINGFIELD|IL",
    )
