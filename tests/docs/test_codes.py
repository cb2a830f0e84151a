"""The reason codes: each number once, in a family that has a meaning, known wherever it is used, and never a 3xx outside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgate.disclosure.determination import INSIDE_CODES, record_lines, rows
from lawgate.domain.code import CODES, RETIRED
from lawgate.domain.steps import Disposition, Line, LineState, LineStatus, SubmissionId
from lawgate.oversight.code_page import codes_page, offences_page
from lawgate.statutes.packs.usc26_6103_i_2.checklists import CHECKLISTS
from lawgate.statutes.rule import Alternatives
from lawgate.wiring import PACKS

SRC = Path(__file__).parents[2] / "src" / "lawgate"
CODE_FILE = SRC / "domain" / "code.py"
PACK = SRC / "statutes" / "packs" / "usc26_6103_i_2"
NO_CODES = {CODE_FILE, PACK / "register.py", PACK / "checklists.py"}
"""The list itself, and registers of sections of the United States Code, which are numbers too."""
GIVEN_OUT = {
    "101",
    "102",
    "103",
    "104",
    "105",
    "110",
    "111",
    "112",
    "113",
    "114",
    "120",
    "221",
    "222",
    "223",
    "224",
    "225",
    "226",
    "227",
    "228",
    "229",
    "230",
    "231",
    "232",
    "233",
    "234",
    "235",
    "301",
    "310",
    "320",
    "330",
    "331",
    "332",
    "333",
    "340",
    "350",
    "401",
    "402",
    "403",
    "404",
    "405",
    "406",
    "407",
    "408",
    "409",
    "410",
    "501",
    "502",
    "503",
    "504",
    "505",
    "506",
    "507",
    "508",
    "509",
    "510",
    "511",
    "512",
    "513",
    "514",
    "515",
    "601",
    "602",
    "610",
    "611",
    "701",
    "901",
    "902",
    "903",
    "904",
    "905",
    "906",
    "907",
    "908",
    "920",
    "241",
    "242",
    "243",
    "244",
    "245",
    "246",
    "247",
    "248",
    "249",
    "250",
    "251",
    "252",
    "253",
    "254",
    "603",
    "604",
    "605",
    "606",
    "607",
    "516",
}
"""Every number that was ever given out. It only grows: a code that leaves the table goes to RETIRED, and its number to nobody."""
FAMILIES = set("12345679")
NUMBER = re.compile(r"[1-9][0-9]{2}")


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def used() -> dict[str, set[str]]:
    """Every text of three digits in the code, with the rooms that have it."""
    found: dict[str, set[str]] = {}
    for path in sorted(SRC.rglob("*.py")):
        if path in NO_CODES or "rehearsal" in path.parts or "migrations" in path.parts:
            continue
        for text in filter(NUMBER.fullmatch, strings(path)):
            found.setdefault(text, set()).add(path.relative_to(SRC).parts[0])
    return found


def test_no_number_is_given_out_twice() -> None:
    tree = ast.parse(CODE_FILE.read_text(encoding="utf-8"))
    made = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Code"]
    assert len(made) == len(CODES)


@pytest.mark.parametrize("number", sorted(CODES))
def test_a_code_is_of_a_known_family_and_says_what_it_is(number: str) -> None:
    code = CODES[number]
    assert NUMBER.fullmatch(number)
    assert number[0] in FAMILIES
    assert code.citation
    assert code.sentence.endswith(".")
    assert code.remedy or not code.retriable


def test_no_number_ever_given_out_is_lost_or_used_again() -> None:
    assert set(CODES) | set(RETIRED) == GIVEN_OUT
    assert not set(CODES) & set(RETIRED)
    assert all(why.endswith(".") for why in RETIRED.values())


def test_every_code_says_since_when() -> None:
    assert {code.since for code in CODES.values()} <= {"0.1.0", "0.2.0"}


def test_the_page_of_codes_is_the_table() -> None:
    """`lawgate pack codes > docs/codes.md` writes it anew."""
    assert (SRC.parents[1] / "docs" / "codes.md").read_text(encoding="utf-8") == codes_page()


def test_the_page_of_offences_is_the_checklists() -> None:
    """`lawgate pack offences > docs/offences.md` writes it anew."""
    assert (SRC.parents[1] / "docs" / "offences.md").read_text(encoding="utf-8") == offences_page(CHECKLISTS)


def test_every_code_that_is_used_was_given_out() -> None:
    assert {number: rooms for number, rooms in used().items() if number not in CODES} == {}


def test_every_code_that_was_given_out_is_used() -> None:
    assert set(CODES) - set(used()) == set()


def test_every_rules_code_is_of_the_statutes_or_the_requesters_family() -> None:
    elements = [element for pack in PACKS for element in pack.rules]
    codes = {e.code for e in elements} | {
        r.code for e in elements if isinstance(e, Alternatives) for r in e.rules
    }
    assert codes <= set(CODES)
    assert {number[0] for number in codes} == {"2", "5"}


def test_rooms_before_the_look_up_know_no_code_of_the_record_side() -> None:
    before = {"intake", "statutes", "guard", "identity", "evidence"}
    assert {n: rooms & before for n, rooms in used().items() if n[0] == "3" and rooms & before} == {}


@pytest.mark.parametrize("state", LineState)
def test_no_code_of_the_record_side_is_ever_in_a_determination(state: LineState) -> None:
    inside = sorted(n for n in CODES if n[0] == "3" or n in INSIDE_CODES)
    every = tuple(
        LineStatus(SubmissionId("0" * 16), ordinal, f"K-{ordinal}", state, letter, tuple(inside))
        for ordinal, letter in enumerate(Disposition, 1)
    )
    lines = [Line(status.ordinal, status.request_key, {}, "0" * 64) for status in every]
    found = list(rows(every, lines))
    assert not {reason.code for row in found for reason in row.reasons} & set(inside)
    shown = "".join(text for text, _ in record_lines("0" * 16, len(found), found))
    assert not [n for n in inside if re.search(rf"\b{n}\b", shown)]
