"""The elements of 38 U.S.C. 5701(f)(2), in the order in which they are found; each names the words it was written from."""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house
from lawgate.statutes.packs.usc38_5701_f_2 import purpose
from lawgate.statutes.rule import Element, Rule

CITATION = "38 U.S.C. 5701(f)(2)"

_STATUTE = Basis.STATUTE
_WORDS = "(f) Release of name or address"

_REPRESENTATIVE = house.stated_by(
    house.OFFICE,
    "N-1",
    CITATION,
    _WORDS,
    "The request is made by a qualified representative: the agency's head, or one enrolled as such.",
    "251",
)
_HOLDER = house.stated_by(house.HOLDER, "N-2", CITATION, _WORDS)
_WRITING = house.stated_by(house.WRITING, "N-3", CITATION, _WORDS)
_NAME_OR_ADDRESS = house.stated_by(
    house.ITEMS, "N-6", CITATION, _WORDS, "Nothing is asked for but an address."
)

_PURPOSE: tuple[Element, ...] = (
    Rule(
        "N-4a", "agency", CITATION, _STATUTE, "251",
        "The agency is charged under applicable law with the protection of the public health or safety; that law is stated.",
        ("line.offence_facts.agency_charge",), purpose.charge_is_stated, _WORDS,
        "Does the law stated charge this agency with the protection of the public health or safety?",
    ),
    Rule(
        "N-4b", "agency", CITATION, _STATUTE, "251", "It asks as a criminal or civil law enforcement agency or instrumentality.",
        ("line.proceeding.kind",), purpose.is_enforcement, _WORDS,
    ),
    Rule(
        "N-5", "purpose", CITATION, _STATUTE, "252", "The address is asked for a purpose authorised by law, which is stated with its provision.",
        ("line.reasons", "line.statutory_authority"), purpose.purpose_is_stated, _WORDS,
        "Does the provision cited authorise the purpose stated, and is it a purpose for this person's address?",
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    house.GROUND, house.AGENCY, house.AGREEMENT, house.SAFEGUARDS, house.SIGNATURE,
    _REPRESENTATIVE, _HOLDER, house.IN_PERSON, _WRITING, house.USE,
    *_PURPOSE, *house.SUBJECT, *house.OFFICER, house.MATTER, _NAME_OR_ADDRESS,
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
