"""Compares one stated datum with one on record: it agrees, it differs, or one side is silent. No degrees of likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum

from lawgate.identity.nicknames import is_nickname
from lawgate.identity.normal import NormalAddress, NormalName
from lawgate.identity.placeholder import is_masked, is_placeholder

UNREADABLE = "?"
"""Normal form of a stated birth date or taxpayer number that cannot be read: it agrees with nothing."""

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OLDEST = 120  # years: nobody files at a greater age


class Agreement(Enum):
    """How two data stand to each other; SILENT if one side states nothing."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SILENT = "silent"


class Given(Enum):
    """How a stated given name stands to one on record; the weaker two count only with nobody else of that surname there."""

    EQUAL = "equal"
    NICKNAME = "nickname"
    INITIAL = "initial"
    OTHER = "other"


def agreement(one: str, other: str) -> Agreement:
    """Compare two normal forms; an empty one is silent, an unreadable one differs from whatever is stated."""
    if not one or not other:
        return Agreement.SILENT
    return Agreement.AGREES if one == other != UNREADABLE else Agreement.DIFFERS


def all_of(found: Iterable[Agreement]) -> Agreement:
    """Sum up one datum over all rows of a record: one that differs outweighs all others."""
    seen = list(found)
    return next((a for a in (Agreement.DIFFERS, Agreement.AGREES) if a in seen), Agreement.SILENT)


def any_of(found: Iterable[Agreement]) -> Agreement:
    """Sum up one datum that may rightly change over the years (a middle name): one row that agrees is enough."""
    seen = list(found)
    return next((a for a in (Agreement.AGREES, Agreement.DIFFERS) if a in seen), Agreement.SILENT)


def surname_agrees(one: NormalName, other: NormalName) -> bool:
    """Say whether the surnames are equal: double ones in either order, one part only with an equal middle name."""
    a, b = one.surnames, other.surnames
    if not a or not b:
        return False
    if "".join(a) == "".join(b) or (len(a) == 2 and a == b[::-1]):
        return True
    if {len(a), len(b)} == {1, 2} and (a[0] in b or b[0] in a):
        return bool(one.middle) and not _is_initial(one.middle) and one.middle == other.middle
    return False


def surname_shared(one: NormalName, other: NormalName) -> bool:
    """Say whether they have a surname, or a part of one, in common: enough to be "of that surname" at an address."""
    return "".join(one.surnames) == "".join(other.surnames) or bool(set(one.surnames) & set(other.surnames))


def given_compares(one: NormalName, other: NormalName) -> Given:
    """Compare given names; a bare initial is never more than an initial, and forenames may be split differently."""
    a, b = one.given, other.given
    if not a or not b:
        return Given.OTHER
    if (_is_initial(a) or _is_initial(b)) and a[0] == b[0]:
        return Given.INITIAL
    if a == b or _forenames(one) == _forenames(other):
        return Given.EQUAL
    return Given.NICKNAME if is_nickname(a, b) else Given.OTHER


def middle_compares(one: NormalName, other: NormalName) -> Agreement:
    """Compare middle names: an initial agrees with a name that begins with it, two whole names only if equal."""
    if (one.middle or other.middle) and _forenames(one) == _forenames(other):
        return Agreement.AGREES
    if not one.middle or not other.middle:
        return Agreement.SILENT
    short = _is_initial(one.middle) or _is_initial(other.middle)
    same = one.middle[0] == other.middle[0] if short else one.middle == other.middle
    return Agreement.AGREES if same else Agreement.DIFFERS


def same_building(stated: NormalAddress, other: NormalAddress) -> bool:
    """Say whether number and street (or, where none are stated, the box) are equal, in a place that is equal; units apart.

    A box stated on both sides must not differ.
    """
    return (
        _same_line(stated, other)
        and place_agrees(stated, other)
        and agreement(stated.box, other.box) is not Agreement.DIFFERS
    )


def place_agrees(one: NormalAddress, other: NormalAddress) -> bool:
    """Say whether ZIP, or city and state, are equal in one country; abroad city and country."""
    if one.country != other.country:
        return False
    city = bool(one.city) and one.city == other.city
    if one.country != "US":
        return city and agreement(one.state, other.state) is not Agreement.DIFFERS
    return (bool(one.zip) and one.zip == other.zip) or (city and bool(one.state) and one.state == other.state)


def same_address(stated: NormalAddress, other: NormalAddress) -> bool:
    """Say whether the address on record is the stated one and adds nothing to it, such as a unit."""
    return same_building(stated, other) and other.unit in ("", stated.unit) and other.box in ("", stated.box)


def birth_date_form(text: str) -> str:
    """Return ``YYYY-MM-DD``, empty for nothing or a filler, UNREADABLE for what is stated and is no date."""
    if is_placeholder(text) and not is_masked(text):
        return ""
    written = text.strip()
    if not _DAY.fullmatch(written):  # fromisoformat takes other ways of writing too
        return UNREADABLE
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return UNREADABLE


def taxpayer_number_form(text: str) -> str:
    """Return nine digits, empty for nothing or a filler, UNREADABLE for what is stated and is no such number."""
    if is_placeholder(text) and not is_masked(text):
        return ""
    plain = re.sub(r"[\s-]", "", text)
    if not re.fullmatch("[0-9]{9}", plain):
        return UNREADABLE
    return "" if len(set(plain)) == 1 else plain


def filing_possible(birth_date: str, tax_year: int) -> bool:
    """Say whether somebody born on that day (normal form) can have filed for that year: born by its end, and not long dead.

    Year 0 is none stated.
    """
    if not birth_date or birth_date == UNREADABLE or not tax_year:
        return True
    return 0 <= tax_year - int(birth_date[:4]) <= _OLDEST


def _is_initial(name: str) -> bool:
    return len(name) == 1 and name.isascii()  # in other scripts one letter can be a whole name


def _forenames(name: NormalName) -> str:
    return f"{name.given} {name.middle}".strip()


def _same_line(stated: NormalAddress, other: NormalAddress) -> bool:
    if not stated.street:
        return bool(stated.box) and stated.box == other.box
    numbered = bool(stated.number) or any(c.isdigit() for c in stated.street)
    return numbered and (stated.number, stated.street) == (other.number, other.street)
