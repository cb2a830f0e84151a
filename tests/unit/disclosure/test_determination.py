from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lawgate.disclosure.answer_id import confirmation
from lawgate.disclosure.determination import Row, mask, record_lines, rows
from lawgate.domain.code import CODES
from lawgate.domain.errors import StoreError
from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Disposition, Hold, Line, LineState, LineStatus


def status(world: Any, ordinal: int, state: str, letter: str, *codes: str, **more: Any) -> LineStatus:
    return LineStatus(
        world.submission, ordinal, f"key-{ordinal}", LineState(state), Disposition(letter), codes, **more
    )


def every_kind(world: Any) -> list[LineStatus]:
    shown = [
        ("final", "E", "110"),
        ("final", "D", "120"),
        ("final", "S", "701"),
        ("final", "X", "228", "610"),
        ("final", "I", "611"),
        ("held", "H", "402"),
        ("held", "S", "701"),
        ("docketed", "H", "901"),
        ("approved", "H"),
        ("proposed", "H"),
        ("logged", "A"),
        ("handed-over", "A"),
    ]
    return [status(world, n, *one) for n, one in enumerate(shown, 1)]


def found_of(world: Any, statuses: list[LineStatus], line: Line | None = None) -> list[Row]:
    lines = [replace(line or world.line(1), ordinal=n) for n in range(1, len(statuses) + 1)]
    return list(rows(statuses, lines))


def to_jsonl(submission: str, found: list[Row]) -> str:
    return "".join(text for text, _ in record_lines(submission, len(found), found))


def test_each_line_shows_one_letter_and_its_reasons(world: Any) -> None:
    found = [(r.disposition, [c.code for c in r.reasons]) for r in found_of(world, every_kind(world))]
    assert found == [
        ("E", ["110"]),
        ("D", ["120"]),
        ("S", ["701"]),
        ("X", ["228", "610"]),
        ("I", ["611"]),
        ("H", ["402", "901"]),
        ("S", ["701", "901"]),
        ("H", ["901"]),
        ("H", ["902"]),
        ("H", ["902"]),
        ("A", []),
        ("A", []),
    ]


def test_lines_come_out_in_the_order_they_came_in_and_none_is_lost(world: Any) -> None:
    statuses = every_kind(world)
    lines = [replace(world.line(1), ordinal=n) for n in range(1, 13)]
    assert [r.ordinal for r in rows(statuses, lines)] == list(range(1, 13))
    for wrong in (statuses[1:], statuses[:-1], [*statuses, statuses[0]], statuses[::-1]):
        with pytest.raises(StoreError):
            list(rows(wrong, lines))
    with pytest.raises(StoreError):
        list(rows(statuses, lines[::-1]))
    with pytest.raises(StoreError):
        list(record_lines(world.submission, 13, rows(statuses, lines)))


@pytest.mark.parametrize("code", [c for c in CODES if c.startswith("3") or c in ("601", "602")])
@pytest.mark.parametrize("state", list(LineState))
@pytest.mark.parametrize("letter", list(Disposition))
def test_no_code_of_the_record_side_ever_appears(
    world: Any, code: str, state: LineState, letter: Disposition
) -> None:
    one = status(world, 1, state.value, letter.value, code, "701")
    found = found_of(world, [one])
    text = to_jsonl(world.submission, found)
    assert code not in [c.code for c in found[0].reasons]
    assert CODES[code].sentence not in text


def test_a_line_looked_up_and_one_not_yet_looked_up_look_alike(world: Any) -> None:
    approved = found_of(world, [status(world, 1, "approved", "H")])
    proposed = found_of(world, [status(world, 1, "proposed", "A", "602")])
    assert approved == proposed


def test_a_reason_cites_the_provision_its_rule_gave(world: Any) -> None:
    finding = replace(world.finding(outcome=Outcome.UNMET, code="228"), citation="34 U.S.C. 1")
    (row,) = found_of(world, [status(world, 1, "final", "X", "228", findings=(finding,))])
    assert row.reasons[0].citation == "34 U.S.C. 1"
    assert row.reasons[0].remedy == CODES["228"].remedy


def test_jsonl_has_a_header_a_line_for_each_line_and_a_trailer_with_counts(world: Any) -> None:
    found = found_of(world, every_kind(world))
    records = [json.loads(line) for line in to_jsonl(world.submission, found).splitlines()]
    assert [r["record"] for r in records] == ["header", *["line"] * 12, "trailer"]
    assert records[0] == {"record": "header", "submission": world.submission, "lines": 12}
    assert records[-1]["counts"] == {"A": 2, "D": 1, "E": 1, "H": 4, "I": 1, "S": 2, "X": 1}
    assert records[4]["reasons"][0]["remedy"] == "Have an office-holder of that list sign."
    assert records[1]["confirmation"] == confirmation(world.submission, 1)


def test_identifiers_are_masked_and_absent_ones_stay_absent(world: Any) -> None:
    line = world.line(1, taxpayer_number="000-98-7654", birth_date="1980-05-01")
    masked = mask(line)
    assert masked == {"name": "M*** Q***", "taxpayer_number": "***"}
    assert mask(world.line(1)) == {"name": "M*** Q***"}
    assert mask(world.line(1, name=None)) == {}
    found = found_of(world, [status(world, 1, "final", "X", "228")], line)
    text = to_jsonl(world.submission, found)
    assert not any(word in text for word in ("Mara", "Quilla", "7654", "1980", "Alder", "62701", "summons"))


def test_of_a_name_only_letters_are_shown_and_only_of_twelve_words(world: Any) -> None:
    line = world.line(1, name={"given": "=HYPERLINK(1) \u0000x", "surname": "-Quilla " * 20})
    assert mask(line)["name"] == " ".join(["***"] * 12)


def test_holds_and_hints_of_the_reviewer_stay_inside(world: Any) -> None:
    one = status(
        world, 1, "held", "H", "402", holds=(Hold("402", "sixty-one"),), hints=("this officer: sixty-one",)
    )
    found = found_of(world, [one])
    assert "sixty-one" not in to_jsonl("S", found)
