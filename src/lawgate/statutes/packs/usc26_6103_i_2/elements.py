"""What is stated of the elements of commonly designated offences: dates that have come and fit, acts the section names, things that are named.

Stated is not proved. These say MET where the facts of every element that has facts are stated and do not contradict; whether they make out the
offence is the question of R-15b. Yes and no may be written so or as true and false; dates are ``YYYY-MM-DD``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lawgate.domain.finding import Outcome
from lawgate.statutes.packs.usc26_6103_i_2.checklists import Checklist
from lawgate.statutes.predicates import MET, UNKNOWN, UNMET, all_stated, day_stated, met, yes_or_no
from lawgate.statutes.wording import Cited

ENTRY_MANNERS = frozenset({"other-time-or-place", "eluded-inspection", "false-representation"})
HARBOURING_ACTS = frozenset({"bring", "transport", "harbour", "encourage", "conspire"})
DOCUMENT_ACTS = frozenset({"forge", "use", "possess", "false-statement"})


def another_than(offence: Checklist) -> Callable[[Cited], Outcome]:
    """Return the predicate by which an offence's elements need not be stated: something else is designated."""

    def another_is_designated(line_criminal_statute: Cited) -> Outcome:
        if line_criminal_statute.usable and not offence.designated_by(line_criminal_statute):
            return MET
        return UNMET

    return another_is_designated


def entry_is_stated(
    line_offence_facts_entry_date: object, line_offence_facts_entry_manner: object, now_today: date
) -> Outcome:
    """A day, and one of the three ways."""
    return _act_on_a_day(
        line_offence_facts_entry_manner, ENTRY_MANNERS, line_offence_facts_entry_date, now_today
    )


def reentry_is_stated(
    line_offence_facts_removal_date: object,
    line_offence_facts_found_date: object,
    line_offence_facts_consent_to_reapply: object,
    now_today: date,
) -> Outcome:
    """Removed on one day, found on a later one, and no consent in between. The day of an order is not the day of a removal."""
    found = all_stated(line_offence_facts_removal_date, line_offence_facts_found_date)
    removed, seen = day_stated(line_offence_facts_removal_date), day_stated(line_offence_facts_found_date)
    consented = yes_or_no(line_offence_facts_consent_to_reapply)
    if found is UNMET or line_offence_facts_consent_to_reapply == "":
        return UNMET
    if removed is None or seen is None or consented is None:
        return UNKNOWN
    return met(removed < seen <= now_today and not consented)


def harbouring_is_stated(
    line_offence_facts_harbouring_act: object, line_offence_facts_harbouring_date: object, now_today: date
) -> Outcome:
    """A day, and one of the five acts."""
    return _act_on_a_day(
        line_offence_facts_harbouring_act, HARBOURING_ACTS, line_offence_facts_harbouring_date, now_today
    )


def claim_is_stated(
    line_offence_facts_claim_date: object, line_offence_facts_claim_made_to: object, now_today: date
) -> Outcome:
    """A day, and to whom or on what the claim was made."""
    return _named_on_a_day(line_offence_facts_claim_made_to, line_offence_facts_claim_date, now_today)


def application_is_stated(
    line_offence_facts_application_date: object, line_offence_facts_false_statement: object, now_today: date
) -> Outcome:
    """A day, and which statement was false."""
    return _named_on_a_day(line_offence_facts_false_statement, line_offence_facts_application_date, now_today)


def document_is_stated(
    line_offence_facts_entry_document: object,
    line_offence_facts_document_act: object,
    line_offence_facts_document_date: object,
    now_today: date,
) -> Outcome:
    """Which document, what was done with it, and when."""
    named = all_stated(line_offence_facts_entry_document)
    done = _act_on_a_day(
        line_offence_facts_document_act, DOCUMENT_ACTS, line_offence_facts_document_date, now_today
    )
    return UNMET if UNMET in (named, done) else done if named is MET else UNKNOWN


def number_is_stated(
    line_offence_facts_number_used_date: object, line_offence_facts_number_used_for: object, now_today: date
) -> Outcome:
    """A day, and to whom or for what the number was represented as the person's own."""
    return _named_on_a_day(line_offence_facts_number_used_for, line_offence_facts_number_used_date, now_today)


def _act_on_a_day(act: object, acts: frozenset[str], stated: object, today: date) -> Outcome:
    found = _named_on_a_day(act, stated, today)
    return found if found is not MET else met(act in acts)


def _named_on_a_day(named: object, stated: object, today: date) -> Outcome:
    found = all_stated(named, stated)
    if found is not MET:
        return found
    day = day_stated(stated)
    return UNKNOWN if day is None else met(day <= today)
