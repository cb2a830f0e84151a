"""Places the runs of tokens of a free-text address at home: number, street, box, unit, area, and names before or behind the line.

What it cannot place is a doubt, and a doubt refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lawgate.identity.delivery import WRITTEN, box_at_front, number_form
from lawgate.identity.island import ISLAND_WORDS, block_number, is_house_of_block, island_line
from lawgate.identity.keeper import (
    CARE_OF,
    is_name,
    is_numbered_name,
    name_length,
    without_keeper,
)
from lawgate.identity.street import institution_named
from lawgate.identity.town import LONGEST as LONGEST_TOWN
from lawgate.identity.town import is_neighbour, is_town, town_belongs
from lawgate.identity.unit import unit_at, unit_start
from lawgate.identity.usps import STRONG, UNITS, UNITS_ALONE

_BUILDINGS = frozenset(("COND", "CONDOMINIO", "RES", "RESIDENCIAL", "EDIF", "EDIFICIO"))


@dataclass(slots=True)
class Line:
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


def take(line: Line, run: list[str]) -> None:
    """Place one run of tokens."""
    if run[0] in CARE_OF:
        keeper, run = without_keeper(run)
        line.institution = line.institution or institution_named(keeper or [""])
    before = ""
    while run:
        left = _take_front(line, run, before)
        if left is None:
            break
        before = run[-len(left) - 1] if len(left) < len(run) else before
        run = left
    if not run:
        return
    if any(t[0].isdigit() or t == "#" for t in run):
        _take_mixed(line, run)
    else:
        _take_words(line, run)


def _take_front(line: Line, run: list[str], before: str) -> list[str] | None:
    """Take a box, a street line or a unit off the front; None if none stands there. ``before`` is the last token taken off this run."""
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
        if before[-1:].isdigit() and run[0][0].isdigit():
            line.doubt(
                "box" if line.box else "unit"
            )  # "PO Box 1 234", "# 1 2": the end of a number cut in two
        line.unit += run
        return []
    count = _number_length(line, run)
    return _take_street(line, run, count) if count else None


def _take_box(line: Line, run: list[str], length: int) -> list[str]:
    count = " ".join(run)[:length].count(" ") + 1
    if line.box:
        line.doubt("box")
    line.box = " ".join(run[:count])
    return run[count:]


def _number_length(line: Line, run: list[str]) -> int:
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


def _take_street(line: Line, run: list[str], count: int) -> list[str]:
    if line.number:
        line.doubt("number", "street")
        return []
    if count < len(run) and not run[count].isalnum() and run[count][0] not in "#&/0123456789":
        count += 1  # digits struck out behind the first belong to the number
    joint = "-" if count == 2 and is_house_of_block(run) else " "
    line.number = joint.join(run[:count])
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


def _set_street(line: Line, tokens: list[str]) -> None:
    end = unit_start(tokens)
    line.street = " ".join(tokens[:end])
    line.unit += tokens[end:]


def _take_mixed(line: Line, run: list[str]) -> None:
    """Words with a number behind them: a name before the line or with a room of its own, or nothing that can be read."""
    at = min(next(n for n, t in enumerate(run) if t[0].isdigit() or t == "#"), unit_start(run))
    front = at if institution_named(run[:at] or [""]) else name_length(run)
    placed = line.number or line.box
    if line.state == "PR" and run[0] in ISLAND_WORDS:
        _take_island(line, run)
    elif front and not placed:
        line.institution = line.institution or institution_named(run[:front])
        take(line, run[front:])
    elif unit_start(run) == at and is_name(run[:at]) and (not placed or STRONG.isdisjoint(run)):
        line.unit += run[at:] if run[at] in UNITS else []  # a shop's own number ("Walgreens #4471") is none
    elif not placed and is_numbered_name(run):
        return
    else:
        line.doubt("street" if line.number else "number")


def _take_island(line: Line, run: list[str]) -> None:
    start = unit_start(run)
    if not line.number and run[0] in _BUILDINGS and start < len(run):
        line.area, line.unit, line.building = line.area + run[:start], line.unit + run[start:], run
        return
    found = island_line(run)
    line.area += found.area
    if not found.number:
        if found.left:
            take(line, found.left)
        return
    if line.number:
        line.doubt("number", "street")
    line.number, line.street = found.number, " ".join(found.street)
    line.unit += found.unit


def _take_words(line: Line, run: list[str]) -> None:
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


def _is_elsewhere(line: Line, run: tuple[str, ...]) -> bool:
    """Say whether the words name another town of the state, which is neither of the ZIP nor near it."""
    known = bool(line.state) and len(run) <= LONGEST_TOWN and is_town(run, line.state)
    return known and not (
        town_belongs(run, line.state, line.zip5) or is_neighbour(run, line.state, line.zip5)
    )
