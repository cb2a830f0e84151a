"""The address gate cannot be fooled (I-3): what is needed cannot be left out or struck out, and writing alone changes nothing."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate.identity.address import AddressParts, read_address, read_text
from lawgate.identity.normal import NormalAddress, normal_address

CORPUS = Path(__file__).parents[1] / "corpus" / "addresses.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
TRUE = [row for row in ROWS if row["address"]]
WHOLE: list[dict[str, str]] = [row["parts"] for row in TRUE if "parts" in row]
NEEDED = ("number", "street", "box", "city", "state", "zip")
MASKS = ["", "***", "XXXX", "____", "█████", "?", "??", "N/A", "Unknown", "[REDACTED]", "...", "-----", "Failed to Provide", "00000", "xxx"]  # fmt: skip


def needed(parts: dict[str, str]) -> list[str]:
    return [name for name in NEEDED if parts.get(name)]


def written(parts: dict[str, str], separator: str) -> str:
    line = " ".join(parts[p] for p in ("number", "street", "unit") if parts.get(p)) or parts.get("box", "")
    return (
        f"{line}{separator}{parts.get('city', '')}{separator}{parts.get('state', '')} {parts.get('zip', '')}"
    )


def normal(parts: AddressParts | None) -> NormalAddress:
    assert parts is not None
    return normal_address(parts)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.sampled_from(MASKS),
    st.integers(0, 2),
    st.sampled_from([", ", "\n", " , ", ",", "; "]),
    st.data(),
)
def test_leaving_out_or_striking_out_a_needed_part_refuses_parts_and_text(
    parts: dict[str, str], mask: str, keep: int, separator: str, data: st.DataObject
) -> None:
    assert read_address(dict(parts)).sufficient
    assert read_text(written(parts, separator)).sufficient
    part = data.draw(st.sampled_from(needed(parts)))
    partial = set(mask) <= set("*_█") and mask != ""
    struck = {**parts, part: parts[part][:keep] + mask if partial else mask}
    in_parts, in_text = read_address(dict(struck)), read_text(written(struck, separator))
    for reading in (in_parts, in_text):
        assert (reading.sufficient, reading.code, reading.parts) == (False, "223", None)
        assert reading.missing
    assert part in in_parts.missing or part == "box"


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(TRUE), st.data())
def test_striking_out_letters_or_digits_of_an_accepted_text_refuses_it(
    row: dict[str, str], data: st.DataObject
) -> None:
    parts = row.get("parts")
    if not isinstance(parts, dict):
        return
    text = str(row["text"])
    part = data.draw(st.sampled_from(needed(parts)))
    at = text.find(parts[part])
    if at < 0:
        return
    size = len(parts[part])
    for mask in ("*" * size, "_" * size, "█" * size):
        assert not read_text(text[:at] + mask + text[at + size :]).sufficient


@pytest.mark.parametrize("kind", sorted({str(row["kind"]) for row in TRUE if "parts" in row}))
def test_text_and_parts_of_one_address_have_one_normal_form(kind: str) -> None:
    for row in (row for row in TRUE if row["kind"] == kind):
        in_parts, in_text = read_address(dict(row["parts"])), read_text(row["text"])
        stated, read = asdict(normal(in_parts.parts)), asdict(normal(in_text.parts))
        assert stated == read, row["text"]


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(TRUE), st.data())
def test_case_spacing_and_punctuation_do_not_change_the_reading(
    row: dict[str, str], data: st.DataObject
) -> None:
    text = str(row["text"])
    before = normal(read_text(text).parts)
    change = data.draw(
        st.sampled_from(
            [
                str.lower,
                str.upper,
                str.swapcase,
                lambda t: t.replace(" ", "   "),
                lambda t: f"  {t} . ",
                lambda t: t.replace("\n", " ;\n"),
            ]
        )
    )
    assert normal(read_text(change(text)).parts) == before


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(TRUE))
def test_the_normal_form_of_a_read_text_is_normal(row: dict[str, str]) -> None:
    once = normal(read_text(str(row["text"])).parts)
    assert normal_address(AddressParts(**asdict(once))) == once


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=120) | st.text("0123456789 ,#-/.NSEWAPTBOX&*\n", max_size=120))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    reading = read_text(text)
    assert reading.sufficient == (reading.parts is not None) == (not reading.missing) == (not reading.code)
    assert reading.code in ("", "222", "223")


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(
        st.sampled_from([w for row in ROWS for w in str(row["text"]).replace(",", " , ").split()]),
        max_size=14,
    )
)
def test_words_of_addresses_in_any_order_are_read_or_refused_and_what_is_read_is_whole(
    words: list[str],
) -> None:
    reading = read_text(" ".join(words))
    if reading.parts is not None:
        parts = {k: v for k, v in asdict(reading.parts).items() if v}
        again = read_address(dict(parts))
        assert again.sufficient, (words, again.missing)
        assert normal(again.parts) == normal(reading.parts)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "A",
        "A.",
        "1-",
        "1/",
        "#",
        ", ",
        " - ",
        "APT 1 ",
        "PO BOX 1 ",
        "ST ",
        "N ",
        "A-1",
        "'",
        "\n",
        "RR 1 ",
        "12 Main St, ",
        "é",
        "*",
        "1.1.",
        "C/O ",
    ],
)
def test_a_long_text_takes_bounded_time(piece: str) -> None:
    for size in (390, 200_000):
        text = (piece * size)[:size]
        begun = time.perf_counter()
        assert not read_text(text).sufficient
        assert time.perf_counter() - begun < 0.5
