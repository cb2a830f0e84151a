"""Says where a number may have been cut in two: two numbers side by side, with nothing but white space between them, can be read two ways.

"112" with a space in place of its second digit is "1 2"; nobody can tell whether that is one number or two. Two readings are none.
"""

from __future__ import annotations

import re

from lawgate.identity.fold import fold

_CUT = re.compile(r"[0-9][A-Z]?\s+[0-9](?![0-9]*/)")
_CUT_ID = re.compile(r"[0-9][A-Z]?\s+[0-9]+(?![0-9]*(?:/|ST\b|ND\b|RD\b|TH\b))")
_OPENS = re.compile(r"[0-9]+(?![0-9]|ST\b|ND\b|RD\b|TH\b)(?P<letter>[A-Z]\b)?")
_PAIR = re.compile(r"([^ ]*[0-9][A-Z]?) (?=([0-9][^ ]*))")


def is_cut(text: str) -> bool:
    """Say whether two numbers stand side by side in the text; a fraction behind a number is part of it."""
    return _CUT.search(fold(text)) is not None


def is_cut_id(text: str) -> bool:
    """Say whether two numbers stand side by side in what a unit is called; a floor may stand behind its home ("5 2nd floor")."""
    return _CUT_ID.search(fold(text)) is not None


def is_cut_between(number: str, street: str) -> bool:
    """Say whether the street opens with a number of its own behind the house's; an ordinal ("5th") is a name."""
    opens = _OPENS.match(fold(street)) if number[-1:].isdigit() else None
    return opens is not None and not (opens["letter"] and "-" in number)  # "15-20" of "6A Avenida"


def rejoined(part: str, text: str) -> str:
    """Return the part, cut into tokens and put together with spaces, with a hyphen again between numbers where the text has no space."""
    whole = fold(text)
    return _PAIR.sub(lambda m: m[1] + (" " if f"{m[1]} {m[2]}" in whole else "-"), part)
