"""Step 2: hands every rule of a pack its facts and keeps every finding; the only place that makes a Checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Checked, Cover, Disposition, Line, Received
from lawgate.statutes.facts import OFFENCE, REPEATED, common_facts, line_facts
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Element, Finds, evaluate, settled

Slot = Finding | Finds
"""An element's finding where it is found already, else the element itself or what is left of it."""

_REMEMBERED = 4096
"""So many different statements of what lines repeat are kept settled for a submission."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is common to a submission: its facts, and the findings that depend on nothing else.

    ``slots`` has one entry for each element of the pack, in order. ``shared`` are those of the common facts that a rule
    about a line looks at too, ``wanted`` the facts of a line that one of them declares, ``offence`` those among them of an alleged
    offence, by their own names. ``repeated`` are the wanted facts that many lines state alike: ``settle`` takes their values, None for
    one that is absent, and returns the slots with what these decide found; it remembers what it returned.
    """

    pack: Pack
    facts: Mapping[str, object]
    slots: tuple[Finding | Element, ...] = field(init=False)
    shared: Mapping[str, object] = field(init=False, repr=False)
    wanted: frozenset[str] = field(init=False, repr=False)
    offence: frozenset[str] = field(init=False, repr=False)
    repeated: tuple[str, ...] = field(init=False, repr=False)
    settle: Callable[..., tuple[Slot, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen = {fact for rule in self.pack.rules if of_a_line(rule) for fact in rule.facts}
        slots = tuple(rule if of_a_line(rule) else evaluate(rule, self.facts) for rule in self.pack.rules)
        offence = frozenset(f.removeprefix(OFFENCE) for f in seen if f.startswith(OFFENCE))
        shared = {name: v for name, v in self.facts.items() if name in seen}
        repeated = tuple(fact for fact in REPEATED if fact in seen)
        object.__setattr__(self, "slots", slots)
        object.__setattr__(self, "shared", shared)
        object.__setattr__(self, "wanted", frozenset(seen))
        object.__setattr__(self, "offence", offence)
        object.__setattr__(self, "repeated", repeated)
        object.__setattr__(self, "settle", _settling(slots, shared, repeated, frozenset(seen)))


def _settling(
    slots: tuple[Finding | Element, ...],
    shared: Mapping[str, object],
    repeated: tuple[str, ...],
    seen: frozenset[str],
) -> Callable[..., tuple[Slot, ...]]:
    known = frozenset(fact for fact in seen if not fact.startswith("line.")).union(repeated)

    @lru_cache(_REMEMBERED)
    def settle(*stated: object) -> tuple[Slot, ...]:
        there = {name: value for name, value in zip(repeated, stated, strict=True) if value is not None}
        facts = {**there, **shared}
        return tuple(slot if isinstance(slot, Finding) else settled(slot, facts, known) for slot in slots)

    return settle


def of_a_line(element: Element) -> bool:
    """Say whether an element looks at anything that lines of one submission may differ in."""
    return any(fact.startswith("line.") for fact in element.facts)


def prepare(pack: Pack, received: Received, standing: Standing, now: datetime) -> Prepared:
    """Evaluate once what is the same for all lines of a submission, with the register as it stands at ``now`` (UTC).

    Raises StatuteError for a version that is kept for comparison only: nothing is answered under it.
    """
    if not pack.applied:
        raise StatuteError(f"{pack.name} is kept to be compared with; no request is checked under it")
    return prepare_cover(pack, received.cover, received.received_at, standing, now)


def prepare_cover(
    pack: Pack, cover: Cover, received_at: datetime, standing: Standing, now: datetime
) -> Prepared:
    """Do the same for a cover request alone; worked cases and a second look at standing (I-13) have no more than that."""
    return Prepared(pack, {**common_facts(cover, received_at, standing, now), **pack.own_facts()})


def check_request(prepared: Prepared, line: Line) -> Checked:
    """Check one line against every element of the pack. Findings are in the pack's order, all kept. Never raises."""
    return check_facts(prepared, line, line_facts(line, prepared.offence, prepared.wanted))


def check_facts(prepared: Prepared, line: Line, facts: Mapping[str, object]) -> Checked:
    """Do the same where the line's facts are at hand already, of ``line_facts`` for what ``prepared`` has as wanted, or more."""
    slots = prepared.settle(*map(facts.get, prepared.repeated))
    return Checked(line, findings_on(slots, {**facts, **prepared.shared}))


def findings_on(slots: Sequence[Slot], facts: Mapping[str, object]) -> tuple[Finding, ...]:
    """Return the finding on every element for these facts: the one evaluator behind every check and every proof."""
    return tuple([slot if isinstance(slot, Finding) else slot.find(facts) for slot in slots])


def disposition(checked: Checked) -> Disposition | None:
    """Return X if any element is UNMET, I if any is UNKNOWN, None if the line may go on to guard (design section 6)."""
    return letter_of(checked.findings)


def letter_of(findings: Sequence[Finding]) -> Disposition | None:
    """Return the letter that findings come to, None if a request with them may go on."""
    outcomes = [finding.outcome for finding in findings]
    if Outcome.UNMET in outcomes:
        return Disposition.REFUSED
    return Disposition.RETURNED if Outcome.UNKNOWN in outcomes else None
