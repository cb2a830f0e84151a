from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lawgate.domain.steps import Fault
from lawgate.guard.packed import pack, unpack
from lawgate.guard.seen import seen_of
from lawgate.guard.traces import counted_since


def duplicates(world: Any, lines: list[Any], earlier: dict[str, Any] | None = None, **changed: Any) -> Any:
    guard, left = world.guard(lines, earlier=earlier, **changed)
    return guard.duplicates(left, earlier or {})


def kept(world: Any, lines: list[Any], went_on: set[int]) -> list[str]:
    """The kinds of what is kept of lines, of which some went on to a person."""
    left = world.traces(lines)
    seen = seen_of(left)
    for one in left:
        if one.ordinal in went_on:
            seen.keep_line(one.line)
    matters = seen.matter_traces([int(n in went_on) for n in range(len(lines) + 1)])
    return [t.kind for t in seen.traces(world.tracer().common)] + ["matter" for _ in matters]


def test_every_complete_line_leaves_one_trace_of_each_kind(world: Any) -> None:
    assert set(world.marks(world.line(1))) == {
        "line",
        "address",
        "reasons",
        "officer",
        "official",
        "agency",
        "matter",
    }


def test_no_trace_holds_anything_that_was_stated(world: Any) -> None:
    left = world.traces([world.line(1)])
    text = f"{left} {pack(left)}"
    assert not any(word in text for word in ("Mara", "Quill", "Alder", "62701", "summons", "officer-1"))


def test_one_question_under_two_keys_is_a_duplicate(world: Any) -> None:
    first, second = world.line(1), world.line(1, request_key="another")
    assert duplicates(world, [first, replace(second, ordinal=2)]) == {2}


def test_a_line_of_an_earlier_submission_is_a_duplicate_and_a_changed_one_is_not(world: Any) -> None:
    earlier = {"line": {world.marks(world.line(1))["line"]: 1}}
    for line, expected in ((world.line(1), {1}), (world.line(1, birth_date="1980-01-01"), set())):
        assert duplicates(world, [line], earlier) == expected


def test_another_agency_asking_the_same_is_no_duplicate(world: Any) -> None:
    earlier = {"line": {world.marks(world.line(1))["line"]: 1}}
    assert duplicates(world, [world.line(1)], earlier, agency="other") == frozenset()


def test_a_line_with_a_format_fault_never_makes_its_corrected_successor_a_duplicate(world: Any) -> None:
    faulty = replace(world.line(1), faults=(Fault("111", None, "key twice"),))
    assert "line" not in world.marks(faulty)
    assert "official" in world.marks(faulty)


def test_lines_that_did_not_go_on_may_be_sent_again_but_still_count(world: Any) -> None:
    lines = [world.line(1), world.line(2)]
    counted = {"address", "reasons", "officer", "official", "agency"}
    assert set(kept(world, lines, set())) == counted
    some, every = kept(world, lines, {2}), kept(world, lines, {1, 2})
    assert set(some) == counted | {"line", "matter"}
    for kind in ("line", "matter"):
        assert 2 * some.count(kind) == every.count(kind)


def test_an_insufficient_address_leaves_neither_address_nor_matter(world: Any) -> None:
    for address in ({"text": "Failed to Provide"}, {"city": "Springfield"}, "", None):
        left = set(world.marks(world.line(1, address=address)))
        assert not {"address", "matter"} & left
        assert "unusable" in left


def test_reasons_that_say_nothing_leave_no_trace(world: Any) -> None:
    assert "reasons" not in world.marks(world.line(1, reasons="  "))


def test_a_line_leaves_the_officer_who_attests_or_else_the_one_it_names(world: Any) -> None:
    attested = world.marks(world.line(1, engaged_officer="somebody-else"))["officer"]
    named = world.marks(replace(world.line(1, engaged_officer="officer-1"), attestation=None))["officer"]
    assert attested == named == world.mark("officer", "officer-1")


def test_case_and_day_of_opening_are_counted_however_the_number_is_punctuated(world: Any) -> None:
    first = world.marks(world.line(1, proceeding={"case_number": "AB-12/7", "opened": "2026-01-05"}))
    second = world.marks(world.line(2, proceeding={"case_number": "ab 127", "opened": "2026-01-05 "}))
    assert (first["case"], first["opened"]) == (second["case"], second["opened"])


def test_the_same_address_written_otherwise_leaves_the_same_trace(world: Any) -> None:
    address = dict(world.line(1).data["address"])
    other = address | {"street": "ALDER STREET", "city": "springfield"}
    assert world.marks(world.line(1))["address"] == world.marks(world.line(1, address=other))["address"]


def test_what_is_packed_is_unpacked_as_it_was(world: Any) -> None:
    lines = [
        world.line(1),
        world.line(2, birth_date="1980-05-01", name={"given": "Bob", "surname": "Garcia Marquez", "suffix": "Jr"}),
        world.line(3, address={"text": "Failed to Provide"}, reasons=None, engaged_officer=None, name=None),
        replace(world.line(4), faults=(Fault("111", None, "key twice"),)),
    ]  # fmt: skip
    left = world.traces(lines)
    assert list(unpack(pack(left).left, 1)) == left
    assert len(left[1].matters) > 2


def test_duplicates_and_matters_are_counted_for_ever_and_the_rest_in_the_window(world: Any) -> None:
    assert counted_since("officer", world.now, 30) == world.now - timedelta(days=30)
    assert counted_since("line", world.now, 30).year == counted_since("matter", world.now, 30).year == 1970
