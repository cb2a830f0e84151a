"""What can be checked of a court's order to locate a fugitive: what is stated of it. Whether there is such an order a person says.

The facts of the order and the warrant come in ``offence_facts``, and only those that a rule names are seen.
"""

from __future__ import annotations

import re
from datetime import date

from lawgate.domain.finding import Outcome
from lawgate.statutes.predicates import ASK, MET, UNKNOWN, UNMET, all_stated, day_stated, met
from lawgate.statutes.wording import Cited, sets_nothing_forth

ANY_YEAR = "any"
"""How an order that limits no years is written."""
LOCATE = "locate-fugitive"

_LISTED = re.compile(r"[^,;]+")


def order_is_stated(
    line_offence_facts_order_number: object,
    line_offence_facts_order_court: object,
    line_offence_facts_order_judge: object,
    line_offence_facts_order_date: object,
    now_today: date,
) -> Outcome:
    """Number, court, judge and a day that has come: for a person, who has the order. A day that cannot be read is not known."""
    stated = (
        line_offence_facts_order_number,
        line_offence_facts_order_court,
        line_offence_facts_order_judge,
        line_offence_facts_order_date,
    )
    if (found := all_stated(*stated)) is not MET:
        return found
    granted = day_stated(line_offence_facts_order_date)
    if granted is None:
        return UNKNOWN
    return ASK if granted <= now_today else UNMET


def application_was_authorised(
    line_offence_facts_application_office: object, pack_justice_offices: frozenset[str]
) -> Outcome:
    """The office that authorised the application is on the closed list of (1)(B)."""
    return met(line_offence_facts_application_office in pack_justice_offices)


def warrant_is_stated(
    line_offence_facts_warrant_number: object,
    line_offence_facts_warrant_date: object,
    line_offence_facts_order_date: object,
) -> Outcome:
    """A number, and a day no later than the order's; the judge had a warrant that had been issued."""
    stated = (
        line_offence_facts_warrant_number,
        line_offence_facts_warrant_date,
        line_offence_facts_order_date,
    )
    if (found := all_stated(*stated)) is not MET:
        return found
    issued, granted = day_stated(line_offence_facts_warrant_date), day_stated(line_offence_facts_order_date)
    if issued is None or granted is None:
        return UNKNOWN
    return met(issued <= granted)


def felony_is_cited(line_criminal_statute: Cited) -> Outcome:
    """An offence is cited; whether it is a felony, and the individual a fugitive, is for a person."""
    return ASK if line_criminal_statute.usable else UNMET


def items_are_in_the_order(
    line_items_requested: tuple[str, ...], line_offence_facts_order_items: object
) -> Outcome:
    """Everything asked for stands in the order's list, word for word."""
    return _within(line_items_requested, line_offence_facts_order_items)


def years_are_in_the_order(
    line_taxable_periods: tuple[str, ...], line_offence_facts_order_years: object
) -> Outcome:
    """Every year asked for stands in the order's list, or the order limits no years."""
    if line_offence_facts_order_years == ANY_YEAR:
        return met(bool(line_taxable_periods))
    return _within(line_taxable_periods, line_offence_facts_order_years)


def use_is_to_locate(line_proceeding_kind: str) -> Outcome:
    """The use has one word here."""
    return met(line_proceeding_kind == LOCATE)


def _within(asked: tuple[str, ...], opened: object) -> Outcome:
    if not isinstance(opened, str):
        return UNKNOWN
    if sets_nothing_forth(opened):
        return UNMET
    listed = {part.strip() for part in _LISTED.findall(opened)}
    return met(bool(asked) and listed.issuperset(asked))
