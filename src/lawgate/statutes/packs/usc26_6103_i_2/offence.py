"""The elements of 8 U.S.C. 1253(a)(1), failure to depart, as far as the facts stated of the alleged offence can show them.

These predicates, and no others, see facts of an alleged offence, and only the one or two that each names. They apply where that
section is designated; of any other offence a person is asked. Dates are ``YYYY-MM-DD``; yes and no may be written so or as true and false.
"""

from __future__ import annotations

from datetime import date, timedelta

from lawgate.domain.finding import Outcome
from lawgate.statutes.predicates import ASK, MET, UNKNOWN, UNMET, day_stated, is_nothing, yes_or_no
from lawgate.statutes.wording import Citation, Cited, read_cited, sets_nothing_forth

REMOVABLE_CLASSES = Citation(8, "1227", ("a",))
TIME_TO_DEPART = timedelta(days=90)


def _is_departure(cited: Citation) -> bool:
    """Say whether a citation is of 1253(a)(1), of a part of it, or of something wider that holds it."""
    if cited.section != "1253" or cited.title != 8:
        return False
    way = [part.lower() for part in cited.subdivisions[:2]]
    return way == ["a", "1"][: len(way)]


def _needs_ninety_days(cited: Citation) -> bool:
    """Say whether subparagraph (A), which alone counts days, is among what is cited; (B) to (D) may be cited without it."""
    return _is_departure(cited) and (
        len(cited.subdivisions) < 3 or cited.subdivisions[2].lower() not in ("b", "c", "d")
    )


def other_offence_is_made_out(line_criminal_statute: Cited) -> Outcome:
    """Nothing but 1253(a)(1) is designated, or a person says whether the elements of the other offence are made out."""
    if not line_criminal_statute.usable:
        return UNMET
    departure_only = line_criminal_statute.only and all(map(_is_departure, line_criminal_statute.citations))
    return MET if departure_only else ASK


def is_another_offence(line_criminal_statute: Cited) -> Outcome:
    """What is designated is not 1253(a)(1), so its elements need not be stated."""
    if not line_criminal_statute.usable:
        return UNMET
    return UNMET if any(map(_is_departure, line_criminal_statute.citations)) else MET


def counts_no_days(line_criminal_statute: Cited) -> Outcome:
    """What is designated is another offence, or (B), (C) or (D) of this one, which count no days."""
    if not line_criminal_statute.usable:
        return UNMET
    return UNMET if any(map(_needs_ninety_days, line_criminal_statute.citations)) else MET


def final_order_is_stated(line_offence_facts_final_order_date: object, now_today: date) -> Outcome:
    """The final order has a date, and it is not in the future."""
    stated = line_offence_facts_final_order_date
    if is_nothing(stated):
        return UNMET
    ordered = day_stated(stated)
    if ordered is None:
        return UNKNOWN
    return MET if ordered <= now_today else UNMET


def ground_is_stated(line_offence_facts_removal_ground: object) -> Outcome:
    """The ground cited is a class of 1227(a): MET. Another section, or nothing: UNMET. Words without a citation: for a person."""
    stated = line_offence_facts_removal_ground
    if not isinstance(stated, str):
        return UNKNOWN
    cited = read_cited(stated).citations
    if cited:
        return MET if all(c.within(REMOVABLE_CLASSES) for c in cited) else UNMET
    return UNMET if sets_nothing_forth(stated) else ASK


def review_was_had(line_offence_facts_judicial_review: object) -> Outcome:
    """There was judicial review, so the days do not run from the order of removal."""
    return _is(line_offence_facts_judicial_review, True)


def no_review_was_had(line_offence_facts_judicial_review: object) -> Outcome:
    """There was no judicial review, so there is no order of a court for the days to run from."""
    return _is(line_offence_facts_judicial_review, False)


def days_ran_from_the_order(line_offence_facts_final_order_date: object, now_today: date) -> Outcome:
    """Ninety days have run from the final order of removal."""
    return _ran(line_offence_facts_final_order_date, now_today)


def days_ran_from_the_court(line_offence_facts_court_order_date: object, now_today: date) -> Outcome:
    """Ninety days have run from the final order of the court."""
    return _ran(line_offence_facts_court_order_date, now_today)


def failure_is_wilful(line_criminal_statute: Cited) -> Outcome:
    """Where 1253(a)(1) is designated, whether the failure was wilful and the order still stands is for a person."""
    if not line_criminal_statute.usable:
        return UNMET
    return ASK if any(map(_is_departure, line_criminal_statute.citations)) else MET


def _ran(stated: object, today: date) -> Outcome:
    if is_nothing(stated):
        return UNMET
    ordered = day_stated(stated)
    if ordered is None:
        return UNKNOWN
    return MET if today - ordered > TIME_TO_DEPART else UNMET


def _is(stated: object, wanted: bool) -> Outcome:
    said = yes_or_no(stated)
    return UNKNOWN if said is None else MET if said is wanted else UNMET
