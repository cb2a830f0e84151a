"""A pack: everything this house knows about one ground of disclosure, in one reading of it, from one day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True)
class Switch:
    """A question the words leave open, how this version answers it, and on whose ``authority``."""

    name: str
    value: bool
    authority: str


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
    ``justice_offices`` are the closed list of who may ask (the second for the Department of Justice only). ``accounted`` says
    whether disclosures must be accounted for, ``purpose_code`` is the purpose in the accounting, ``authority`` the provision
    named there, ``terms`` the use an answer is bound to. ``since`` is the first day this version is in force.
    Raises StatuteError if two elements have the same id.
    """

    id: str
    title: str
    version: str
    since: date
    citation: str
    sources: tuple[Source, ...]
    rules: tuple[Element, ...]
    permitted: tuple[Permitted, ...]
    minimising: str
    steps: tuple[HumanStep, ...]
    offices: tuple[str, ...]
    justice_offices: tuple[str, ...]
    switches: tuple[Switch, ...]
    accounted: bool
    purpose_code: str
    authority: str
    terms: str

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise StatuteError(f"pack {self.id}: two elements have one id")

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
            "pack.since": self.since,
            "pack.items": frozenset(self.items),
            "pack.offices": frozenset(self.offices),
            "pack.justice_offices": frozenset(self.justice_offices),
            **{f"pack.{switch.name}": switch.value for switch in self.switches},
        }
