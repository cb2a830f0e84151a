"""Judges whether the words in a street's place name a street: by the form of the name first, by its words second."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.cut import is_cut
from lawgate.identity.fold import CACHED, line_words, words
from lawgate.identity.form import has_form
from lawgate.identity.note import is_note
from lawgate.identity.placeholder import is_masked, is_placeholder
from lawgate.identity.states import state_code
from lawgate.identity.unit import split_unit, unit_at, unit_start, unit_tokens
from lawgate.identity.usps import (
    DIRECTIONALS,
    INSTITUTIONS,
    ORDINAL,
    ROUTE_WORDS,
    SHORT_CODE,
    STRONG,
    SUFFIXES,
)

# A bracket or a second street behind a slash is more than a street's name; Galveston has half avenues (Avenue R 1/2).
_SAYS_MORE = re.compile(r"[()\[\]{}&@%~<>^=|$+]|[^\W\d_]\s*/|/\s*[^\W\d_]")
_HALF_AVENUE = re.compile(r"(?<=[Aa][Vv][Ee][Nn][Uu][Ee] [A-Za-z]) 1/2$")
_BETWEEN_NUMBERS = re.compile("(?<=[0-9]) (?=[0-9])")
_BARE = re.compile(r"\d{1,5}", re.ASCII)
_LETTERS_FOR_DIGITS = re.compile(r"\d{1,4}(?!ST|ND|RD|TH)[A-Z]{2}", re.ASCII)
_KINDS_BEFORE_NUMBER = frozenset(("RD", "AVE", "ST", "HWY", "LOOP"))
_KINDS_OF_ROADS = frozenset(
    words(
        "COUNTY PARISH CO CNTY CTY STATE ST FARM RANCH MARKET TOWNSHIP TWP FOREST PRIVATE PVT PARK FM RM RANGE COUNTRY SERVICE"
    )
)
_BOXES = frozenset(words("PO POB BOX P O POBOX"))
_LONGEST = 8  # words


@lru_cache(CACHED)
def street_is_named(text: str, state: str = "") -> bool:
    """Say whether the text names a street: a name closed by its suffix or of another known form, no code, filler, note or institution.

    ``state`` is the two-letter code: on the islands streets seldom have a suffix.
    """
    if _SAYS_MORE.search(text) or ("," in text and not _is_unit(text.partition(",")[2])):
        return False
    street = split_unit(_HALF_AVENUE.sub("", text))[0]
    tokens = line_words(street)
    if "#" in street or not "".join(tokens).isascii():  # letters that only look like ours
        return False
    if not tokens or len(tokens) > _LONGEST or is_masked(text) or is_placeholder(text) or is_cut(street):
        return False
    if (
        (len(tokens) < 2 and tokens[0] in SUFFIXES)
        or _holds_box(tokens)
        or institution_named(tokens)
        or is_note(tokens)
    ):
        return False
    if unit_at(list(tokens), 0) == len(tokens) and not _is_ranch_road(tokens, state):
        return False
    if not has_form(tokens, state):
        return False
    kinds = [t for t in tokens if t in SUFFIXES]
    ways = [t for t in tokens if t in DIRECTIONALS]
    names = [t for t in tokens if t not in SUFFIXES and t not in DIRECTIONALS]
    if (
        kinds and names and names != ["X"] and is_placeholder(" ".join(_called(tokens)))
    ):  # there is an X Street
        return False
    called = [t for t in names if t.isalpha()]
    if called and not kinds and is_placeholder(" ".join(called)):  # "Same C7"
        return False
    if not names:  # "Park Ave" and "North St" are names; "St", "N W" are not
        return len(kinds) > 1 or bool(kinds and ways and not _is_end_of_name(tokens))
    if (
        names in (["MILE"], ["MI"]) and len(kinds) < 2
    ):  # which mile, is not said; but there are Mile Hill Roads
        return False
    return all(_is_name(tokens, place, state) for place, t in enumerate(tokens) if t in names)


def institution_named(tokens: tuple[str, ...] | list[str]) -> bool:
    """Say whether the words name a place where people are held, housed or served, and not a street called after one."""
    if not INSTITUTIONS.intersection(tokens):
        return False
    return tokens[-1] not in SUFFIXES or SUFFIXES[tokens[-1]] == "CTR"


def _called(tokens: tuple[str, ...]) -> list[str]:
    """Return what the street is called: its words without directionals and without what closes the name."""
    core = [t for t in tokens if t not in DIRECTIONALS]
    if len(core) > 1 and core[-1] in SUFFIXES:
        core.pop()
    while len(core) > 1 and core[-1] in STRONG:
        core.pop()
    return core


def _is_end_of_name(tokens: tuple[str, ...]) -> bool:
    """Say whether it is what stands behind a street's name ("St NW"); Avenue N and Road S are called by a letter."""
    if len(tokens) != 2 or tokens[0] not in SUFFIXES or tokens[1] not in DIRECTIONALS:
        return False
    return not (len(tokens[1]) == 1 and SUFFIXES[tokens[0]] in ("AVE", "RD"))


def _is_ranch_road(tokens: tuple[str, ...], state: str) -> bool:
    # "Rm 620" is a room or a ranch-to-market road: it cannot be told; few houses have a room 2222.
    return (
        state == "TX"
        and len(tokens) == 2
        and tokens[0] == "RM"
        and len(tokens[1]) == 4
        and tokens[1].isdigit()
    )


def _is_unit(text: str) -> bool:
    tokens = unit_tokens(text)
    return not tokens or unit_start(["MAIN", "STREET", *tokens]) == 2


def _holds_box(tokens: tuple[str, ...]) -> bool:
    line = " ".join(tokens)
    return (
        _BOXES.issuperset(tokens) or "PO BOX" in line or "P O BOX" in line or "POBOX" in line
    )  # a box without its number


def _is_name(tokens: tuple[str, ...], place: int, state: str) -> bool:
    token = tokens[place]
    if token.isalpha():
        return len(token) > 1 or len(tokens) > 1
    if token[0] == "0" or _LETTERS_FOR_DIGITS.fullmatch(token):
        return False
    if ORDINAL.fullmatch(token):
        return True
    if len(tokens) < 2 or (not SHORT_CODE.fullmatch(token) and not _BARE.fullmatch(token)):
        return False
    return not token[0].isdigit() or _number_belongs(tokens, place, state)


def _number_belongs(tokens: tuple[str, ...], place: int, state: str) -> bool:
    """Say whether a bare number is part of a street's name: a highway's, an avenue's, or a line of the grid."""
    before = tokens[place - 1] if place else ""
    opening = place == 0 or (place == 1 and before in DIRECTIONALS)
    if opening:
        # "12 Elm St" behind a house number: the number of another house, or the end of one that was cut in two.
        rest = tokens[place + 1 :]
        if place and rest and rest[0] in DIRECTIONALS:
            return True  # "N 1200 East Rd", a line of the grid
        # Where two numbers are left side by side, a hyphen stood between them ("US 17-92"): else the text is cut.
        return bool(rest) and not street_is_named(_BETWEEN_NUMBERS.sub("-", " ".join(rest)), state)
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
