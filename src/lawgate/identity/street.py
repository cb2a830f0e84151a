"""Reads the name of a street: whether there is one, and its one form for comparing."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.delivery import split_unit, unit_at, unit_start, unit_tokens
from lawgate.identity.fold import CACHED, line_words, words
from lawgate.identity.note import has_form_of_street, is_gibberish, is_place_without_house, is_sentence
from lawgate.identity.placeholder import LOUD, is_masked, is_placeholder
from lawgate.identity.states import state_code
from lawgate.identity.usps import DIRECTIONALS, INSTITUTIONS, OPENINGS, ROUTE_WORDS, ROUTES, SUFFIXES

_ORDINAL = re.compile(r"\d*(?:1ST|2ND|3RD|\dTH)", re.ASCII)
# A bracket or a second street behind a slash is more than a street's name; Galveston has half avenues (Avenue R 1/2).
_SAYS_MORE = re.compile(r"[()\[\]{}]|[^\W\d_]\s*/|/\s*[^\W\d_]")
_HALF_AVENUE = re.compile(r"(?<=[Aa][Vv][Ee][Nn][Uu][Ee] [A-Za-z]) 1/2$")
_BARE = re.compile(r"\d{1,5}", re.ASCII)
_SHORT_CODE = re.compile(r"[A-Z]{0,2}\d{1,4}[A-Z]{0,2}", re.ASCII)
_KINDS_BEFORE_NUMBER = frozenset(("RD", "AVE", "ST", "HWY", "LOOP"))
_KINDS_OF_ROADS = frozenset(
    words(
        "COUNTY CO CNTY CTY STATE ST FARM RANCH MARKET TOWNSHIP TWP FOREST PRIVATE PVT PARK FM RM RANGE COUNTRY SERVICE"
    )
)
_DISTANCES = frozenset(
    words(
        "BLK BLKS BLOCK BLOCKS MILE MILES YARDS FEET METERS METROS CUADRAS MINUTES HOURS HOUSES DOORS KILOMETERS"
    )
)
_FROM = frozenset(words("OF FROM PAST AWAY DOWN UP BEFORE AFTER DE"))
# Nouns that follow a number in a note about somebody, and do not name a street unless a suffix follows them.
_COUNTED = frozenset(
    words(
        "YEARS YEAR MONTHS DAYS WEEKS CHILDREN KIDS ADULTS PEOPLE PERSONS BROTHERS SISTERS COUSINS FRIENDS TIMES PRIORS COUNTS CHARGES BEDS BEDROOM "
        "BEDROOMS JANUARY FEBRUARY OCTOBER NOVEMBER DECEMBER SEPTEMBER DOLLARS MEN WOMEN ADULT CHILD KID PERSON SUSPECTS GUESTS ROOMS ROOM UNITS APARTMENTS HOMES HOUSES HOUSE OLD MALE MALES FEMALE FEMALES FELONY FELONIES "
        "ARRESTS ENTRIES PESOS CENTS NIGHTS DAY MONTH WEEK HOUR MINUTE ITEMS GRAMS KILOS POUNDS LBS DIGITS TENTS CARS VEHICLES"
    )
)
_SINGLE = frozenset(words("MARCH APRIL MAY JUNE JULY AUGUST"))
_NO_NAMES = frozenset(words("OR FROM AWAY BEHIND NEAR ACROSS BETWEEN OPPOSITE BESIDE"))
_NO_OPENINGS = frozenset(words("TO AND OF IN AT ON FROM BY WITH FOR"))
_BOXES = frozenset(words("PO POB BOX P O POBOX"))
_SOMETIMES = frozenset(("MILE", "BLOCK"))
_CROSSING = frozenset(("AND", "Y"))
_BEFORE_URB = frozenset(("URB", "URBANIZACION"))


@lru_cache(CACHED)
def street_is_named(text: str, state: str = "") -> bool:
    """Say whether the text names a street: a name beside suffix and directionals, no code, filler, note, distance or institution.

    ``state`` is the two-letter code: on the islands streets seldom have a suffix.
    """
    if _SAYS_MORE.search(text) or ("," in text and not _is_unit(text.partition(",")[2])):
        return False
    tokens = line_words(split_unit(_HALF_AVENUE.sub("", text))[0])
    if not tokens or is_masked(text) or is_placeholder(text) or (len(tokens) < 2 and tokens[0] in SUFFIXES):
        return False
    if "&" in text or "@" in text or "%" in text or _holds_box(tokens) or _is_place_beside(tokens):
        return False
    if is_sentence(tokens) or any(map(is_gibberish, tokens)) or not has_form_of_street(tokens, state):
        return False
    kinds = [t for t in tokens if t in SUFFIXES]
    ways = [t for t in tokens if t in DIRECTIONALS]
    names = [t for t in tokens if t not in SUFFIXES and t not in DIRECTIONALS]
    if kinds and names and names != ["X"] and is_placeholder(" ".join(names)):  # there is an X Street
        return False
    if not names:  # "Park Ave" and "North St" are names; "St", "N W" are not
        return len(kinds) > 1 or bool(kinds and ways)
    return all(_is_name(tokens, place) for place, t in enumerate(tokens) if t in names)


def _is_unit(text: str) -> bool:
    tokens = unit_tokens(text)
    return not tokens or unit_start(["MAIN", "STREET", *tokens]) == 2


def institution_named(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words name a place where people are held, housed or served, and not a street called after one."""
    if not INSTITUTIONS.intersection(tokens):
        return False
    return tokens[-1] not in SUFFIXES or SUFFIXES[tokens[-1]] == "CTR"


@lru_cache(CACHED)
def street_form(text: str) -> str:
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
        if kind and _SHORT_CODE.fullmatch(tokens[length]):
            return [*kind.split(), *(SUFFIXES.get(t, t) for t in tokens[length:])]
    return []


def _urban_first(tokens: list[str]) -> list[str]:
    at = next((n for n, t in enumerate(tokens) if t in _BEFORE_URB), 0)
    turned = tokens[at:] + tokens[:at]
    return ["URB" if t in _BEFORE_URB else t for t in turned]


def _holds_box(tokens: tuple[str, ...]) -> bool:
    line = " ".join(tokens)
    return (
        _BOXES.issuperset(tokens) or "PO BOX" in line or "P O BOX" in line or "POBOX" in line
    )  # a box without its number


def _is_place_beside(tokens: tuple[str, ...]) -> bool:
    """Say whether it is an institution, a distance, a crossing of two streets or a note instead of a street."""
    if institution_named(tokens):
        return True
    if is_place_without_house(tokens):
        return True
    first = tokens[0]
    mile = (
        first == "MILE"
        and sum(t not in DIRECTIONALS for t in tokens) == 2
        and len(SUFFIXES.keys() & tokens[1:]) > 0
    )
    if first in ("BLK", "BLKS") or (first == "BLOCK" and len(tokens) > 2) or mile:
        return True  # "1200 Blk Elm St" is a block, and "8 Mile Rd" a road without a house
    if LOUD.intersection(tokens) and tokens[-1] not in SUFFIXES:  # there are streets of an Unknown Soldier
        return True
    if unit_at(list(tokens), 0) == len(
        tokens
    ):  # "Rm 620" is a room or a ranch-to-market road: it cannot be told
        return True
    if first in _NO_OPENINGS or _NO_NAMES.intersection(tokens) or (first in _SINGLE and len(tokens) == 1):
        return True
    if first in _DISTANCES and (
        len(tokens) == 1 or first not in _SOMETIMES or tokens[1] in _FROM or tokens[1] in DIRECTIONALS
    ):
        return tokens[-1] not in SUFFIXES or _FROM.intersection(tokens) != frozenset()
    if first in _COUNTED and tokens[-1] not in SUFFIXES and not ROUTE_WORDS.intersection(tokens[1:]):
        return True
    crossings = [n for n, t in enumerate(tokens) if t in _CROSSING and 0 < n < len(tokens) - 1]
    return any(
        _ORDINAL.fullmatch(tokens[n + 1]) or tokens[n - 1] in SUFFIXES or _ORDINAL.fullmatch(tokens[n - 1])
        for n in crossings
    )


def _is_name(tokens: tuple[str, ...], place: int) -> bool:
    token = tokens[place]
    if token.isalpha():
        return len(token) > 1 or len(tokens) > 1
    if not token.strip("0"):
        return False
    if _ORDINAL.fullmatch(token):
        return True
    if len(tokens) < 2 or (not _SHORT_CODE.fullmatch(token) and not _BARE.fullmatch(token)):
        return False
    return not token.isdigit() or _number_belongs(tokens, place)


def _number_belongs(tokens: tuple[str, ...], place: int) -> bool:
    """Say whether a bare number is part of a street's name: a highway's, an avenue's, or a line of the grid."""
    before = tokens[place - 1] if place else ""
    opening = place == 0 or (place == 1 and before in DIRECTIONALS)
    if opening:
        return place + 1 < len(tokens)
    if before in ("M", "K") and place == 1 and len(tokens[place]) < 4:  # state roads of Michigan and Kansas
        return True
    if before in ROUTE_WORDS or (len(before) == 2 and place == 1 and state_code(before) != ""):
        return True
    if before.isdigit() and place > 1 and tokens[place - 2] in ROUTE_WORDS:  # US 17-92
        return True
    if SUFFIXES.get(before) in _KINDS_BEFORE_NUMBER:
        return (
            place == 1 or tokens[place - 2] in _KINDS_OF_ROADS or (place == 2 and tokens[0] in DIRECTIONALS)
        )
    return False
