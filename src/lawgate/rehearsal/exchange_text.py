"""Writes names and addresses as a file of another agency has them: five ways of writing, typing errors, and what is no address at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lawgate.identity.nicknames import nicknames_of
from lawgate.rehearsal.population_homes import BOX, Homes
from lawgate.rehearsal.population_records import NUMBERS
from lawgate.rehearsal.population_words import (
    CITIES,
    GIVEN,
    STATE_CODES,
    STATE_NAMES,
    STREETS,
    SUFFIXES,
    WAYS,
    ZIPS,
    Words,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AS_ON_RECORD, CAPITALS, SPELLED_OUT, PLUS_FOUR, NUMBER_SIGN = range(5)
STYLES = (0.35, 0.25, 0.2, 0.1, 0.1)
"""Shares of the five ways in which an address is written."""
OTHER_STYLES = (0.0, 0.4, 0.3, 0.15, 0.15)
"""The same where the address is not written as on record."""
TYPING_ERRORS, SWAPPED_DIGITS, UNIT_LEFT_OUT = 0.02, 0.007, 0.15
NICKNAMED, ONE_SURNAME, SWAPPED_NAMES = 0.02, 0.3, 0.005
"""Shares: of names that have a short form; of double surnames; of all names."""

_WAYS = np.array(WAYS, dtype=object)
_SUFFIXES = np.array(SUFFIXES, dtype=object)
_UNITS = {
    "Apt ": np.array(["", *(f" Apt {n}" for n in range(1, 101))], dtype=object),
    "Apartment ": np.array(["", *(f", Apartment {n}" for n in range(1, 101))], dtype=object),
    "#": np.array(["", *(f" #{n}" for n in range(1, 101))], dtype=object),
}
_SHORT: Words = np.array(
    [min(nicknames_of(name.upper()), default="").title() for name in GIVEN], dtype=object
)
_SHORT_OF: dict[str, str] = {given: short for given, short in zip(GIVEN, _SHORT, strict=True) if short}

NO_ADDRESS: tuple[str, ...] = (
    "Failed to Provide {zip}", "FAILED TO PROVIDE", "Unknown Address", "UNKNOWN ADDRESS {zip}", "NA NA", "NA NA, NA {zip}",
    "Don't Care 12345", "00000", "{zip}", "Failed to Provide, {city}, {state} {zip}", "{street}, {city}, {state} {zip}",
    "{number}, {city}, {state} {zip}", "County Jail", "{city} County Jail, {city}, {state}", "Detention Center {zip}", "{city}, {state} {zip}",
    "{number} {street}", "{number} {street}, {city}, {state}", "Homeless, {city}, {state} {zip}", "99999 Unknown, Unknown {zip}",
)  # fmt: skip
"""What stands where an address should be: documented words, bare codes, places without number or street, facilities without a location."""


def address_texts(
    homes: Homes,
    dwelling: Ints,
    style: Ints,
    *,
    rng: np.random.Generator,
    errors: Bools,
    unit: Ints,
    number: Ints,
    place: Ints,
) -> Words:
    """Write each dwelling in its style. ``unit``, ``number`` and ``place`` may differ from the dwelling's own; ``errors`` says which lines may
    have typing errors or digits swapped."""
    count = len(dwelling)
    wide = (style == SPELLED_OUT).astype(np.int64)
    street = _misspelled(STREETS[homes.street[dwelling]], errors & (rng.random(count) < TYPING_ERRORS), rng)
    numbers = NUMBERS[number]
    swapped = errors & (rng.random(count) < SWAPPED_DIGITS) & (number > 9)
    numbers[swapped] = [n[:-2] + n[-1] + n[-2] for n in numbers[swapped]]
    units = np.where(
        wide == 1,
        _UNITS["Apartment "][unit],
        np.where(style == NUMBER_SIGN, _UNITS["#"][unit], _UNITS["Apt "][unit]),
    )
    way, suffix = _WAYS[homes.way[dwelling], wide], _SUFFIXES[homes.suffix[dwelling], wide]
    line = np.where(
        homes.kind[dwelling] == BOX, "PO Box " + numbers, numbers + " " + way + street + " " + suffix + units
    )
    states = np.where(wide == 1, STATE_NAMES[place], STATE_CODES[place])
    more = np.array([f"-{n:04d}" for n in range(1000, 9999)], dtype=object)[rng.integers(0, 8999, count)]
    code = np.where(style == PLUS_FOUR, ZIPS[place] + more, ZIPS[place])
    texts: Words = line + ", " + CITIES[place] + ", " + states + " " + code
    shouted = style == CAPITALS
    texts[shouted] = [text.upper().replace(",", "") for text in texts[shouted]]
    return texts


def no_addresses(homes: Homes, dwelling: Ints, blank: Bools, rng: np.random.Generator) -> Words:
    """Write what is no address, with parts of the dwelling's own in it; nothing at all where ``blank``."""
    which = rng.integers(0, len(NO_ADDRESS), len(dwelling)).tolist()
    place = homes.place[dwelling]
    parts = zip(
        which,
        NUMBERS[homes.number[dwelling]],
        STREETS[homes.street[dwelling]] + " " + _SUFFIXES[homes.suffix[dwelling], 0],
        CITIES[place],
        STATE_CODES[place],
        ZIPS[place],
        blank.tolist(),
        strict=True,
    )
    texts = [
        "" if empty else NO_ADDRESS[n].format(number=number, street=street, city=city, state=state, zip=code)
        for n, number, street, city, state, code, empty in parts
    ]
    out: Words = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def names_as_written(
    given: Words, surname: Words, second: Words, capitals: Bools, errors: Bools, rng: np.random.Generator
) -> tuple[Words, Words]:
    """Write first and last names; lines with ``errors`` may have a short form, one surname of two, a typing error or both names swapped."""
    count = len(given)
    two = second != ""
    one_only = errors & two & (rng.random(count) < ONE_SURNAME)
    last = np.where(two & ~one_only, surname + " " + second, surname).astype(object)
    last = _misspelled(last, errors & (rng.random(count) < TYPING_ERRORS), rng)
    first = given.copy()
    short = errors & (rng.random(count) < NICKNAMED)
    first[short] = [_SHORT_OF.get(name, name) for name in first[short]]
    swapped = errors & (rng.random(count) < SWAPPED_NAMES)
    first[swapped], last[swapped] = last[swapped], first[swapped]
    first[capitals] = [name.upper() for name in first[capitals]]
    last[capitals] = [name.upper() for name in last[capitals]]
    return first, last


def _misspelled(text: Words, where: Bools, rng: np.random.Generator) -> Words:
    """Swap two neighbouring letters behind the first."""
    out = text.copy()
    places = np.flatnonzero(where)
    for place, chance in zip(places.tolist(), rng.random(len(places)).tolist(), strict=True):
        word = out[place]
        if len(word) > 3:
            at = 1 + int(chance * (len(word) - 2))
            out[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return out
