"""The kernel: not knowing is never permission, and a predicate sees what it declares and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.statutes.rule import ANSWERABLE, Alternatives, Predicate, Rule, evaluate, settled

FACTS = ("line.a", "line.b", "cover.c", "now.d")
outcomes = st.sampled_from(Outcome)
values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just(()))


def rule(predicate: Predicate, *facts: str, name: str = "R-t", question: str = "") -> Rule:
    return Rule(
        name, "test", "cited", Basis.STATUTE, "226", "It holds.", facts, predicate, "heading", question
    )


def says(outcome: object) -> Predicate:
    return lambda line_a: outcome


@given(outcomes)
def test_what_the_predicate_says_is_the_finding(outcome: Outcome) -> None:
    finding = evaluate(rule(says(outcome), "line.a"), {"line.a": 1})
    assert (finding.rule, finding.outcome, finding.citation, finding.code) == ("R-t", outcome, "cited", "226")
    assert finding.sentence == "It holds."


@given(st.one_of(values, st.sampled_from(["MET", "met", True, 1])))
def test_anything_but_an_outcome_is_unknown(said: object) -> None:
    assert evaluate(rule(says(said), "line.a"), {"line.a": 1}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("error", [ValueError, KeyError, RecursionError, MemoryError, AssertionError])
def test_a_predicate_that_raises_is_unknown_and_what_it_said_is_not_kept(error: type[Exception]) -> None:
    def raising(line_a: str) -> Outcome:
        raise error(line_a)

    finding = evaluate(rule(raising, "line.a"), {"line.a": "a person's words"})
    assert finding.outcome is Outcome.UNKNOWN
    assert "a person's words" not in repr(finding)


@given(st.dictionaries(st.sampled_from(FACTS), values))
def test_a_predicate_sees_its_declared_facts_and_is_not_called_without_all_of_them(
    facts: dict[str, object],
) -> None:
    seen: list[dict[str, object]] = []

    def looking(line_a: object, cover_c: object) -> Outcome:
        seen.append({"line.a": line_a, "cover.c": cover_c})
        return Outcome.MET

    finding = evaluate(rule(looking, "line.a", "cover.c"), facts)
    if {"line.a", "cover.c"} <= facts.keys():
        assert seen == [{name: facts[name] for name in ("line.a", "cover.c")}]
        assert finding.outcome is Outcome.MET
    else:
        assert seen == []
        assert finding.outcome is Outcome.UNKNOWN


def test_a_question_is_the_sentence_of_ask_alone() -> None:
    asking = rule(says(Outcome.ASK), "line.a", question="Does it?")
    assert evaluate(asking, {"line.a": 1}).sentence == "Does it?"
    assert asking.finding(Outcome.UNMET).sentence == "It holds."


@pytest.mark.parametrize(
    ("predicate", "facts"),
    [
        (lambda line_a: Outcome.MET, ("line.a", "line.b")),
        (lambda line_a, line_b: Outcome.MET, ("line.a",)),
        (lambda line_a, line_b=1: Outcome.MET, ("line.a",)),
        (lambda **facts: Outcome.MET, ("line.a",)),
        (lambda *facts: Outcome.MET, ()),
        (lambda line_a: Outcome.MET, ("line.a", "line.a")),
    ],
)
def test_a_predicate_whose_arguments_are_not_its_declared_facts_is_refused(
    predicate: Predicate, facts: tuple[str, ...]
) -> None:
    with pytest.raises(StatuteError):
        rule(predicate, *facts)


def test_a_code_that_was_never_given_out_is_refused() -> None:
    with pytest.raises(StatuteError):
        Rule("R-t", "t", "c", Basis.POLICY, "299", "s", (), lambda: Outcome.MET, "h")


def group(*rules: Rule) -> Alternatives:
    return Alternatives("G", "test", "whole", Basis.STATUTE, "230", "One of them holds.", "heading", rules)


TABLES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(FACTS), unique=True, max_size=3),
        st.dictionaries(st.integers(0, 9), outcomes),
    ),
    min_size=1,
    max_size=4,
)


def tabled(facts: list[str], table: dict[int, Outcome]) -> Rule:
    """A rule whose predicate is any function of its facts: equal facts, equal outcome; a gap in the table raises."""
    arguments = ", ".join(f.replace(".", "_") for f in facts)
    space: dict[str, Any] = {"table": table}
    return rule(eval(f"lambda {arguments}: table[sum([{arguments}]) % 10]", space), *facts)


@given(TABLES, st.dictionaries(st.sampled_from(FACTS), st.integers(0, 9)))
def test_forgetting_a_fact_never_improves_an_element_with_alternatives(
    written: list[tuple[list[str], dict[int, Outcome]]], facts: dict[str, object]
) -> None:
    element = group(*(tabled(names, table) for names, table in written))
    before = evaluate(element, facts).outcome
    for forgotten in facts:
        after = evaluate(element, {k: v for k, v in facts.items() if k != forgotten}).outcome
        assert before in ANSWERABLE or after not in ANSWERABLE
        assert not (before is Outcome.ASK and after is Outcome.MET)


@given(TABLES, st.dictionaries(st.sampled_from(FACTS), st.integers(0, 9)), st.sets(st.sampled_from(FACTS)))
def test_what_some_facts_settle_is_what_all_of_them_come_to(
    written: list[tuple[list[str], dict[int, Outcome]]], facts: dict[str, object], known: set[str]
) -> None:
    there = {name: value for name, value in facts.items() if name in known}
    for element in (tabled(*written[0]), group(*(tabled(names, table) for names, table in written))):
        found = settled(element, there, frozenset(known))
        assert isinstance(found, Finding) or not known.issuperset(element.facts)
        whole = found if isinstance(found, Finding) else found.find(facts)
        assert whole == evaluate(element, facts)


def test_an_element_with_alternatives_is_as_good_as_its_best_and_cites_that_one() -> None:
    element = group(
        rule(says(Outcome.UNMET), "line.a", name="one"), rule(says(Outcome.ASK), "line.a", name="two")
    )
    finding = evaluate(element, {"line.a": 1})
    assert (finding.rule, finding.outcome, finding.citation) == ("G", Outcome.ASK, "cited")


def test_no_alternative_met_cites_the_whole_element_and_unknown_outweighs_unmet() -> None:
    element = group(rule(says(Outcome.UNMET), "line.a"), rule(lambda line_b: Outcome.MET, "line.b"))
    assert evaluate(element, {"line.a": 1}).outcome is Outcome.UNKNOWN
    neither = group(rule(says(Outcome.UNMET), "line.a"), rule(says(Outcome.UNMET), "line.a"))
    finding = evaluate(neither, {"line.a": 1})
    assert (finding.outcome, finding.citation, finding.sentence) == (
        Outcome.UNMET,
        "whole",
        "One of them holds.",
    )


def test_alternatives_without_any_are_refused() -> None:
    with pytest.raises(StatuteError):
        group()
