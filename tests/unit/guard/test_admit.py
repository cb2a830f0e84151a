from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.kept import EarlierLine, EarlierMatter
from lawgate.domain.steps import Disposition, Fault, Hold, Line, SubmissionId
from lawgate.guard.limits import Limits

LIMITS = Limits(
    window_days=30,
    officer_lines_per_submission=4,
    officer_lines_per_window=10,
    official_lines_per_window=20,
    agency_lines_per_window=30,
    address_repeats_per_window=2,
    case_lines_per_window=6,
    cases_of_one_day_per_window=8,
    same_reasons_share=0.5,
    same_reasons_minimum=3,
    same_reasons_per_window=12,
    template_words=10,
    unusable_address_share=0.3,
    unusable_addresses_per_window=9,
)

PADDING = [a + b for a in ("re", "tu", "mi", "so", "la") for b in ("k", "p", "z", "w", "b", "q", "x")]
"""Beginnings of words that each line ends in its own way."""


Said = tuple[tuple[Hold, ...], tuple[str, ...]]


def run(
    world: Any,
    lines: Sequence[Line],
    earlier: Mapping[str, Mapping[bytes, int]] | None = None,
    limits: Limits = LIMITS,
    **options: Any,
) -> list[Said]:
    agreement = options.pop("agreement", world.standing().agreements[0])
    guard, left = world.guard(lines, limits, agreement, earlier, **options)
    return list(guard.admit(left, earlier or {}))


def codes(said: Sequence[Said]) -> list[list[str]]:
    return [[h.code for h in holds] for holds, _ in said]


def mark(world: Any, line: Line, kind: str) -> bytes:
    found: bytes = world.marks(line)[kind]
    return found


def test_an_ordinary_submission_is_not_held_and_gives_the_reviewer_numbers(world: Any) -> None:
    lines = [world.line(n) for n in (1, 2, 3)]
    earlier = {"officer": {mark(world, lines[0], "officer"): 5}}
    said = run(world, lines, earlier)
    assert codes(said) == [[], [], []]
    assert said[0][1] == ("this officer: 3 matters in this submission, 8 in 30 days",)


def test_more_lines_than_the_agreement_allows_hold_the_whole_batch(world: Any) -> None:
    agreement = replace(world.standing().agreements[0], max_lines=1)
    assert codes(run(world, [world.line(1), world.line(2)], agreement=agreement)) == [["401"], ["401"]]
    assert codes(run(world, [world.line(1)], agreement=agreement)) == [[]]
    assert codes(run(world, [world.line(1)], agreement=None)) == [["401"]]


def test_one_officer_with_too_many_matters_is_held_in_one_file_and_over_many(world: Any) -> None:
    lines = [world.line(n) for n in range(1, 6)]
    assert codes(run(world, lines)) == [["402"]] * 5
    earlier = {"officer": {mark(world, lines[0], "officer"): 10}}
    assert codes(run(world, lines[:1], earlier)) == [["402"]]


def test_another_officers_line_is_not_held_for_it(world: Any) -> None:
    lines = [world.line(n) for n in range(1, 7)]
    attestation = lines[5].attestation
    assert attestation is not None
    lines[5] = replace(lines[5], attestation=replace(attestation, person="officer-2"))
    assert codes(run(world, lines)) == [["402"]] * 5 + [[]]


def test_cloned_reasons_hold_the_lines_that_bear_them(world: Any) -> None:
    lines = [world.line(n, reasons="Needed.") for n in (1, 2, 3)] + [world.line(4)]
    assert codes(run(world, lines)) == [["403"], ["403"], ["403"], []]


def test_cloned_reasons_in_many_small_files_are_held_too(world: Any) -> None:
    line = world.line(1, reasons="Needed.")
    assert codes(run(world, [line])) == [[]]
    assert codes(run(world, [line], {"reasons": {mark(world, line, "reasons"): 2}})) == [["403"]]


def test_reasons_thinned_out_among_others_are_held_once_there_are_too_many(world: Any) -> None:
    lines = [world.line(n) for n in (1, 2, 3, 4)] + [replace(world.line(1, name=None), ordinal=5)]
    seen = mark(world, lines[0], "reasons")
    assert codes(run(world, lines[:4], {"reasons": {seen: 11}})) == [[], [], [], []]
    assert codes(run(world, lines[:4], {"reasons": {seen: 12}})) == [["403"], [], [], []]


def test_a_template_under_each_lines_own_padding_is_held(world: Any) -> None:
    text = "officers visited without success, neighbours had moved, travel papers lie ready, departure remains overdue"
    lines = [
        world.line(n, reasons=f"{text} {' '.join(f'{word}{chr(96 + n) * 3}' for word in PADDING)}")
        for n in range(1, 5)
    ]
    assert codes(run(world, lines)) == [["403"]] * 4
    assert codes(run(world, lines, limits=replace(LIMITS, template_words=100))) == [[]] * 4


def test_the_same_address_again_and_again_is_held(world: Any) -> None:
    line = world.line(1)
    seen = mark(world, line, "address")
    assert codes(run(world, [line], {"address": {seen: 1}})) == [[]]
    ((holds, hints),) = run(world, [line], {"address": {seen: 2}})
    assert [h.code for h in holds] == ["404"]
    assert "this address: 1 lines in this submission, 3 in 30 days" in hints


@pytest.mark.parametrize(("kind", "count", "code"), [("agency", 30, "405"), ("official", 20, "408")])
def test_too_much_in_the_window_holds_the_whole_batch(world: Any, kind: str, count: int, code: str) -> None:
    lines = [world.line(1), world.line(2)]
    earlier = {kind: {mark(world, lines[0], kind): count}}
    assert codes(run(world, lines, earlier)) == [[code], [code]]
    earlier = {kind: {mark(world, lines[0], kind): count - 2}}
    assert codes(run(world, lines, earlier)) == [[], []]


def test_a_batch_with_many_unusable_addresses_is_held_though_those_lines_are_refused(world: Any) -> None:
    lines = [world.line(1), world.line(2, address={"text": "Failed to Provide"})]
    guard, (first, second) = world.guard(lines, LIMITS, world.standing().agreements[0])
    assert codes(list(guard.admit([first, replace(second, goes_on=False)], {}))) == [["406"], []]


@pytest.mark.parametrize(
    "stated",
    [
        {"birth_date": "1980-05-01"},
        {"taxpayer_number": "000-12-3456"},
        {"name": {"given": "Mara", "surname": "Quilla", "middle": "Jo"}},
        {"name": {"given": "Mara", "surname": "Quilla", "suffix": "Jr"}},
    ],
)
def test_a_matter_that_came_back_without_a_field_it_had_is_held(world: Any, stated: dict[str, Any]) -> None:
    full = world.line(1, **stated)
    (left,) = world.traces([full])
    place = (EarlierLine(SubmissionId("FEDCBA9876543210"), 1, Disposition.HELD),)
    before = {matter: EarlierMatter(place, (said,)) for matter, said in left.matters}
    earlier = {kind: {found: 1} for kind, found in world.marks(full).items() if kind != "line"}
    assert codes(run(world, [world.line(1)], earlier, before=before)) == [["407"]]
    assert codes(run(world, [world.line(1, **stated)], earlier, before=before)) == [[]]
    assert codes(run(world, [world.line(2)], earlier, before=before)) == [[]]


def test_a_matter_stated_twice_in_one_file_holds_the_poorer_line(world: Any) -> None:
    lines = [world.line(1), replace(world.line(1, birth_date="1980-05-01"), ordinal=2)]
    assert codes(run(world, lines)) == [["407"], []]


def test_lines_that_the_law_already_stops_are_neither_held_nor_hinted_at(world: Any) -> None:
    lines = [world.line(n) for n in range(1, 6)]
    assert run(world, lines, goes_on=False) == [((), ())] * 5


def test_a_faulty_line_passes_through_untouched(world: Any) -> None:
    line = replace(world.line(1), faults=(Fault("110", None, "unreadable"),))
    assert run(world, [line], agreement=None) == [((), ())]


def test_holds_and_hints_say_numbers_and_nothing_that_was_stated(world: Any) -> None:
    lines = [world.line(n, reasons="Needed.") for n in range(1, 6)]
    said = " ".join(h.sentence for holds, _ in run(world, lines) for h in holds)
    said += " ".join(hint for _, hints in run(world, lines) for hint in hints)
    assert not any(word in said for word in ("Quill", "Alder", "Needed", "officer-1"))
