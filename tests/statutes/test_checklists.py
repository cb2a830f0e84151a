"""The checklists: every element of an offence has facts or a person, the rules see exactly those, and an old order alone meets none (R-15)."""

from __future__ import annotations

from typing import Any

import pytest

from lawgate.adapters.pack_shelf import pack_files
from lawgate.domain.finding import Outcome
from lawgate.statutes.cases import read_cases
from lawgate.statutes.facts import OFFENCE
from lawgate.statutes.packs.usc26_6103_i_2 import PACK
from lawgate.statutes.packs.usc26_6103_i_2.checklists import CHECKLISTS, Checklist
from lawgate.statutes.packs.usc26_6103_i_2.register import is_registered
from lawgate.statutes.wording import read_cited

ELEMENTS = {e.id: e for e in PACK.rules}
BASE = read_cases(pack_files(PACK).cases)[0]
each = pytest.mark.parametrize("offence", CHECKLISTS, ids=lambda o: o.cited)


def test_there_are_at_least_six_beside_failure_to_depart() -> None:
    assert len(CHECKLISTS) >= 7
    assert CHECKLISTS[0].cited == "8 U.S.C. 1253(a)(1)"
    assert len({o.cited for o in CHECKLISTS}) == len(CHECKLISTS)


@each
def test_a_checklist_is_of_a_registered_offence_and_cites_its_elements(offence: Checklist) -> None:
    (cited,) = read_cited(offence.cited).citations
    assert (cited.title, cited.section) == (offence.citation.title, offence.citation.section)
    assert is_registered(offence.citation)
    section = offence.cited.split("(")[0]
    assert all(e.citation.startswith(section) and e.sentence for e in offence.elements)
    assert any(not e.facts for e in offence.elements), "a state of mind is nothing a field can show"


@each
def test_the_rules_named_see_the_facts_of_the_checklist_and_no_others(offence: Checklist) -> None:
    seen = {
        f.removeprefix(OFFENCE)
        for rule in offence.rules
        for f in ELEMENTS[rule].facts
        if f.startswith(OFFENCE)
    }
    assert seen == set(offence.facts)


def test_every_fact_of_an_offence_that_a_rule_sees_stands_in_a_checklist() -> None:
    seen = {f.removeprefix(OFFENCE) for e in PACK.rules for f in e.facts if f.startswith(OFFENCE)}
    assert seen == {fact for offence in CHECKLISTS for fact in offence.facts}


def checked(statute: str, facts: dict[str, Any]) -> dict[str, Outcome]:
    from dataclasses import replace

    line = replace(BASE.line, data={**BASE.line.data, "criminal_statute": statute, "offence_facts": facts})
    return {f.rule: f.outcome for f in replace(BASE, line=line).checked(PACK).findings}


@each
def test_a_final_order_older_than_ninety_days_alone_meets_no_offence(offence: Checklist) -> None:
    found = checked(offence.cited, {"final_order_date": "2020-01-01"})
    assert any(found[rule] in (Outcome.UNKNOWN, Outcome.UNMET) for rule in offence.rules)


@each
def test_where_an_offence_is_designated_a_person_is_asked_whatever_is_stated(offence: Checklist) -> None:
    found = checked(offence.cited, {})
    assert Outcome.ASK in (found["R-15b"], found["R-15g"])


@each
def test_another_designation_asks_for_none_of_its_facts(offence: Checklist) -> None:
    found = checked("18 U.S.C. 1343", {})
    assert {found[rule] for rule in offence.rules} == {Outcome.MET}


@each
def test_a_wider_citation_a_part_and_another_case_do_not_go_round_it(offence: Checklist) -> None:
    section = f"{offence.citation.title} U.S.C. {offence.citation.section}"
    for written in (section, f"{offence.cited}(A)", offence.cited.upper(), f"18 U.S.C. 371; {offence.cited}"):
        assert offence.designated_by(read_cited(written)), written
    assert not offence.designated_by(read_cited("18 U.S.C. 371"))
