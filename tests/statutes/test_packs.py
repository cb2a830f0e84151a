"""What every pack must keep: its words are the law's, its two descriptions agree, its rules name what they rest on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from lawgate.domain.code import CODES
from lawgate.domain.finding import Basis, Outcome
from lawgate.statutes.binding import read_bonds
from lawgate.statutes.facts import COMMON_FACTS, LINE_FACTS, OFFENCE
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Rule
from lawgate.statutes.text import anchored, headings, misquoted

PACKS = Path(__file__).parents[2] / "src" / "lawgate" / "statutes" / "packs"


def single_rules(pack: Pack) -> list[Rule]:
    return [r for e in pack.rules for r in ((e,) if isinstance(e, Rule) else e.rules)]


def test_every_quoted_paragraph_stands_word_for_word_in_the_law(shelf: Any, laws: dict[str, bytes]) -> None:
    assert misquoted(shelf.read("text.md"), [law.decode() for law in laws.values()]) == ()


def test_every_law_file_is_quoted(shelf: Any, laws: dict[str, bytes]) -> None:
    quoted = [p for paragraphs in headings(shelf.read("text.md")).values() for p in paragraphs]
    assert all(any(p in law.decode() for p in quoted) for law in laws.values())


def test_the_law_files_are_the_ones_the_pack_names(shelf: Any, laws: dict[str, bytes]) -> None:
    for source in shelf.pack.sources:
        assert hashlib.sha256(laws[source.file]).hexdigest() == source.sha256


def test_a_changed_word_in_a_quotation_is_noticed(laws: dict[str, bytes], shelf: Any) -> None:
    quoted = next(p for paragraphs in headings(shelf.read("text.md")).values() for p in paragraphs)
    first, rest = quoted.split(" ", 1)
    text = shelf.read("text.md").replace(f"> {quoted}", f"> {first} not {rest}", 1)
    assert len(misquoted(text, [law.decode() for law in laws.values()])) == 1


def test_every_anchor_is_a_heading_and_statute_rests_on_quoted_words(shelf: Any) -> None:
    quoted = headings(shelf.read("text.md"))
    assert set(anchored(shelf.pack).values()) <= set(quoted)
    for rule in single_rules(shelf.pack):
        if rule.basis is Basis.STATUTE:
            assert quoted[rule.anchor], rule.id


def test_the_page_names_its_source_with_date_and_digest(shelf: Any) -> None:
    opening = shelf.read("text.md").split("\n## ")[0]
    for source in shelf.pack.sources:
        assert source.sha256 in opening
        assert source.file in opening
        assert f"{source.day.day} {source.day:%B %Y}" in opening


def test_every_declared_fact_is_one_that_somebody_supplies(shelf: Any) -> None:
    known = LINE_FACTS.keys() | COMMON_FACTS.keys() | shelf.pack.own_facts().keys()
    declared = {fact for rule in shelf.pack.rules for fact in rule.facts}
    assert {fact for fact in declared if not fact.startswith(OFFENCE)} <= known


def test_no_rule_sees_the_taxpayer_number_or_the_birth_date() -> None:
    assert not {fact for fact in LINE_FACTS if "number" in fact.replace("case_number", "") or "birth" in fact}


def test_codes_say_whether_they_are_the_statute_or_policy(shelf: Any) -> None:
    for rule in single_rules(shelf.pack):
        assert rule.code in CODES
        if CODES[rule.code].citation == "policy":
            assert rule.basis is Basis.POLICY, rule.id
        if rule.basis is Basis.STATUTE:
            assert rule.citation.startswith(shelf.pack.citation.split("(")[0]), rule.id


def test_only_a_rule_that_can_ask_has_a_question(shelf: Any) -> None:
    for rule in single_rules(shelf.pack):
        assert rule.finding(Outcome.ASK).sentence == (rule.question or rule.sentence)
        assert not rule.question or rule.question.endswith("?")


def test_every_requirement_of_the_first_ground_is_encoded_or_has_a_reason() -> None:
    rows = read_bonds((PACKS / "usc26_6103_i_2" / "pack.toml").read_text(encoding="utf-8")).requirements
    assert [row.id for row in rows] == [*(f"R-{n}" for n in range(1, 26)), "policy"]


def test_what_may_be_given_says_where_it_may_come_from(shelf: Any) -> None:
    for permitted in shelf.pack.permitted:
        assert permitted.authority
        assert set(permitted.sources) <= {"taxpayer", "third-party", "agency"}
    assert shelf.pack.provenance.keys() == set(shelf.pack.items)


def test_every_switch_and_every_human_step_names_its_authority(shelf: Any) -> None:
    assert all(switch.authority.name for pack in shelf.ground.versions for switch in pack.switches)
    assert all(pack.rests_on for pack in shelf.ground.versions)
    for step in shelf.pack.steps:
        assert step.citation
        assert step.sentence
        assert step.kept.split(":")[0] == "review"
        assert step.by.value == "releasing-officer"


@pytest.mark.parametrize("name", ["text.md", "pack.toml", "cases.toml", "proof.json"])
def test_the_pack_has_its_data_files(shelf: Any, name: str) -> None:
    assert shelf.read(name)
