"""Brings written text to plain capitals, so that case, accents and punctuation never decide who somebody is."""

from __future__ import annotations

import re
import unicodedata

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


def fold(text: str) -> str:
    """Return the text in capitals, without accents, with single spaces; letters of other scripts stay themselves."""
    folded = text.upper() if text.isascii() else _folded_once(_folded_once(text))
    return " ".join(folded.split())


def words(text: str) -> tuple[str, ...]:
    """Return the folded words: apostrophes and periods close up nothing but themselves, other punctuation separates."""
    return tuple(_WORD.findall(fold(text).replace("'", "")))


def _folded_once(text: str) -> str:
    # Folding one letter can uncover another to fold (a capital made of a small letter with an accent), hence twice.
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper().translate(_LETTERS)
