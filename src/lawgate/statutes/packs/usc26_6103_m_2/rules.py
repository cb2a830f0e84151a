"""The elements of 26 U.S.C. 6103(m)(2), in the order in which they are found; each names the words it was written from."""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house, predicates
from lawgate.statutes.packs.usc26_6103_m_2 import claim as c
from lawgate.statutes.rule import Element, Rule

CITATION = "26 U.S.C. 6103(m)(2)"

_STATUTE = Basis.STATUTE
_CLAIM, _AGENTS = "(m)(2)(A) In general", "(m)(2)(B) Special rule for consumer reporting agency"
_FACT = "line.offence_facts."

_WRITING = house.stated_by(house.WRITING, "C-1", f"{CITATION}(A)", _CLAIM)
_RECIPIENT = house.stated_by(
    house.OF_THE_AGENCY,
    "C-5",
    f"{CITATION}(A)",
    _CLAIM,
    "The officer who receives the answer is an officer or employee of that Federal agency.",
)
_ADDRESS_ONLY = house.stated_by(
    house.ITEMS, "C-7", f"{CITATION}(A)", _CLAIM, "Nothing is asked for but the mailing address."
)

_COLLECTION: tuple[Element, ...] = (
    Rule(
        "C-2", "claim", f"{CITATION}(A)", _STATUTE, "246", "A Federal claim against this person is stated with its number and what it rests on.",
        (f"{_FACT}claim_number", f"{_FACT}claim_basis"), c.claim_is_stated, _CLAIM,
        "Is what is stated a claim of the United States, and is it against the person this line names?",
    ),
    Rule(
        "C-3", "use", f"{CITATION}(A)", _STATUTE, "247", "The address is sought to collect or compromise that claim.",
        ("line.proceeding.kind",), c.is_collection_or_compromise, _CLAIM,
    ),
    Rule(
        "C-4", "use", f"{CITATION}(A)", _STATUTE, "247", "It is done in accordance with 31 U.S.C. 3711, 3717 or 3718, which is cited.",
        ("line.statutory_authority",), c.title_31_is_cited, _CLAIM,
    ),
    Rule(
        "C-8", "use", f"{CITATION}(A)", _STATUTE, "247", "The reasons show that the address is sought to locate this person for that.",
        ("line.reasons",), predicates.reasons_are_set_forth, _CLAIM,
        "Do the reasons show that the address is sought to locate this person in order to collect or compromise the claim stated?",
    ),
    Rule(
        "C-6", "officer", f"policy, under {CITATION}(A) and (B)", Basis.POLICY, "248",
        "The recipient is an officer or employee of the agency, and neither its agent nor a consumer reporting agency.",
        (f"{_FACT}recipient_kind",), c.recipient_is_no_agent, _AGENTS,
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    *house.without(house.REQUESTER, house.WRITING, house.USE), _WRITING, house.USE,
    *_COLLECTION, *house.SUBJECT, house.ATTESTED, _RECIPIENT, house.RECEIVES, house.MATTER, _ADDRESS_ONLY,
)  # fmt: skip
"""All elements, in the order in which findings are kept."""
