"""Whom a line may mean: every way in which step 5 could take its name and address, so that writing it otherwise is noticed.

Step 5 takes a nickname, an initial, one surname of two, ZIP or city, and may do without the unit. Two lines that could be answered from
one record have a reading in common; a reading is only ever kept as a keyed fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping

from lawgate.domain.steps import Json
from lawgate.identity.address import AddressParts, read_address
from lawgate.identity.name import NameParts, read_name
from lawgate.identity.nicknames import PAIRS, nicknames_of
from lawgate.identity.normal import NormalAddress, NormalName, normal_address, normal_name

CORROBORATING = ("birth-date", "taxpayer-number", "middle-name", "suffix")
"""Optional fields that can contradict a record; leaving one out of a matter asked before, or changing it, is noticed."""

_FIRST_LETTERS: dict[str, set[str]] = {}
for _pair in PAIRS:
    for _one in _pair:
        _FIRST_LETTERS.setdefault(_one, set()).update(name[0] for name in _pair)


def readings(name: NormalName, address: NormalAddress) -> tuple[str, ...]:
    """Return the stable texts of every way to take a name at an address; middle name, suffix and unit are in none of them."""
    letters = _FIRST_LETTERS.get(name.given, set()) | {name.given[:1]}
    return tuple(
        f"{surname}|{letter}|{line}"
        for surname in sorted(set(name.surnames))
        for letter in sorted(letters)
        for line in _lines(address)
    )


def person_texts(name: NameParts, address: AddressParts, *, order: bool) -> frozenset[str]:
    """Return the texts by which an order on a person and a line that may mean that person have one in common.

    Both are taken with all nicknames. A line that states an initial has only that; an order also has the initials of its names.
    """
    normal, place = normal_name(name), normal_address(address)
    given = {normal.given, *nicknames_of(normal.given)}
    if order:
        given |= {one[:1] for one in given}
    return frozenset(
        f"{surname}|{one}|{line}"
        for line in _lines(place)
        for surname in set(normal.surnames)
        for one in given
    )


def _lines(address: NormalAddress) -> tuple[str, ...]:
    delivered = f"{address.number}|{address.street}" if address.street else f"box {address.box}"
    places = sorted({address.zip, f"{address.city}/{address.state}"} - {"", "/"})
    return tuple(f"{delivered}|{place}|{address.country}" for place in places)


def stated_fields(data: Mapping[str, Json], name: NormalName) -> dict[str, str]:
    """Return the corroborating fields that a line states, each in one way of writing."""
    stated = {
        "birth-date": _text(data, "birth_date"),
        "taxpayer-number": _text(data, "taxpayer_number").replace("-", ""),
        "middle-name": name.middle,
        "suffix": name.suffix,
    }
    return {field: "".join(value.split()) for field, value in stated.items() if value.strip()}


def named_at(data: Mapping[str, Json]) -> tuple[NameParts, AddressParts] | None:
    """Read name and address of a request or an order, or None unless both are sufficient."""
    name, address = name_of(data), address_of(data)
    return None if name is None or address is None else (name, address)


def name_of(data: Mapping[str, Json]) -> NameParts | None:
    """Read the stated name, or None if it is not sufficient."""
    reading = read_name(data["name"]) if "name" in data else None
    return reading.parts if reading is not None and reading.sufficient else None


def address_of(data: Mapping[str, Json]) -> AddressParts | None:
    """Read the stated address, or None if it is not sufficient."""
    reading = read_address(data["address"]) if "address" in data else None
    return reading.parts if reading is not None and reading.sufficient else None


def _text(data: Mapping[str, Json], field: str) -> str:
    value = data.get(field, "")
    return value if isinstance(value, str) else ""
