"""Reads a stated address and says whether it is one (I-3): a delivery line, city, state and ZIP that belong together.

Law R-5, F-1 to F-3. Reads, never guesses or repairs; a part that is masked, a filler or of the wrong form is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lawgate.domain.steps import Json
from lawgate.identity.abroad import is_of_home, number_abroad, street_abroad
from lawgate.identity.country import country_code
from lawgate.identity.cut import is_cut, is_cut_between, is_cut_id
from lawgate.identity.delivery import (
    MILITARY,
    box_form,
    is_delivered,
    island_number_form,
    names_box,
    number_form,
    split_number,
)
from lawgate.identity.fold import CACHED, fold, line_words, words
from lawgate.identity.freetext import split_text
from lawgate.identity.note import is_gibberish, is_sentence
from lawgate.identity.placeholder import LOUD, is_blank, is_masked, is_placeholder
from lawgate.identity.stated import AddressParts
from lawgate.identity.states import state_code, zip_belongs
from lawgate.identity.street import institution_named, street_is_named
from lawgate.identity.town import LONGEST, is_town, town_belongs, zip_exists
from lawgate.identity.unit import split_unit
from lawgate.identity.usps import DIRECTIONALS, INSTITUTIONS, ROADS

__all__ = ["PARTS", "AddressParts", "AddressReading", "read_address", "read_text", "stated_parts", "zip_form"]

PARTS = ("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country")
"""The keys of an address in parts."""


@dataclass(frozen=True, slots=True)
class AddressReading:
    """Whether what is stated is an address.

    ``code`` is ``222`` where none is stated, ``223`` where what is stated is not one, else empty; ``missing`` names
    the parts; ``parts`` is None unless it is sufficient. ``institution`` is a hint: the words name a jail, shelter or office.
    """

    sufficient: bool
    code: str
    missing: tuple[str, ...]
    parts: AddressParts | None
    institution: bool = False


_ZIP = re.compile("[0-9]{5}(?:[- ]?[0-9]{4})?")
_MILITARY = ("AA", "AE", "AP")
_STATED = frozenset((*PARTS, "text"))
_NOTHING = AddressReading(False, "222", ("number", "street", "city", "state", "zip"), None)


def read_address(data: Json) -> AddressReading:
    """Read an address in parts or in one free-text field (``{"text"}``); stated both ways it is stated no way."""
    if not isinstance(data, Mapping):
        return _NOTHING
    stated = [part for part, value in data.items() if part in _STATED and not is_blank(value)]
    if not stated:
        return _NOTHING
    if "text" in stated:
        text = data["text"]
        if not isinstance(text, str) or len(stated) > 1:
            return AddressReading(False, "223", ("parts",), None)
        return read_text(text)
    parts = stated_parts(data)
    missing = _missing(parts) + _unreadable(data, parts)
    if missing:
        return AddressReading(False, "223", tuple(missing), None)
    return AddressReading(
        True, "", (), _readable(parts), institution_named(line_words(parts.street) or ("",))
    )


def read_text(text: str) -> AddressReading:
    """Read one field of free text, with line breaks or without; its parts are judged as stated parts are."""
    if is_blank(text):
        return _NOTHING
    split = split_text(text)
    missing = _missing(split.parts)
    if is_masked(split.parts.unit):
        missing.append("unit")
    missing += [part for part in split.doubts if part not in missing]
    if missing:
        return AddressReading(False, "223", tuple(missing), None)
    parts = split.parts
    if not (number_form(parts.number) or parts.country or parts.state == "PR"):
        parts = _readable(parts)
    return AddressReading(True, "", (), parts, split.institution)


def stated_parts(data: Mapping[str, Json]) -> AddressParts:
    """Take the parts as they stand, without judging them; what is not text is not stated.

    A predirectional goes before its street, a box written into an otherwise empty street line to the box, and, where there is no part for the
    number at all, the number at the front of the street to it.
    """
    number, way, street, unit, box, city, state, zip_text, country = [
        v.strip() if isinstance(v, str) else "" for v in map(data.get, PARTS)
    ]
    if street and way and not is_placeholder(way) and not _opens_with(street, way):
        street = f"{way} {street}"
    if street and not number and not box and names_box(street):
        box, street = street, ""
    if "number" not in data and not box:
        number, street = split_number(street)
    return AddressParts(number, street, unit, box, city, state, zip_text, country)


@lru_cache(CACHED)
def zip_form(text: str) -> str:
    """Return the five digits of a ZIP or ZIP+4, or empty if it is none."""
    written = fold(text)
    good = _ZIP.fullmatch(written) and written[:5] not in ("00000", "99999")
    return written[:5] if good else ""


def _opens_with(street: str, directional: str) -> bool:
    # "N" beside "North Main St" says the same thing twice; beside "North St" it is part of another name.
    found, way = words(street), DIRECTIONALS.get("".join(words(directional)))
    return len(found) > 2 and way is not None and DIRECTIONALS.get(found[0]) == way


def _missing(parts: AddressParts) -> list[str]:
    return _missing_at_home(parts) if _is_domestic(parts.country) else _missing_abroad(parts)


@lru_cache(256)
def _is_domestic(country: str) -> bool:
    return not country or (
        not is_masked(country)
        and not LOUD.intersection(words(country))
        and (is_placeholder(country) or country_code(country) == "US")
    )


def _missing_at_home(parts: AddressParts) -> list[str]:
    state, zip5 = state_code(parts.state), zip_form(parts.zip)
    missing = _missing_delivery(parts, state)
    if not _is_town(parts.city, state, zip5):
        missing.append("city")
    if not state or is_masked(parts.state):
        missing.append("state")
    if not zip5 or (state and not zip_exists(zip5, state)):
        missing.append("zip")
    return missing


def _missing_abroad(parts: AddressParts) -> list[str]:
    missing: list[str] = []
    street = words(parts.street)
    named = street_abroad(street) and not is_masked(parts.street)
    institution = bool(INSTITUTIONS & set(street)) and not parts.number
    boxed = bool(box_form(parts.box))
    if not (named and not is_placeholder(parts.street) and not institution) and not boxed:
        missing.append("street")
    cut = is_cut(parts.number) or is_cut(parts.street) or is_cut_between(parts.number, parts.street)
    if cut or (not boxed and not number_abroad(f"{parts.number} {parts.street}")):
        missing.append("number")
    if not _names_place(parts.city):
        missing.append("city")
    if not country_code(parts.country) or is_masked(parts.country):
        missing.append("country")
    if (state := state_code(parts.state)) and zip_belongs(zip_form(parts.zip), state):
        missing.append("country")  # a state with its ZIP lies in the United States
    elif is_of_home(street, country_code(parts.country)) or (state and is_town(words(parts.city), state)):
        missing.append("country")
    # Not needed abroad, but struck out they could contradict.
    return missing + [n for n, t in (("number", parts.number), ("zip", parts.zip)) if is_masked(t)]


def _missing_delivery(parts: AddressParts, state: str) -> list[str]:
    box = box_form(parts.box)
    if box:
        # Only the military numbers its units this way, and it has no other delivery line.
        fits = (box.split()[0] in MILITARY) == (state in _MILITARY) or not state
        if is_delivered(box) and (fits or box.startswith("PO BOX")):
            return []
    number = island_number_form(parts.number) if state == "PR" else number_form(parts.number)
    street = street_is_named(parts.street, state)
    if number and street and state not in _MILITARY:
        return []
    if (parts.box or state in _MILITARY) and not parts.number and not parts.street:
        return ["box"]
    if number and street:
        return ["box"]  # no street is delivered to by the military
    return [name for name, there in (("number", number), ("street", street)) if not there]


def _unreadable(data: Mapping[str, Json], parts: AddressParts) -> list[str]:
    # A unit or directional that is struck out, or not text at all, could contradict: it is not the same as none stated.
    way = data.get("predirectional")
    missing = ["unit"] if parts.unit and (is_masked(parts.unit) or is_cut_id(parts.unit)) else []
    if parts.box and is_cut_id(parts.street):
        missing.append("street")  # "PSC 8 40" beside its box
    if way and isinstance(way, str):
        wrong_way = not is_placeholder(way) and "".join(words(way)) not in DIRECTIONALS
        missing += ["predirectional"] if wrong_way or is_masked(way) else []
    return missing + [
        p for p in ("unit", "predirectional") if data.get(p) is not None and not isinstance(data[p], str)
    ]


@lru_cache(CACHED)
def _names_place(city: str) -> bool:
    """Say whether it can be the name of a place: words, no filler, no sentence, no institution and no street."""
    found = line_words(city)
    letters = "".join(found)
    return (
        letters.isalpha()
        and len(letters) > 1
        and "/" not in city
        and len(found) <= LONGEST
        and not is_masked(city)
        and not is_placeholder(city)
        and not LOUD.intersection(found)
        and not is_sentence(found)
        and not any(map(is_gibberish, found))
        and not institution_named(found)
        and not (len(found) > 1 and found[-1] in ROADS)
    )


@lru_cache(CACHED)
def _is_town(city: str, state: str, zip5: str) -> bool:
    """Say whether it is a town of the ZIP; of the state, where the ZIP is none of the state's; a name, where no state is read."""
    if is_masked(city) or is_placeholder(city) or "/" in city:
        return False
    found = line_words(city)
    if not state:
        return _names_place(city)
    return town_belongs(found, state, zip5) if zip_exists(zip5, state) else is_town(found, state)


def _readable(parts: AddressParts) -> AddressParts:
    # What is not needed and says nothing (a filler beside a good box, "N/A" for a unit or country) is dropped, not kept as data.
    line = not _is_domestic(parts.country) or (
        (number_form(parts.number) or island_number_form(parts.number))
        and street_is_named(parts.street, state_code(parts.state))
    )
    if line and not (parts.unit or parts.box or is_placeholder(parts.country or "US")):
        return parts
    number, street = (parts.number, parts.street) if line else ("", "")
    unit = "" if is_placeholder(parts.unit) and not split_unit(parts.street)[1] else parts.unit
    box = parts.box if box_form(parts.box) else ""
    country = "" if is_placeholder(parts.country) else parts.country
    return AddressParts(number, street, unit, box, parts.city, parts.state, parts.zip, country)
