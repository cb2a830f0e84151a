"""Splits a free-text address abroad: a street with its number (or a box), a locality, and the country named at the end."""

from __future__ import annotations

import re

from lawgate.identity.delivery import box_at_front, number_form
from lawgate.identity.fold import words
from lawgate.identity.placeholder import LOUD
from lawgate.identity.stated import AddressParts, Split

_QUARTERS = frozenset(words("COL COLONIA BARRIO FRACC FRACCIONAMIENTO SECTOR URB URBANIZACION ZONA"))
_POSTAL = re.compile(r"(?=.*\d)[A-Z\d]{2,7}(?:-\d{3,4})?")


def split_abroad(runs: list[list[str]], country: str, doubts: tuple[str, ...]) -> Split:
    """Return the parts; the street line is the first run with a word and a number, the locality a run behind it."""
    at = next((n for n, run in enumerate(runs) if _is_line(run)), -1)
    if at > 0 and (len(runs[at - 1]) == 1 and runs[at - 1][0].isdigit()):
        at -= 1
    if at < 0:
        place = " ".join(runs[-1]) if runs else ""
        return Split(
            AddressParts("", "", "", "", place, "", "", country), ("number", "street", *doubts), False
        )
    if any(LOUD.intersection(run) for run in runs):
        doubts = (*doubts, "street")
    number, street, box = _line(runs[at])
    city, state, postal = _place(runs[at + 1 :])
    return Split(AddressParts(number, street, "", box, city, state, postal, country), doubts, False)


def _is_line(run: list[str]) -> bool:
    words = [t for t in run if t.isalpha() and len(t) > 1]
    return bool(words) and any(t[0].isdigit() for t in run)


def _line(run: list[str]) -> tuple[str, str, str]:
    joined = " ".join(run)
    if box_at_front(joined) == len(joined):
        return "", "", joined
    if run[0][0].isdigit() and number_form(run[0]):
        return run[0], " ".join(run[1:]), ""
    return "", joined, ""


def _place(runs: list[list[str]]) -> tuple[str, str, str]:
    """Return locality, region and postal code; the locality stands with the code, or first behind the street."""
    named = [run for run in runs if any(t.isalpha() and len(t) > 2 for t in run) and run[0] not in _QUARTERS]
    coded = [run for run in named if any(_POSTAL.fullmatch(t) for t in run)]
    best = (coded or named or [[]])[0]
    city = " ".join(t for t in best if not any(c.isdigit() for c in t))
    region = " ".join(t for run in runs[runs.index(best) + 1 :] for t in run if t.isalpha()) if best else ""
    postal = " ".join(t for run in runs for t in run if _POSTAL.fullmatch(t))
    return city, region, postal
