"""Finds where the street ends and the town begins in a line without a comma between them; where that is open, says so."""

from __future__ import annotations

from lawgate.identity.fold import words
from lawgate.identity.places import LONGEST_TOWN, STREETS_ALONE, TOWNS
from lawgate.identity.states import state_of_words
from lawgate.identity.usps import DIRECTIONALS, ROUTES, STRONG, SUFFIXES

_OPENERS = frozenset(words("CALLE AVE AVENIDA CARR CARRETERA PASEO CAMINO CALLEJON VIA RUTA BOULEVARD"))
_LONGEST_ROUTE = 4
_AFTER_ROUTE = frozenset(("RD", "HWY", "EXPY", "FWY", "BYP", "LOOP", "SPUR", "BUS", "BUSINESS"))


def town_start(rest: list[str]) -> int:
    """Return where the town begins in ``street town``: 0 if no street stands before it, -1 if it cannot be told."""
    towns = [k for k in range(max(0, len(rest) - LONGEST_TOWN), len(rest)) if " ".join(rest[k:]) in TOWNS]
    if towns and towns[0] == 0:
        return 0
    certain = _grid_end(rest) or _route_end(rest)
    if certain:
        return _past_directional(rest, certain, towns)
    ends = _ends(rest)
    known = next((k for k in towns if k in ends), 0)
    if known:
        return known
    alone = next((k for k in range(min(len(rest) - 1, 5), 0, -1) if _is_alone(rest[:k])), 0)
    if alone:
        return alone
    strong = _strong_end(rest)
    if strong and (rest[-1] in STRONG or all(t in SUFFIXES or t in DIRECTIONALS for t in rest[strong:])):
        return len(rest)  # more of the street, and no town behind it
    if strong and strong - 1 in towns:
        return -1  # "Main St Charles": Main St in Charles, or Main in St Charles
    return _past_directional(rest, strong, towns) if strong else 0


def _is_alone(street: list[str]) -> bool:
    plain = street[1:] if len(street) > 1 and street[0] in DIRECTIONALS else street
    plain = plain[:-1] if len(plain) > 1 and len(plain[-1]) < 3 and plain[-1] in DIRECTIONALS else plain
    return " ".join(plain) in STREETS_ALONE


def _ends(rest: list[str]) -> frozenset[int]:
    """Where a street may end: behind a suffix with a name before it, or the directional that follows one."""
    if rest[0] in _OPENERS and len(rest) > 2:
        return frozenset(range(2, len(rest)))
    ends = set()
    for place in range(1, len(rest)):
        lettered = place == 1 and SUFFIXES.get(rest[0]) == "AVE" and len(rest[1]) == 1
        if rest[place] in SUFFIXES or lettered:
            ends.add(place + 1)
            if place + 1 < len(rest) and rest[place + 1] in DIRECTIONALS:
                ends.add(place + 2)
    return frozenset(ends)


def _strong_end(rest: list[str]) -> int:
    if SUFFIXES.get(rest[0]) == "AVE" and len(rest) > 2 and len(rest[1]) == 1:
        return 2
    found = [n for n in range(1, len(rest) - 1) if rest[n] in STRONG and not _is_court_house(rest, n)]
    # In "N St Johns Ave" the St opens a saint's name; in "N St Lincoln" it closes the street's.
    if len(found) > 1 and rest[found[0]] == "ST" and all(t in DIRECTIONALS for t in rest[: found[0]]):
        found = found[1:]
    if not found:
        return 0
    end = found[0] + 1
    while end < len(rest) - 1 and rest[end] in STRONG and rest[end] != "ST":
        end += 1
    return end


def _is_court_house(rest: list[str], place: int) -> bool:
    return SUFFIXES[rest[place]] == "CT" and rest[place + 1] == "HOUSE"


def _route_end(rest: list[str]) -> int:
    start = 1 if rest[0] in DIRECTIONALS else 0
    for length in range(_LONGEST_ROUTE, 0, -1):
        end = start + length
        kind = " ".join(rest[start:end])
        if end < len(rest) and rest[end][0].isdigit() and (kind in ROUTES or _of_a_state(rest[start:end])):
            return (
                end + 2
                if end + 2 < len(rest) and SUFFIXES.get(rest[end + 1], rest[end + 1]) in _AFTER_ROUTE
                else end + 1
            )
    return 0


def _of_a_state(kind: list[str]) -> bool:
    road = kind[-1] in ("HWY", "HIGHWAY", "ROUTE", "RTE", "ROAD", "RD")
    return bool(state_of_words(" ".join(kind[:-1] if road and len(kind) > 1 else kind)))


def _grid_end(rest: list[str]) -> int:
    start = 1 if rest[0] in DIRECTIONALS else 0
    if len(rest) <= start + 2 or not rest[start].isdigit() or rest[start + 1] not in DIRECTIONALS:
        return 0
    return start + 3 if rest[start + 2] in STRONG and rest[start + 2] != "ST" else start + 2


def _past_directional(rest: list[str], end: int, towns: list[int]) -> int:
    """A short directional belongs to the street. A written-out one may open the town's name: only a known town decides."""
    if end >= len(rest) or rest[end] not in DIRECTIONALS:
        return end
    if end in towns:
        return end
    if end + 1 >= len(rest):
        return end + 1
    if len(rest[end]) < 3 or end + 1 in towns:
        return end + 1
    return -1
