"""Reads units: what a designator, a floor or a bare id behind a street says of a home in a house. By their form first, by words second."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.fold import CACHED, fold, line_words, words
from lawgate.identity.placeholder import is_placeholder
from lawgate.identity.usps import BARE_UNIT, FLOORS, SUFFIXES, UNITS, UNITS_ALONE, UNITS_WITH_ID

_SIGNS = frozenset(("#", "NO", "NUM", "NUMBER"))
_UNIT_ID = re.compile(
    r"[A-Z]{0,2}-?\d{1,5}-?[A-Z]{0,2}|\d{1,4}-\d{1,4}|[A-Z]|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN",
    re.ASCII,
)
_UNIT_GLUED = re.compile(r"(APT|STE|UNIT|LOT|RM|BLDG|SPC|TRLR|SUITE|SP|PMB)(\d{1,5}[A-Z]?)", re.ASCII)
_BARE_ID = re.compile(r"\d{1,4}[A-Z]", re.ASCII)
_BEFORE_BARE_ID = frozenset(
    w for w, form in SUFFIXES.items() if form in words("ST AVE BLVD DR LN CT PL TER CIR WAY")
)
_HOMES = frozenset(("APT", "APARTMENT", "UNIT", "LEVEL"))
_HOMES_WHERE = UNITS_ALONE | {"GARAGE", "ATTIC", "CELLAR"}
_FLOOR_ID = re.compile(r"(\d{1,2})(?:ST|ND|RD|TH)?", re.ASCII)
_UNIT_TOKEN = re.compile(r"#|\d+(?:-\d+)*(?:-?[A-Z](?![^\W_]))?(?![^\W_])|[^\W_]+")


def unit_tokens(text: str) -> list[str]:
    """Return the tokens of a line in which a unit may stand: as words, with ``#`` and hyphenated numbers as they are."""
    return _UNIT_TOKEN.findall(fold(text).replace("'", ""))


def unit_start(tokens: list[str]) -> int:
    """Return where the units at the end of a delivery line begin; its length if there are none. Never the whole line."""
    end = len(tokens)
    while end and (taken := _unit_at_end(tokens, end)) and end - taken > 0:
        end -= taken
    return end


def unit_at(tokens: list[str], place: int) -> int:
    """Return how many tokens at this place are one unit with its id; 0 if none."""
    here, left = tokens[place], len(tokens) - place
    if here == "#":
        return (
            2
            if left > 1
            and (_UNIT_ID.fullmatch(tokens[place + 1]) or _UNIT_GLUED.fullmatch(tokens[place + 1]))
            else 0
        )
    if here in UNITS_WITH_ID and left > 1:
        if tokens[place + 1] in _SIGNS and here not in _SIGNS:
            return 3 if left > 2 and _UNIT_ID.fullmatch(tokens[place + 2]) else 0
        if left > 3 and _in_two(tokens[place + 1], tokens[place + 2]):
            return 3
        if _UNIT_ID.fullmatch(tokens[place + 1]) and not (here == "NO" and tokens[place + 1].isalpha()):
            return 2
    if (
        left > 1
        and tokens[place + 1] in FLOORS
        and _FLOOR_ID.fullmatch(here)
        and not (left > 2 and tokens[place + 2][0].isdigit())
    ):
        return 2
    return 1 if _UNIT_GLUED.fullmatch(here) else 0


@lru_cache(CACHED)
def split_unit(street: str) -> tuple[str, str]:
    """Separate the units written at the end of a street (``Main St Apt 5``) where their designators say so."""
    tokens = unit_tokens(street)
    start = unit_start(tokens)
    return (
        (fold(street), "") if start == len(tokens) else (" ".join(tokens[:start]), " ".join(tokens[start:]))
    )


@lru_cache(CACHED)
def unit_form(text: str) -> str:
    """Return a unit's normal form: bare designators fall away (``Apt 5-B``, ``#5B``, ``5 b`` are ``5B``), others stay."""
    found = [piece for w in line_words(text.replace("#", " ")) for piece in _unglued(w)]
    tokens = _floor_first([UNITS.get(w, w) for w in found])
    kept = [t.lstrip("0") for t in tokens if t != BARE_UNIT and t.strip("0")]
    form = " ".join(_closed(kept))
    return "" if is_placeholder(form) else form


def _unit_at_end(tokens: list[str], end: int) -> int:
    last, before = tokens[end - 1], tokens[end - 2] if end > 1 else ""
    if end > 3 and _in_two(before, last) and tokens[end - 3] in UNITS_WITH_ID:
        return 3
    if before in _SIGNS and _UNIT_ID.fullmatch(last):
        return 3 if end > 3 and tokens[end - 3] in UNITS_WITH_ID - _SIGNS else 2
    if before in UNITS_WITH_ID and _UNIT_ID.fullmatch(last):
        return 2
    if last in FLOORS and _FLOOR_ID.fullmatch(before):
        return 2
    if last in _HOMES and before in _HOMES_WHERE and end > 3:
        return 2  # "Garage Apt", "Lower Unit"
    if last in UNITS_ALONE and end > 2:
        return 1
    if last.isalpha():
        return 0
    if _UNIT_GLUED.fullmatch(last):
        return 2 if before == "#" else 1
    # "Oak St 4B"; but a county road has such numbers.
    return 1 if end > 2 and before in _BEFORE_BARE_ID and _BARE_ID.fullmatch(last) else 0


def _in_two(one: str, other: str) -> bool:
    # "5 C" and "B-12", the hyphen gone, are one id.
    return (one.isdigit() and len(other) == 1 and other.isalpha()) or (
        other.isdigit() and len(one) == 1 and one.isalpha()
    )


def _unglued(word: str) -> tuple[str, ...]:
    found = _UNIT_GLUED.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


def _floor_first(tokens: list[str]) -> list[str]:
    # "2nd floor", "floor 2nd" and "FL 2" are one floor.
    for place, word in enumerate(tokens):
        for at in (place - 1, place + 1):
            if word == "FL" and 0 <= at < len(tokens) and (found := _FLOOR_ID.fullmatch(tokens[at])):
                rest = [t for n, t in enumerate(tokens) if n not in (place, at)]
                return [*rest, "FL", found[1]]
    return tokens


def _closed(tokens: list[str]) -> list[str]:
    # "5 B" and "5B" are one unit; "1 2" and "12" are two, and "FL 2" keeps its designator.
    out: list[str] = []
    for token in tokens:
        before = out[-1] if out else ""
        letter_after = before.isdigit() and len(token) == 1 and token.isalpha()
        letter_before = token.isdigit() and len(before) == 1 and before.isalpha()
        if letter_after or letter_before:
            out[-1] += token
        else:
            out.append(token)
    return out
