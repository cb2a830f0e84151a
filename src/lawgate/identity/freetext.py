"""Splits an address stated in one field into its parts. It never repairs: what it cannot place is a doubt, and a doubt refuses.

Law F-1 to F-3: the structure of the line decides; words are looked up only where two readings are left.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lawgate.identity.abroad import split_abroad
from lawgate.identity.cut import is_cut_id, rejoined
from lawgate.identity.delivery import number_form
from lawgate.identity.fold import fold, words
from lawgate.identity.island import building_line
from lawgate.identity.keeper import (
    LABELS,
    without_label,
)
from lawgate.identity.line import Line, take
from lawgate.identity.placeholder import is_exempted, is_struck, nothing_said
from lawgate.identity.stated import AddressParts, Split
from lawgate.identity.states import state_of_words
from lawgate.identity.street import street_is_named
from lawgate.identity.tokens import LONGEST, segments, take_country, take_state, take_zip, tokens_of
from lawgate.identity.town import LONGEST as LONGEST_TOWN
from lawgate.identity.town import is_neighbour, town_belongs, town_length

# A struck or cut number: "-12", "12-ish", "74103-", and a time of day.
_CUT = re.compile(r"\s*-\d|\s*\d+-[A-Za-z]{2}|.*(?:\d-\s*$|\b\d{1,2}:\d\d\b)", re.DOTALL)
EVERY_PART = ("number", "street", "city", "state", "zip")
_LOCATORS = frozenset(("@", "WWW", "HTTP", "HTTPS"))
_ROUTE_OPENINGS = frozenset(words("RR RURAL RFD RT RTE ROUTE HC HCR HIGHWAY STAR PSC CMR UNIT R"))
_COUNTIES = frozenset(("COUNTY", "PARISH", "MUNICIPIO"))


def split_text(text: str) -> Split:
    """Return the parts of a free-text address, folded, with the parts in doubt; whoever judges parts judges these the same."""
    if len(text) > LONGEST or is_struck(text):
        return Split(AddressParts("", "", "", "", "", "", "", ""), EVERY_PART, False)
    tokens = tokens_of(without_label(text))
    silent = nothing_said(tokens) or not _LOCATORS.isdisjoint(tokens) or is_exempted(text)
    doubts = ("number", "street") if silent else ()
    if ("-" in text or ":" in text) and _CUT.match(text):
        doubts = (*doubts, "number")
    country = take_country(tokens)
    if country != "US":
        split = split_abroad(segments(tokens), country, doubts)
        return replace(split, parts=replace(split.parts, street=rejoined(split.parts.street, text)))
    zip_text = take_zip(tokens)
    state = take_state(tokens, zip_text)
    if not zip_text and state:
        zip_text = take_zip(tokens)  # "77002 TX"
    line = _home(segments(tokens), state, zip_text)
    if doubts:
        line.doubt(*doubts)
    street = " ".join([*line.area, line.street] if line.street else [])
    if _is_cut(line, text):
        line.doubt("number")
    parts = AddressParts(line.number, street, " ".join(line.unit), line.box, line.city, state, zip_text, "")
    return Split(parts, tuple(line.doubts), line.institution)


def _is_cut(line: Line, text: str) -> bool:
    """Say whether the house's or the unit's number may be one that was cut in two, where the street does not show it."""
    unit, whole = " ".join(line.unit), fold(text)
    if any(is_cut_id(part) and part in whole for part in (unit, line.street)):
        return True
    if line.box and line.number and not street_is_named(line.street, line.state):
        after_unit = unit[-1:].isdigit() and f"{unit} {line.number}" in whole  # "PMB 1 12 PO Box 4960"
        if after_unit or line.street[:1].isdigit():
            return True
    if line.state != "PR" or not line.number:
        return False
    block, _, house = line.number.partition("-")  # "F1-14", which tokens do not tell from "F1 14"
    in_two = bool(house) and not block[:1].isdigit() and f"{block} {house}" in whole
    return in_two or re.search(rf"(?<![\w-]){re.escape(line.number)} [0-9]", whole) is not None


def _home(runs: list[list[str]], state: str, zip_text: str) -> Line:
    line = Line(state_of_words(state), zip_text[:5])
    runs = _joined(runs)
    if len(runs) > 1 and runs[-1][-1] in _COUNTIES:
        runs.pop()
    if runs and runs[0][0] in LABELS:
        runs[0] = runs[0][2:] if runs[0][1:2] == ["ADDRESS"] else runs[0][1:]
    rest = _take_town(line, runs)
    for run in runs:
        if run:
            take(line, run)
    if rest:
        line.near_town = True
        take(line, rest)
    if not line.number and not line.box and line.building and (home := building_line(line.building)):
        line.number, line.street, line.unit, line.area = home.number, " ".join(home.street), home.unit, []
    return line


def _take_town(line: Line, runs: list[list[str]]) -> list[str]:
    """Take the town off the end and the run it ends off the runs; return what stands before it without a comma."""
    last = runs.pop() if runs else []
    if not last:
        return []
    if len(runs) > 1 and _is_larger_town(runs[-1], last, line.state, line.zip5):
        last = (
            runs.pop()
        )  # "Brooklyn, New York": the town of the ZIP, and the city it is a part or a neighbour of
    whole = (
        last[0].isalpha() and len(last) <= LONGEST_TOWN and town_belongs(tuple(last), line.state, line.zip5)
    )
    start = 0 if whole else len(last) - town_length(last, line.state, line.zip5)
    if start == len(last) and (runs or last[0].isalpha()) and all(t.isalpha() for t in last):
        start = 0  # no town of that ZIP: whoever judges the parts says so
    line.city = " ".join(last[start:])
    return last[:start]


def _is_larger_town(run: list[str], last: list[str], state: str, zip5: str) -> bool:
    if not last[0].isalpha() or len(last) > LONGEST_TOWN or not run[0].isalpha() or len(run) > LONGEST_TOWN:
        return False
    return (
        not town_belongs(tuple(last), state, zip5)
        and town_belongs(tuple(run), state, zip5)
        and is_neighbour(tuple(last), state, zip5)
    )


def _joined(runs: list[list[str]]) -> list[list[str]]:
    """Put together what a comma parted: a number and its street, a route and its box."""
    out: list[list[str]] = []
    for run in runs:
        before = out[-1] if out else []
        number = (
            len(before) == 1 and before[0][0].isdigit() and run[0].isalpha() and bool(number_form(before[0]))
        )
        route = run[0] in ("BOX", "BX") and before and before[0] in _ROUTE_OPENINGS and len(before) < 4
        if (number and len(runs) > 2 and (len(out) == 1 or not out[-2][0][0].isdigit())) or route:
            before += run
        else:
            out.append(run)
    return out
