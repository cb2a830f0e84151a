"""What every pack must keep: its words are the law's, its two descriptions agree, its rules name what they rest on."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lawgate.domain.code import CODES
from lawgate.domain.finding import Basis, Outcome
from lawgate.statutes.facts import COMMON_FACTS, LINE_FACTS
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Rule
from lawgate.statutes.text import anchors, headings, misquoted


def single_rules(pack: Pack) -> list[Rule]:
    return [r for e in pack.rules for r in ((e,) if isinstance(e, Rule) else e.rules)]


def test_every_quoted_paragraph_stands_word_for_word_in_the_law(shelf: Any, law_file: Path) -> None:
    assert misquoted(shelf.read("text.md"), law_file.read_text(encoding="utf-8")) == ()


def test_the_law_file_is_the_one_the_pack_names(shelf: Any, law_file: Path) -> None:
    assert hashlib.sha256(law_file.read_bytes()).hexdigest() == shelf.pack.source.sha256


def test_a_changed_word_in_a_quotation_is_noticed(law_file: Path, shelf: Any) -> None:
    text = shelf.read("text.md").replace("the name and address", "the name or address")
    assert len(misquoted(text, law_file.read_text(encoding="utf-8"))) == 1


def test_every_anchor_is_a_heading_and_statute_rests_on_quoted_words(shelf: Any) -> None:
    quoted = headings(shelf.read("text.md"))
    assert anchors(shelf.pack) <= set(quoted)
    for rule in single_rules(shelf.pack):
        if rule.basis is Basis.STATUTE:
            assert quoted[rule.anchor], rule.id


def test_the_page_names_its_source_with_date_and_digest(shelf: Any) -> None:
    opening = shelf.read("text.md").split("\n## ")[0]
    source = shelf.pack.source
    assert source.sha256 in opening
    assert source.file in opening
    assert f"{source.day.day} {source.day:%B %Y}" in opening


def test_pack_toml_and_python_agree(shelf: Any) -> None:
    written = tomllib.loads(shelf.read("pack.toml"))
    pack: Pack = shelf.pack
    assert written == {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "in_force_from": pack.since,
        "citation": pack.citation,
        "items": list(pack.items),
        "accounted": pack.accounted,
        "purpose_code": pack.purpose_code,
        "source": {
            "name": pack.source.name,
            "file": pack.source.file,
            "day": pack.source.day,
            "sha256": pack.source.sha256,
        },
        "offices": {"any_agency": list(pack.offices), "justice": list(pack.justice_offices)},
        "switch": [{"name": s.name, "value": s.value, "authority": s.authority} for s in pack.switches],
    }


def test_every_declared_fact_is_one_that_somebody_supplies(shelf: Any) -> None:
    known = LINE_FACTS.keys() | COMMON_FACTS.keys() | shelf.pack.own_facts().keys()
    assert {fact for rule in shelf.pack.rules for fact in rule.facts} <= known


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


@pytest.mark.parametrize("name", ["text.md", "pack.toml", "cases.toml"])
def test_the_pack_has_its_data_files(shelf: Any, name: str) -> None:
    assert shelf.read(name)
