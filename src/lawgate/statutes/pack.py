"""A pack: everything this house knows about one ground of disclosure, in one reading of it, from one day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lawgate.domain.errors import StatuteError
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
class Pack:
    """One ground, one reading.

    ``rules`` are its elements in the order findings are kept. ``items`` are what may be asked for. ``offices`` and
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
    source: Source
    rules: tuple[Element, ...]
    items: tuple[str, ...]
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
