"""Step 2: hands every rule of a pack its facts and keeps every finding; the only place that makes a Checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Checked, Cover, Disposition, Line, Received
from lawgate.statutes.facts import common_facts, line_facts
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Element, evaluate


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is common to a submission: its facts, and the findings that depend on nothing else.

    ``slots`` has one entry for each element of the pack, in order: its finding if it is common, else the element itself.
    """

    pack: Pack
    facts: Mapping[str, object]
    slots: tuple[Finding | Element, ...]


def prepare(pack: Pack, received: Received, standing: Standing, now: datetime) -> Prepared:
    """Evaluate once what is the same for all lines of a submission, with the register as it stands at ``now`` (UTC)."""
    return prepare_cover(pack, received.cover, received.received_at, standing, now)


def prepare_cover(
    pack: Pack, cover: Cover, received_at: datetime, standing: Standing, now: datetime
) -> Prepared:
    """Do the same for a cover request alone; worked cases and a second look at standing (I-13) have no more than that."""
    facts = {**common_facts(cover, received_at, standing, now), **pack.own_facts()}
    slots = tuple(
        rule if any(fact.startswith("line.") for fact in rule.facts) else evaluate(rule, facts)
        for rule in pack.rules
    )
    return Prepared(pack, facts, slots)


def check_request(prepared: Prepared, line: Line) -> Checked:
    """Check one line against every element of the pack. Findings are in the pack's order, all kept. Never raises."""
    facts = {**prepared.facts, **line_facts(line)}
    return Checked(
        line,
        tuple(slot if isinstance(slot, Finding) else evaluate(slot, facts) for slot in prepared.slots),
    )


def disposition(checked: Checked) -> Disposition | None:
    """Return X if any element is UNMET, I if any is UNKNOWN, None if the line may go on to guard (design section 6)."""
    outcomes = [finding.outcome for finding in checked.findings]
    if Outcome.UNMET in outcomes:
        return Disposition.REFUSED
    return Disposition.RETURNED if Outcome.UNKNOWN in outcomes else None
