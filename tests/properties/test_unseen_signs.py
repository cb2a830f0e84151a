"""A sign that nobody sees is never read over (I-3): in place of a letter or digit, inside a word, or at a field's edge, it refuses."""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate.identity.address import read_address, read_text
from lawgate.identity.fold import holds_unseen
from lawgate.identity.name import read_name
from lawgate.statutes.wording import read_cited

CORPUS = Path(__file__).parents[1] / "corpus" / "addresses.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
TRUE = [row for row in ROWS if row["address"]]
WHOLE: list[dict[str, str]] = [row["parts"] for row in TRUE if "parts" in row]
NEEDED = ("number", "street", "unit", "box", "city", "state", "zip", "country")
NAMES = (
    {"given": "Ann", "middle": "Q", "surname": "de la Cruz", "suffix": "Jr"},
    {"given": "José", "surname": "O’Brien-Núñez"},
    {"full": "Dr Ann Q Example Jr"},
    {"full": "Example, Ann"},
)
UNSEEN = [
    sign
    for sign in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(sign) == "Cf" or (unicodedata.category(sign) == "Cc" and not sign.isspace())
]
# Default_Ignorable_Code_Point beyond Cf (Unicode, DerivedCoreProperties): joiner, fillers, inherent vowels, variation selectors.
UNSEEN += "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\ufe00\ufe0e\ufe0f\uffa0\ufff0"
UNSEEN += "\U000e0000\U000e0100\U000e01ef\U000e0fff"
signs = st.sampled_from(UNSEEN)


def put(text: str, sign: str, at: int, *, instead: bool) -> str:
    """Put a sign at a place of a text: before what stands there, or in its stead."""
    at %= len(text) if instead else len(text) + 1
    return text[:at] + sign + text[at + instead :]


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_every_sign_that_is_not_seen_is_known_and_refuses(sign: str) -> None:
    assert holds_unseen(f"Ma{sign}in")
    assert not read_text(f"12 Ma{sign}in St, Tulsa, OK 74103").sufficient
    assert not read_text(f"1{sign}2 Main St, Tulsa, OK 74103").sufficient
    assert not read_name({"given": "Ann", "surname": f"Ex{sign}mple"}).sufficient


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(TRUE), signs, st.integers(0, 10**6), st.booleans())
def test_one_anywhere_in_an_accepted_text_refuses_it(
    row: dict[str, str], sign: str, at: int, instead: bool
) -> None:
    text = put(str(row["text"]), sign, at, instead=instead)
    reading = read_text(text)
    assert (reading.sufficient, reading.code, reading.parts) == (False, "223", None)
    assert reading.missing


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(WHOLE), signs, st.integers(0, 10**6), st.booleans(), st.data())
def test_one_in_any_part_of_an_accepted_address_refuses_it(
    parts: dict[str, str], sign: str, at: int, instead: bool, data: st.DataObject
) -> None:
    assert read_address(dict(parts)).sufficient
    part = data.draw(st.sampled_from([name for name in NEEDED if parts.get(name)]))
    reading = read_address({**parts, part: put(parts[part], sign, at, instead=instead)})
    assert (reading.sufficient, reading.code) == (False, "223")


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(NAMES), signs, st.integers(0, 10**6), st.booleans(), st.data())
def test_one_in_any_part_of_a_name_refuses_it(
    name: dict[str, str], sign: str, at: int, instead: bool, data: st.DataObject
) -> None:
    assert read_name(dict(name)).sufficient
    part = data.draw(st.sampled_from(sorted(name)))
    assert not read_name({**name, part: put(name[part], sign, at, instead=instead)}).sufficient


@given(signs, st.integers(0, 15), st.booleans())
def test_one_in_a_citation_cites_nothing(sign: str, at: int, instead: bool) -> None:
    """``2<unseen>6 U.S.C. 7201`` is of the tax title to whoever reads it, and must not pass for title 6."""
    cited = read_cited(put("26 U.S.C. 7201(a)", sign, at, instead=instead))
    assert (cited.citations, cited.usable) == ((), False)


@pytest.mark.parametrize(
    "text",
    [
        "12 Calle José Núñez, San Juan, PR 00901",
        "12\N{NO-BREAK SPACE}Main\N{NARROW NO-BREAK SPACE}St, Tulsa,\N{IDEOGRAPHIC SPACE}OK 74103",
        "12 O’Brien St, Tulsa, OK 74103",
        "12 O´Brien St, Tulsa, OK 74103",
        "12½ Main St, Tulsa, OK 74103",
        "12 Main St\r\nTulsa, OK 74103\t",
    ],
)
def test_spaces_breaks_accents_and_apostrophes_are_seen(text: str) -> None:
    assert not holds_unseen(text)
    assert read_text(text).sufficient


def test_an_accent_on_a_digit_strikes_it_out() -> None:
    assert not read_text("1\u030112 Main St, Tulsa, OK 74103").sufficient
    assert not read_address(
        {"number": "1\u03022", "street": "Main St", "city": "Tulsa", "state": "OK", "zip": "74103"}
    ).sufficient
