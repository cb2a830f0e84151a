"""Deletes, inverts and waves through every rule of a pack, one at a time: a worked case must break each time, and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps

from lawgate.domain.finding import Outcome
from lawgate.statutes.cases import Case
from lawgate.statutes.check import findings_on
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Alternatives, Element, Predicate, Rule

INVERSE = {Outcome.MET: Outcome.UNMET, Outcome.ASK: Outcome.UNMET, Outcome.UNMET: Outcome.MET}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a pack: the element at ``place`` becomes ``element``, or is gone if that is None."""

    name: str
    place: int
    element: Element | None


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Return every mutant: each element deleted, each rule and each alternative deleted, inverted, and always met."""
    for place, element in enumerate(pack.rules):
        yield Mutant(f"delete {element.id}", place, None)
        if isinstance(element, Rule):
            for how, change in _CHANGES.items():
                yield Mutant(f"{how} {element.id}", place, change(element))
        else:
            yield from _of_alternatives(place, element)


def breaks(pack: Pack, cases: Sequence[Case], situations: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return for each mutant, by name, the title of the first case that breaks; empty for one that no case notices.

    ``situations`` are the facts of the cases, in their order.
    """
    found = [findings_on(pack.rules, facts) for facts in situations]
    told: dict[str, str] = {}
    for mutant in mutants(pack):
        here, there = mutant.place, mutant.place + 1
        changed = () if mutant.element is None else (mutant.element,)
        told[mutant.name] = next(
            (
                case.title
                for case, facts, findings in zip(cases, situations, found, strict=True)
                if case.deviations((*findings[:here], *findings_on(changed, facts), *findings[there:]))
            ),
            "",
        )
    return told


def _inverted(rule: Rule) -> Rule:
    return replace(rule, predicate=_inverting(rule.predicate))


def _always_met(rule: Rule) -> Rule:
    return replace(rule, facts=(), predicate=lambda: Outcome.MET)


_CHANGES: dict[str, Callable[[Rule], Rule]] = {"invert": _inverted, "always meet": _always_met}


def _of_alternatives(place: int, element: Alternatives) -> Iterator[Mutant]:
    for n, rule in enumerate(element.rules):
        before, after = element.rules[:n], element.rules[n + 1 :]
        if before or after:
            yield Mutant(f"delete {rule.id}", place, replace(element, rules=(*before, *after)))
        for how, change in _CHANGES.items():
            yield Mutant(f"{how} {rule.id}", place, replace(element, rules=(*before, change(rule), *after)))


def _inverting(predicate: Predicate) -> Predicate:
    @wraps(predicate)
    def inverse(*facts: object) -> object:
        outcome = predicate(*facts)
        return INVERSE.get(outcome, outcome) if isinstance(outcome, Outcome) else outcome

    return inverse
