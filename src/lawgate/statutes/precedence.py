"""What happens when a bar on a record meets the ground of a request: nothing is told, and where two statutes conflict a person hears of it.

A bar is an opaque 6xx code on a record: here it has a meaning, to the matcher and in an answer it has none. Bars only stop. The packs do not
know one another; what one statute's bar means beside another's ground stands in this table alone, for counsel to confirm (docs/adr/0021).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What follows. Under either the answer says nothing; CONFLICT is put to a person besides, because the statutes do not agree."""

    STOPS = "stops"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A bar that met a ground: its effect, and why."""

    bar: str
    effect: Effect
    why: str


TAX, VETERANS, CENSUS = "26 U.S.C. 6103", "38 U.S.C. 5701", "13 U.S.C. 9"

_RETURNS, _ORDER, _CLAIM = "usc26-6103-i-2", "usc26-6103-i-5", "usc26-6103-m-2"
_RECORDS, _MEMBERS, _HOUSEHOLDS = "usc5-552a-b-7", "usc38-5701-f-2", "usc13-9"
GROUNDS = (_RETURNS, _ORDER, _CLAIM, _RECORDS, _MEMBERS, _HOUSEHOLDS)

_NONE_PREVAILS = f"{CENSUS}(a): for no purpose but the statistical one; no ground here is an exception to it"
_RELIEF = "8 U.S.C. 1367(a)(2): “in no case”; the ground says “may” or “unless”, and need not be used"
_MEMBERS_ONLY = f"{VETERANS}(a): no disclosure except as the section itself provides"
_TAX_ONLY = f"{TAX}(a): confidential except as title 26 authorises; the ground is not of title 26"
_DENIED = "the ground is denied as it is"

_TABLE: dict[str, dict[str, tuple[Effect, str]]] = {
    "603": dict.fromkeys(GROUNDS, (Effect.STOPS, _NONE_PREVAILS)),
    "604": {
        _RETURNS: (
            Effect.CONFLICT,
            "8 U.S.C. 1367(a)(2): “in no case”, of officials it names; 26 U.S.C. 6103(i)(2)(A): the Secretary “shall disclose”",
        ),
        _ORDER: (Effect.CONFLICT, "8 U.S.C. 1367(a)(2): “in no case”; 26 U.S.C. 6103(i)(5): a court's order opens the return"),
        **dict.fromkeys((_CLAIM, _RECORDS, _MEMBERS), (Effect.STOPS, _RELIEF)),
        _HOUSEHOLDS: (Effect.STOPS, _DENIED),
    },
    "605": {
        **dict.fromkeys((_RETURNS, _ORDER, _CLAIM, _RECORDS), (Effect.STOPS, _MEMBERS_ONLY)),
        _MEMBERS: (Effect.CONFLICT, f"{VETERANS}(a) bars, and (f)(2) of the same section is an exception: which of them the mark means is not known here"),
        _HOUSEHOLDS: (Effect.STOPS, _DENIED),
    },
    "606": {
        **dict.fromkeys(
            (_RETURNS, _ORDER, _CLAIM),
            (Effect.CONFLICT, f"{TAX}(a) bars except as authorised, and the ground is an authority: which of them the mark means is not known here"),
        ),
        **dict.fromkeys((_RECORDS, _MEMBERS), (Effect.STOPS, _TAX_ONLY)),
        _HOUSEHOLDS: (Effect.STOPS, _DENIED),
    },
    "607": {
        **dict.fromkeys((_RETURNS, _CLAIM, _RECORDS, _MEMBERS, _HOUSEHOLDS), (Effect.STOPS, "a court's order protects this person")),
        _ORDER: (Effect.CONFLICT, "one court protects this person, and another opens the return: for the courts"),
    },
}  # fmt: skip

BARS = tuple(_TABLE)
"""The bars that have a meaning here."""


def meetings(ground: str, bars: Collection[str]) -> tuple[Meeting, ...]:
    """Return what each bar on a record means beside a ground. A bar or a ground nobody entered stops, and is put to a person."""
    unknown = (Effect.CONFLICT, "the bar or the ground is not in the table of precedence")
    return tuple(Meeting(bar, *_TABLE.get(bar, {}).get(ground, unknown)) for bar in sorted(bars))


def conflicts(ground: str, bars: Collection[str]) -> tuple[Meeting, ...]:
    """Return those that a person must hear of. Nothing is told under them either, until the record no longer bears the bar."""
    return tuple(m for m in meetings(ground, bars) if m.effect is Effect.CONFLICT)
