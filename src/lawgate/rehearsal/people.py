"""The cast of the rehearsal: agencies, office-holders, officers, agreements and safeguards; everybody's name says it is a script.

Nothing here is a person or an agency that exists. Keys are made by whoever runs the rehearsal; ``enrolled`` turns one into a
register entry that is marked as scripted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from lawgate.domain.kept import StandingEntry
from lawgate.domain.standing import (
    Agency,
    Agreement,
    EnrolledKey,
    OfficeHolder,
    Role,
    Safeguard,
    SafeguardStatus,
)

PACK = "usc26-6103-i-2"
SINCE = date(2025, 1, 1)

HOLDER = "federal-revenue-records-agency"
FRAUD_SERVICE = "federal-fraud-investigations-service"
JUSTICE_OFFICE = "doj-office-of-scripted-prosecutions"
CLAIMS_BUREAU = "federal-claims-bureau"

AGENCY_NAMES: dict[str, str] = {
    HOLDER: "Federal Revenue Records Agency (fictional)",
    FRAUD_SERVICE: "Federal Fraud Investigations Service (fictional)",
    JUSTICE_OFFICE: "Department of Justice, Office of Scripted Prosecutions (fictional)",
    CLAIMS_BUREAU: "Federal Claims Bureau (fictional)",
}


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody scripted who signs: which agency, in which role. Only engaged officers have a place where answers arrive."""

    person: str
    name: str
    agency: str
    role: Role
    custodian: str = ""
    location: str = ""

    @property
    def key_name(self) -> str:
        """The name of the key's file; it always begins with ``demo`` (``serve`` refuses such keys)."""
        return f"demo-{self.person}"


OFFICERS: tuple[str, ...] = tuple(f"scripted-engaged-officer-{n}" for n in range(1, 21))
JUSTICE_OFFICER = "scripted-engaged-officer-justice"
CLAIMS_OFFICER = "scripted-engaged-officer-claims"
FRAUD_HEAD = "scripted-head-of-fraud-service"
ASSISTANT_DIRECTOR = "scripted-assistant-director"
JUSTICE_OFFICIAL = "scripted-assistant-attorney-general"
CLAIMS_HEAD = "scripted-head-of-claims-bureau"
DISCLOSURE_OFFICER = "scripted-disclosure-officer"
RELEASING_OFFICER = "scripted-releasing-officer"
COUNSEL = "scripted-counsel"
COURT = "scripted-court"


def _officer(person: str, agency: str, number: str) -> Player:
    name = f"Engaged Officer {number} (a script)"
    return Player(
        person,
        name,
        agency,
        Role.ENGAGED_OFFICER,
        f"Evidence Custodian {number} (a script)",
        f"Secure room {number}",
    )


CAST: tuple[Player, ...] = (
    *(_officer(person, FRAUD_SERVICE, str(n)) for n, person in enumerate(OFFICERS, 1)),
    _officer(JUSTICE_OFFICER, JUSTICE_OFFICE, "21"),
    _officer(CLAIMS_OFFICER, CLAIMS_BUREAU, "22"),
    Player(FRAUD_HEAD, "Head of the Fraud Service (a script)", FRAUD_SERVICE, Role.REQUESTING_OFFICIAL),
    Player(ASSISTANT_DIRECTOR, "Assistant Director (a script)", FRAUD_SERVICE, Role.REQUESTING_OFFICIAL),
    Player(
        JUSTICE_OFFICIAL, "Assistant Attorney General (a script)", JUSTICE_OFFICE, Role.REQUESTING_OFFICIAL
    ),
    Player(CLAIMS_HEAD, "Head of the Claims Bureau (a script)", CLAIMS_BUREAU, Role.REQUESTING_OFFICIAL),
    Player(DISCLOSURE_OFFICER, "Disclosure Officer (a script)", HOLDER, Role.DISCLOSURE_OFFICER),
    Player(RELEASING_OFFICER, "Releasing Officer (a script)", HOLDER, Role.RELEASING_OFFICER),
    Player(COUNSEL, "Counsel (a script)", HOLDER, Role.COUNSEL),
    Player(COURT, "District Court (a script)", "court", Role.COURT),
)


def player(person: str) -> Player:
    """Find one of the cast. Raises KeyError for anybody else."""
    return {p.person: p for p in CAST}[person]


def agreement_id(agency: str) -> str:
    """Return the id of the one agreement an agency of the cast has, or had."""
    return f"agreement-{agency}"


def standing_entries() -> tuple[StandingEntry, ...]:
    """Return the register entries the rehearsal starts with, agencies first.

    The Fraud Service is in order. The Justice office's agreement ran out on 31 March 2026; the Claims Bureau has an open
    safeguard finding; the Assistant Director holds no office of the statute's closed list.
    """
    agencies = tuple(
        Agency(agency, AGENCY_NAMES[agency], agency == JUSTICE_OFFICE, SINCE)
        for agency in (FRAUD_SERVICE, JUSTICE_OFFICE, CLAIMS_BUREAU)
    )
    return (
        *agencies,
        _holder(FRAUD_HEAD, "agency-head"),
        _holder(ASSISTANT_DIRECTOR, "assistant-director"),
        _holder(JUSTICE_OFFICIAL, "assistant-attorney-general"),
        _holder(CLAIMS_HEAD, "agency-head"),
        _agreement(FRAUD_SERVICE, None),
        _agreement(JUSTICE_OFFICE, date(2026, 3, 31)),
        _agreement(CLAIMS_BUREAU, None),
        Safeguard(FRAUD_SERVICE, SafeguardStatus.ACCEPTED, "scripted-review-1", SINCE),
        Safeguard(JUSTICE_OFFICE, SafeguardStatus.ACCEPTED, "scripted-review-2", SINCE),
        Safeguard(CLAIMS_BUREAU, SafeguardStatus.OPEN_FINDING, "scripted-review-3", SINCE),
    )


def _holder(person: str, office: str) -> OfficeHolder:
    who = player(person)
    return OfficeHolder(who.agency, office, person, who.name, SINCE)


def _agreement(agency: str, until: date | None) -> Agreement:
    return Agreement(
        id=agreement_id(agency), agency=agency, pack=PACK, max_lines=1000, since=SINCE, until=until
    )


def enrolled(who: Player, public: str, since: datetime, recipient: str | None = None) -> EnrolledKey:
    """Make the register entry of a player's key: ``public`` is 64 hex digits, ``recipient`` an engaged officer's age recipient.

    Raises ValueError if an engaged officer has no recipient, or anybody else has one.
    """
    if (who.role is Role.ENGAGED_OFFICER) != (recipient is not None):
        raise ValueError("an engaged officer needs an age recipient, and nobody else has one")
    return EnrolledKey(
        keyid=hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32],
        public=public,
        person=who.person,
        agency=who.agency,
        role=who.role,
        since=since,
        recipient=recipient,
        custodian=who.custodian or None,
        location=who.location or None,
        scripted=True,
    )
