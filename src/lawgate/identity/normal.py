"""Brings names and addresses to one form each, so that writing alone never makes two people of one (law F-20).

Both forms are idempotent. They say nothing about likeness: forms are equal or they are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lawgate.identity.address import AddressParts, zip_form
from lawgate.identity.country import country_code
from lawgate.identity.delivery import box_form, island_number_form, number_form
from lawgate.identity.fold import CACHED, line_words, words
from lawgate.identity.name import PARTICLES, NameParts
from lawgate.identity.name import SUFFIXES as GENERATIONS
from lawgate.identity.states import state_code
from lawgate.identity.unit import split_unit, unit_form
from lawgate.identity.usps import DIRECTIONALS, OPENINGS, ROUTES, SHORT_CODE, SUFFIXES

_BEFORE_URB = frozenset(("URB", "URBANIZACION"))
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
        if not suffix and len(part) > 1 and part[-1] in GENERATIONS:
            suffix = GENERATIONS[part.pop()]
    return NormalName(" ".join(given), " ".join(middle), " ".join(_surnames(surname)), suffix)


def normal_address(address: AddressParts) -> NormalAddress:
    """Return the normal form; a number, box, state or ZIP that is none has the empty form."""
    street, unit = address.street, unit_form(address.unit)
    if not unit:
        street, found = split_unit(street)
        unit = unit_form(found)
    country = country_code(address.country) or " ".join(words(address.country))
    home = country == "US"
    state = state_code(address.state) if home else " ".join(words(address.state))
    return NormalAddress(
        number=island_number_form(address.number) if home and state == "PR" else number_form(address.number),
        street=_street(street),
        unit=unit,
        box=box_form(address.box),
        city=_city(address.city),
        state=state,
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
    return GENERATIONS.get(plain, plain)


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


@lru_cache(CACHED)
def _city(text: str) -> str:
    tokens = list(line_words(text))
    if len(tokens) > 1:
        tokens[0] = OPENINGS.get(tokens[0], tokens[0])
    return " ".join(tokens)


@lru_cache(CACHED)
def _street(text: str) -> str:
    """Return the one form of a street: directionals, suffixes and highways as USPS Publication 28 shortens them.

    Ordinals stay as written. "North St" and "N St" are different streets: a directional is cut short only beside a name.
    """
    tokens = _urban_first(list(line_words(text)))
    lead: list[str] = []
    if tokens and tokens[0] in DIRECTIONALS and _stands_alone(tokens[1:]):
        lead = [DIRECTIONALS[tokens.pop(0)]]
    tail: list[str] = []
    if tokens and tokens[-1] in DIRECTIONALS and _stands_alone(tokens[:-1]):
        tail = [DIRECTIONALS[tokens.pop()]]
    tokens = _route_form(tokens) or _plain_form(tokens)
    return " ".join([*lead, *tokens, *tail])


def _stands_alone(rest: list[str]) -> bool:
    # What is left without the directional must still be a street: a name, or two words such as LAKE ROAD.
    if any(t not in SUFFIXES and t not in DIRECTIONALS for t in rest):
        return True
    return len(rest) > 1 and any(t in SUFFIXES for t in rest)


def _plain_form(tokens: list[str]) -> list[str]:
    first = [_opening(tokens[0])] if len(tokens) > 1 else []
    return [*first, *(SUFFIXES.get(t, t) for t in tokens[len(first) :])]


def _opening(word: str) -> str:
    # A street can be called Street ("Street Rd"): its first word is never cut down to what opens a saint's name.
    kind = SUFFIXES.get(word, word)
    return OPENINGS.get(word) or ("STREET" if kind == "ST" else OPENINGS.get(kind, kind))


def _route_form(tokens: list[str]) -> list[str]:
    # "County Road 12", "CR 12" and "Co Rd 12" are one road; the words count as a road's kind only before its number.
    for length in range(min(5, len(tokens) - 1), 0, -1):
        kind = ROUTES.get(" ".join(tokens[:length]))
        if kind and SHORT_CODE.fullmatch(tokens[length]):
            return [*kind.split(), *(SUFFIXES.get(t, t) for t in tokens[length:])]
    return []


def _urban_first(tokens: list[str]) -> list[str]:
    at = next((n for n, t in enumerate(tokens) if t in _BEFORE_URB), 0)
    turned = tokens[at:] + tokens[:at]
    return ["URB" if t in _BEFORE_URB else t for t in turned]
