"""The elements of 26 U.S.C. 6103(i)(2), in the order in which they are found; each names the words it was written from.

Ids follow the project's table of rules: R-… for an element with words of the statute behind it, P-… for pure policy of the gateway.
"""

from __future__ import annotations

from lawgate.domain.finding import Basis
from lawgate.statutes import house
from lawgate.statutes import predicates as k
from lawgate.statutes.packs.usc26_6103_i_2 import predicates as p
from lawgate.statutes.packs.usc26_6103_i_2.offence_rules import OFFENCE_RULES
from lawgate.statutes.rule import Alternatives, Element, Rule

CITATION = "26 U.S.C. 6103(i)(2)"

_STATUTE, _POLICY = Basis.STATUTE, Basis.POLICY
_WHO, _ENGAGED, _IDENTITY = (
    "(i)(2)(A) In general: who asks",
    "(i)(2)(A) In general: for whom and for what",
    "(i)(2)(C) Taxpayer identity",
)
_SET_FORTH = "(i)(2)(B) Requirements"
_SAFEGUARDS = "(p)(4) Safeguards"

_REQUESTER: tuple[Element, ...] = (
    house.GROUND,
    house.AGENCY,
    house.AGREEMENT,
    Rule(
        "R-21", "safeguards", "26 U.S.C. 6103(p)(4)", _STATUTE, "504",
        "The agency's safeguards, a condition for receiving return information, are accepted today.",
        ("standing.safeguard",), k.safeguards_are_accepted, _SAFEGUARDS,
    ),
    house.SIGNATURE,
    Rule(
        "R-1a", "requester", f"{CITATION}(A)", _STATUTE, "228",
        "The office named is on the statute's closed list: head or Inspector General of a Federal agency, or for the Department "
        "of Justice one of the offices listed.",
        ("cover.office", "standing.justice", "pack.offices", "pack.justice_offices"), k.office_is_listed, _WHO,
    ),
    Rule(
        "R-1b", "requester", f"{CITATION}(A)", _STATUTE, "228",
        "The holder named holds that office at that agency, on the day of signing and on the day of receipt.",
        ("cover.office", "standing.offices_on_signing", "standing.offices_on_receipt"), k.holder_holds_the_office, _WHO,
    ),
    Rule(
        "R-2", "requester", f"{CITATION}(A), which names no delegate", _POLICY, "233",
        "The office-holder signs in person; no delegation is stated.",
        ("cover.delegation", "cover.holder", "standing.signer_person", "pack.delegation_allowed"), k.office_holder_signs, _WHO,
        "Does the instrument of delegation stated let the signer make this very request for the office-holder?",
    ),
    Rule(
        "R-4", "form", f"{CITATION}(B)", _STATUTE, "227", "The request is in writing, as a signed document.",
        ("cover.envelope_sha256",), k.is_a_signed_writing, _SET_FORTH,
    ),
    Rule(
        "R-14", "use", f"policy, under {CITATION}(A) (solely for the use)", _POLICY, "507",
        "The official certifies what the information will be used for.",
        ("cover.certified_use",), k.use_is_certified, _ENGAGED,
    ),
)  # fmt: skip

_CONTENT: tuple[Element, ...] = (
    Rule(
        "R-5a", "name", f"{CITATION}(B)(i)", _STATUTE, "221", "The request sets forth the taxpayer's name.",
        ("line.name",), k.name_is_set_forth, _SET_FORTH,
    ),
    Rule(
        "R-5b", "address", f"{CITATION}(B)(i)", _STATUTE, "222", "The request sets forth the taxpayer's address.",
        ("line.address",), k.address_is_set_forth, _SET_FORTH,
    ),
    Rule(
        "R-5c", "address", f"{CITATION}(B)(i)", _STATUTE, "223",
        "What is set forth as an address is one: complete, of parts that belong together, and no placeholder.",
        ("line.address",), k.address_is_an_address, _SET_FORTH,
    ),
    Rule(
        "R-6", "periods", f"{CITATION}(B)(ii)", _STATUTE, "224",
        "The request sets forth the taxable period or periods: one to ten years, none of them still to come.",
        ("line.taxable_periods", "now.today"), k.periods_are_set_forth, _SET_FORTH,
    ),
    Rule(
        "R-7", "authority", f"{CITATION}(B)(iii)", _STATUTE, "225",
        "The request sets forth the statutory authority under which the proceeding or investigation is being conducted.",
        ("line.statutory_authority",), p.authority_is_set_forth, _SET_FORTH,
        "Is the provision cited one under which this proceeding or investigation, not one of tax administration, is being conducted?",
    ),
    Rule(
        "R-8", "reasons", f"{CITATION}(B)(iv)", _STATUTE, "226",
        "The request sets forth the specific reason or reasons why the disclosure is, or may be, relevant.",
        ("line.reasons",), k.reasons_are_set_forth, _SET_FORTH,
        "Are the reasons specific to this person, and do they show why the disclosure is, or may be, relevant to this matter?",
    ),
)  # fmt: skip

_OFFICER: tuple[Element, ...] = (
    Rule(
        "R-9", "officer", f"policy, under {CITATION}(A)", _POLICY, "229",
        "The request names the engaged officer, and that officer attests the line by signature.",
        ("line.engaged_officer", "line.attestation"), k.officer_attests, _ENGAGED,
    ),
    Rule(
        "R-10a", "officer", f"{CITATION}(A)", _STATUTE, "232",
        "The engaged officer is an officer or employee of the requesting agency.",
        ("line.attestation", "standing.officer_keys", "cover.agency"), k.officer_is_of_the_agency, _ENGAGED,
    ),
    Rule(
        "R-10b", "officer", f"{CITATION}(A)", _STATUTE, "229",
        "The officer is personally and directly engaged in the matter.",
        ("line.engaged_officer",), k.officer_is_engaged, _ENGAGED,
        "Is the officer named personally and directly engaged in this matter, or is the name only put to it?",
    ),
    Rule(
        "P-505", "officer", "policy", _POLICY, "505",
        "The engaged officer has an enrolled key, valid now, to which an answer can be sealed.",
        ("line.attestation", "standing.officer_keys", "now.moment"), k.officer_can_receive, house.HEADING,
    ),
)  # fmt: skip

_MATTER_ALTERNATIVES: tuple[Rule, ...] = (
    Rule(
        "R-11", "matter", f"{CITATION}(A)(i), 6103(i)(1)(A)(i)", _STATUTE, "230",
        "The matter is preparation for a judicial or administrative proceeding pertaining to the enforcement of the statute.",
        ("line.proceeding.kind",), p.is_preparation, _ENGAGED,
        "Does the proceeding prepared for pertain to enforcing the criminal statute cited, with the United States or the agency a party?",
    ),
    Rule(
        "R-12", "matter", f"{CITATION}(A)(ii)", _STATUTE, "230",
        "The matter is an investigation which may result in such a proceeding.",
        ("line.proceeding.kind", "line.attestation"), p.is_investigation, _ENGAGED,
    ),
    Rule(
        "R-13", "matter", f"{CITATION}(A)(iii), 6103(i)(1)(A)(iii)", _STATUTE, "230",
        "The matter is a Federal grand jury proceeding pertaining to the enforcement of the statute.",
        ("line.proceeding.kind", "line.attestation"), p.is_grand_jury, _ENGAGED,
    ),
)  # fmt: skip

_MATTER: tuple[Element, ...] = (
    Alternatives(
        "R-11-13", "matter", f"{CITATION}(A)(i)-(iii)", _STATUTE, "230",
        "The matter is preparation for a proceeding, an investigation that may result in one, or a grand jury proceeding.",
        _ENGAGED, _MATTER_ALTERNATIVES,
    ),
    Rule(
        "P-230", "matter", f"policy, under {CITATION}(A)(i)-(iii)", _POLICY, "230",
        "The matter is identified by its case number, has been opened, and is open.",
        ("line.proceeding.case_number", "line.proceeding.opened", "line.proceeding.status", "now.today"),
        k.matter_is_identified, _ENGAGED,
    ),
)  # fmt: skip

_ITEMS: tuple[Element, ...] = (
    Rule(
        "R-16", "items", f"{CITATION}(A), (C)", _STATUTE, "234",
        "Nothing is asked for but what the ground makes available: no return, no taxpayer return information.",
        ("line.items_requested", "pack.items"), k.items_are_available, _IDENTITY,
    ),
    Rule(
        "R-17", "items", f"policy switch on {CITATION}(C)", _POLICY, "234",
        "If an address alone is asked for, the reading in force allows that.",
        ("line.items_requested", "pack.address_only_allowed"), p.address_alone_may_be_asked, _IDENTITY,
    ),
)  # fmt: skip

RULES: tuple[Element, ...] = (
    *_REQUESTER,
    *_CONTENT,
    *_OFFICER,
    *_MATTER,
    *OFFENCE_RULES,
    *_ITEMS,
)
"""All elements, in the order in which findings are kept."""
