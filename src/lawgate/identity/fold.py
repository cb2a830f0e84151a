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

# Controls but for white space, format signs (Unicode's category Cf), and all that Unicode has programs show as nothing
# (Default_Ignorable_Code_Point): soft hyphens, joiners, fillers, signs of direction, variation selectors, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ON_A_DIGIT = re.compile("(?<=[0-9])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")

CACHED = 1 << 14
"""How many of the last readings are kept in memory: words of streets and towns come again and again."""

STRUCK = "\N{FULL BLOCK}"
"""What a folded text has for a sign that strikes out, so that the letters under it are never read as if it were not there."""


def holds_unseen(text: str) -> bool:
    """Say whether a sign stands in the text that is not seen: nobody can tell whether it stands for nothing, or in place of a letter or digit."""
    return not (text.isascii() and text.isprintable()) and _UNSEEN.search(text) is not None


def fold(text: str) -> str:
    """Return the text in capitals, without accents, with single spaces; letters of other scripts stay themselves, and a sign that
    strikes out, or is not seen, is ``STRUCK``.
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
    decomposed = _ON_A_DIGIT.sub(STRUCK, decomposed)  # no digit is written with an accent
    return "".join(map(_plain, decomposed)).upper().translate(_LETTERS)


@lru_cache(CACHED)
def _plain(sign: str) -> str:
    """Return a sign as it is, nothing for an accent, and ``STRUCK`` for what strikes out: an overlay, an enclosing mark, a block, a cross;
    or what no sign can be read from: half a surrogate pair, a private or unassigned place, what is not seen."""
    if sign.isascii():
        return sign
    if _UNSEEN.match(sign):
        return STRUCK
    kind = unicodedata.category(sign)
    if unicodedata.combining(sign) == 1 or sign in _LINES or kind in _STRIKES:
        return sign if sign in "°⁄" else STRUCK
    return "" if unicodedata.combining(sign) else sign
