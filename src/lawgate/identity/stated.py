"""The parts of an address as stated, before anybody judges them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address as stated, in parts; ``street`` holds its directionals; an empty part is not stated."""

    number: str
    street: str
    unit: str
    box: str
    city: str
    state: str
    zip: str
    country: str


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a free text, the parts that cannot be read from it, and whether it names an institution."""

    parts: AddressParts
    doubts: tuple[str, ...]
    institution: bool
