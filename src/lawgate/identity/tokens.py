"""Cuts one field of free text into tokens, and takes country, ZIP and state off its end."""

from __future__ import annotations

import re

from lawgate.identity.country import LONGEST_NAME as LONGEST_COUNTRY
from lawgate.identity.country import country_of_words
from lawgate.identity.fold import close_initials, fold
from lawgate.identity.states import LONGEST_NAME as LONGEST_STATE
from lawgate.identity.states import state_of_words, zip_belongs

LONGEST = 400
"""Characters; whatever is longer is not an address but a text."""

# A number with its hyphens, fraction or letter; a word; a comma; a sign. Every alternative takes at least one character and none overlaps
# the next, so the time is linear in the length of the text.
_TOKEN = re.compile(
    r"[0-9]+\.[0-9]+(?![0-9.])|[0-9]+(?:[-/][0-9]+)*(?:-?[A-Z](?![^\W_]))?(?![^\W_])|[^\W_]+|[,#&@/]|"
    r"[*?_█▓■•●…%°+=<>\\^~$]+|-{3,}|\.{3,}"
)
_BREAKS = re.compile(r"\s*[\r\n\t\v\f\x85\u2028\u2029;|()\[\]]+\s*|\s+[-–—/]+\s+")
_BREAK_SIGN = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029;|()\[\]–—]| -| /")
_SPACED_ZIP = re.compile(r"(?<![0-9])([0-9]{5}) [-–] ?([0-9]{4})(?![0-9])")
_CARE_OF = re.compile(r"(?<![^\W_])(?:C\s?/\s?O|(?:IN )?CARE OF)(?![^\W_])")
_ZIP = re.compile("[0-9]{5}(?:-?[0-9]{4})?")
_STATE_ZIP = re.compile("([A-Z]{2})([0-9]{5}(?:-?[0-9]{4})?)")
_PLUS_FOUR = re.compile("[0-9]{4}")
_HOME = frozenset(("USA", "US", "EEUU", "EUA"))
_HOME_IN_WORDS = (
    ("UNITED", "STATES"),
    ("UNITED", "STATES", "OF", "AMERICA"),
    ("U", "S", "A"),
    ("U", "S"),
    ("ESTADOS", "UNIDOS"),
)

_HOME_ENDS = _HOME | {name[-1] for name in _HOME_IN_WORDS}


def tokens_of(text: str) -> list[str]:
    """Return the folded tokens; a line break, semicolon, bracket or lone dash counts as a comma; signs stay as they are."""
    if not text.isascii():
        text = text.replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4")
    if _BREAK_SIGN.search(text):
        text = _SPACED_ZIP.sub(r"\1-\2", text)
        text = _BREAKS.sub(" , ", text)
    folded = close_initials(text.upper() if text.isascii() else fold(text)).replace("'", "")
    if "/" in folded or "CARE OF" in folded:
        folded = _CARE_OF.sub(" CAREOF ", folded)
    return _TOKEN.findall(folded)


def take_country(tokens: list[str]) -> str:
    """Take a country named at the end off the tokens and return its code; ``US`` if none is named."""
    drop_commas(tokens)
    if not tokens or tokens[-1][0].isdigit():
        return "US"
    if _take_home(tokens):
        drop_commas(tokens)
        return "US"
    last = _last_words(tokens, LONGEST_COUNTRY)
    for length in range(len(last), 0, -1):
        joined = " ".join(last[-length:])
        if state_of_words(joined):
            return "US"  # NEW MEXICO is not MEXICO
        code = country_of_words(joined)
        if code and not (len(tokens) > length and tokens[-length - 1] in ("SAN", "NEW")):
            del tokens[-length:]
            drop_commas(tokens)
            return code
    return "US"


def take_zip(tokens: list[str]) -> str:
    """Take the ZIP off the end and return it; empty if none stands there. What stands there instead is taken off too."""
    drop_commas(tokens)
    if not tokens:
        return ""
    last = tokens[-1]
    if _PLUS_FOUR.fullmatch(last) and len(tokens) > 1 and len(tokens[-2]) in (5, 7):
        glued = tokens[-2]
        if _ZIP.fullmatch(glued) or _STATE_ZIP.fullmatch(glued):
            del tokens[-1]
            tokens[-1] = last = f"{glued}-{last}"
    found = _STATE_ZIP.fullmatch(last)
    if found:
        tokens[-1:] = [found[1], found[2]]
        last = found[2]
    if _ZIP.fullmatch(last):
        del tokens[-1]
        drop_commas(tokens)
        if tokens and _take_home(tokens):
            drop_commas(tokens)
        return last
    while tokens and not tokens[-1].isalpha() and tokens[-1] != "," and len(tokens) > 1:
        del tokens[-1]
    return ""


def take_state(tokens: list[str], zip5: str) -> str:
    """Take the state off the end and return it as written: the longest name there in which the ZIP lies, else the longest."""
    drop_commas(tokens)
    if tokens and len(tokens[-1]) == 2 and zip_belongs(zip5, state_of_words(tokens[-1])):
        return tokens.pop()  # no longer name of a state ends with another's two letters
    last = _last_words(tokens, LONGEST_STATE)
    found = [n for n in range(len(last), 0, -1) if state_of_words(" ".join(last[-n:]))]
    if not found:
        return ""
    best = next((n for n in found if zip_belongs(zip5, state_of_words(" ".join(last[-n:])))), found[0])
    del tokens[-best:]
    return " ".join(last[-best:])


def segments(tokens: list[str]) -> list[list[str]]:
    """Return the runs of tokens between commas; none is empty."""
    runs: list[list[str]] = []
    start = 0
    while "," in tokens[start:]:
        end = tokens.index(",", start)
        if end > start:
            runs.append(tokens[start:end])
        start = end + 1
    if start < len(tokens):
        runs.append(tokens[start:])
    return runs


def drop_commas(tokens: list[str]) -> None:
    """Take commas off the end."""
    while tokens and tokens[-1] == ",":
        del tokens[-1]


def _take_home(tokens: list[str]) -> bool:
    if tokens[-1] not in _HOME_ENDS:
        return False
    if tokens[-1] in _HOME and len(tokens) > 1:
        del tokens[-1]
        return True
    for name in _HOME_IN_WORDS:
        if tuple(tokens[-len(name) :]) == name and len(tokens) > len(name):
            del tokens[-len(name) :]
            return True
    return False


def _last_words(tokens: list[str], most: int) -> list[str]:
    start = len(tokens)
    while start and len(tokens) - start < most and tokens[start - 1].isalpha():
        start -= 1
    return tokens[start:]
