"""The kernel: one rule, one finding; a predicate sees its declared facts and nothing else, and not knowing is UNKNOWN (I-1).

Three values decide (MET, UNMET, UNKNOWN); ASK is a fourth that only a named person can turn into one of them. There is no
OR between whole paths: alternatives stand inside one element, and forgetting a fact never improves that element either.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Protocol

from lawgate.domain.code import CODES
from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Basis, Finding, Outcome

Predicate = Callable[..., object]
"""Has one argument for each declared fact, named as the fact with underscores for dots, and returns an Outcome."""

Facts = Mapping[str, object]
Taker = Callable[[Facts], tuple[object, ...] | None]
"""Takes a rule's declared facts, in the order of its predicate's arguments; None or KeyError if one is absent."""

Finder = Callable[[Facts], Finding]
"""Finds on one element: what ``evaluate`` promises, made once for each element because it is called for each line."""

ANSWERABLE = frozenset({Outcome.MET, Outcome.ASK})
"""With these a request may go on; with the others it may not."""

_RISING = (Outcome.UNMET, Outcome.UNKNOWN, Outcome.ASK, Outcome.MET)
"""From worst to best. Findings stand in this order: looking a place up is several times faster than hashing an Enum."""
_MET, _ASK, _UNMET = Outcome.MET, Outcome.ASK, Outcome.UNMET


def keyword(fact: str) -> str:
    """Return the argument name under which a predicate receives a fact: ``line.reasons`` is ``line_reasons``."""
    return fact.replace(".", "_")


@dataclass(frozen=True, slots=True)
class Rule:
    """One element of a ground.

    ``citation`` and ``basis`` say where it comes from, ``code`` (a key of ``CODES``) is the reason shown if it is not MET,
    ``sentence`` says what must be true, ``question`` is what a named person is asked if it is for a person to say.
    ``facts`` are the only facts the predicate sees. ``anchor`` is the heading of ``text.md`` it was written from.
    Raises StatuteError if the code is unknown, a fact is declared twice, or the predicate's arguments are not the facts.
    """

    id: str
    element: str
    citation: str
    basis: Basis
    code: str
    sentence: str
    facts: tuple[str, ...]
    predicate: Predicate
    anchor: str
    question: str = ""
    findings: tuple[Finding, ...] = field(init=False, repr=False, compare=False)
    find: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise StatuteError(
                f"rules.py, rule {self.id}: there is no code {self.code}; docs/codes.md lists them"
            )
        in_order = _facts_in_order(self.id, self.facts, self.predicate)
        # A finding holds no value of a request, so a rule has exactly four of them, and they are made once.
        findings = tuple(self._finding(outcome) for outcome in _RISING)
        object.__setattr__(self, "findings", findings)
        object.__setattr__(self, "find", _finder(_taker(in_order), self.predicate, findings))

    def finding(self, outcome: Outcome) -> Finding:
        """Return the rule's finding for an outcome."""
        return self.findings[_RISING.index(outcome)]

    def _finding(self, outcome: Outcome) -> Finding:
        sentence = self.question if outcome is Outcome.ASK and self.question else self.sentence
        return Finding(self.id, outcome, self.citation, self.basis, self.code, sentence)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One element that the statute lets be met in several stated ways.

    It is as good as its best alternative. If none is MET or ASK, its finding cites the whole element: UNKNOWN if any
    alternative is, else UNMET. Since each alternative is UNKNOWN without its facts, forgetting one never improves it.
    """

    id: str
    element: str
    citation: str
    basis: Basis
    code: str
    sentence: str
    anchor: str
    rules: tuple[Rule, ...]
    facts: tuple[str, ...] = field(init=False)
    finders: tuple[Finder, ...] = field(init=False, repr=False, compare=False)
    find: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.code not in CODES or not self.rules:
            raise StatuteError(
                f"rules.py, alternatives {self.id}: there is no code {self.code}, or nothing to choose from"
            )
        own = Finding(self.id, Outcome.UNMET, self.citation, self.basis, self.code, self.sentence)
        declared = dict.fromkeys(fact for rule in self.rules for fact in rule.facts)
        object.__setattr__(self, "facts", tuple(declared))
        finders = tuple(
            _finder(_taker(_facts_in_order(r.id, r.facts, r.predicate)), r.predicate, self._named(r, own))
            for r in self.rules
        )
        object.__setattr__(self, "finders", finders)
        object.__setattr__(self, "find", _best_of(finders))

    def _named(self, rule: Rule, own: Finding) -> tuple[Finding, ...]:
        """An alternative's findings under the element's id; where it does not help, the whole element's own words."""
        return tuple(
            replace(rule.finding(o), rule=self.id) if o in ANSWERABLE else replace(own, outcome=o)
            for o in _RISING
        )


Element = Rule | Alternatives


class Finds(Protocol):
    """Finds on one element: an element does, and what is left of one."""

    @property
    def find(self) -> Finder:
        """What ``evaluate`` promises."""
        ...


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of alternatives once some facts are known."""

    find: Finder


def evaluate(element: Element, facts: Facts) -> Finding:
    """Return the finding on one element.

    A declared fact that is absent makes it UNKNOWN without calling the predicate; so does, after calling it, a predicate
    that raises or returns anything but an Outcome. Never raises for what a request says.
    """
    return element.find(facts)


def settled(element: Element, facts: Facts, known: frozenset[str]) -> Finding | Finds:
    """Return the finding on an element if the facts ``known`` decide it, whatever the others are; else what finds it, given the others too.

    ``facts`` has those of the known facts that are there. Of alternatives, one found UNMET already is not looked at again: the element
    cannot be better for it, and says in its own words that none is met. One found MET with none before it open decides.
    """
    if known.issuperset(element.facts):
        return element.find(facts)
    if isinstance(element, Rule):
        return element
    left: list[Finder] = []
    for rule, find in zip(element.rules, element.finders, strict=True):
        found = find(facts) if known.issuperset(rule.facts) else None
        if found is not None and found.outcome is _MET and not left:
            return found
        if found is None or found.outcome is not _UNMET:
            left.append(find)
    return Left(_best_of(tuple(left)))


def outcome_of(rule: Rule, facts: Facts) -> Outcome:
    """Return what one rule says of these facts, of which its predicate is handed the declared ones only."""
    return rule.find(facts).outcome


def _finder(take: Taker, predicate: Predicate, findings: tuple[Finding, ...]) -> Finder:
    unmet, unknown, ask, met = findings

    def find(facts: Facts) -> Finding:
        try:
            seen = take(facts)
        except KeyError:
            return unknown
        if seen is None:
            return unknown
        try:
            outcome = predicate(*seen)
        except Exception:
            # What a rule cannot read it does not know. The exception may quote the request, so nothing of it is kept.
            return unknown
        if outcome is _MET:
            return met
        if outcome is _ASK:
            return ask
        return unmet if outcome is _UNMET else unknown

    return find


def _best_of(finders: tuple[Finder, ...]) -> Finder:
    def find(facts: Facts) -> Finding:
        best = finders[0](facts)
        for other in finders[1:]:
            if best.outcome is _MET:
                break
            found = other(facts)
            if _RISING.index(found.outcome) > _RISING.index(best.outcome):
                best = found
        return best

    return find


def _facts_in_order(rule: str, facts: tuple[str, ...], predicate: Predicate) -> tuple[str, ...]:
    """Return the declared facts in the order of the predicate's arguments; they must be the same, named one by one."""
    parameters = inspect.signature(predicate).parameters.values()
    if any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in parameters):
        raise StatuteError(
            f"rules.py, rule {rule}: its predicate must name its facts one by one, as plain arguments"
        )
    declared = {keyword(fact): fact for fact in facts}
    if sorted(p.name for p in parameters) != sorted(map(keyword, facts)):
        wanted = ", ".join(map(keyword, facts))
        raise StatuteError(
            f"rules.py, rule {rule}: its predicate's arguments are not its declared facts; write {wanted}"
        )
    return tuple(declared[p.name] for p in parameters)


def _taker(facts: tuple[str, ...]) -> Taker:
    if len(facts) > 1:
        return itemgetter(*facts)
    if not facts:
        return lambda _: ()
    (fact,) = facts
    # Most rules have one fact. Looking first is cheaper than raising where lines lack it, as they do throughout a proof.
    return lambda known: (known[fact],) if fact in known else None
