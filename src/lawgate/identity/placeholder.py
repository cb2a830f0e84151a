"""Knows what stands in a field without saying anything: placeholders, masks, fillers (law F-1, F-2)."""

from __future__ import annotations

import re

from lawgate.identity.fold import fold, words

_WORDS = frozenset(
    words(
        "UNKNOWN UNK UNKN UKN NA NONE NULL NIL NAN HOMELESS TRANSIENT REFUSED DECLINED PENDING TBD TBA SAME X "
        "UNSPECIFIED UNDETERMINED UNAVAILABLE MISSING BLANK EMPTY REDACTED MASKED WITHHELD DELETED INVALID "
        "ASDF QWERTY QWER TEST TESTING DUMMY FOO NOWHERE ANYWHERE SOMEWHERE WHATEVER ADDRESS UNDISCLOSED"
    )
)

_PHRASES = tuple(
    f" {p} "
    for p in (
        "FAILED TO PROVIDE", "FAILURE TO PROVIDE", "DID NOT PROVIDE", "REFUSED TO PROVIDE", "NOT PROVIDED",
        "NOT AVAILABLE", "NOT APPLICABLE", "NOT KNOWN", "NOT GIVEN", "NOT STATED", "NOT ON FILE", "NO ADDRESS",
        "NO FIXED ABODE", "NO FIXED ADDRESS", "NO PERMANENT ADDRESS", "NO KNOWN ADDRESS", "NO STREET", "NO CITY",
        "UNKNOWN ADDRESS", "ADDRESS UNKNOWN", "UNKNOWN STREET", "STREET UNKNOWN", "DONT CARE", "DO NOT CARE", "DONT KNOW", "DO NOT KNOW",
        "GENERAL DELIVERY", "SAME AS ABOVE", "SAME ADDRESS", "AS ABOVE", "SEE ABOVE", "SEE FILE", "ON FILE", "AT LARGE",
        "TO BE DETERMINED", "TO BE ADVISED", "LAST KNOWN", "STREET ADDRESS", "STREET NAME", "HOUSE NUMBER",
        "CITY NAME", "ZIP CODE", "LIVES ON STREET", "ON THE STREETS",
    )
)  # fmt: skip

_MASK_SIGN = re.compile(r"[*?_█▓■•●…]|\.{3,}|-{3,}")
_MASK_WORD = re.compile(r"X{3,}|^X{2,}$|^\d+X{2,}$|^X{2,}\d+$|\dX{2,}|X{2,}\d")


def is_blank(value: object) -> bool:
    """Say whether nothing is stated: absent, or text of white space only."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_masked(text: str) -> bool:
    """Say whether part of the text was struck out (``12XX``, ``***``, ``S_____``): what is hidden is not stated."""
    return bool(_MASK_SIGN.search(text)) or any(_MASK_WORD.search(w) for w in words(text))


def is_placeholder(text: str) -> bool:
    """Say whether the text is a filler: no letter or digit, one sign over and over, or a known way to say nothing."""
    found = words(text)
    if not found:
        return True
    together = "".join(found)
    if set(together) == {"0"} or (len(together) > 2 and len(set(together)) == 1 and together.isalpha()):
        return True
    if together in _WORDS or all(w in _WORDS for w in found):
        return True
    return says_nothing(" ".join(found))


def says_nothing(text: str) -> bool:
    """Say whether a known phrase of refusal stands anywhere in the text."""
    spaced = f" {' '.join(words(fold(text)))} "
    return any(p in spaced for p in _PHRASES)
