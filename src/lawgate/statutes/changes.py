"""Says in words what one reading of a ground changed against another, and which worked cases end or are found otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lawgate.statutes.cases import GOES_ON, Case
from lawgate.statutes.check import letter_of
from lawgate.statutes.pack import Pack, Permitted, Switch
from lawgate.statutes.rule import Element


@dataclass(frozen=True, slots=True)
class FlippedCase:
    """A worked case whose ``rules`` are found otherwise (rule, before, after), and how it ends (``on``, X or I) under each reading."""

    title: str
    before: str
    after: str
    rules: tuple[tuple[str, str, str], ...]


def changes(one: Pack, other: Pack) -> tuple[str, ...]:
    """Return what ``other`` says otherwise than ``one``, a sentence for each thing; nothing if they read alike."""
    return (
        *_span(one, other),
        *_authorities(one, other),
        *_switches(one, other),
        *_elements(one.rules, other.rules),
        *_given(one, other),
        *_plain(one, other),
    )


def flipped_cases(one: Pack, other: Pack, cases: Sequence[Case]) -> tuple[FlippedCase, ...]:
    """Return the cases that are found otherwise under ``other``. Both are taken as in force when the first case was received.

    A switch that a case sets itself is as the case sets it, under both.
    """
    day = cases[0].received_at.date()
    before, after = one.as_if_in_force(day), other.as_if_in_force(day)
    return tuple(flipped for case in cases if (flipped := _flipped(case, before, after)) is not None)


def _flipped(case: Case, one: Pack, other: Pack) -> FlippedCase | None:
    was, became = case.checked(one).findings, case.checked(other).findings
    old = {f.rule: f.outcome.value for f in was}
    new = {f.rule: f.outcome.value for f in became}
    rules = tuple(
        (rule, old.get(rule, "not asked"), new.get(rule, "not asked"))
        for rule in dict.fromkeys((*old, *new))
        if old.get(rule) != new.get(rule)
    )
    if not rules:
        return None
    before, after = letter_of(was), letter_of(became)
    return FlippedCase(
        case.title, before.value if before else GOES_ON, after.value if after else GOES_ON, rules
    )


def _span(one: Pack, other: Pack) -> Iterator[str]:
    for words, was, became in (
        ("in force from", one.since, other.since),
        ("in force until", one.until, other.until),
    ):
        if was != became:
            yield f"{words} {became or 'no day named'}, not {was or 'no day named'}"
    if one.applied != other.applied:
        yield (
            "requests are checked under it"
            if other.applied
            else "kept for comparison; nothing is answered under it"
        )


def _authorities(one: Pack, other: Pack) -> Iterator[str]:
    for gone in one.rests_on:
        if gone not in other.rests_on:
            yield f"no longer rests on {gone}"
    for new in other.rests_on:
        if new not in one.rests_on:
            yield f"rests on {new}"


def _switches(one: Pack, other: Pack) -> Iterator[str]:
    was: dict[str, Switch] = {s.name: s for s in one.switches}
    for switch in other.switches:
        old = was.pop(switch.name, None)
        if old is None:
            yield f"asks {switch.name}, and says {_yes(switch.value)} ({switch.authority})"
        elif old.value != switch.value:
            yield f"{switch.name}: {_yes(switch.value)} ({switch.authority}), not {_yes(old.value)} ({old.authority})"
        elif old.authority != switch.authority:
            yield f"{switch.name}: still {_yes(switch.value)}, but on {switch.authority}, not {old.authority}"
    yield from (f"no longer asks {name}" for name in was)


def _elements(one: Sequence[Element], other: Sequence[Element]) -> Iterator[str]:
    was = {element.id: element for element in one}
    for element in other:
        old = was.pop(element.id, None)
        if old is None:
            yield f"new element {element.id} ({element.citation}): {element.sentence}"
        elif old != element:
            yield f"element {element.id} ({element.citation}) is read otherwise: {_how(old, element)}"
    yield from (f"element {old.id} ({old.citation}) is gone: {old.sentence}" for old in was.values())


def _how(old: Element, new: Element) -> str:
    named = [
        f"{name} “{getattr(new, name)}”, not “{getattr(old, name)}”"
        for name in ("citation", "sentence", "code")
        if getattr(old, name) != getattr(new, name)
    ]
    if old.basis is not new.basis:
        named.append(f"{new.basis.value}, not {old.basis.value}")
    if old.facts != new.facts:
        named.append(f"it sees {', '.join(new.facts)}, not {', '.join(old.facts)}")
    return "; ".join(named) or "what it makes of the facts"


def _given(one: Pack, other: Pack) -> Iterator[str]:
    was: dict[str, Permitted] = {p.item: p for p in one.permitted}
    for permitted in other.permitted:
        old = was.pop(permitted.item, None)
        if old != permitted:
            yield f"may be given: {permitted.item}, from {', '.join(permitted.sources)} ({permitted.authority})"
    yield from (f"may no longer be given: {item}" for item in was)


def _plain(one: Pack, other: Pack) -> Iterator[str]:
    for words, name in (
        ("who may ask", "offices"),
        ("who may ask at the Department of Justice", "justice_offices"),
        ("what the least answer rests on", "minimising"),
        ("the authority named in the accounting", "authority"),
        ("the purpose named in the accounting", "purpose_code"),
        ("the terms of use", "terms"),
        ("what people must do", "steps"),
        ("where the words are from", "sources"),
    ):
        if getattr(one, name) != getattr(other, name):
            yield f"changed: {words}"
    if one.accounted != other.accounted:
        yield "disclosures are accounted for" if other.accounted else "disclosures are not accounted for"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
