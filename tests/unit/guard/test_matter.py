from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.kept import EarlierLine, EarlierMatter
from lawgate.domain.steps import Disposition, Hold, Line, SubmissionId
from lawgate.guard.limits import Limits

HUGE = 10**9
OPEN = Limits(30, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, 1.0, HUGE, HUGE, HUGE, 1.0, HUGE)
EARLIER = SubmissionId("FEDCBA9876543210")


def after(
    world: Any, earlier: Line, now: Line, letter: Disposition = Disposition.ANSWERED
) -> tuple[Hold, ...]:
    """Holds of a line that arrives after another one of the same agency."""
    (left,) = world.traces([earlier])
    before = {m: EarlierMatter((EarlierLine(EARLIER, 7, letter),), (said,)) for m, said in left.matters}
    guard, left_now = world.guard([now], OPEN, world.standing().agreements[0], before=before)
    ((holds, _),) = guard.admit(left_now, {})
    return tuple(holds)


@pytest.mark.parametrize(
    "change",
    [
        {"name": {"given": "Bob", "surname": "Garcia Marquez"}},
        {"name": {"given": "R", "surname": "Garcia Marquez"}},
        {"name": {"given": "Robert", "surname": "Marquez Garcia"}},
        {"name": {"given": "Robert", "surname": "Garcia"}},
        {"name": {"given": "ROBERT", "surname": "GARCÍA-MÁRQUEZ"}},
        {"address": {"zip": "62702"}},
        {"address": {"city": "Chatham"}},
        {"address": {"unit": ""}},
        {"address": {"street": "Alder Street"}},
        {"reasons": "Another reason entirely, about forged cheques in a bank."},
    ],
)
def test_however_the_matter_is_written_again_without_the_field_it_is_held_and_linked(
    world: Any, change: dict[str, Any]
) -> None:
    address = dict(world.line(1).data["address"], unit="Apt 3")
    name = {"given": "Robert", "surname": "Garcia Marquez"}
    first = world.line(1, name=name, address=address, birth_date="1980-05-01")
    stated: dict[str, Any] = {"name": name} | change
    stated["address"] = address | change.get("address", {})
    (hold,) = after(world, first, world.line(1, **stated))
    assert hold.code == "407"
    assert "birth-date" in hold.sentence
    assert f"line 7 of {EARLIER}" in hold.sentence


@pytest.mark.parametrize(
    ("field", "first", "then"),
    [
        ("birth_date", "1980-05-01", "1981-05-01"),
        ("taxpayer_number", "900-12-3456", "900-12-3457"),
    ],
)
def test_a_field_that_is_changed_is_noticed_like_one_that_is_left_out(
    world: Any, field: str, first: str, then: str
) -> None:
    (hold,) = after(world, world.line(1, **{field: first}), world.line(1, **{field: then}))
    assert hold.code == "407"
    assert "stated otherwise" in hold.sentence
    assert first not in hold.sentence
    assert then not in hold.sentence
    assert after(world, world.line(1, **{field: first}), world.line(1, **{field: first}, reasons="x")) == ()


def test_a_number_with_and_without_hyphens_is_the_same_value(world: Any) -> None:
    first = world.line(1, taxpayer_number="900-12-3456")
    assert after(world, first, world.line(1, taxpayer_number="900123456", reasons="x")) == ()


def test_a_field_more_is_no_ground_to_hold(world: Any) -> None:
    assert after(world, world.line(1), world.line(1, birth_date="1980-05-01")) == ()


def test_somebody_else_at_the_address_or_the_name_elsewhere_is_another_matter(world: Any) -> None:
    first = world.line(1, birth_date="1980-05-01")
    for name in ({"given": "Paul", "surname": "Quilla"}, {"given": "Mara", "surname": "Other"}):
        assert after(world, first, world.line(1, name=name)) == ()
    address = dict(world.line(1).data["address"], number="4000")
    assert after(world, first, world.line(1, address=address)) == ()


def test_a_matter_an_officer_refused_is_held_and_names_the_refused_line(world: Any) -> None:
    again = world.line(1, reasons="Rewritten after the refusal, with new words.")
    (hold,) = after(world, world.line(1), again, Disposition.REFUSED)
    assert hold == Hold("409", f"A named officer refused this matter before: line 7 of {EARLIER}.")
    assert after(world, world.line(1), again, Disposition.RETURNED) == ()


def test_the_refused_line_is_quoted_even_behind_a_thousand_others(world: Any) -> None:
    line = world.line(1)
    (left,) = world.traces([line])
    lines = [EarlierLine(EARLIER, n, Disposition.ANSWERED) for n in range(1, 1001)]
    lines.append(EarlierLine(EARLIER, 1001, Disposition.REFUSED))
    before = {m: EarlierMatter(tuple(lines), (said,) * 1001) for m, said in left.matters}
    guard, left_now = world.guard([line], OPEN, world.standing().agreements[0], before=before)
    ((holds, hints),) = guard.admit(left_now, {})
    assert [h.code for h in holds] == ["409"]
    assert "line 1001 of" in holds[0].sentence
    assert all(len(hint) < 300 for hint in hints)


def test_what_the_record_said_before_changes_no_word_of_the_hold(world: Any) -> None:
    first = world.line(1, birth_date="1980-05-01")
    said = {
        after(world, first, world.line(1), letter)
        for letter in Disposition
        if letter is not Disposition.REFUSED
    }
    assert len(said) == 1


def test_lines_of_one_file_on_one_matter_are_linked_to_each_other(world: Any) -> None:
    lines = [world.line(1), replace(world.line(1, birth_date="1980-05-01"), ordinal=2)]
    guard, left = world.guard(lines, OPEN, world.standing().agreements[0])
    poorer, fuller = guard.admit(left, {})
    assert "line 2 of this submission" in poorer[0][0].sentence
    assert fuller[0] == ()
    assert "line 1 of this submission" in fuller[1][-1]
