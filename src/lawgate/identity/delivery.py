"""Reads the parts of a delivery line: house number, street, unit, box or route. Structure first, dictionaries second."""

from __future__ import annotations

import re

from lawgate.identity.fold import fold, words
from lawgate.identity.placeholder import is_masked, is_placeholder
from lawgate.identity.usps import BARE_UNIT, DIRECTIONALS, INSTITUTIONS, SUFFIXES, UNITS

_NUMBER = re.compile(
    r"(?P<grid>[NSEW]\d{1,5}(?:[NSEW]\d{1,5})?)|"
    r"(?P<whole>\d{1,6})(?:(?P<dash>-\d{1,4})|(?:[ -]?(?P<letter>[A-Z]))|(?: (?P<part>[1-9]/[1-9])))?",
    re.ASCII,
)
_PHONE = re.compile(r"\d{3}-\d{4}")
_BOX_ID = r"(?P<id>[A-Z]?[ -]?\d{1,6}[ -]?[A-Z]?)"
_POST_BOX = re.compile(rf"(?:(?:P ?O ?BOX|P ?O ?B|POST OFFICE BOX|BOX) (?:NO |NUM )?)?{_BOX_ID}", re.ASCII)
_ROUTE = re.compile(
    rf"(?P<kind>RR|R R|RURAL ROUTE|RURAL RTE|RFD|HC|HIGHWAY CONTRACT|HIGHWAY CONTRACT ROUTE|STAR ROUTE|PSC|CMR|UNIT)"
    rf" (?P<route>\d{{1,5}})(?: BOX {_BOX_ID})?",
    re.ASCII,
)
_ROUTE_KINDS = {"R R": "RR", "RURAL ROUTE": "RR", "RURAL RTE": "RR", "RFD": "RR",
                "HIGHWAY CONTRACT": "HC", "HIGHWAY CONTRACT ROUTE": "HC", "STAR ROUTE": "HC"}  # fmt: skip
_NEEDS_BOX = ("PSC", "CMR", "UNIT")  # military: the box is what tells addressees apart
_ORDINAL = re.compile(r"\d*(?:1ST|2ND|3RD|\dTH)", re.ASCII)
_SHORT_CODE = re.compile(r"[A-Z]{0,2}\d{1,4}[A-Z]{0,2}", re.ASCII)
_UNIT_AT_END = re.compile(
    r"^(?P<street>.*\S)[ ,]+(?:(?:APT|APARTMENT|UNIT|STE|SUITE)\b\.? *#? *|# *)(?P<id>[A-Z]?-?\d{1,5}-?[A-Z]?|[A-Z])$"
)


def number_form(text: str) -> str:
    """Return a house number's normal form (``0123`` is ``123``, ``12-A`` is ``12A``), or empty if it is none.

    Takes digits with a letter or fraction, hyphenated (``45-12``) and grid numbers (``N6W23001``); refuses zeros,
    telephone numbers, identity numbers and masks.
    """
    written = fold(text.replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4"))
    found = _NUMBER.fullmatch(written)
    if not found or not re.search("[1-9]", written) or _PHONE.fullmatch(written):
        return ""
    if found["grid"]:
        return found["grid"]
    whole = found["whole"].lstrip("0")
    if not whole:
        return ""
    part = f" {found['part']}" if found["part"] else ""
    return whole + (found["dash"] or "") + (found["letter"] or "") + part


def box_form(text: str) -> str:
    """Return the normal form of a post-office box or route (``PO BOX 12``, ``RR 2 BOX 15``), or empty if it is none."""
    written = " ".join(words(text.replace("#", " ")))
    if is_masked(text) or not re.search("[1-9]", written):
        return ""
    if route := _ROUTE.fullmatch(written):
        kind = _ROUTE_KINDS.get(route["kind"], route["kind"])
        box = _box_id(route["id"] or "")
        if (kind in _NEEDS_BOX or route["id"]) and not box:
            return ""
        way = route["route"].lstrip("0")
        return f"{kind} {way}" + (f" BOX {box}" if box else "") if way else ""
    post = _POST_BOX.fullmatch(written)
    return f"PO BOX {_box_id(post['id'])}" if post and _box_id(post["id"]) else ""


def names_box(text: str) -> bool:
    """Say whether a street field in so many words holds a box or route instead (``PO Box 12``, ``RR 2 Box 15``)."""
    found = words(text)
    named = {"BOX", "POB", "POBOX"} & set(found) or _ROUTE.fullmatch(" ".join(found))
    return bool(named) and not found[0][:1].isdigit() and bool(box_form(text))


def street_is_named(text: str) -> bool:
    """Say whether the text names a street: a name beside suffix and directionals, no code, filler or institution."""
    found, _ = split_unit(text)
    tokens = list(words(found))
    if not tokens or is_masked(text) or is_placeholder(text) or (len(tokens) < 2 and tokens[0] in SUFFIXES):
        return False
    if "PO BOX" in " ".join(tokens) or "P O BOX" in " ".join(tokens):
        return False  # a box without its number
    if INSTITUTIONS & set(tokens) and (tokens[-1] not in SUFFIXES or SUFFIXES[tokens[-1]] == "CTR"):
        return False
    kinds = [t for t in tokens if t in SUFFIXES]
    ways = [t for t in tokens if t in DIRECTIONALS]
    names = [t for t in tokens if t not in SUFFIXES and t not in DIRECTIONALS]
    if kinds and names and names != ["X"] and is_placeholder(" ".join(names)):  # there is an X Street
        return False
    if not names:  # "Park Ave" and "North St" are names; "St", "N W" are not
        return len(kinds) > 1 or bool(kinds and ways)
    return all(_is_name(n, beside=len(tokens) > 1) for n in names)


def split_unit(street: str) -> tuple[str, str]:
    """Separate a unit that is written at the end of a street (``Main St Apt 5``) where its designator says so."""
    found = _UNIT_AT_END.match(fold(street))
    return (found["street"], f"{BARE_UNIT} {found['id']}") if found else (fold(street), "")


def unit_form(text: str) -> str:
    """Return a unit's normal form: bare designators fall away (``Apt 5-B``, ``#5B``, ``5 b`` are ``5B``), others stay."""
    tokens = [UNITS.get(w, w) for w in words(text.replace("#", " "))]
    kept = [t.lstrip("0") for t in tokens if t != BARE_UNIT and t.strip("0")]
    form = " ".join(_closed(kept))
    return "" if is_placeholder(form) else form


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


def _box_id(text: str) -> str:
    plain = re.sub("[ -]", "", text)
    return plain.lstrip("0") if re.search("[1-9]", plain) else ""


def _is_name(token: str, *, beside: bool) -> bool:
    if token.isalpha():
        return len(token) > 1 or beside
    return bool(_ORDINAL.fullmatch(token)) or (beside and bool(_SHORT_CODE.fullmatch(token)))
