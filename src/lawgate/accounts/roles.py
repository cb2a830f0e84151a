"""What an account may do, read from the register at each request and kept nowhere else."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Protocol

from lawgate.domain.standing import Role, Standing
from lawgate.domain.steps import day_of


class Post(Enum):
    """What needs no key of its own: nobody in one of these posts asks, decides or releases, or sees personal data."""

    OPERATOR = "operator"
    OVERSEER = "overseer"
    AUDITOR = "auditor"


Part = Role | Post
"""What somebody is here."""
HOLDERS = frozenset({Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL})
"""The record holder's own people, who may see its console."""
ASKERS = frozenset({Role.REQUESTING_OFFICIAL, Role.ENGAGED_OFFICER})
"""People of the agencies that ask."""


class Held(Protocol):
    """What an account says of itself: ``person`` of ``agency``, or a ``post``; the others are empty."""

    person: str
    agency: str
    post: str


def parts_of(account: Held, standing: Standing, holder: str, now: datetime) -> frozenset[Part]:
    """Return what the account may be at this moment: its post, or the roles of the person's keys that are valid now.

    A requester's agency must be registered on that day, and the holder's desks are the holder's own people's. Nothing comes of a key of
    another agency, whoever's it is.
    """
    if account.post:
        return frozenset({Post(account.post)})
    own = {
        k.role
        for k in standing.keys
        if (k.person, k.agency) == (account.person, account.agency) and k.valid_at(now)
    }
    registered = standing.agency(account.agency, day_of(now)) is not None
    return frozenset(
        role
        for role in own
        if (role in HOLDERS and account.agency == holder) or (role in ASKERS and registered)
    )
