"""The format document and the grammar say the same: names of entries, of their members, of the package's files, and their sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lawgate.disclosure.answer import COMMITTED as COMMITTED_BY_DISCLOSURE
from lawgate.disclosure.answer import OPENINGS_BYTES, PAYLOAD_BYTES
from lawgate.disclosure.seal import FILES
from lawgate.ledger.leaf_grammar import COMMITTED, GRAMMAR

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ledger-format.md").read_text(encoding="utf-8")
WORD = re.compile(r"`([\w.-]+)`")


def section(number: int) -> str:
    return re.split(r"(?m)^## \d\. ", DOCUMENT)[number]


def members(text: str) -> set[str]:
    """The words in code that are not inside brackets."""
    return set(WORD.findall(re.sub(r"\([^()]*\)", "", text)))


def table() -> dict[str, str]:
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", section(2))
    (_, heading), *entries = rows
    assert heading == "other members"
    return dict(entries)


def answer_members() -> tuple[str, str]:
    """Section 4's list of an answer's members, and of what is committed to."""
    sentence = section(4).partition("An `answer` entry has:")[2].partition("\n\n")[0]
    own, _, committed = sentence.partition("`commitments`: object")
    return own, committed


def test_the_document_and_the_grammar_have_the_same_entries() -> None:
    assert set(table()) == set(GRAMMAR)


@pytest.mark.parametrize("kind", sorted(set(GRAMMAR) - {"answer"}))
def test_an_entry_has_the_members_of_the_document(kind: str) -> None:
    stated = table()[kind].partition(". ")[0]
    assert members(stated) == set(GRAMMAR[kind])


def test_an_answer_has_the_members_of_the_document() -> None:
    own, committed = answer_members()
    assert members(own) | {"commitments"} == set(GRAMMAR["answer"])
    assert members(committed) == COMMITTED == set(COMMITTED_BY_DISCLOSURE)


@pytest.mark.parametrize("kind", sorted(GRAMMAR))
def test_a_closed_list_of_values_in_the_document_is_the_grammars(kind: str) -> None:
    for member, listed in re.findall(r"`(\w+)` \(((?:`[\w-]+`(?:, )?)+)\)", table()[kind]):
        accepts = GRAMMAR[kind][member]
        assert all(accepts(value) for value in WORD.findall(listed)), member
        assert not accepts("anything-else"), member


def test_the_package_has_the_files_and_sizes_of_the_document() -> None:
    listed = re.findall(r"(?m)^\| `([\w.-]+)` \|", section(4))
    assert tuple(listed) == FILES
    assert f"exactly {PAYLOAD_BYTES} bytes (payload) or {OPENINGS_BYTES} bytes (openings)" in section(4)
