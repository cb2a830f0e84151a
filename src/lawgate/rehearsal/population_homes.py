"""Where the households of a block live, year by year: houses, flats in shared buildings, boxes, institutions, and who moved where when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lawgate.rehearsal.population_words import CITIES, STREETS, SUFFIXES, WAYS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 2018, 2025
MOVES = (0.55, 0.28, 0.12, 0.05)
"""Shares of households that moved never, once, twice, three times in those years."""
HOUSE, FLAT, BOX, QUARTERS = 0, 1, 2, 3
DWELLINGS = (0.64, 0.29, 0.06, 0.01)
"""Shares of houses, flats, boxes, and places in an institution that many file from."""
FLATS_OF_A_BUILDING, PEOPLE_OF_AN_INSTITUTION = 12, 40
RELET = 0.3
"""Share of moves into a dwelling that another household of the block has left."""
NAMESAKES = 0.002
"""Share of households whose neighbour's first person has the same name."""


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays of some households: how many each has, and which they are."""

    counts: Ints
    which: Ints


@dataclass(frozen=True, slots=True)
class Homes:
    """Arrays by dwelling: ``kind`` to ``building``. Arrays by stay, household after household, oldest first: ``since``, ``until`` (years,
    inclusive) and ``dwelling``. ``begins`` has each household's first stay, and the number of all at the end.

    ``unit`` is 0 for none; ``street``, ``suffix``, ``way`` and ``place`` are places in the tables;
    ``building`` is one of the dwellings with the same number and street. ``namesakes`` are households whose
    neighbour, the household after them, has a namesake.
    """

    kind: Ints
    number: Ints
    way: Ints
    street: Ints
    suffix: Ints
    unit: Ints
    place: Ints
    building: Ints
    since: Ints
    until: Ints
    dwelling: Ints
    begins: Ints
    namesakes: Ints

    def stays_of(self, household: Ints) -> Stays:
        """Return the stays of these households, in their order."""
        counts = self.begins[household + 1] - self.begins[household]
        starts = np.repeat(self.begins[household] - np.concatenate([[0], counts.cumsum()[:-1]]), counts)
        return Stays(counts, starts + np.arange(int(counts.sum())))

    def last_stay(self, household: Ints) -> Ints:
        """Return the stay in which these households live now."""
        last: Ints = self.begins[household + 1] - 1
        return last


def make_homes(rng: np.random.Generator, households: int) -> Homes:
    """Draw the dwellings and the moves of so many households."""
    moves = rng.choice(4, size=households, p=MOVES)
    begins = np.concatenate([[0], (moves + 1).cumsum()]).astype(np.int64)
    since, until = _years(rng, moves, begins)
    count = int(begins[-1])
    namesakes = _namesakes(rng, moves)
    kind = rng.choice(4, size=count, p=DWELLINGS).astype(np.int64)
    here, there = begins[namesakes], begins[namesakes + 1]
    kind[here] = kind[there] = HOUSE
    number, way, street, suffix, unit, place, building = _dwellings(rng, kind)
    for column in (way, street, suffix, place):
        column[there] = column[here]
    number[there] = number[here] + 2
    dwelling = _relet(rng, since, until, begins, namesakes)
    together = kind[dwelling] == QUARTERS
    dwelling[together] = building[dwelling[together]]
    return Homes(
        kind, number, way, street, suffix, unit, place, building, since, until, dwelling, begins, namesakes
    )


def _years(rng: np.random.Generator, moves: Ints, begins: Ints) -> tuple[Ints, Ints]:
    """The years in which they moved, all different, and from them the years of each stay."""
    possible = np.arange(FIRST_YEAR + 1, LAST_YEAR + 1)
    ranks = rng.random((len(moves), len(possible))).argsort(axis=1)
    chosen = np.where(np.arange(len(possible)) < moves[:, None], possible[ranks], LAST_YEAR + 1)[:, :3]
    chosen.sort(axis=1)
    since = np.full(int(begins[-1]), FIRST_YEAR, dtype=np.int64)
    for turn in range(3):
        movers = np.flatnonzero(moves > turn)
        since[begins[movers] + turn + 1] = chosen[movers, turn]
    until = np.full(len(since), LAST_YEAR, dtype=np.int64)
    inner = np.ones(len(since), dtype=bool)
    inner[begins[1:] - 1] = False
    until[inner] = since[np.flatnonzero(inner) + 1] - 1
    return since, until


def _namesakes(rng: np.random.Generator, moves: Ints) -> Ints:
    """Pairs of neighbouring households of which neither moved, no household in two pairs."""
    settled = (moves[:-1] == 0) & (moves[1:] == 0) & (np.arange(len(moves) - 1) % 2 == 0)
    found = np.flatnonzero(settled & (rng.random(len(moves) - 1) < 2 * NAMESAKES / (MOVES[0] ** 2)))
    return found.astype(np.int64)


def _dwellings(rng: np.random.Generator, kind: Ints) -> tuple[Ints, ...]:
    """Draw an address for each dwelling; flats share those of their building, places in an institution the whole address."""
    count = len(kind)
    number = rng.integers(10, 9900, count) // 2 * 2 + rng.integers(0, 2, count)
    way = np.where(rng.random(count) < 0.65, 0, rng.integers(1, len(WAYS), count))
    street, suffix = rng.integers(0, len(STREETS), count), rng.integers(0, len(SUFFIXES), count)
    place, unit = rng.integers(0, len(CITIES), count), np.zeros(count, dtype=np.int64)
    building = np.arange(count)
    for which, size in ((FLAT, FLATS_OF_A_BUILDING), (QUARTERS, PEOPLE_OF_AN_INSTITUTION)):
        found = rng.permutation(np.flatnonzero(kind == which))
        building[found] = found[np.arange(len(found)) // size * size]
        for column in (number, way, street, suffix, place):
            column[found] = column[building[found]]
        if which == FLAT:
            unit[found] = np.arange(len(found)) % size + 1
    return number, way, street, suffix, unit, place, building


def _relet(rng: np.random.Generator, since: Ints, until: Ints, begins: Ints, namesakes: Ints) -> Ints:
    """Give some of those who move a dwelling that others had left by then; else every stay has a dwelling of its own."""
    dwelling = np.arange(len(since), dtype=np.int64)
    household = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    kept = np.isin(household, np.concatenate([namesakes, namesakes + 1]))
    left = np.flatnonzero((until < LAST_YEAR) & ~kept)
    coming = np.flatnonzero((since > FIRST_YEAR) & ~kept)
    coming = coming[rng.random(len(coming)) < RELET]
    left = left[rng.permutation(len(left))][: len(coming)]
    coming = coming[: len(left)]
    fits = (until[left] < since[coming]) & (household[left] != household[coming])
    dwelling[coming[fits]] = left[fits]
    return dwelling
