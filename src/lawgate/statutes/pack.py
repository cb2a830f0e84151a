"""A pack: everything this house knows about one ground of disclosure, in one reading of it, over one span of days.

A ground has its readings as dated versions. The day of receipt says which one a request is checked under (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import pairwise

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Basis
from lawgate.domain.standing import Role
from lawgate.statutes.rule import Element


@dataclass(frozen=True, slots=True)
class Source:
    """Where a pack's words were taken from: ``day`` of the text, ``file`` and its ``sha256`` (hex)."""

    name: str
    file: str
    day: date
    sha256: str


class Rests(Enum):
    """What kind of thing a reading rests on, from the words themselves to what an office wrote for its own use."""

    STATUTE = "statute"
    RULING = "ruling"
    POLICY = "policy"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Authority:
    """Something a reading rests on: its ``kind``, and its ``name`` as a lawyer would cite it."""

    kind: Rests
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.name}"


@dataclass(frozen=True, slots=True)
class Switch:
    """A question the words leave open, how this version answers it, and on whose ``authority``."""

    name: str
    value: bool
    authority: Authority


ADDRESS_MUST_MATCH = "address_must_match"
"""The switch on “address”: the one set forth must stand on a record of the person, or it only has to be set forth.

The matcher knows the first reading only. A version with the second can be compared and replayed, and is never applied.
"""


@dataclass(frozen=True, slots=True)
class Permitted:
    """An item that may be asked for and given: from which ``sources`` on record, best first, and under which ``authority``.

    What has another source is never given, whatever else is in order. Sources are those of an ``AddressOnRecord``.
    """

    item: str
    sources: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True)
class HumanStep:
    """What a named person of the record holder must do before anything leaves, which no rule can do.

    ``by`` is the role whose key must sign it; ``kept`` says where the project keeps it.
    """

    id: str
    citation: str
    basis: Basis
    by: Role
    sentence: str
    kept: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One ground, one reading.

    ``rules`` are its elements in the order findings are kept. ``permitted`` are the items that may be asked for, with their
    provenance; ``minimising`` is what the least answer rests on. ``steps`` are what people must do. ``offices`` and
    ``justice_offices`` are the closed list of who may ask (the second for the Department of Justice only). ``denies`` are the ids
    of elements that no request can meet, because the words allow no disclosure at all. ``accounted`` says
    whether disclosures must be accounted for, ``purpose_code`` is the purpose in the accounting, ``authority`` the provision
    named there, ``terms`` the use an answer is bound to. This version is in force ``since`` one day and ``until`` another, which is
    no longer in it; None where that is open. It ``rests_on`` the authorities named. One that is not ``applied`` is kept to be
    compared with, and no request is checked under it.

    Raises StatuteError if two elements have the same id, or an applied version has no first day or needs no matching address.
    """

    id: str
    title: str
    version: str
    since: date | None
    until: date | None
    applied: bool
    rests_on: tuple[Authority, ...]
    citation: str
    sources: tuple[Source, ...]
    rules: tuple[Element, ...]
    permitted: tuple[Permitted, ...]
    minimising: str
    steps: tuple[HumanStep, ...]
    offices: tuple[str, ...]
    justice_offices: tuple[str, ...]
    denies: tuple[str, ...]
    switches: tuple[Switch, ...]
    accounted: bool
    purpose_code: str
    authority: str
    terms: str

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise StatuteError(f"pack {self.id}: two elements have one id")
        if unknown := set(self.denies) - set(ids):
            raise StatuteError(f"pack {self.id}: no such element denies: {', '.join(sorted(unknown))}")
        if self.applied and self.since is None:
            raise StatuteError(f"pack {self.name}: a version that is applied says from which day")
        if self.applied and not self.address_must_match:
            raise StatuteError(
                f"pack {self.name}: nothing is answered on an address that matches no record; mark the version applied = false"
            )

    @property
    def name(self) -> str:
        """Return id and version, as commands take them: ``usc26-6103-i-2@1``."""
        return f"{self.id}@{self.version}"

    @property
    def address_must_match(self) -> bool:
        """Say whether this reading asks that the address set forth stands on a record of the person; yes where it says nothing."""
        return next((s.value for s in self.switches if s.name == ADDRESS_MUST_MATCH), True)

    def in_force(self, day: date) -> bool:
        """Say whether requests received on a day are checked under this version."""
        begun = self.since is not None and self.since <= day
        return self.applied and begun and (self.until is None or day < self.until)

    def as_if_in_force(self, day: date) -> Pack:
        """Return this reading as if it had been in force on a day: to ask what it would have said, never to answer under it."""
        return replace(self, since=day, until=None, applied=False)

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items that may be asked for."""
        return tuple(permitted.item for permitted in self.permitted)

    @property
    def provenance(self) -> Mapping[str, tuple[str, ...]]:
        """Return each permitted item with the sources it may come from, best first (R-16)."""
        return {permitted.item: permitted.sources for permitted in self.permitted}

    def own_facts(self) -> Mapping[str, object]:
        """Return what the pack itself contributes as facts: its identity, its lists and its switches, all as ``pack.…``."""
        return {
            "pack.id": self.id,
            "pack.since": self.since or date.max,
            "pack.until": self.until or date.max,
            "pack.items": frozenset(self.items),
            "pack.offices": frozenset(self.offices),
            "pack.justice_offices": frozenset(self.justice_offices),
            # What the address must match is for the matcher, which knows one reading only; no rule is told of it.
            **{f"pack.{s.name}": s.value for s in self.switches if s.name != ADDRESS_MUST_MATCH},
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of disclosure in all its versions, oldest first.

    Raises StatuteError if they are not of one pack or not named apart, answer different switches, or two are in force on one day.
    """

    versions: tuple[Pack, ...]

    def __post_init__(self) -> None:
        ids, names = {p.id for p in self.versions}, [p.version for p in self.versions]
        if len(ids) != 1 or len(set(names)) != len(names):
            raise StatuteError("the versions of a ground have one id, and each its own name")
        if len({tuple(sorted(s.name for s in p.switches)) for p in self.versions}) != 1:
            raise StatuteError(f"pack {self.id}: every version answers the same switches")
        applied = [p for p in self.versions if p.applied]
        if not applied:
            raise StatuteError(f"pack {self.id}: no version is applied")
        for earlier, later in pairwise(applied):
            if earlier.until is None or later.since is None or later.since < earlier.until:
                raise StatuteError(f"pack {later.name} begins before {earlier.name} ends")

    @property
    def id(self) -> str:
        """Return the id all versions share."""
        return self.versions[0].id

    @property
    def current(self) -> Pack:
        """Return the newest version that is applied."""
        return [p for p in self.versions if p.applied][-1]

    def on(self, day: date) -> Pack:
        """Return the version in force on a day; where none is, the newest, whose first rule then finds that it is not in force."""
        return next((p for p in self.versions if p.in_force(day)), self.current)

    def version(self, name: str) -> Pack:
        """Return a version by its name. Raises StatuteError if there is none."""
        for pack in self.versions:
            if pack.version == name:
                return pack
        known = ", ".join(p.version for p in self.versions)
        raise StatuteError(f"pack {self.id} has no version {name}; it has {known}")
