"""Brings names and addresses to one form each, so that writing alone never makes two people of one (law F-20).

Both forms are idempotent. They say nothing about likeness: forms are equal or they are not.
"""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.identity.address import AddressParts, zip_form
from lawgate.identity.country import country_code
from lawgate.identity.delivery import box_form, number_form, split_unit, unit_form
from lawgate.identity.fold import words
from lawgate.identity.name import PARTICLES, SUFFIXES, NameParts
from lawgate.identity.states import state_code
from lawgate.identity.usps import DIRECTIONALS, OPENINGS
from lawgate.identity.usps import SUFFIXES as STREET_KINDS

_NO_MIDDLE = frozenset(words("NMN NMI NONE NA"))
_TITLES = frozenset(words("MD PHD ESQ CPA DDS RN JD DR MR MRS MS NA NONE"))


@dataclass(frozen=True, slots=True)
class NormalName:
    """A name for comparing; ``surname`` holds its surnames as words in their order, particles closed up (``DELACRUZ``)."""

    given: str
    middle: str
    surname: str
    suffix: str

    @property
    def surnames(self) -> tuple[str, ...]:
        """The surnames one by one."""
        return tuple(self.surname.split())


@dataclass(frozen=True, slots=True)
class NormalAddress:
    """An address for comparing; ``zip`` is five digits at home, ``state`` and ``country`` two letters where known."""

    number: str
    street: str
    unit: str
    box: str
    city: str
    state: str
    zip: str
    country: str


def normal_name(name: NameParts) -> NormalName:
    """Return the normal form; a generational suffix written after the surname or given name goes to its own part."""
    given, middle = list(words(name.given)), [w for w in words(name.middle) if w not in _NO_MIDDLE]
    surname = list(words(name.surname))
    suffix = _suffix(name.suffix)
    for part in (surname, given):
        if not suffix and len(part) > 1 and part[-1] in SUFFIXES:
            suffix = SUFFIXES[part.pop()]
    return NormalName(" ".join(given), " ".join(middle), " ".join(_surnames(surname)), suffix)


def normal_address(address: AddressParts) -> NormalAddress:
    """Return the normal form; a number, box, state or ZIP that is none has the empty form."""
    street, unit = (address.street, address.unit)
    if not words(unit):
        street, unit = split_unit(street)
    country = country_code(address.country) or " ".join(words(address.country))
    home = country == "US"
    return NormalAddress(
        number=number_form(address.number),
        street=_street(list(words(street))),
        unit=unit_form(unit),
        box=box_form(address.box),
        city=_city(list(words(address.city))),
        state=state_code(address.state) if home else " ".join(words(address.state)),
        zip=zip_form(address.zip) if home else "".join(words(address.zip)),
        country=country,
    )


def address_key_text(address: NormalAddress) -> str:
    """Return a stable text for fingerprints of one address: the ZIP stands for city and state where there is one."""
    place = address.zip or f"{address.city}/{address.state}"
    return "|".join((address.number, address.street, address.unit, address.box, place, address.country))


def person_text(name: NormalName, address: NormalAddress) -> str:
    """Return a stable text for fingerprints of one person at one address.

    Middle name, suffix, unit and the order of surnames are left out: a stop on a person must bite however these are written.
    """
    place = address.zip or f"{address.city}/{address.state}"
    line = (address.number, address.street) if address.number else (address.box, address.street)
    return "|".join((" ".join(sorted(name.surnames)), name.given, *line, place, address.country))


def _suffix(text: str) -> str:
    plain = "".join(words(text))
    if plain in _TITLES:
        return ""
    return SUFFIXES.get(plain, plain)


def _surnames(found: list[str]) -> list[str]:
    out: list[str] = []
    opened = ""
    for place, word in enumerate(found):
        if word == "Y" and 0 < place < len(found) - 1 and not opened:
            continue  # "Ortega y Gasset" are the two surnames Ortega and Gasset
        if word in PARTICLES and place < len(found) - 1:
            opened += "SAINT" if word == "ST" else word
            continue
        out.append(opened + word)
        opened = ""
    return out if out == found else _surnames(out)


def _street(tokens: list[str]) -> str:
    # Ordinals stay as written. "North St" and "N St" are different streets: a directional is cut short only beside a name.
    named = any(t not in STREET_KINDS and t not in DIRECTIONALS for t in tokens)
    lead: list[str] = []
    if named and tokens[0] in DIRECTIONALS:
        lead = [DIRECTIONALS[tokens.pop(0)]]
    tail: list[str] = []
    if (
        tokens
        and tokens[-1] in DIRECTIONALS
        and (named or (len(tokens) > 2 and len(DIRECTIONALS[tokens[-1]]) == 2))
    ):
        tail = [DIRECTIONALS[tokens.pop()]]
    first = [_opening(tokens[0])] if len(tokens) > 1 else []
    return " ".join([*lead, *first, *(STREET_KINDS.get(t, t) for t in tokens[len(first) :]), *tail])


def _opening(word: str) -> str:
    # A street can be called Street ("Street Rd"): its first word is never cut down to what opens a saint's name.
    kind = STREET_KINDS.get(word, word)
    return OPENINGS.get(word) or ("STREET" if kind == "ST" else kind)


def _city(tokens: list[str]) -> str:
    if len(tokens) > 1:
        tokens[0] = OPENINGS.get(tokens[0], tokens[0])
    return " ".join(tokens)
