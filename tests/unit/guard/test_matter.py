from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.kept import EarlierLine
from lawgate.domain.steps import Disposition, Hold, Line, SubmissionId
from lawgate.guard.admit import Counts, admit
from lawgate.guard.limits import Limits
from lawgate.guard.traces import asked_before, traces

HUGE = 10**9
OPEN = Limits(30, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, 1.0, HUGE, HUGE, HUGE, 1.0, HUGE)
EARLIER = SubmissionId("FEDCBA9876543210")


def after(
    world: Any, earlier: Line, now: Line, letter: Disposition = Disposition.ANSWERED
) -> tuple[Hold, ...]:
    """Holds of a line that arrives after another one of the same agency."""
    before = traces(world.received([earlier]), world.fingerprint)
    left = traces(world.received([now]), world.fingerprint)
    counts: dict[str, dict[str, int]] = {}
    for trace in before:
        counts.setdefault(trace.kind, {})[trace.fingerprint] = 1
    known = {m: (EarlierLine(EARLIER, 7, letter),) for m in asked_before(left, counts)}
    (admitted,) = admit(
        [world.admitted(now).checked],
        Counts(counts, known),
        left,
        OPEN,
        world.standing().agreements[0],
    )
    return admitted.holds


@pytest.mark.parametrize(
    "change",
    [
        {"name": {"given": "Bob", "surname": "Garcia Marquez"}},
        {"name": {"given": "R", "surname": "Garcia Marquez"}},
        {"name": {"given": "Robert", "surname": "Marquez Garcia"}},
        {"name": {"given": "Robert", "surname": "Garcia"}},
        {"name": {"given": "ROBERT", "surname": "GARCÍA-MÁRQUEZ"}},
        {"address": {"zip": "62702"}},
        {"address": {"city": "Leland Grove"}},
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
    left = traces(world.received([line]), world.fingerprint)
    counts = {"matter": {t.fingerprint: 1001 for t in left if t.kind == "matter"}}
    lines = [EarlierLine(EARLIER, n, Disposition.ANSWERED) for n in range(1, 1001)]
    lines.append(EarlierLine(EARLIER, 1001, Disposition.REFUSED))
    known = dict.fromkeys(asked_before(left, counts), lines)
    (admitted,) = admit(
        [world.admitted(line).checked], Counts(counts, known), left, OPEN, world.standing().agreements[0]
    )
    assert [h.code for h in admitted.holds] == ["409"]
    assert "line 1001 of" in admitted.holds[0].sentence
    assert all(len(hint) < 300 for hint in admitted.hints)


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
    left = traces(world.received(lines), world.fingerprint)
    checked = [world.admitted(line).checked for line in lines]
    poorer, fuller = admit(checked, Counts({}), left, OPEN, world.standing().agreements[0])
    assert "line 2 of this submission" in poorer.holds[0].sentence
    assert fuller.holds == ()
    assert "line 1 of this submission" in fuller.hints[-1]
