"""What can be checked of a purpose authorised by law: that it, its provision and the law that charges the agency are stated."""

from __future__ import annotations

from lawgate.domain.finding import Outcome
from lawgate.statutes.predicates import ASK, FEWEST_WORDS, UNKNOWN, UNMET, met, reasons_are_set_forth
from lawgate.statutes.wording import Cited, has_words, sets_nothing_forth

ENFORCEMENT = frozenset({"civil-enforcement", "criminal-enforcement"})


def charge_is_stated(line_offence_facts_agency_charge: object) -> Outcome:
    """A law is stated in words, or cited; whether it charges the agency is for a person. A State's law has no citation of the Code."""
    stated = line_offence_facts_agency_charge
    if not isinstance(stated, str):
        return UNKNOWN
    return UNMET if sets_nothing_forth(stated) or not has_words(stated, FEWEST_WORDS) else ASK


def is_enforcement(line_proceeding_kind: str) -> Outcome:
    """The matter is one of the two kinds."""
    return met(line_proceeding_kind in ENFORCEMENT)


def purpose_is_stated(line_reasons: str, line_statutory_authority: Cited) -> Outcome:
    """A purpose in words and a provision that exists; whether the one authorises the other is for a person."""
    return reasons_are_set_forth(line_reasons) if line_statutory_authority.usable else UNMET
