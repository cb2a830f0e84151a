"""The predicates that are this ground's own; those it shares with others are in ``lawgate.statutes.predicates``."""

from __future__ import annotations

from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Attestation
from lawgate.statutes.packs.usc26_6103_i_2.register import DISCLOSURE_GROUND, TAX_TITLE, is_registered
from lawgate.statutes.predicates import ASK, MET, UNMET, met
from lawgate.statutes.wording import Cited


def authority_is_set_forth(line_statutory_authority: Cited) -> Outcome:
    """A provision is cited that exists and is not of the tax title: for a person to say whether the matter is conducted under it.

    Never MET. That a citation stands in a register shows that it is a criminal statute; it cannot show that this matter is
    conducted under it, and most authorities (28 U.S.C. 533) are no criminal statute at all. A wrong one is UNMET without a person.
    """
    cited = [c for c in line_statutory_authority.citations if not c.within(DISCLOSURE_GROUND)]
    if not cited or any(c.title == TAX_TITLE or not c.exists for c in cited):
        return UNMET
    return ASK


def is_preparation(line_proceeding_kind: str) -> Outcome:
    """(A)(i), whose every qualification is for a person to say."""
    return ASK if line_proceeding_kind == "preparation" else UNMET


def is_investigation(line_proceeding_kind: str, line_attestation: Attestation) -> Outcome:
    """(A)(ii), under the engaged officer's signature."""
    return met(line_proceeding_kind == "investigation" and line_attestation.person != "")


def is_grand_jury(line_proceeding_kind: str, line_attestation: Attestation) -> Outcome:
    """(A)(iii), under the engaged officer's signature."""
    return met(line_proceeding_kind == "grand-jury" and line_attestation.person != "")


def statute_is_designated(line_criminal_statute: Cited) -> Outcome:
    """One criminal statute or several are cited, none of the tax title; those not in the register are put to a person."""
    cited = line_criminal_statute.citations
    if not line_criminal_statute.usable or any(c.title == TAX_TITLE for c in cited):
        return UNMET
    return MET if line_criminal_statute.only and all(map(is_registered, cited)) else ASK


def address_alone_may_be_asked(
    line_items_requested: tuple[str, ...], pack_address_only_allowed: bool
) -> Outcome:
    """A request for nothing but an address needs the reading that allows one; to any other the question does not arise."""
    return met(set(line_items_requested) != {"address"} or pack_address_only_allowed is True)
