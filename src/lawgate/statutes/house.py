"""Rules of the house: what this gateway asks of every request, whatever its ground; policy, and each says so.

A ground whose own words ask for one of these things encodes that itself, with its citation, and leaves the rule of the house out.
Their worked cases are in ``house.toml``, and are tried on the base request of every pack that has the rule.
"""

from __future__ import annotations

from dataclasses import replace

from lawgate.domain.finding import Basis
from lawgate.statutes import predicates as k
from lawgate.statutes.rule import Predicate, Rule

HEADING = "Rules of the house"
"""The heading under which a pack's page states them."""


def _policy(
    rule: str,
    element: str,
    code: str,
    sentence: str,
    facts: tuple[str, ...],
    predicate: Predicate,
    question: str = "",
) -> Rule:
    return Rule(rule, element, "policy", Basis.POLICY, code, sentence, facts, predicate, HEADING, question)


def stated_by(
    rule: Rule, new_id: str, citation: str, anchor: str, sentence: str = "", code: str = ""
) -> Rule:
    """Return a rule of the house as a ground's own words state it: with its id, its citation, its heading, as statute."""
    return replace(
        rule, id=new_id, citation=citation, basis=Basis.STATUTE, anchor=anchor,
        sentence=sentence or rule.sentence, code=code or rule.code,
    )  # fmt: skip


GROUND = _policy(
    "P-508", "ground", "508", "The request names this ground, and this reading of it is in force.",
    ("cover.pack", "pack.id", "pack.since", "pack.until", "now.today"), k.ground_is_this,
)  # fmt: skip
AGENCY = _policy(
    "P-502",
    "agency",
    "502",
    "The agency is registered today.",
    ("standing.agency_registered",),
    k.agency_is_registered,
)
AGREEMENT = _policy(
    "P-503", "agreement", "503", "The agreement named is in force today, with this agency and for this ground.",
    ("standing.agreement_in_force",), k.agreement_is_in_force,
)  # fmt: skip
SAFEGUARDS = _policy(
    "P-504",
    "safeguards",
    "504",
    "The agency's safeguards are accepted today.",
    ("standing.safeguard",),
    k.safeguards_are_accepted,
)
SIGNATURE = _policy(
    "P-501", "signature", "501", "The signing key is a requesting official's of that agency, when it signed and now.",
    ("standing.signer_key_valid",), k.signer_key_is_valid,
)  # fmt: skip
OFFICE = _policy(
    "P-228a", "requester", "228", "The office named is one of those the record holder hears on this ground.",
    ("cover.office", "standing.justice", "pack.offices", "pack.justice_offices"), k.office_is_listed,
)  # fmt: skip
HOLDER = _policy(
    "P-228b", "requester", "228", "The holder named holds that office at that agency, on the day of signing and on the day of receipt.",
    ("cover.office", "standing.offices_on_signing", "standing.offices_on_receipt"), k.holder_holds_the_office,
)  # fmt: skip
IN_PERSON = _policy(
    "P-233", "requester", "233", "The office-holder signs in person; no delegation is stated.",
    ("cover.delegation", "cover.holder", "standing.signer_person", "pack.delegation_allowed"), k.office_holder_signs,
    "Does the instrument of delegation stated let the signer make this very request for the office-holder?",
)  # fmt: skip
WRITING = _policy(
    "P-227",
    "form",
    "227",
    "The request is in writing, as a signed document.",
    ("cover.envelope_sha256",),
    k.is_a_signed_writing,
)
USE = _policy(
    "P-507",
    "use",
    "507",
    "The official certifies what the information will be used for.",
    ("cover.certified_use",),
    k.use_is_certified,
)
NAME = _policy(
    "P-221",
    "name",
    "221",
    "The request sets forth the name of one person.",
    ("line.name",),
    k.name_is_set_forth,
)
ADDRESS = _policy(
    "P-223", "address", "223", "The request sets forth that person's address: complete, of parts that belong together, and no placeholder.",
    ("line.address",), k.address_is_an_address,
)  # fmt: skip
PERIODS = _policy(
    "P-224", "periods", "224", "The request says from which years an address may be given: one to ten, none of them still to come.",
    ("line.taxable_periods", "now.today"), k.periods_are_set_forth,
)  # fmt: skip
ATTESTED = _policy(
    "P-229", "officer", "229", "The request names the officer who is to receive the answer, and that officer attests the line by signature.",
    ("line.engaged_officer", "line.attestation"), k.officer_attests,
)  # fmt: skip
OF_THE_AGENCY = _policy(
    "P-232", "officer", "232", "That officer is an officer or employee of the requesting agency.",
    ("line.attestation", "standing.officer_keys", "cover.agency"), k.officer_is_of_the_agency,
)  # fmt: skip
RECEIVES = _policy(
    "P-505", "officer", "505", "That officer has an enrolled key, valid now, to which an answer can be sealed.",
    ("line.attestation", "standing.officer_keys", "now.moment"), k.officer_can_receive,
)  # fmt: skip
MATTER = _policy(
    "P-230", "matter", "230", "The matter is identified by its number, has been opened, and is open.",
    ("line.proceeding.case_number", "line.proceeding.opened", "line.proceeding.status", "now.today"), k.matter_is_identified,
)  # fmt: skip
ITEMS = _policy(
    "P-234", "items", "234", "Nothing is asked for but what the ground makes available.",
    ("line.items_requested", "pack.items"), k.items_are_available,
)  # fmt: skip

REQUESTER = (GROUND, AGENCY, AGREEMENT, SAFEGUARDS, SIGNATURE, OFFICE, HOLDER, IN_PERSON, WRITING, USE)
"""Who asks, under what."""
SUBJECT = (NAME, ADDRESS, PERIODS)
"""Whom the request is about: one person, at one address, for some years."""
OFFICER = (ATTESTED, OF_THE_AGENCY, RECEIVES)
"""Who receives the answer."""


def without(rules: tuple[Rule, ...], *left_out: Rule) -> tuple[Rule, ...]:
    """Return the rules but for some, which the ground's own words replace."""
    return tuple(rule for rule in rules if rule not in left_out)
