"""The elements of 5 U.S.C. 552a(b)(7), in the order in which they are found; each names the words it was written from."""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house, predicates
from lawgate.statutes.packs.usc5_552a_b_7 import activity
from lawgate.statutes.rule import Element, Rule

CITATION = "5 U.S.C. 552a(b)(7)"

_STATUTE = Basis.STATUTE
_WORDS = "(b)(7) Law enforcement activity"

_AGENCY = house.stated_by(
    house.AGENCY, "A-1", CITATION, _WORDS,
    "The requester is an agency, or an instrumentality of a jurisdiction within or under the control of the United States, and registered as such.", "254",
)  # fmt: skip
_HEAD = house.stated_by(
    house.OFFICE,
    "A-2a",
    CITATION,
    _WORDS,
    "The request is made by the head of that agency or instrumentality.",
)
_HOLDER = house.stated_by(house.HOLDER, "A-2b", CITATION, _WORDS)
_WRITING = house.stated_by(house.WRITING, "A-3", CITATION, _WORDS)
_PORTION = house.stated_by(
    house.ITEMS,
    "A-6",
    CITATION,
    _WORDS,
    "The request specifies the particular portion of the record desired, which is available here.",
    "249",
)

_ACTIVITY: tuple[Element, ...] = (
    Rule(
        "A-4a", "activity", CITATION, _STATUTE, "250", "The record is sought for a civil or criminal law enforcement activity.",
        ("line.proceeding.kind",), activity.is_enforcement, _WORDS,
    ),
    Rule(
        "A-4b", "activity", CITATION, _STATUTE, "250", "The request specifies the law enforcement activity for which the record is sought.",
        ("line.reasons",), predicates.reasons_are_set_forth, _WORDS,
        "Do the reasons specify the law enforcement activity for which this person's record is sought?",
    ),
    Rule(
        "A-5", "activity", CITATION, _STATUTE, "250", "The activity is authorised by law: a provision is cited.",
        ("line.statutory_authority",), activity.authority_is_cited, _WORDS,
        "Does the provision cited authorise this activity?",
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    house.GROUND, _AGENCY, house.AGREEMENT, house.SAFEGUARDS, house.SIGNATURE,
    _HEAD, _HOLDER, house.IN_PERSON, _WRITING, house.USE,
    *_ACTIVITY, *house.SUBJECT, *house.OFFICER, house.MATTER, _PORTION,
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
