"""What can be checked of a law enforcement activity: its kind, and that a provision is cited for it. The rest is for a person."""

from __future__ import annotations

from lawgate.domain.finding import Outcome
from lawgate.statutes.predicates import ASK, UNMET, met
from lawgate.statutes.wording import Cited

ENFORCEMENT = frozenset({"civil-enforcement", "criminal-enforcement"})


def is_enforcement(line_proceeding_kind: str) -> Outcome:
    """The activity is one of the two kinds."""
    return met(line_proceeding_kind in ENFORCEMENT)


def authority_is_cited(line_statutory_authority: Cited) -> Outcome:
    """A provision that exists is cited; whether it authorises the activity is for a person."""
    return ASK if line_statutory_authority.usable else UNMET
