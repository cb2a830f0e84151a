"""Brings written text to plain capitals, so that case, accents and punctuation never decide who somebody is."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "Ø": "O",
        "Ł": "L",
        "Đ": "D",
        "Ð": "D",
        "Æ": "AE",
        "Œ": "OE",
        "Þ": "TH",
        "ẞ": "SS",
        "⁄": "/",
        "ʻ": "'",
        "’": "'",
    }
)
_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"(?<![^\W_])(?:[A-Z]\.){2,}(?:[A-Z](?![^\W_]))?")

_LINES = frozenset(
    "\u0305\u0332\u0333\u033d\u033f\u0347\u0353\u036f"
)  # lines and crosses over or under a letter

_STRIKES = ("Me", "So", "Sm", "Cs", "Co", "Cn")

CACHED = 1 << 14
"""How many of the last readings are kept in memory: words of streets and towns come again and again."""

STRUCK = "\N{FULL BLOCK}"
"""What a folded text has for a sign that strikes out, so that the letters under it are never read as if it were not there."""


def fold(text: str) -> str:
    """Return the text in capitals, without accents, with single spaces; letters of other scripts stay themselves, and a sign that
    strikes out is ``STRUCK``.
    """
    folded = text.upper() if text.isascii() else _folded_once(_folded_once(text))
    return " ".join(folded.split())


@lru_cache(CACHED)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words: apostrophes and periods close up nothing but themselves, other punctuation separates."""
    return tuple(_WORD.findall(fold(text).replace("'", "")))


@lru_cache(CACHED)
def line_words(text: str) -> tuple[str, ...]:
    """Return the words of a delivery line or a place: as ``words``, but initials are one word (``N.W.``, ``P.O.``, ``D.C.``)."""
    return tuple(_WORD.findall(close_initials(fold(text)).replace("'", "")))


def close_initials(folded: str) -> str:
    """Write initials with periods as one word."""
    return _INITIALS.sub(_closed, folded) if "." in folded else folded


def _closed(found: re.Match[str]) -> str:
    return found[0].replace(".", "") + " "


def _folded_once(text: str) -> str:
    # Folding one letter can uncover another to fold (a capital made of a small letter with an accent), hence twice.
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    return "".join(map(_plain, decomposed)).upper().translate(_LETTERS)


@lru_cache(CACHED)
def _plain(sign: str) -> str:
    """Return a sign as it is, nothing for an accent, and ``STRUCK`` for what strikes out: an overlay, an enclosing mark, a block, a cross;
    or what no sign can be read from: half a surrogate pair, a private or unassigned place."""
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    if unicodedata.combining(sign) == 1 or sign in _LINES or kind in _STRIKES:
        return sign if sign in "°⁄" else STRUCK
    return "" if unicodedata.combining(sign) else sign
