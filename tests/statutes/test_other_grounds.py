"""What holds for every ground alike, and what only the later ones show: accounting, terms, denial, precedence, independence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgate.adapters.pack_shelf import pack_files
from lawgate.domain.code import CODES
from lawgate.domain.finding import Outcome
from lawgate.statutes.check import findings_on, letter_of
from lawgate.statutes.precedence import BARS, GROUNDS, Effect, conflicts, meetings
from lawgate.statutes.rule import evaluate
from lawgate.statutes.situations import GOODNESS, states
from lawgate.wiring import GROUNDS as KNOWN
from lawgate.wiring import PACKS, pack_named

SITUATIONS = {p.id: [case.facts(p) for case in pack_files(p).worked()] for p in PACKS}
EVERY_READING = [p.as_if_in_force(date(2026, 11, 2)) for ground in KNOWN for p in ground.versions]
STATES = {p.id: states(p, SITUATIONS[p.id]) for p in PACKS}


@pytest.mark.parametrize("pack", EVERY_READING, ids=lambda p: p.name)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_forgetting_any_fact_never_improves_a_finding(pack: Any, data: st.DataObject) -> None:
    """I-1 for every pack in every reading, those kept for comparison too: any mixture of the states its cases give its facts, and then any one of them forgotten."""
    known = STATES[pack.id]
    facts: dict[str, object] = {}
    for name, values in known.items():
        chosen = data.draw(st.sampled_from(range(len(values))))
        if chosen < len(values) - 1:  # the last is the fact's absence
            facts[name] = values[chosen]
    if not facts:
        return
    before = findings_on(pack.rules, facts)
    lost = data.draw(st.sampled_from(sorted(facts)))
    after = findings_on(pack.rules, {n: v for n, v in facts.items() if n != lost})
    assert [
        b.rule for b, a in zip(before, after, strict=True) if GOODNESS[a.outcome] > GOODNESS[b.outcome]
    ] == []
    assert letter_of(before) is None or letter_of(after) is not None


@pytest.mark.parametrize("garbage", [None, 5, [1], {"x": 1}])
@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.id)
def test_an_unreadable_fact_of_the_offence_never_makes_a_line_answerable_that_was_not(
    pack: Any, garbage: object
) -> None:
    for facts in SITUATIONS[pack.id]:
        if letter_of(findings_on(pack.rules, facts)) is None:
            continue
        for name in facts:
            if name.startswith("line.offence_facts."):
                assert letter_of(findings_on(pack.rules, {**facts, name: garbage})) is not None


def test_the_census_is_denied_whatever_is_stated() -> None:
    pack = pack_named("usc13-9")
    (denied,) = [e for e in pack.rules if e.id in pack.denies]
    assert {evaluate(denied, facts).outcome for facts in SITUATIONS[pack.id]} == {
        Outcome.UNMET,
        Outcome.UNKNOWN,
    }
    assert pack.items == ()


def test_a_director_who_may_ask_on_one_ground_may_not_authorise_on_another() -> None:
    """R-3: the Director of the FBI is on the list of (i)(2) and not on that of (i)(1)(B), which (i)(5) borrows."""
    assert "fbi-director" in pack_named("usc26-6103-i-2").justice_offices
    assert "fbi-director" not in pack_named("usc26-6103-i-5").justice_offices
    assert "dea-administrator" not in pack_named("usc26-6103-i-5").justice_offices


def test_only_debt_collection_is_not_accounted_for() -> None:
    assert {p.id for p in PACKS if not p.accounted} == {"usc26-6103-m-2"}


def test_every_ground_names_the_use_its_answers_are_bound_to() -> None:
    for pack in PACKS:
        assert len(pack.terms) > 40
        assert pack.denies or pack.citation.rsplit("(", 1)[0] in pack.terms


def test_every_bar_has_a_meaning_beside_every_ground_there_is() -> None:
    assert {g.id for g in KNOWN} == set(GROUNDS)
    assert set(BARS) == {number for number in CODES if "603" <= number <= "607"}
    for ground in GROUNDS:
        for met in meetings(ground, BARS):
            assert met.why
            assert "not in the table" not in met.why, (met.bar, ground)


def test_where_two_statutes_conflict_a_person_hears_of_it() -> None:
    (met,) = conflicts("usc26-6103-i-2", ["604"])
    assert "shall disclose" in met.why
    assert conflicts("usc26-6103-m-2", ["604"]) == ()


@pytest.mark.parametrize(("ground", "bar"), [("usc26-6103-i-2", "699"), ("usc99-1", "603"), ("usc99-1", "x")])
def test_what_nobody_entered_is_put_to_a_person(ground: str, bar: str) -> None:
    assert [m.effect for m in meetings(ground, [bar])] == [Effect.CONFLICT]


def test_a_mark_that_denies_is_no_rule_that_can_be_switched_off() -> None:
    pack = pack_named("usc13-9")
    later = replace(pack, rules=tuple(r for r in pack.rules if r.id != "Z-1"), denies=())
    assert letter_of(findings_on(later.rules, SITUATIONS[pack.id][0])) is None, (
        "without Z-1 the request would go on"
    )
