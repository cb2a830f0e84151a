"""What a text says before anybody judges it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgate.statutes.packs.usc26_6103_i_2.register import REGISTER, is_registered
from lawgate.statutes.wording import PLACEHOLDERS, Citation, has_words, read_cited, sets_nothing_forth


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "***", "N/A", "n.a.", "NA NA", "Unknown", "See above", "failed to provide", "TBD", "X"],
)
def test_a_blank_or_placeholder_sets_nothing_forth(text: str) -> None:
    assert sets_nothing_forth(text)


@pytest.mark.parametrize("text", ["18 U.S.C. 1343", "p-officer", "Nadia", "EX-1", "12"])
def test_a_word_of_its_own_sets_something_forth(text: str) -> None:
    assert not sets_nothing_forth(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8 U.S.C. 1253(a)(1)", [Citation(8, "1253", ("a", "1"))]),
        ("8 USC 1253(a)(1)", [Citation(8, "1253", ("a", "1"))]),
        ("8 U. S. C. § 1253 (a)(1)", [Citation(8, "1253", ("a", "1"))]),
        ("18 U.S.C. section 1028A", [Citation(18, "1028a")]),
        ("42 U.S.C. 1320a-7b(b)", [Citation(42, "1320a-7b", ("b",))]),
        ("18 U.S.C. 1341; 18 U.S.C. 1343", [Citation(18, "1341"), Citation(18, "1343")]),
        ("under 28 U.S.C. 533, and so on", [Citation(28, "533")]),
        ("1343", []),
        ("U.S.C. 1343", []),
        ("18 1343", []),
        ("12345", []),
        ("18 U.S.C. 123456", []),
    ],
)
def test_citations_are_read_in_the_usual_forms_only(text: str, found: list[Citation]) -> None:
    assert list(read_cited(text).citations) == found


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("18 U.S.C. 1343", True),
        ("18 U.S.C. 1341 and 18 U.S.C. 1343.", True),
        ("18 U.S.C. 1341, 18 U.S.C. 1343", True),
        ("18 U.S.C. 1341, 1343", False),
        ("18 U.S.C. 1343 et seq.", False),
        ("18 U.S.C. 1343 or anything else", False),
    ],
)
def test_a_text_of_citations_only_is_told_from_one_that_says_more(text: str, only: bool) -> None:
    assert read_cited(text).only is only


@given(st.text(max_size=200))
def test_reading_any_text_never_raises(text: str) -> None:
    read_cited(text)
    sets_nothing_forth(text)
    has_words(text, 6)


def test_a_long_text_is_read_in_reasonable_time() -> None:
    hostile = "18 U.S.C. 1343" + "(a)" * 20_000 + "x" + " 1" * 20_000 + "U" * 20_000
    assert len(read_cited(hostile).citations) <= 2
    assert not sets_nothing_forth(hostile)


def test_words_are_counted_once_each() -> None:
    assert has_words("fraud fraud FRAUD 12 a", 1)
    assert not has_words("fraud fraud FRAUD 12 a", 2)
    assert has_words("fraud and theft", 3)


@pytest.mark.parametrize(
    ("text", "usable"),
    [("18 U.S.C. 1343", True), ("", False), ("99 U.S.C. 1", False), ("18 U.S.C. 1; 53 U.S.C. 1", False)],
)
def test_what_is_cited_is_usable_if_there_is_something_and_every_title_exists(
    text: str, usable: bool
) -> None:
    assert read_cited(text).usable is usable


@given(st.sampled_from(sorted(PLACEHOLDERS)), st.text("-_ ./*#", max_size=30), st.data())
def test_a_placeholder_is_one_however_it_is_spaced_and_cased(
    word: str, signs: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(word)))
    assert sets_nothing_forth(f"{signs}{word[:cut].upper()}{signs}{word[cut:]}{signs}")


def test_the_register_holds_parts_of_its_rows_and_not_what_is_wider() -> None:
    assert is_registered(Citation(8, "1253", ("a", "1")))
    assert is_registered(Citation(8, "1253", ("a", "1", "A")))
    assert not is_registered(Citation(8, "1253"))
    assert not is_registered(Citation(8, "1253", ("a", "2")))
    assert not is_registered(Citation(18, "1253", ("a", "1")))


def test_the_register_names_no_tax_offence_and_only_titles_that_exist() -> None:
    assert all(row.exists and row.title != 26 for row in REGISTER)
    assert all(is_registered(row) for row in REGISTER)
