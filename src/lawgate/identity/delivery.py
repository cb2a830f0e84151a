"""Reads house numbers, boxes and routes, by their form."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.fold import CACHED, fold, line_words, words
from lawgate.identity.placeholder import is_masked

_NUMBER = re.compile(
    r"(?P<grid>[NSEW] ?\d{1,5}(?: ?[NSEW] ?\d{1,5})?|\d{1,3}[NSEW]\d{1,5})|(?P<km>KM ?\d{1,3}(?:\.\d{1,2})?)|"
    r"(?P<whole>\d{1,6})(?:(?P<dash>-\d{1,4}[A-Z]?)|(?:[ -]?(?P<letter>[A-Z]))|(?:[ -](?P<part>[1-9]/[1-9])))?",
    re.ASCII,
)
WRITTEN = {w: str(n + 1) for n, w in enumerate(words("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN"))}
"""House numbers in words."""
_ISLAND_NUMBER = re.compile(r"([A-Z]{1,2})[ -]?0*([1-9]\d{0,3})(?:[ -]?([A-Z]))?", re.ASCII)
_HOUSE_OF_BLOCK = re.compile(
    r"([A-Z]{1,2}[1-9]\d?)-0*([1-9]\d{0,2})|([1-9]\d?[A-Z]{1,2})-?0*([1-9]\d{0,2})", re.ASCII
)
_PHONE = re.compile(r"\d{3}-\d{4}")
_SOME = re.compile("[1-9]")
_POST = r"(?:P ?O ?BOX|P ?O ?BX|P ?O ?DRAWER|P ?O ?B|POST OFFICE BOX|CALLER BOX|CALLER|POSTAL BOX|APARTADO(?: POSTAL)?|DRAWER|LOCK ?BOX|BOX)"
_KIND = (
    r"(?P<kind>RR|R R|RURAL ROUTE|RURAL RTE|RURAL RT|RFD|RT|RTE|ROUTE|RD|HC|HCR|HC ROUTE|HIGHWAY CONTRACT|HIGHWAY CONTRACT ROUTE|"
    r"STAR ROUTE|STAR RTE|STAR RT|PSC|CMR|UNIT)"
)
_SIGN = r"(?:# ?|NO |NUM |NUMBER )?"
_BOX_ID = r"(?P<id>[A-Z]?[ -]?\d{1,6}[ -]?[A-Z]?)"
_POST_BOX = re.compile(rf"(?:{_POST} ?{_SIGN})?{_BOX_ID}", re.ASCII)
_ROUTE = re.compile(rf"{_KIND} ?{_SIGN}(?P<route>\d{{1,6}})(?: (?:BOX|BX) ?{_SIGN}{_BOX_ID})?", re.ASCII)
_BOX_WORD = r"(?P<id>[A-Z]?-?\d{1,6}(?:-?[A-Z])?)(?![^ ])"
_BOX_IN_LINE = re.compile(
    rf"{_POST} ?{_SIGN}{_BOX_WORD}|{_KIND} ?{_SIGN}\d{{1,6}},? (?:BOX|BX) ?{_SIGN}{_BOX_WORD.replace('id', 'id2')}",
    re.ASCII,
)
_ROUTE_KINDS = {
    "R R": "RR", "RURAL ROUTE": "RR", "RURAL RTE": "RR", "RURAL RT": "RR", "RFD": "RR", "RT": "RR", "RTE": "RR", "ROUTE": "RR", "RD": "RR",
    "HCR": "HC", "HC ROUTE": "HC", "HIGHWAY CONTRACT": "HC", "HIGHWAY CONTRACT ROUTE": "HC", "STAR ROUTE": "HC", "STAR RTE": "HC",
    "STAR RT": "HC",
}  # fmt: skip
_ROADS = frozenset(("RT", "RTE", "ROUTE", "RD"))  # routes of the mail only with a box; else highways
MILITARY = frozenset(("PSC", "CMR", "UNIT"))


@lru_cache(CACHED)
def number_form(text: str) -> str:
    """Return a house number's normal form (``0123`` is ``123``, ``12-A`` is ``12A``), or empty if it is none.

    Takes digits with a letter or fraction, hyphenated (``45-12``), grid numbers (``N6W23001``), kilometres (``KM 4.5``) and
    numbers up to ten in words; refuses zeros, telephone numbers, identity numbers and masks.
    """
    written = text if text.isdigit() and text.isascii() else _fractions_written_out(text)
    found = _NUMBER.fullmatch(written)
    if not found or not _SOME.search(written) or _PHONE.fullmatch(written):
        return WRITTEN.get(written, "")
    if found["grid"]:
        return found["grid"].replace(" ", "")
    if found["km"]:
        return f"KM {found['km'][2:].strip()}"
    whole = found["whole"].lstrip("0")
    if not whole:
        return ""
    part = f" {found['part']}" if found["part"] else ""
    return whole + (found["dash"] or "") + (found["letter"] or "") + part


def island_number_form(text: str) -> str:
    """Return the normal form of a Puerto Rican house number, which may open with the letter or the number of its block (``A-17``, ``F1-14``, ``2F12``)."""
    written = fold(text)
    if house := _HOUSE_OF_BLOCK.fullmatch(written):
        return f"{house[1] or house[3]}-{house[2] or house[4]}"
    found = _ISLAND_NUMBER.fullmatch(written)
    return f"{found[1]}{found[2]}{found[3] or ''}" if found else number_form(text)


def split_number(street: str) -> tuple[str, str]:
    """Part the house number at the front of a street line from the rest; nothing if the line does not begin with one."""
    found = street.split()
    for count in (2, 1):
        head = " ".join(found[:count])
        whole = count == 1 or (
            len(found) > 2 and ("/" in found[1] or (head[0] in "NSEW" and found[1][0] in "NSEW"))
        )
        if len(found) > count and whole and number_form(head):
            return head, " ".join(found[count:])
    return "", street


@lru_cache(CACHED)
def box_form(text: str) -> str:
    """Return the normal form of a post-office box or route (``PO BOX 12``, ``RR 2 BOX 15``), or empty if it is none."""
    if not text or is_masked(text):
        return ""
    written = " ".join(line_words(text.replace("#", " ")))
    if not _SOME.search(written):
        return ""
    if route := _ROUTE.fullmatch(written):
        kind = _ROUTE_KINDS.get(route["kind"], route["kind"])
        box, way = _box_id(route["id"] or ""), route["route"].lstrip("0")
        needs_box = route["id"] is not None or kind in MILITARY or route["kind"] in _ROADS
        if not way or (needs_box and not box):
            return ""
        return f"{kind} {way}" + (f" BOX {box}" if box else "")
    post = _POST_BOX.fullmatch(written)
    return f"PO BOX {_box_id(post['id'])}" if post and _box_id(post["id"]) else ""


def is_delivered(box: str) -> bool:
    """Say whether a box's normal form is a delivery line: a route without a box is many miles of houses."""
    return box.startswith("PO BOX ") or " BOX " in box


def box_at_front(line: str) -> int:
    """Return how many characters of a folded line are a box or route with its number, at its front; 0 if none."""
    found = _BOX_IN_LINE.match(line)
    return found.end() if found else 0


def names_box(text: str) -> bool:
    """Say whether a street field in so many words holds a box or route instead (``PO Box 12``, ``RR 2 Box 15``)."""
    if not any(c.isdigit() for c in text):
        return False
    found = line_words(text)
    written = " ".join(found)
    named = "BOX" in written or "POB" in found or "DRAWER" in found or "APARTADO" in found
    return named and not found[0][:1].isdigit() and bool(box_form(text))


def _fractions_written_out(text: str) -> str:
    return fold(text.replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4"))


def _box_id(text: str) -> str:
    plain = text.replace(" ", "").replace("-", "")
    return plain.lstrip("0") if _SOME.search(plain) else ""
