"""I-1, no path around an element: a line that lacks one, in whatever way, never reaches the docket and is never looked up.

One file holds every defect as a line of its own, between two lines in order.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from lawgate import pipeline
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Disposition, LineState
from lawgate.rehearsal import people
from lawgate.store.open import close_database

ELEMENTS: dict[str, frozenset[str]] = {
    "name": frozenset({"221"}),
    "name.given": frozenset({"221"}),
    "name.surname": frozenset({"221"}),
    "address": frozenset({"222", "223"}),
    "address.number": frozenset({"223"}),
    "address.street": frozenset({"223"}),
    "address.city": frozenset({"223"}),
    "address.state": frozenset({"223"}),
    "address.zip": frozenset({"223"}),
    "taxable_periods": frozenset({"224"}),
    "statutory_authority": frozenset({"225"}),
    "reasons": frozenset({"226"}),
    "engaged_officer": frozenset({"229"}),
    "proceeding": frozenset({"230"}),
    "proceeding.kind": frozenset({"230"}),
    "proceeding.case_number": frozenset({"230"}),
    "proceeding.opened": frozenset({"230"}),
    "proceeding.status": frozenset({"230"}),
    "criminal_statute": frozenset({"231"}),
    "items_requested": frozenset({"234"}),
}
"""What 26 U.S.C. 6103(i)(2) makes a request consist of, and the reasons shown where it is missing."""

FILLERS = ("Failed to Provide", "UNKNOWN", "N/A", "XXXXX", "00000", "   ", "-")
ABSENT, BLANK = "(absent)", "(blank)"
WAYS = (ABSENT, BLANK, *FILLERS)


def spoiled(data: dict[str, Any], field: str, way: str) -> dict[str, Any]:
    """The same request with one field left out, blank, or filled with words that say nothing."""
    changed = copy.deepcopy(data)
    outer, _, inner = field.partition(".")
    holder, name = (changed[outer], inner) if inner else (changed, outer)
    if way == ABSENT:
        del holder[name]
    elif isinstance(holder[name], list):
        holder[name] = [] if way == BLANK else [way]
    elif isinstance(holder[name], dict):
        holder[name] = {} if way == BLANK else dict.fromkeys(holder[name], way)
    else:
        holder[name] = "" if way == BLANK else way
    return changed


WORST_FIRST = (Outcome.UNMET, Outcome.UNKNOWN, Outcome.ASK, Outcome.MET)
CASES = [(field, way) for field in ELEMENTS for way in WAYS]


@dataclass
class Everything:
    house: Any
    submission: Any
    in_order: Any
    by_case: dict[tuple[str, str], Any]


@pytest.fixture(scope="module")
def received(prepared: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    house = prepared.house(tmp_path_factory.mktemp("elements"), lambda: moment)
    spoilt = [spoiled(house.one("confirmed", n), *case) for n, case in enumerate(CASES, 2)]
    lines = [house.one("released", 1), *spoilt, house.one("another", len(CASES) + 2)]
    submission = house.receive(lines)
    statuses = house.statuses(submission)
    yield Everything(house, submission, statuses[0], dict(zip(CASES, statuses[1:-1], strict=True)))
    close_database()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", ELEMENTS)
def test_a_line_without_an_element_is_refused_or_returned_with_its_reason(
    received: Everything, field: str, way: str
) -> None:
    status = received.by_case[field, way]
    assert status.state is LineState.FINAL
    assert status.disposition in (Disposition.REFUSED, Disposition.RETURNED)
    assert set(status.codes) & ELEMENTS[field]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", ELEMENTS)
def test_spoiling_a_field_improves_no_finding(received: Everything, field: str, way: str) -> None:
    before = {f.rule: WORST_FIRST.index(f.outcome) for f in received.in_order.findings}
    after = {f.rule: WORST_FIRST.index(f.outcome) for f in received.by_case[field, way].findings}
    assert before.keys() == after.keys()
    assert [rule for rule in before if after[rule] > before[rule]] == []
    assert [rule for rule in before if after[rule] < before[rule]] != []


def test_only_the_lines_in_order_are_on_the_docket_and_only_they_are_looked_up(received: Everything) -> None:
    house, submission = received.house, received.submission
    docket = [a.checked.line.ordinal for a in house.gate.memory.docket(submission)]
    last = len(CASES) + 2
    assert docket == [1, last]
    for ordinal in range(2, last, 9):
        answers = {
            f.rule: {"met": True, "reason": "I say so."} for f in house.statuses(submission)[ordinal - 1].findings
        }  # fmt: skip
        body = {
            "submission": submission, "made": "2026-03-02T09:30:00Z", "count": 1,
            "lines": [{"ordinal": ordinal, "verdict": "approve", "answers": answers, "release_hold": True}],
        }  # fmt: skip
        with pytest.raises(NotPermittedError):
            pipeline.decide(house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER))
    assert house.approve(submission) == {"approved": 2, "closed": 0}
    assert house.engine.lookups == 2


def test_the_right_taxpayer_number_does_not_stand_in_for_the_address(house: Any) -> None:
    line = house.one() | {"taxpayer_number": house.neighbours["confirmed"].taxpayer_number}
    for way in ({}, None, {"number": "900016103"}, {"zip": "83702"}, {"text": "12 Marzipan Row, Boise ID"}):
        asked = {k: v for k, v in line.items() if k != "address"} | ({} if way is None else {"address": way})
        submission = house.receive([asked])
        (status,) = house.statuses(submission)
        assert status.disposition in (Disposition.REFUSED, Disposition.RETURNED)
        assert {"222", "223"} & set(status.codes)
        assert house.gate.memory.docket(submission) == ()
    assert house.engine.lookups == 0


def test_a_taxpayer_number_that_contradicts_makes_the_answer_say_nothing(house: Any) -> None:
    right = house.one() | {"taxpayer_number": house.neighbours["confirmed"].taxpayer_number}
    wrong = house.one("another", 2) | {"taxpayer_number": house.neighbours["confirmed"].taxpayer_number}
    submission = house.logged(right, wrong)
    assert [house.read(p)["kind"] for p in house.packages(submission)] == ["C", "N"]


def test_a_taxpayer_number_leads_to_no_record_at_another_address(house: Any) -> None:
    """The 42,695 releases of 2025: name and number match, the address was never looked at (law F-4)."""
    there = house.one() | {"taxpayer_number": house.neighbours["confirmed"].taxpayer_number}
    there["address"] = house.one("nobody")["address"]
    submission = house.logged(there)
    (package,) = house.packages(submission)
    assert house.read(package)["kind"] == "N"


def test_an_answered_question_can_refuse_a_line_and_never_stand_in_for_an_element(house: Any) -> None:
    submission = house.receive(house.many("confirmed", "released"))
    asked = [{f.rule for f in a.checked.having(Outcome.ASK)} for a in house.gate.memory.docket(submission)]
    assert all("R-8" in rules and "R-10b" in rules for rules in asked)

    def decide(answers: dict[str, Any], verdict: str = "approve") -> dict[str, int]:
        line = {"ordinal": 1, "verdict": verdict, "answers": answers}
        body = {"submission": submission, "made": "2026-03-02T09:30:00Z", "count": 1, "lines": [line]}
        envelope = house.sign("decision", body, people.DISCLOSURE_OFFICER)
        return pipeline.decide(house.gate, submission, envelope)

    yes = {rule: {"met": True, "reason": "Read the file."} for rule in asked[0]}
    unanswered = {rule: yes[rule] for rule in yes if rule != "R-8"}
    for bad in (
        {},
        unanswered,
        yes | {"R-5c": {"met": True, "reason": "Fine."}},
        yes | {"R-8": {"met": True, "reason": " "}},
    ):
        with pytest.raises(NotPermittedError):
            decide(bad)
    assert decide(yes | {"R-8": {"met": False, "reason": "The same words for everybody."}}) == {
        "approved": 0, "closed": 1,
    }  # fmt: skip
    status = house.statuses(submission)[0]
    assert (status.disposition, status.codes) == (Disposition.REFUSED, ("226",))
    assert house.engine.lookups == 0


def test_what_guard_says_of_the_reasons_answers_no_question(house: Any) -> None:
    """A person answers the same questions about reasons of one's own and about copied ones; letting a hold go answers none of them."""
    template = house.one(number=50)["reasons"]
    own = house.receive(house.many())
    copied = house.receive(
        [line | {"reasons": template, "request_key": f"copy-{n}"} for n, line in enumerate(house.many())]
    )
    dockets = [pipeline.docket(house.gate, each) for each in (own, copied)]
    assert [{"403" in {h.code for h in e.holds} for e in docket} for docket in dockets] == [{False}, {True}]
    asked = [[{(a.rule, a.question) for a in e.asks} for e in docket] for docket in dockets]
    assert asked[0] == asked[1]
    assert all("R-8" in {rule for rule, _ in asks} for asks in asked[0])

    def decide(submission: Any, without: str | None, *, release_hold: bool) -> dict[str, int]:
        answers = {
            rule: {"met": True, "reason": "Read the file."} for rule, _ in asked[0][0] if rule != without
        }
        line = {"ordinal": 1, "verdict": "approve", "answers": answers, "release_hold": release_hold}
        body = {"submission": submission, "made": "2026-03-02T09:30:00Z", "count": 1, "lines": [line]}
        return pipeline.decide(
            house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER)
        )

    for submission, without, release_hold in (
        (own, "R-8", False),
        (copied, "R-8", True),
        (copied, None, False),
    ):
        with pytest.raises(NotPermittedError):
            decide(submission, without, release_hold=release_hold)
    assert house.engine.lookups == 0
    assert decide(own, None, release_hold=False) == {"approved": 1, "closed": 0}


@pytest.mark.parametrize(
    ("narrowed", "said"),
    [({"items": ["address", "name"]}, "more than was asked"), ({"periods": ["2021", "2022"]}, "more than was asked"), ({"items": []}, "empty")],
)  # fmt: skip
def test_a_person_narrows_and_never_widens(house: Any, narrowed: dict[str, Any], said: str) -> None:
    submission = house.receive([house.one()])
    (admitted,) = house.gate.memory.docket(submission)
    answers = {
        f.rule: {"met": True, "reason": "Read the file."} for f in admitted.checked.having(Outcome.ASK)
    }
    line = {"ordinal": 1, "verdict": "approve", "answers": answers, **narrowed}
    body = {"submission": submission, "made": "2026-03-02T09:30:00Z", "count": 1, "lines": [line]}
    with pytest.raises(NotPermittedError, match=said):
        pipeline.decide(house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER))
    assert house.engine.lookups == 0


def test_a_matter_that_comes_back_without_the_field_that_contradicted_is_held(house: Any) -> None:
    with_date = house.one("confirmed", 1) | {"birth_date": "1999-09-09"}
    first = house.logged(with_date)
    assert [house.read(p)["kind"] for p in house.packages(first)] == ["N"]
    again = house.receive([house.one("confirmed", 2)])
    (status,) = house.statuses(again)
    assert (status.state, status.codes) == (LineState.HELD, ("407",))
    (admitted,) = house.gate.memory.docket(again)
    answers = {
        f.rule: {"met": True, "reason": "Read the file."} for f in admitted.checked.having(Outcome.ASK)
    }
    line = {"ordinal": 1, "verdict": "approve", "answers": answers}
    body = {"submission": again, "made": "2026-03-02T09:30:00Z", "count": 1, "lines": [line]}
    with pytest.raises(NotPermittedError, match="held"):
        pipeline.decide(house.gate, again, house.sign("decision", body, people.DISCLOSURE_OFFICER))
