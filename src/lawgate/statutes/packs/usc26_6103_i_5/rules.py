"""The elements of 26 U.S.C. 6103(i)(5), in the order in which they are found; each names the words it was written from."""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house, predicates
from lawgate.statutes.packs.usc26_6103_i_5 import order as o
from lawgate.statutes.rule import Element, Rule

CITATION = "26 U.S.C. 6103(i)(5)"

_STATUTE = Basis.STATUTE
_ORDER, _APPLICATION = "(i)(5)(A) In general", "(i)(5)(B) Application for order"
_FACT = "line.offence_facts."

_SAFEGUARDS = house.stated_by(house.SAFEGUARDS, "R-21", "26 U.S.C. 6103(p)(4)", "(p)(4) Safeguards")
_RECIPIENT = house.stated_by(
    house.OF_THE_AGENCY,
    "L-7",
    f"{CITATION}(A)",
    _ORDER,
    "The officer who receives the answer is an officer or employee of that Federal agency.",
)

_GRANTED: tuple[Element, ...] = (
    Rule(
        "L-1", "order", f"{CITATION}(A)", _STATUTE, "241",
        "An ex parte order of a Federal district court judge or magistrate judge is stated with its number, court, judge and day.",
        (f"{_FACT}order_number", f"{_FACT}order_court", f"{_FACT}order_judge", f"{_FACT}order_date", "now.today"), o.order_is_stated, _ORDER,
        "Is the order before you, granted under 6103(i)(5)(B) for the individual this line names, and is it the one stated?",
    ),
    Rule(
        "L-2", "order", f"{CITATION}(B), 6103(i)(1)(B)", _STATUTE, "242",
        "The application was authorised by a person described in 6103(i)(1)(B).",
        (f"{_FACT}application_office", "pack.justice_offices"), o.application_was_authorised, "(i)(1)(B) Persons who may authorise an application",
    ),
    Rule(
        "L-3a", "warrant", f"{CITATION}(B)(i)", _STATUTE, "243",
        "A Federal arrest warrant is stated with its number and day, and was issued before the order was granted.",
        (f"{_FACT}warrant_number", f"{_FACT}warrant_date", f"{_FACT}order_date"), o.warrant_is_stated, _APPLICATION,
    ),
    Rule(
        "L-3b", "warrant", f"{CITATION}(B)(i)", _STATUTE, "243",
        "The warrant relates to a Federal felony, which is cited, and the individual is a fugitive from justice.",
        ("line.criminal_statute",), o.felony_is_cited, _APPLICATION,
        "Is the offence cited a Federal felony, to which the warrant relates, and is the individual still a fugitive from justice?",
    ),
    Rule(
        "L-4", "extent", f"{CITATION}(A)", _STATUTE, "244", "The order opens every item that is asked for.",
        ("line.items_requested", f"{_FACT}order_items"), o.items_are_in_the_order, _ORDER,
    ),
    Rule(
        "L-5", "extent", f"{CITATION}(A)", _STATUTE, "244", "The order opens every year that is asked for, or all years.",
        ("line.taxable_periods", f"{_FACT}order_years"), o.years_are_in_the_order, _ORDER,
    ),
    Rule(
        "L-6", "use", f"{CITATION}(A), (B)(ii)", _STATUTE, "245", "The use stated is to locate a fugitive, and no other.",
        ("line.proceeding.kind",), o.use_is_to_locate, _APPLICATION,
    ),
    Rule(
        "L-6b", "use", f"{CITATION}(A), (B)(ii)", _STATUTE, "245", "The reasons show that the information is sought exclusively to locate this individual.",
        ("line.reasons",), predicates.reasons_are_set_forth, _APPLICATION,
        "Do the reasons show that the information is sought exclusively for use in locating this individual?",
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    house.GROUND, house.AGENCY, house.AGREEMENT, _SAFEGUARDS, house.SIGNATURE,
    house.OFFICE, house.HOLDER, house.IN_PERSON, house.WRITING, house.USE,
    *_GRANTED, *house.SUBJECT, house.ATTESTED, _RECIPIENT, house.RECEIVES, house.MATTER, house.ITEMS,
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
