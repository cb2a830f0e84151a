"""Who may ask, under which agreement, with which safeguards and keys, and from when until when.

A register entry is in force on a day if ``since <= day`` and (``until`` is None or ``day < until``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with a span of days."""

    @property
    def since(self) -> date:
        """First day in force."""
        ...

    @property
    def until(self) -> date | None:
        """First day no longer in force; None while open."""
        ...


D = TypeVar("D", bound=Dated)


def in_force(entries: Iterable[D], day: date) -> tuple[D, ...]:
    """Return the entries in force on that day, in their order."""
    return tuple(e for e in entries if e.since <= day and (e.until is None or day < e.until))


@dataclass(frozen=True, slots=True)
class Agency:
    """A requesting agency; ``justice`` is True for components of the Department of Justice (6103(i)(2)(A))."""

    id: str
    name: str
    justice: bool
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """``person`` holds ``office`` of ``agency``. ``office`` is a key of the pack's closed list, e.g. ``agency-head``."""

    agency: str
    office: str
    person: str
    name: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms under which an agency may submit; ``max_lines`` per submission.

    ``statement_days`` is how many days after an answer has left its officer owes a statement about it, and ``end_days`` how many days after
    one of closure that it was returned or destroyed. None: the agreement sets no such term, and nothing is owed.
    """

    id: str
    agency: str
    pack: str
    max_lines: int
    since: date
    until: date | None = None
    statement_days: int | None = None
    end_days: int | None = None


class SafeguardStatus(Enum):
    """State of an agency's safeguards, 6103(p)(4)."""

    ACCEPTED = "accepted"
    OPEN_FINDING = "open-finding"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """The record holder's finding on an agency's safeguards; ``reference`` names the review."""

    agency: str
    status: SafeguardStatus
    reference: str
    since: date
    until: date | None = None


class Role(Enum):
    """What a key's holder may do with it."""

    REQUESTING_OFFICIAL = "requesting-official"
    ENGAGED_OFFICER = "engaged-officer"
    DISCLOSURE_OFFICER = "disclosure-officer"
    RELEASING_OFFICER = "releasing-officer"
    COUNSEL = "counsel"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A person's key for one role: Ed25519 (``public`` has 64 hex digits), or a passkey (66: a compressed point of P-256).

    ``keyid`` is the first 32 hex digits of SHA-256 over the public bytes. A passkey is bound to the ``relying_party`` on whose pages it
    signs (a domain); no other key has one. An engaged officer's key also names the age
    ``recipient`` to which answers are sealed and where it is kept (``custodian``, ``location``); nobody else has one.
    ``scripted`` marks a key whose holder is a program of the rehearsal.
    """

    keyid: str
    public: str
    person: str
    agency: str
    role: Role
    since: datetime
    until: datetime | None = None
    recipient: str | None = None
    custodian: str | None = None
    location: str | None = None
    scripted: bool = False
    relying_party: str | None = None

    def valid_at(self, moment: datetime) -> bool:
        """Say whether the key was enrolled and not revoked at that moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole register at one moment of reading, history included."""

    agencies: tuple[Agency, ...] = ()
    offices: tuple[OfficeHolder, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    keys: tuple[EnrolledKey, ...] = ()
    _by_id: dict[str, EnrolledKey] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the keys by their ids: they are asked for once a line."""
        object.__setattr__(self, "_by_id", {key.keyid: key for key in reversed(self.keys)})

    def key(self, keyid: str) -> EnrolledKey | None:
        """Find a key by its id, revoked ones included."""
        return self._by_id.get(keyid)

    def agency(self, agency: str, day: date) -> Agency | None:
        """Find the agency if it is registered on that day."""
        return next((a for a in in_force(self.agencies, day) if a.id == agency), None)

    def safeguard(self, agency: str, day: date) -> Safeguard | None:
        """Find the agency's safeguard finding in force on that day; the latest begun if several."""
        found = [s for s in in_force(self.safeguards, day) if s.agency == agency]
        return max(found, key=lambda s: s.since) if found else None

    def agreement(self, agreement: str, day: date) -> Agreement | None:
        """Find the agreement if in force on that day."""
        return next((a for a in in_force(self.agreements, day) if a.id == agreement), None)
