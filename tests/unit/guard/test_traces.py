from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lawgate.domain.steps import Fault
from lawgate.guard.traces import counted_since, duplicates, lasting, questions, traces


def marks(world: Any, line: Any) -> dict[str, str]:
    return {t.kind: t.fingerprint for t in traces(world.received([line]), world.fingerprint)}


def test_every_complete_line_leaves_one_trace_of_each_kind(world: Any) -> None:
    assert set(marks(world, world.line(1))) == {
        "line",
        "address",
        "reasons",
        "officer",
        "official",
        "agency",
        "matter",
    }


def test_no_trace_holds_anything_that_was_stated(world: Any) -> None:
    text = repr(traces(world.received([world.line(1)]), world.fingerprint))
    assert not any(word in text for word in ("Mara", "Quill", "Alder", "62701", "summons", "officer-1"))


def test_one_question_under_two_keys_is_a_duplicate(world: Any) -> None:
    first, second = world.line(1), world.line(1, request_key="another")
    received = world.received([first, replace(second, ordinal=2)])
    left = traces(received, world.fingerprint)
    assert duplicates(received, left, {}) == {2}


def test_a_line_of_an_earlier_submission_is_a_duplicate_and_a_changed_one_is_not(world: Any) -> None:
    earlier = {"line": {marks(world, world.line(1))["line"]: 1}}
    for line, expected in ((world.line(1), {1}), (world.line(1, birth_date="1980-01-01"), set())):
        received = world.received([line])
        assert duplicates(received, traces(received, world.fingerprint), earlier) == expected


def test_another_agency_asking_the_same_is_no_duplicate(world: Any) -> None:
    received = world.received([world.line(1)])
    other = replace(received, cover=replace(received.cover, agency="other"))
    earlier = {"line": {marks(world, world.line(1))["line"]: 1}}
    assert duplicates(other, traces(other, world.fingerprint), earlier) == frozenset()


def test_a_line_with_a_format_fault_never_makes_its_corrected_successor_a_duplicate(world: Any) -> None:
    faulty = replace(world.line(1), faults=(Fault("111", None, "key twice"),))
    assert "line" not in marks(world, faulty)
    assert "official" in marks(world, faulty)


def test_lines_that_did_not_go_on_may_be_sent_again_but_still_count(world: Any) -> None:
    left = traces(world.received([world.line(1), world.line(2)]), world.fingerprint)
    kept = lasting(left, {2})
    assert {t.kind for t in kept if t.ordinal == 1} == {"address", "reasons", "officer", "official", "agency"}
    assert {t.kind for t in kept if t.ordinal == 2} >= {"line", "matter"}


def test_an_insufficient_address_leaves_neither_address_nor_matter(world: Any) -> None:
    for address in ({"text": "Failed to Provide"}, {"city": "Springfield"}, "", None):
        left = set(marks(world, world.line(1, address=address)))
        assert not {"address", "matter"} & left
        assert "unusable" in left


def test_reasons_that_say_nothing_leave_no_trace(world: Any) -> None:
    assert "reasons" not in marks(world, world.line(1, reasons="  "))


def test_a_line_leaves_the_officer_who_attests_or_else_the_one_it_names(world: Any) -> None:
    attested = marks(world, world.line(1, engaged_officer="somebody-else"))["officer"]
    named = marks(world, replace(world.line(1, engaged_officer="officer-1"), attestation=None))["officer"]
    assert attested == named == world.fingerprint("officer", "officer-1")


def test_case_and_day_of_opening_are_counted_however_the_number_is_punctuated(world: Any) -> None:
    first = marks(world, world.line(1, proceeding={"case_number": "AB-12/7", "opened": "2026-01-05"}))
    second = marks(world, world.line(2, proceeding={"case_number": "ab 127", "opened": "2026-01-05 "}))
    assert (first["case"], first["opened"]) == (second["case"], second["opened"])


def test_the_same_address_written_otherwise_leaves_the_same_trace(world: Any) -> None:
    address = dict(world.line(1).data["address"])
    other = address | {"street": "ALDER STREET", "city": "springfield"}
    assert marks(world, world.line(1))["address"] == marks(world, world.line(1, address=other))["address"]


def test_questions_ask_for_every_field_the_matter_may_have_had_before(world: Any) -> None:
    left = traces(world.received([world.line(1)]), world.fingerprint)
    asked = questions(left)
    matter = asked["matter"]
    assert all(
        asked[f"with-{f}"] == matter for f in ("birth-date", "taxpayer-number", "middle-name", "suffix")
    )
    assert asked["line"] == (marks(world, world.line(1))["line"],)


def test_duplicates_and_matters_are_counted_for_ever_and_the_rest_in_the_window(world: Any) -> None:
    assert counted_since("officer", world.now, 30) == world.now - timedelta(days=30)
    assert (
        counted_since("line", world.now, 30).year == counted_since("with-suffix", world.now, 30).year == 1970
    )
