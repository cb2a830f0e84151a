"""Splits an address stated in one field into its parts. It never repairs: what it cannot place is a doubt, and a doubt refuses.

Law F-1 to F-3: the structure of the line decides; words are looked up only where two readings are left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lawgate.identity.abroad import split_abroad
from lawgate.identity.delivery import box_at_front, number_form, unit_at, unit_start
from lawgate.identity.fold import words
from lawgate.identity.island import ISLAND_WORDS, block_number, building_line, island_line
from lawgate.identity.keeper import (
    CARE_OF,
    LABELS,
    WRITTEN,
    is_name,
    is_numbered_name,
    name_length,
    without_keeper,
    without_label,
)
from lawgate.identity.placeholder import is_exempted, nothing_said
from lawgate.identity.stated import AddressParts, Split
from lawgate.identity.states import state_of_words
from lawgate.identity.street import institution_named
from lawgate.identity.tokens import LONGEST, segments, take_country, take_state, take_zip, tokens_of
from lawgate.identity.town import LONGEST as LONGEST_TOWN
from lawgate.identity.town import is_neighbour, is_town, town_belongs, town_length
from lawgate.identity.usps import STRONG, UNITS, UNITS_ALONE

# A struck or cut number: "-12", "12-ish", "74103-", and a time of day.
_CUT = re.compile(r"\s*-\d|\s*\d+-[A-Za-z]{2}|.*(?:\d-\s*$|\b\d{1,2}:\d\d\b)", re.DOTALL)
EVERY_PART = ("number", "street", "city", "state", "zip")
_LOCATORS = frozenset(("@", "WWW", "HTTP", "HTTPS"))
_ROUTE_OPENINGS = frozenset(words("RR RURAL RFD RT RTE ROUTE HC HCR HIGHWAY STAR PSC CMR UNIT R"))
_BUILDINGS = frozenset(("COND", "CONDOMINIO", "RES", "RESIDENCIAL", "EDIF", "EDIFICIO"))
_COUNTIES = frozenset(("COUNTY", "PARISH", "MUNICIPIO"))


@dataclass(slots=True)
class _Line:
    """What has been placed so far."""

    state: str
    zip5: str
    number: str = ""
    street: str = ""
    unit: list[str] = field(default_factory=list)
    box: str = ""
    city: str = ""
    area: list[str] = field(default_factory=list)
    institution: bool = False
    building: list[str] = field(default_factory=list)
    near_town: bool = False  # what comes now stands, without a comma, before the town
    doubts: list[str] = field(default_factory=list)

    def doubt(self, *parts: str) -> None:
        """Note that these parts cannot be read."""
        self.doubts += [p for p in parts if p not in self.doubts]


def split_text(text: str) -> Split:
    """Return the parts of a free-text address, folded, with the parts in doubt; whoever judges parts judges these the same."""
    if len(text) > LONGEST:
        return Split(AddressParts("", "", "", "", "", "", "", ""), EVERY_PART, False)
    tokens = tokens_of(without_label(text))
    silent = nothing_said(tokens) or not _LOCATORS.isdisjoint(tokens) or is_exempted(text)
    doubts = ("number", "street") if silent else ()
    if ("-" in text or ":" in text) and _CUT.match(text):
        doubts = (*doubts, "number")
    country = take_country(tokens)
    if country != "US":
        return split_abroad(segments(tokens), country, doubts)
    zip_text = take_zip(tokens)
    state = take_state(tokens, zip_text)
    if not zip_text and state:
        zip_text = take_zip(tokens)  # "77002 TX"
    line = _home(segments(tokens), state, zip_text)
    line.doubt(*doubts)
    street = " ".join([*line.area, line.street] if line.street else [])
    parts = AddressParts(line.number, street, " ".join(line.unit), line.box, line.city, state, zip_text, "")
    return Split(parts, tuple(line.doubts), line.institution)


def _home(runs: list[list[str]], state: str, zip_text: str) -> _Line:
    line = _Line(state_of_words(state), zip_text[:5])
    runs = _joined(runs)
    if len(runs) > 1 and runs[-1][-1] in _COUNTIES:
        runs.pop()
    if runs and runs[0][0] in LABELS:
        runs[0] = runs[0][2:] if runs[0][1:2] == ["ADDRESS"] else runs[0][1:]
    rest = _take_town(line, runs)
    for run in runs:
        if run:
            _take(line, run)
    if rest:
        line.near_town = True
        _take(line, rest)
    if not line.number and not line.box and line.building and (home := building_line(line.building)):
        line.number, line.street, line.unit, line.area = home.number, " ".join(home.street), home.unit, []
    return line


def _take_town(line: _Line, runs: list[list[str]]) -> list[str]:
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


def _is_elsewhere(line: _Line, run: tuple[str, ...]) -> bool:
    """Say whether the words name another town of the state, which is neither of the ZIP nor near it."""
    known = bool(line.state) and len(run) <= LONGEST_TOWN and is_town(run, line.state)
    return known and not (
        town_belongs(run, line.state, line.zip5) or is_neighbour(run, line.state, line.zip5)
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


def _take(line: _Line, run: list[str]) -> None:
    """Place one run of tokens."""
    if run[0] in CARE_OF:
        keeper, run = without_keeper(run)
        line.institution = line.institution or institution_named(keeper or [""])
    while run:
        left = _take_front(line, run)
        if left is None:
            break
        run = left
    if not run:
        return
    if any(t[0].isdigit() or t == "#" for t in run):
        _take_mixed(line, run)
    else:
        _take_words(line, run)


def _take_front(line: _Line, run: list[str]) -> list[str] | None:
    """Take a box, a street line or a unit off the front; None if none stands there."""
    if not run[0][0].isdigit() and (length := box_at_front(" ".join(run))):
        return _take_box(line, run, length)
    placed = line.number or line.box
    if (
        not placed
        and run[0] in ("#", "NO")
        and len(run) > 2
        and STRONG.intersection(run[2:])
        and number_form(run[1])
    ):
        return run[1:]  # "No. 12 Elm St", "#12 Elm St": the sign of the house number
    digits = run[0][0].isdigit()
    unit = (
        0
        if not placed and (run[0] in ("NO", "NUM", "NUMBER") or (digits and len(run) > 2))
        else unit_at(run, 0)
    )
    if unit and (placed or not digits or unit == len(run)):
        line.unit += run[:unit]
        return run[unit:]
    if placed and len(run) == 1 and (run[0] in UNITS_ALONE or number_form(run[0])):
        line.unit += run
        return []
    count = _number_length(line, run)
    return _take_street(line, run, count) if count else None


def _take_box(line: _Line, run: list[str], length: int) -> list[str]:
    count = " ".join(run)[:length].count(" ") + 1
    if line.box:
        line.doubt("box")
    line.box = " ".join(run[:count])
    return run[count:]


def _number_length(line: _Line, run: list[str]) -> int:
    first, second = run[0], run[1] if len(run) > 1 else ""
    if first[0].isdigit():
        if "/" in second and number_form(f"{first} {second}"):
            return 2
        return 1 if number_form(first) else 0
    if first == "KM" and second and number_form(f"{first} {second}"):
        return 2
    if first in WRITTEN:
        return 1 if STRONG.intersection(run[1:]) else 0
    if first[-1].isdigit() and number_form(first):
        return 2 if second and second[0] in "NSEW" and number_form(f"{first} {second}") else 1
    return block_number(run) if line.state == "PR" else 0


def _take_street(line: _Line, run: list[str], count: int) -> list[str]:
    if line.number:
        line.doubt("number", "street")
        return []
    if count < len(run) and not run[count].isalnum() and run[count][0] not in "#&/0123456789":
        count += 1  # digits struck out behind the first belong to the number
    line.number = " ".join(run[:count])
    rest = run[count:]
    if "/" in rest[:-1] and unit_at(rest, rest.index("/") + 1):
        rest.remove("/")
    if "&" in rest or "/" in rest:
        line.doubt("street")
    for place in range(1, len(rest)) if "BOX" in rest or "POB" in rest else ():
        if length := box_at_front(" ".join(rest[place:])):
            _set_street(line, rest[:place])
            return _take_box(line, rest[place:], length)
    _set_street(line, rest)
    return []


def _set_street(line: _Line, tokens: list[str]) -> None:
    end = unit_start(tokens)
    line.street = " ".join(tokens[:end])
    line.unit += tokens[end:]


def _take_mixed(line: _Line, run: list[str]) -> None:
    """Words with a number behind them: a name before the line or with a room of its own, or nothing that can be read."""
    at = min(next(n for n, t in enumerate(run) if t[0].isdigit() or t == "#"), unit_start(run))
    front = at if institution_named(run[:at] or [""]) else name_length(run)
    placed = line.number or line.box
    if line.state == "PR" and run[0] in ISLAND_WORDS:
        _take_island(line, run)
    elif front and not placed:
        line.institution = line.institution or institution_named(run[:front])
        _take(line, run[front:])
    elif unit_start(run) == at and is_name(run[:at]) and (not placed or STRONG.isdisjoint(run)):
        line.unit += run[at:] if run[at] in UNITS else []  # a shop's own number ("Walgreens #4471") is none
    elif not placed and is_numbered_name(run):
        return
    else:
        line.doubt("street" if line.number else "number")


def _take_island(line: _Line, run: list[str]) -> None:
    start = unit_start(run)
    if not line.number and run[0] in _BUILDINGS and start < len(run):
        line.area, line.unit, line.building = line.area + run[:start], line.unit + run[start:], run
        return
    found = island_line(run)
    line.area += found.area
    if not found.number:
        if found.left:
            _take(line, found.left)
        return
    if line.number:
        line.doubt("number", "street")
    line.number, line.street = found.number, " ".join(found.street)
    line.unit += found.unit


def _take_words(line: _Line, run: list[str]) -> None:
    """A name before the line, or a building, quarter or county behind it: dropped, if it says nothing against the line."""
    if institution_named(run):
        line.institution = True
    if (line.number or line.box) and (line.near_town or _is_elsewhere(line, tuple(run))):
        line.doubt("city")
    if line.state == "PR" and run[0] in ISLAND_WORDS:
        line.area += run
    elif line.number and ("AND" in run[1:-1] or any(t in STRONG for t in run[1:])):
        line.doubt("street")
    elif not is_name(run):
        line.doubt("number" if not line.number else "street")
