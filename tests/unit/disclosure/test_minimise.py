from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.disclosure.minimise import allowed_items, minimise
from lawgate.domain.steps import AnswerKind, Matched, Proposed, Verdict, VerdictKind


def run(world: Any, verdict: Verdict, permitted: tuple[str, ...] = ("address",), **approved: Any) -> Proposed:
    provenance = dict.fromkeys(permitted, ("taxpayer", "third-party", "agency"))
    return minimise(Matched(world.approved(world.line(1), **approved), verdict), provenance)


def test_an_address_from_a_source_the_ground_does_not_permit_stays_where_it_is(world: Any) -> None:
    verdict = world.one(world.address(2022, source="third-party", street="Oak St"), world.address(2022))
    matched = Matched(world.approved(world.line(1)), verdict)
    for source, street in (("third-party", "Oak St"), ("taxpayer", "Elm St")):
        address = minimise(matched, {"address": (source,)}).fields["address"]
        assert isinstance(address, dict)
        assert (address["street"], address["source"]) == (street, source)
    assert minimise(matched, {"address": ("agency",)}).kind is AnswerKind.NO_ANSWER
    assert minimise(matched, {"address": ()}).kind is AnswerKind.NO_ANSWER


def test_the_latest_address_within_the_periods_is_released_with_year_and_source(world: Any) -> None:
    verdict = world.one(
        world.address(2021, street="Oak St"), world.address(2022), world.address(2024, street="New St")
    )
    proposed = run(world, verdict)
    assert proposed.kind is AnswerKind.RELEASED
    assert proposed.fields == {
        "address": {
            "number": "7",
            "street": "Elm St",
            "city": "Salem",
            "state": "OR",
            "zip": "97301",
            "tax_year": 2022,
            "source": "taxpayer",
        }
    }


def test_an_address_already_held_is_only_confirmed(world: Any) -> None:
    proposed = run(world, world.one(stated_is_last_known=True))
    assert (proposed.kind, dict(proposed.fields)) == (AnswerKind.CONFIRMED, {})


@pytest.mark.parametrize("last_known", [True, False])
def test_without_an_address_in_the_periods_there_is_no_answer(world: Any, last_known: bool) -> None:
    verdict = world.one(world.address(2019), stated_is_last_known=last_known)
    proposed = run(world, verdict)
    assert (proposed.kind, dict(proposed.fields), proposed.reason) == (AnswerKind.NO_ANSWER, {}, "350")


def test_periods_the_officer_struck_out_are_not_answered_from(world: Any) -> None:
    verdict = world.one(world.address(2023), world.address(2022, street="Oak St"))
    fields = run(world, verdict, periods=(2022,)).fields
    assert isinstance(fields["address"], dict)
    assert fields["address"]["street"] == "Oak St"


@pytest.mark.parametrize(("kind", "reason"), [(VerdictKind.NONE, "320"), (VerdictKind.AMBIGUOUS, "330")])
def test_nobody_or_several_is_no_answer(world: Any, kind: VerdictKind, reason: str) -> None:
    proposed = run(world, world.one(kind=kind, reason=reason))
    assert (proposed.kind, dict(proposed.fields), proposed.reason) == (AnswerKind.NO_ANSWER, {}, reason)


def test_what_the_statute_does_not_permit_or_was_not_asked_is_not_answered(world: Any) -> None:
    assert run(world, world.one(), permitted=("name",)).kind is AnswerKind.NO_ANSWER
    assert (
        run(world, world.one(), items=("name",), permitted=("name", "address")).kind is AnswerKind.NO_ANSWER
    )
    approved = world.approved(world.line(1, items_requested=["name"]), items=("name", "address"))
    assert allowed_items(approved, {"name", "address"}) == ("name",)


def test_an_address_of_unknown_provenance_is_not_released(world: Any) -> None:
    assert run(world, world.one(world.address(source="rumour"))).reason == "350"
    released = run(world, world.one(world.address(source="third-party"))).fields["address"]
    assert isinstance(released, dict)
    assert released["source"] == "third-party"


def test_the_order_of_rows_never_changes_an_answer(world: Any) -> None:
    rows = [
        world.address(2023, "agency", "A St"),
        world.address(2023, "taxpayer", "B St"),
        replace(world.address(2023, "taxpayer", "C St"), form="W-2"),
    ]
    answers = {
        repr(run(world, world.one(*order)).fields) for order in (rows, rows[::-1], rows[1:] + rows[:1])
    }
    assert len(answers) == 1
    assert "B St" in answers.pop()
