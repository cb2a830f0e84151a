"""Reads a stated address and says whether it is one (I-3): a delivery line, city, state and ZIP that belong together.

Law R-5, F-1 to F-3. Reads, never guesses or repairs; a part that is masked, a filler or of the wrong form is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lawgate.domain.steps import Json
from lawgate.identity.country import country_code
from lawgate.identity.delivery import box_form, names_box, number_form, split_unit, street_is_named
from lawgate.identity.fold import fold, words
from lawgate.identity.placeholder import is_blank, is_masked, is_placeholder
from lawgate.identity.states import state_code, zip_belongs
from lawgate.identity.usps import DIRECTIONALS, INSTITUTIONS

PARTS = ("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country")
"""The keys of an address in parts."""

_ZIP = re.compile("[0-9]{5}(?:[- ]?[0-9]{4})?")


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
class AddressReading:
    """Whether what is stated is an address.

    ``code`` is ``222`` where none is stated, ``223`` where what is stated is not one, else empty; ``missing`` names
    the parts; ``parts`` is None unless it is sufficient.
    """

    sufficient: bool
    code: str
    missing: tuple[str, ...]
    parts: AddressParts | None


def read_address(data: Json) -> AddressReading:
    """Read an address in parts; free text (``{"text"}``) is stated but not in parts, and so is not sufficient."""
    if not isinstance(data, Mapping) or all(is_blank(data.get(p)) for p in (*PARTS, "text")):
        return AddressReading(False, "222", ("number", "street", "city", "state", "zip"), None)
    if not is_blank(data.get("text")):
        return AddressReading(False, "223", ("parts",), None)
    parts = stated_parts(data)
    foreign = not _is_domestic(parts.country)
    missing = _missing_abroad(parts) if foreign else _missing_at_home(parts)
    missing += _unreadable(data, parts)
    if missing:
        return AddressReading(False, "223", tuple(missing), None)
    return AddressReading(True, "", (), _readable(parts))


def stated_parts(data: Mapping[str, Json]) -> AddressParts:
    """Take the parts as they stand, without judging them; what is not text is not stated.

    A predirectional goes before its street, and a box written into an otherwise empty street line to the box.
    """
    got = {p: v.strip() if isinstance(v, str) else "" for p in PARTS for v in (data.get(p),)}
    street = got["street"]
    if (
        street
        and not is_placeholder(got["predirectional"])
        and not _opens_with(street, got["predirectional"])
    ):
        street = f"{got['predirectional']} {street}"
    if not got["number"] and not got["box"] and names_box(street):
        got["box"], street = street, ""
    return AddressParts(
        got["number"], street, got["unit"], got["box"], got["city"], got["state"], got["zip"], got["country"]
    )


def zip_form(text: str) -> str:
    """Return the five digits of a ZIP or ZIP+4, or empty if it is none."""
    written = fold(text)
    good = _ZIP.fullmatch(written) and written[:5] not in ("00000", "99999")
    return written[:5] if good else ""


def _opens_with(street: str, directional: str) -> bool:
    # "N" beside "North Main St" says the same thing twice; beside "North St" it is part of another name.
    found, way = words(street), DIRECTIONALS.get("".join(words(directional)))
    return len(found) > 2 and way is not None and DIRECTIONALS.get(found[0]) == way


def _is_domestic(country: str) -> bool:
    return not is_masked(country) and (is_placeholder(country) or country_code(country) == "US")


def _missing_at_home(parts: AddressParts) -> list[str]:
    missing = _missing_delivery(parts)
    state, zip5 = state_code(parts.state), zip_form(parts.zip)
    if not _names_place(parts.city):
        missing.append("city")
    if not state or is_masked(parts.state):
        missing.append("state")
    if not zip5 or (state and not zip_belongs(zip5, state)):
        missing.append("zip")
    return missing


def _missing_abroad(parts: AddressParts) -> list[str]:
    missing: list[str] = []
    street = words(parts.street)
    named = any(w.isalpha() and len(w) > 1 for w in street) and not is_masked(parts.street)
    institution = bool(INSTITUTIONS & set(street)) and not parts.number
    if not (named and not is_placeholder(parts.street) and not institution) and not box_form(parts.box):
        missing.append("street")
    if not _names_place(parts.city):
        missing.append("city")
    if not country_code(parts.country) or is_masked(parts.country):
        missing.append("country")
    # Not needed abroad, but struck out they could contradict.
    missing += [n for n, t in (("number", parts.number), ("zip", parts.zip)) if is_masked(t)]
    return missing


def _missing_delivery(parts: AddressParts) -> list[str]:
    if box_form(parts.box):
        return []
    number, street = number_form(parts.number), street_is_named(parts.street)
    if number and street:
        return []
    if parts.box and not parts.number and not parts.street:
        return ["box"]
    return [name for name, there in (("number", number), ("street", street)) if not there]


def _unreadable(data: Mapping[str, Json], parts: AddressParts) -> list[str]:
    # A unit or directional that is struck out, or not text at all, could contradict: it is not the same as none stated.
    way = data.get("predirectional")
    wrong_way = isinstance(way, str) and not is_placeholder(way) and "".join(words(way)) not in DIRECTIONALS
    missing = ["unit"] if is_masked(parts.unit) else []
    missing += ["predirectional"] if wrong_way or (isinstance(way, str) and is_masked(way)) else []
    return missing + [
        p for p in ("unit", "predirectional") if data.get(p) is not None and not isinstance(data[p], str)
    ]


def _names_place(city: str) -> bool:
    letters = "".join(words(city))
    return letters.isalpha() and len(letters) > 1 and not is_masked(city) and not is_placeholder(city)


def _readable(parts: AddressParts) -> AddressParts:
    # What is not needed and says nothing (a filler beside a good box, "N/A" for a unit or country) is dropped, not kept as data.
    line = (number_form(parts.number) and street_is_named(parts.street)) or not _is_domestic(parts.country)
    number, street = (parts.number, parts.street) if line else ("", "")
    unit = "" if is_placeholder(parts.unit) and not split_unit(parts.street)[1] else parts.unit
    box = parts.box if box_form(parts.box) else ""
    country = "" if is_placeholder(parts.country) else parts.country
    return AddressParts(number, street, unit, box, parts.city, parts.state, parts.zip, country)
