"""Tries the real evaluator on every situation there is within stated bounds, and reports what it would wrongly let pass.

A fact's states are the values that the worked cases give it, and its absence. Three sweeps: every element over every combination of
its facts' states; whole lines over three states (good, bad, absent) of up to thirteen facts; whole requests over every pair of states
of every two facts, around each way in which a request can be in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Finding, Outcome
from lawgate.statutes.check import Slot, findings_on, letter_of
from lawgate.statutes.facts import OFFENCE
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import ANSWERABLE, Element, Rule, evaluate, outcome_of

Facts = Mapping[str, object]

MOST_FACTS = 13
"""Facts of a line that are swept exhaustively, with three states each: 1,594,323 lines."""
MOST_COMBINATIONS = 3**MOST_FACTS

GOODNESS = {Outcome.UNMET: 0, Outcome.UNKNOWN: 0, Outcome.ASK: 1, Outcome.MET: 2}
"""What counts as better: from not answerable to asked, from asked to met. Whether a line is refused or returned does not."""


class _Absent:
    """The state of a fact that is not there."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was tried: how many situations, how many of them were answerable, how many facts were forgotten, what was wrong."""

    tried: int
    answerable: int
    forgettings: int
    wrong: tuple[str, ...]


def states(pack: Pack, situations: Sequence[Facts]) -> dict[str, tuple[object, ...]]:
    """Return for every fact a rule declares its different values in these situations, and ``ABSENT`` last."""
    return {fact: (*_different(fact, situations), ABSENT) for rule in pack.rules for fact in rule.facts}


def forgetting(elements: Sequence[Element], situations: Sequence[Facts]) -> Sweep:
    """Forget each declared fact of each element in each situation; no finding may become better."""
    tried, wrong = 0, []
    for facts, element in product(situations, elements):
        before = GOODNESS[evaluate(element, facts).outcome]
        for fact in element.facts:
            if fact in facts:
                tried += 1
                without = {name: value for name, value in facts.items() if name != fact}
                if GOODNESS[evaluate(element, without).outcome] > before:
                    wrong.append(f"forgetting {fact} improves {element.id}")
    return Sweep(tried, 0, tried, tuple(dict.fromkeys(wrong)))


def sweep_element(element: Element, known: Mapping[str, Sequence[object]]) -> Sweep:
    """Try an element on every combination of its facts' states.

    It must be answerable exactly if one of its alternatives is (a single rule is its own), and forgetting a fact must not help.
    """
    choices = [range(len(known[fact])) for fact in element.facts]
    if prod(map(len, choices)) > MOST_COMBINATIONS:
        raise StatuteError(f"element {element.id} has too many situations to try them all")
    alternatives = (element,) if isinstance(element, Rule) else element.rules
    goodness: dict[tuple[int, ...], int] = {}
    wrong: list[str] = []
    for chosen in product(*choices):
        facts = _facts(element.facts, known, chosen)
        outcome = evaluate(element, facts).outcome
        goodness[chosen] = GOODNESS[outcome]
        if goodness[chosen] != max(GOODNESS[outcome_of(rule, facts)] for rule in alternatives):
            wrong.append(f"{element.id} is not as good as the best of its alternatives")
    forgettings = 0
    for chosen, before in goodness.items():
        for place, state in enumerate(chosen):
            last = len(choices[place]) - 1
            if state != last:
                forgettings += 1
                if goodness[(*chosen[:place], last, *chosen[place + 1 :])] > before:
                    wrong.append(f"forgetting {element.facts[place]} improves {element.id}")
    answerable = sum(1 for good in goodness.values() if good)
    return Sweep(len(goodness), answerable, forgettings, tuple(dict.fromkeys(wrong)))


def three_states(
    pack: Pack, base: Facts, known: Mapping[str, Sequence[object]]
) -> dict[str, tuple[object, ...]]:
    """Return for up to thirteen facts of a line, offence facts aside, a good state (the base's), a bad one, and absence.

    Those that most elements look at come first. A bad state makes an element UNMET that was answerable. A fact for which the cases know none has two states only.
    """
    declared = [f for r in pack.rules for f in r.facts if f.startswith("line.") and f in base]
    chosen = [fact for fact in dict.fromkeys(declared) if not fact.startswith(OFFENCE)][:MOST_FACTS]
    chosen.sort(key=declared.count, reverse=True)
    return {fact: (base[fact], *_bad(pack, base, fact, known), ABSENT) for fact in chosen}


def sweep_lines(
    pack: Pack, base: Facts, three: Mapping[str, Sequence[object]], part: int = 0, parts: int = 1
) -> Sweep:
    """Try every combination of the facts' states on the path a line goes; ``part`` of ``parts`` does its share of them.

    Answerable must be exactly the lines of which each element, asked alone and knowing its own facts only, is answerable.
    """
    common = {name: value for name, value in base.items() if name not in three}
    names, half = tuple(three), len(three) // 2
    firsts, rests = _rows(names[:half], three), _rows(names[half:], three)
    share = list(firsts.items())[part::parts]
    mine = {chosen for chosen, _ in share}
    expected = {row for row in _expected(pack, common, three) if row[:half] in mine}
    found: set[tuple[int, ...]] = set()
    tried = 0
    # As with what is common to a submission: what one half of the facts cannot change is found once.
    by_rest = {
        others: _settled_by(pack.rules, {**common, **more}, names[half:], names[:half])
        for others, more in rests.items()
    }
    for chosen, stated in share:
        start = {**common, **stated}
        settled = _settled(pack.rules, start, names[half:])
        for others, more in rests.items():
            tried += 1
            slots = list(settled)
            for place, finding in by_rest[others]:
                slots[place] = finding
            if letter_of(findings_on(slots, {**start, **more})) is None:
                found.add((*chosen, *others))
    wrong = () if found == expected else (f"{len(found ^ expected)} lines do not end as their elements say",)
    return Sweep(tried, len(found), 0, wrong)


def sweep_pairs(
    pack: Pack, bases: Sequence[Facts], known: Mapping[str, Sequence[object]], part: int = 0, parts: int = 1
) -> Sweep:
    """Give every two facts every pair of their states in each base; answerable must be what each element alone says."""
    tried = answerable = 0
    wrong: list[str] = []
    found = [tuple(evaluate(element, base) for element in pack.rules) for base in bases]
    for number, (one, two) in _share(list(product(range(len(bases)), combinations(known, 2))), part, parts):
        base = bases[number]
        touched = [element for element in pack.rules if one in element.facts or two in element.facts]
        # What sees neither of the two is found as in the base.
        slots = [e if e in touched else f for e, f in zip(pack.rules, found[number], strict=True)]
        for pair in product(known[one], known[two]):
            facts = dict(base)
            for name, value in zip((one, two), pair, strict=True):
                facts.pop(name, None)
                if value is not ABSENT:
                    facts[name] = value
            may_go_on = letter_of(findings_on(slots, facts)) is None
            alone = all(_alone(element, facts) in ANSWERABLE for element in touched)
            tried += 1
            answerable += may_go_on
            if may_go_on is not alone:
                wrong.append(f"{one} with {two}: the request does not end as its elements say")
    return Sweep(tried, answerable, 0, tuple(dict.fromkeys(wrong)))


def bases(pack: Pack, situations: Sequence[Facts]) -> tuple[Facts, ...]:
    """Return one situation in order for each different way in which the elements' alternatives are met."""
    found: dict[tuple[tuple[Outcome, ...], ...], Facts] = {}
    groups = [element for element in pack.rules if not isinstance(element, Rule)]
    for facts in situations:
        if letter_of(findings_on(pack.rules, facts)) is None:
            way = tuple(tuple(outcome_of(rule, facts) for rule in group.rules) for group in groups)
            found.setdefault(way, facts)
    return tuple(found.values())


def _different(fact: str, situations: Sequence[Facts]) -> Iterator[object]:
    seen: list[object] = []
    for facts in situations:
        value = facts.get(fact, ABSENT)
        if value is not ABSENT and not any(type(value) is type(s) and value == s for s in seen):
            seen.append(value)
            yield value


def _facts(
    names: Sequence[str], known: Mapping[str, Sequence[object]], chosen: Sequence[int]
) -> dict[str, object]:
    values = ((name, known[name][state]) for name, state in zip(names, chosen, strict=True))
    return {name: value for name, value in values if value is not ABSENT}


def _settled(elements: Sequence[Element], facts: Facts, open_facts: Sequence[str]) -> tuple[Slot, ...]:
    return tuple(e if set(e.facts) & set(open_facts) else evaluate(e, facts) for e in elements)


def _settled_by(
    elements: Sequence[Element], facts: Facts, known: Sequence[str], open_facts: Sequence[str]
) -> tuple[tuple[int, Finding], ...]:
    """Return, by place, the findings of the elements that see some of the ``known`` facts and none that is still open."""
    return tuple(
        (place, evaluate(element, facts))
        for place, element in enumerate(elements)
        if set(element.facts) & set(known) and not set(element.facts) & set(open_facts)
    )


def _rows(
    names: Sequence[str], known: Mapping[str, Sequence[object]]
) -> dict[tuple[int, ...], dict[str, object]]:
    """Return every combination of these facts' states, with the facts it states."""
    return {
        chosen: _facts(names, known, chosen) for chosen in product(*(range(len(known[n])) for n in names))
    }


def _alone(element: Element, facts: Facts) -> Outcome:
    """Ask one element, which is told its own facts and nothing else."""
    return evaluate(element, {name: facts[name] for name in element.facts if name in facts}).outcome


def _bad(pack: Pack, base: Facts, fact: str, known: Mapping[str, Sequence[object]]) -> tuple[object, ...]:
    declaring = [element for element in pack.rules if fact in element.facts]
    for value in known[fact]:
        if value is not ABSENT and any(_alone(e, {**base, fact: value}) is Outcome.UNMET for e in declaring):
            return (value,)
    return ()


def _expected(pack: Pack, common: Facts, three: Mapping[str, Sequence[object]]) -> list[tuple[int, ...]]:
    """Return the rows of which every element alone is answerable, fact by fact, dropping a row as soon as one is not."""
    names, rows = (
        tuple(three),
        [()]
        if all(_alone(e, common) in ANSWERABLE for e in pack.rules if not set(e.facts) & three.keys())
        else [],
    )
    grown: list[tuple[int, ...]] = list(rows)
    for depth in range(1, len(names) + 1):
        settled = [
            e for e in pack.rules if names[depth - 1] in e.facts and not set(e.facts) & set(names[depth:])
        ]
        wider = [(*row, state) for row in grown for state in range(len(three[names[depth - 1]]))]
        grown = [
            row
            for row in wider
            if all(_alone(e, {**common, **_facts(names[:depth], three, row)}) in ANSWERABLE for e in settled)
        ]
    return grown


def _share(
    work: Sequence[tuple[int, tuple[str, str]]], part: int, parts: int
) -> Sequence[tuple[int, tuple[str, str]]]:
    return work[part::parts]
