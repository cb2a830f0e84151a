"""What can be checked of a Federal claim: what is stated of it. The facts come in ``offence_facts``; only those a rule names are seen."""

from __future__ import annotations

from lawgate.domain.finding import Outcome
from lawgate.statutes.predicates import ASK, MET, all_stated, met
from lawgate.statutes.wording import Citation, Cited

COLLECTION = (Citation(31, "3711"), Citation(31, "3717"), Citation(31, "3718"))
"""The sections of title 31 in accordance with which a claim is collected or compromised."""
OFFICERS = frozenset({"officer", "employee"})


def claim_is_stated(
    line_offence_facts_claim_number: object, line_offence_facts_claim_basis: object
) -> Outcome:
    """Number and basis are stated; whether it is a Federal claim against this person is for a person."""
    found = all_stated(line_offence_facts_claim_number, line_offence_facts_claim_basis)
    return ASK if found is MET else found


def is_collection_or_compromise(line_proceeding_kind: str) -> Outcome:
    """One of the two purposes is named."""
    return met(line_proceeding_kind in ("collect", "compromise"))


def title_31_is_cited(line_statutory_authority: Cited) -> Outcome:
    """One of the three sections is among what is cited, and everything cited exists."""
    cited = line_statutory_authority.citations
    return met(line_statutory_authority.usable and any(c.within(row) for c in cited for row in COLLECTION))


def recipient_is_no_agent(line_offence_facts_recipient_kind: object) -> Outcome:
    """The request calls the recipient an officer or an employee."""
    return met(line_offence_facts_recipient_kind in OFFICERS)
