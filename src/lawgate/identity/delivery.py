"""Reads house numbers, boxes, routes and units. Structure first, dictionaries second."""

from __future__ import annotations

import re
from functools import lru_cache

from lawgate.identity.fold import CACHED, fold, line_words, words
from lawgate.identity.placeholder import is_masked, is_placeholder
from lawgate.identity.usps import BARE_UNIT, FLOORS, SUFFIXES, UNITS, UNITS_ALONE, UNITS_WITH_ID

_NUMBER = re.compile(
    r"(?P<grid>[NSEW] ?\d{1,5}(?: ?[NSEW] ?\d{1,5})?|\d{1,3}[NSEW]\d{1,5})|(?P<km>KM ?\d{1,3}(?:\.\d{1,2})?)|"
    r"(?P<whole>\d{1,6})(?:(?P<dash>-\d{1,4}[A-Z]?)|(?:[ -]?(?P<letter>[A-Z]))|(?:[ -](?P<part>[1-9]/[1-9])))?",
    re.ASCII,
)
_WRITTEN = {w: str(n + 1) for n, w in enumerate(words("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN"))}
_ISLAND_NUMBER = re.compile(r"([A-Z]{1,2})[ -]?0*([1-9]\d{0,3})(?:[ -]?([A-Z]))?", re.ASCII)
_HOUSE_OF_BLOCK = re.compile(
    r"([A-Z]{1,2}[1-9]\d?)[ -]0*([1-9]\d{0,2})|([1-9]\d?[A-Z]{1,2})-?0*([1-9]\d{0,2})", re.ASCII
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
_SIGNS = frozenset(("#", "NO", "NUM", "NUMBER"))
_UNIT_ID = re.compile(
    r"[A-Z]{0,2}-?\d{1,5}-?[A-Z]{0,2}|\d{1,4}-\d{1,4}|[A-Z]|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN",
    re.ASCII,
)
_UNIT_GLUED = re.compile(r"(APT|STE|UNIT|LOT|RM|BLDG|SPC|TRLR|SUITE|SP|PMB)(\d{1,5}[A-Z]?)", re.ASCII)
_BARE_ID = re.compile(r"\d{1,4}[A-Z]", re.ASCII)
_BEFORE_BARE_ID = frozenset(
    w for w, form in SUFFIXES.items() if form in words("ST AVE BLVD DR LN CT PL TER CIR WAY")
)
_HOMES = frozenset(("APT", "APARTMENT", "UNIT", "LEVEL"))
_HOMES_WHERE = UNITS_ALONE | {"GARAGE", "ATTIC", "CELLAR"}
_FLOOR_ID = re.compile(r"(\d{1,2})(?:ST|ND|RD|TH)?", re.ASCII)
_UNIT_TOKEN = re.compile(r"#|\d+(?:-\d+)*(?:-?[A-Z](?![^\W_]))?(?![^\W_])|[^\W_]+")


@lru_cache(CACHED)
def number_form(text: str) -> str:
    """Return a house number's normal form (``0123`` is ``123``, ``12-A`` is ``12A``), or empty if it is none.

    Takes digits with a letter or fraction, hyphenated (``45-12``), grid numbers (``N6W23001``), kilometres (``KM 4.5``) and
    numbers up to ten in words; refuses zeros, telephone numbers, identity numbers and masks.
    """
    written = text if text.isdigit() and text.isascii() else _fractions_written_out(text)
    found = _NUMBER.fullmatch(written)
    if not found or not _SOME.search(written) or _PHONE.fullmatch(written):
        return _WRITTEN.get(written, "")
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


def unit_tokens(text: str) -> list[str]:
    """Return the tokens of a line in which a unit may stand: as words, with ``#`` and hyphenated numbers as they are."""
    return _UNIT_TOKEN.findall(fold(text).replace("'", ""))


def unit_start(tokens: list[str]) -> int:
    """Return where the units at the end of a delivery line begin; its length if there are none. Never the whole line."""
    end = len(tokens)
    while end and (taken := _unit_at_end(tokens, end)) and end - taken > 0:
        end -= taken
    return end


def unit_at(tokens: list[str], place: int) -> int:
    """Return how many tokens at this place are one unit with its id; 0 if none."""
    here, left = tokens[place], len(tokens) - place
    if here == "#":
        return (
            2
            if left > 1
            and (_UNIT_ID.fullmatch(tokens[place + 1]) or _UNIT_GLUED.fullmatch(tokens[place + 1]))
            else 0
        )
    if here in UNITS_WITH_ID and left > 1:
        if tokens[place + 1] in _SIGNS and here not in _SIGNS:
            return 3 if left > 2 and _UNIT_ID.fullmatch(tokens[place + 2]) else 0
        if left > 3 and _in_two(tokens[place + 1], tokens[place + 2]):
            return 3
        if _UNIT_ID.fullmatch(tokens[place + 1]) and not (here == "NO" and tokens[place + 1].isalpha()):
            return 2
    if (
        left > 1
        and tokens[place + 1] in FLOORS
        and _FLOOR_ID.fullmatch(here)
        and not (left > 2 and tokens[place + 2][0].isdigit())
    ):
        return 2
    return 1 if _UNIT_GLUED.fullmatch(here) else 0


@lru_cache(CACHED)
def split_unit(street: str) -> tuple[str, str]:
    """Separate the units written at the end of a street (``Main St Apt 5``) where their designators say so."""
    tokens = unit_tokens(street)
    start = unit_start(tokens)
    return (
        (fold(street), "") if start == len(tokens) else (" ".join(tokens[:start]), " ".join(tokens[start:]))
    )


@lru_cache(CACHED)
def unit_form(text: str) -> str:
    """Return a unit's normal form: bare designators fall away (``Apt 5-B``, ``#5B``, ``5 b`` are ``5B``), others stay."""
    found = [piece for w in line_words(text.replace("#", " ")) for piece in _unglued(w)]
    tokens = _floor_first([UNITS.get(w, w) for w in found])
    kept = [t.lstrip("0") for t in tokens if t != BARE_UNIT and t.strip("0")]
    form = " ".join(_closed(kept))
    return "" if is_placeholder(form) else form


def _unit_at_end(tokens: list[str], end: int) -> int:
    last, before = tokens[end - 1], tokens[end - 2] if end > 1 else ""
    if end > 3 and _in_two(before, last) and tokens[end - 3] in UNITS_WITH_ID:
        return 3
    if before in _SIGNS and _UNIT_ID.fullmatch(last):
        return 3 if end > 3 and tokens[end - 3] in UNITS_WITH_ID - _SIGNS else 2
    if before in UNITS_WITH_ID and _UNIT_ID.fullmatch(last):
        return 2
    if last in FLOORS and _FLOOR_ID.fullmatch(before):
        return 2
    if last in _HOMES and before in _HOMES_WHERE and end > 3:
        return 2  # "Garage Apt", "Lower Unit"
    if last in UNITS_ALONE and end > 2:
        return 1
    if last.isalpha():
        return 0
    if _UNIT_GLUED.fullmatch(last):
        return 2 if before == "#" else 1
    # "Oak St 4B"; but a county road has such numbers.
    return 1 if end > 2 and before in _BEFORE_BARE_ID and _BARE_ID.fullmatch(last) else 0


def _in_two(one: str, other: str) -> bool:
    # "5 C" and "B-12", the hyphen gone, are one id.
    return (one.isdigit() and len(other) == 1 and other.isalpha()) or (
        other.isdigit() and len(one) == 1 and one.isalpha()
    )


def _unglued(word: str) -> tuple[str, ...]:
    found = _UNIT_GLUED.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


def _floor_first(tokens: list[str]) -> list[str]:
    # "2nd floor", "floor 2nd" and "FL 2" are one floor.
    for place, word in enumerate(tokens):
        for at in (place - 1, place + 1):
            if word == "FL" and 0 <= at < len(tokens) and (found := _FLOOR_ID.fullmatch(tokens[at])):
                rest = [t for n, t in enumerate(tokens) if n not in (place, at)]
                return [*rest, "FL", found[1]]
    return tokens


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


def _fractions_written_out(text: str) -> str:
    return fold(text.replace("½", " 1/2").replace("¼", " 1/4").replace("¾", " 3/4"))


def _box_id(text: str) -> str:
    plain = text.replace(" ", "").replace("-", "")
    return plain.lstrip("0") if _SOME.search(plain) else ""
