"""Knows the towns of each ZIP: whether a town's name belongs to a ZIP and state, and how many words at a line's end are one.

The table is that of the package ``zipcodes`` (ADR 0012), read state by state when first asked. A name belongs to a ZIP if the Postal
Service delivers under it or people there use it; if it is the post office's name for a neighbour; or if it is one slip from a name of
that very ZIP. Nothing is put right: the town stays as written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians

import zipcodes

from lawgate.identity.fold import CACHED, words
from lawgate.identity.placeholder import is_placeholder
from lawgate.identity.usps import DIRECTIONALS, INSTITUTIONS, SUFFIXES

LONGEST = 6
"""Words in the longest name of a town that is looked for."""

NEIGHBOUR = 15
"""Miles to a neighbour. Of the Postal Service's own other names for a ZIP, 95 in 100 are those of an office within 14.2 miles."""

_SHORTEST_SLIP = 6  # letters; a shorter name is one slip from too much
_MILE_PER_DEGREE = 69.1
_MILITARY = frozenset(("AA", "AE", "AP"))
_POSTS = frozenset(("APO", "FPO", "DPO"))
_SHORT = (
    SUFFIXES
    | DIRECTIONALS
    | {
        "SAINT": "ST",
        "STREET": "STREET",
        "SAINTE": "STE",
        "NO": "N",
        "SO": "S",
        "TOWNSHIP": "TWP",
        "CTY": "CITY",
    }
)
# Customary names that are a firm's or an office's and no town's.
_NO_TOWNS = INSTITUTIONS | frozenset(
    words(
        "FINANCE UNIVERSITY UNIV COLLEGE COLL SCHOOL AIRPORT ARPRT HOSP HOSPITAL SANITORIUM MEDICAL MED BANK MALL STORE OFFICE FACILITY MAIL SERVICE SVC DEPT "
        "REVENUE COMPANY CO INC CORP INSURANCE INS GPO HOME TERMINAL STREET ANNEX GUARD BUILDING BLDG HOUSING TRAILER COURTHOUSE"
    )
)


@dataclass(frozen=True, slots=True)
class _Towns:
    """The towns of one state by their keys: of each ZIP, the names in use; of each name, the ZIPs whose office or its like bears it."""

    names: dict[str, tuple[str, ...]]
    zips: dict[str, list[str]]
    points: dict[str, tuple[float, float]]


def zip_exists(zip5: str, state: str) -> bool:
    """Say whether the ZIP is one of that state's (two letters)."""
    return zip5 in _towns(state).names


@lru_cache(CACHED)
def town_belongs(town: tuple[str, ...], state: str, zip5: str) -> bool:
    """Say whether these words, alone, name a town of that ZIP and state."""
    key = _key(town)
    if _is_of(key, state, zip5) or _is_near(key, state, zip5) or _is_slip(key, state, zip5):
        return True
    # "North Las Vegas" with a ZIP of Las Vegas: a neighbour that bears the name of the ZIP's own town, in whatever area.
    return (
        len(town) > 1
        and town[0] in DIRECTIONALS
        and _is_of(_key(town[1:]), state, zip5)
        and is_neighbour(town, state, zip5)
    )


def is_neighbour(town: tuple[str, ...], state: str, zip5: str) -> bool:
    """Say whether the words name an office of that state no more than ``NEIGHBOUR`` miles from the ZIP, in whatever area."""
    return any(_are_close(there, zip5, state) for there in _towns(state).zips.get(_key(town), ()))


def is_town(town: tuple[str, ...], state: str) -> bool:
    """Say whether the words name a town of that state."""
    return _is_named(_key(town), state)


def town_length(tokens: list[str], state: str, zip5: str) -> int:
    """Return how many tokens at the end name a town of that ZIP, or of the state where the ZIP is none of its; 0 if none does, or if
    two readings are left.

    "Oak St East Lansing" with a ZIP of Lansing, whose neighbour East Lansing is, can be read two ways.
    """
    towns = _towns(state)
    names = _POSTS if state in _MILITARY and zip5 in towns.names else towns.names.get(zip5)
    keys = [""]
    for token in reversed(tokens[-LONGEST:]):
        if not token.isalpha():
            break
        keys.append(_SHORT.get(token, token) + keys[-1])
    lengths = range(len(keys) - 1, 0, -1)
    if names is None:
        return next((n for n in lengths if _is_named(keys[n], state)), 0)
    for exact in lengths:
        if keys[exact] in names:
            more = exact + 1
            two = more < len(keys) and tokens[-more] in DIRECTIONALS and len(tokens[-more]) > 2
            return 0 if two and _is_near(keys[more], state, zip5) else exact
    near = next((n for n in lengths if _is_near(keys[n], state, zip5)), 0)
    # A neighbour's name can also be the end of the street's ("Cherry Valley"): it begins a town only where the street has ended.
    return (
        near if near == len(tokens) or not tokens[-near - 1].isalpha() or tokens[-near - 1] in _SHORT else 0
    )


def _key(town: tuple[str, ...] | list[str]) -> str:
    # Spaces fall away: "De Soto" is "DeSoto", "O Fallon" is "O'Fallon".
    return "".join([_SHORT.get(t, t) for t in town])


@lru_cache(64)
def _towns(state: str) -> _Towns:
    names: dict[str, tuple[str, ...]] = {}
    zips: dict[str, list[str]] = {}
    points: dict[str, tuple[float, float]] = {}
    for row in zipcodes.filter_by(state=state) if len(state) == 2 else ():
        zip5 = row["zip_code"]
        of_office = {_key(words(n)) for n in (row["city"], *row["acceptable_cities"])}
        customary = (
            set() if state == "PR" or row["zip_code_type"] == "UNIQUE" else set(row["unacceptable_cities"])
        )
        of_people = {_key(w) for w in map(words, customary) if w and not _NO_TOWNS.intersection(w)}
        names[zip5] = tuple(k for k in of_office | of_people if k.isalpha() and len(k) > 1)
        points[zip5] = (float(row["lat"] or 0), float(row["long"] or 0))
        for key in of_office:
            zips.setdefault(key, []).append(zip5)
    return _Towns(names, zips, points)


def _is_named(key: str, state: str) -> bool:
    return key in _POSTS if state in _MILITARY else key in _towns(state).zips


def _is_of(key: str, state: str, zip5: str) -> bool:
    found = _towns(state).names.get(zip5)
    if found is None:
        return False
    return key in _POSTS if state in _MILITARY else key in found


def _is_near(key: str, state: str, zip5: str) -> bool:
    """Say whether it is the name of an office of the same three-digit area, no more than ``NEIGHBOUR`` miles away."""
    zips = _towns(state).zips.get(key, ())
    return any(there[:3] == zip5[:3] and _are_close(there, zip5, state) for there in zips)


def _are_close(there: str, zip5: str, state: str) -> bool:
    points = _towns(state).points
    here = points.get(zip5)
    if here is None or not here[0] or state in _MILITARY:
        return False
    return _miles(here, points[there]) <= NEIGHBOUR


def _is_slip(key: str, state: str, zip5: str) -> bool:
    """Say whether it is one letter more, less or other, or two changed about, than a name of that ZIP, and no other town of the state."""
    towns = _towns(state)
    if len(key) < _SHORTEST_SLIP or state in _MILITARY or key in towns.zips or is_placeholder(key):
        return False
    return any(_one_edit(key, name) for name in towns.names.get(zip5, ()) if len(name) >= _SHORTEST_SLIP)


def _one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[1::-1] == other[:2] and one[2:] == other[2:])
    return one[1:] == other or one == other[1:]


def _miles(here: tuple[float, float], there: tuple[float, float]) -> float:
    # Flat over a few miles.
    east = (here[1] - there[1]) * cos(radians(here[0]))
    return hypot(here[0] - there[0], east) * _MILE_PER_DEGREE
