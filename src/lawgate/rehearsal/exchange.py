"""The datafile of 2025, reconstructed: who is asked about, as whom and where; and, apart from it, the truth about every line.

Lines are made block by block beside the population's blocks, each from its own seed. Counts follow ``exchange_figures``: over the
whole file they are exact, whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lawgate.rehearsal import exchange_figures as figures
from lawgate.rehearsal.exchange_pools import (
    NOBODY,
    Lines,
    Names,
    Pools,
    numbers_of,
    pools_of,
    take,
    written,
)
from lawgate.rehearsal.exchange_text import no_addresses
from lawgate.rehearsal.population import BLOCK, blocks_of, make_block
from lawgate.rehearsal.population_homes import QUARTERS
from lawgate.rehearsal.population_words import (
    CITIES,
    GIVEN,
    GIVEN_WEIGHTS,
    STATE_CODES,
    SURNAME_WEIGHTS,
    SURNAMES,
    drawn,
)

Ints = NDArray[np.int64]

FEWEST_PEOPLE = 20_000
STRANGER = "stranger at an address not on record"
INSUFFICIENT = "insufficient address"


def people_for(lines: int) -> int:
    """Return how many people the records of a datafile of that many lines have."""
    return max(FEWEST_PEOPLE, round(lines * figures.PEOPLE_FOR_A_LINE))


def blocks_for(lines: int) -> int:
    """Return in how many blocks the lines are made."""
    return blocks_of(people_for(lines))


def ordinals_of(number: int, lines: int) -> range:
    """Return the ordinals of the lines made in block ``number``: as many as its share of the people."""
    people = people_for(lines)
    before, after = min(number * BLOCK, people), min((number + 1) * BLOCK, people)
    return range(lines * before // people + 1, lines * after // people + 1)


def make_lines(seed: int, number: int, lines: int) -> Lines:
    """Make the lines of block ``number``; the same arguments give the same lines, byte for byte."""
    people = people_for(lines)
    block = make_block(seed, number, people)
    rng = np.random.default_rng([seed, 2025, number])
    ordinals = ordinals_of(number, lines)
    pools = pools_of(block, rng)
    counts = _counts(ordinals)
    parts = [
        KINDS[kind](pools, count, kind, (seed, people + number * 1_000_000)) for kind, count in counts.items()
    ]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    columns["kind"] = np.repeat([list(KINDS).index(kind) for kind in counts], list(counts.values()))
    order = rng.permutation(len(ordinals))
    return Lines(ordinals.start - 1, **{name: values[order] for name, values in columns.items()})


def shares() -> dict[str, float]:
    """Return the share of each kind among all lines; the strangers are what is left."""
    full, released = figures.FULL_SIZE, figures.BY_NUMBER
    moved = figures.MOVED_SHARE
    left = moved * released - figures.INSUFFICIENT_RELEASED
    counts = {
        "number held, insufficient address": float(figures.INSUFFICIENT_RELEASED),
        "number held, names a relative": figures.NAMES_A_RELATIVE * released,
        "number held, moved": figures.FORMER_ON_RECORD * left,
        "number held, never filed from there": (1 - figures.FORMER_ON_RECORD) * left,
        "number held, current": (1 - moved - figures.NAMES_A_RELATIVE) * released,
        "name and address, moved": moved * figures.BY_ADDRESS,
        "name and address, current": (1 - moved) * figures.BY_ADDRESS,
        "missed in 2025, moved": moved * figures.MISSED,
        "missed in 2025, current": (1 - moved) * figures.MISSED,
        INSUFFICIENT: figures.INSUFFICIENT_SHARE * full - figures.INSUFFICIENT_RELEASED,
    }
    found = {kind: count / full for kind, count in counts.items()} | figures.DECOYS
    return found | {STRANGER: 1.0 - sum(found.values())}


def _counts(ordinals: range) -> dict[str, int]:
    """Share a block's lines out so that over all blocks each kind has its exact count."""
    before, after = ordinals.start - 1, ordinals.stop - 1
    found = {kind: round(s * after) - round(s * before) for kind, s in shares().items() if kind != STRANGER}
    return found | {STRANGER: len(ordinals) - sum(found.values())}


_Maker = Callable[[Pools, int, str, tuple[int, int]], Lines]
_Where = Callable[[Pools], Ints]


def _on_record(where: _Where, *, number: bool, strict: bool = False, otherwise: bool = False) -> _Maker:
    """Lines about people on record, at one of their dwellings."""

    def make(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        dwelling = where(pools)
        person = take(pools, count, pools.block.on_record & (dwelling != NOBODY))
        stated = numbers_of(pools, person) if number else None
        return written(
            pools, dwelling[person], person=person, about=True, number=stated, strict=strict, errors=not strict, otherwise=otherwise
        )  # fmt: skip

    return make


def _insufficient_with_number(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    person = take(pools, count, pools.last != NOBODY)
    dwelling = pools.last[person]
    text = no_addresses(pools.block.homes, dwelling, np.zeros(count, dtype=bool), pools.rng)
    number = numbers_of(pools, person)
    return written(pools, dwelling, person=person, about=True, number=number, text=text, denotes=False)


def _relative(*, number: bool) -> _Maker:
    """Lines about somebody on no record at a relative's address, perhaps with the relative's number."""

    def make(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        block = pools.block
        filers = np.flatnonzero(pools.last != NOBODY)
        somebody = np.full(int(block.household[-1]) + 1, NOBODY)
        somebody[block.household[filers]] = filers
        known = somebody[block.household]
        fits = ~block.on_record & (known != NOBODY) & (block.suffix == "")
        fits &= block.surname == block.surname[known]
        person = take(pools, count, fits)
        stated = numbers_of(pools, known[person]) if number else None
        return written(pools, pools.last[known[person]], person=person, number=stated)

    return make


def _child_of_the_same_name(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    block = pools.block
    parent = np.arange(len(block.born)) - 1
    person = take(pools, count, (block.suffix == "Jr") & ~block.on_record & (pools.last[parent] != NOBODY))
    return written(pools, pools.last[person - 1], person=person)


def _former_tenant(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    """Somebody on no record, at a dwelling that the household left and others now file from."""
    block, homes = pools.block, pools.block.homes
    taken = np.zeros(len(homes.kind), dtype=bool)
    others = homes.dwelling[np.flatnonzero(homes.dwelling != np.arange(len(homes.dwelling)))]
    taken[others] = True
    stays = homes.stays_of(block.household)
    who, where = np.repeat(np.arange(len(block.born)), stays.counts), homes.dwelling[stays.which]
    left = np.full(len(block.born), NOBODY)
    mine = taken[where] & (where == stays.which)
    left[who[mine]] = where[mine]
    person = take(pools, count, ~block.on_record & (left != NOBODY) & (block.suffix == ""))
    return written(pools, left[person], person=person)


def _other_names(pools: Pools, count: int) -> Names:
    """Draw names of strangers."""
    rng = pools.rng
    surname = SURNAMES[drawn(SURNAME_WEIGHTS, count, rng)]
    return GIVEN[drawn(GIVEN_WEIGHTS, count, rng)], surname, np.full(count, "", dtype=object)


def _stranger_at(institution: bool) -> _Maker:
    def make(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        block = pools.block
        there = pools.last != NOBODY
        if institution:
            there &= block.homes.kind[pools.last] == QUARTERS
        found = np.flatnonzero(there)
        person = found[pools.rng.integers(0, len(found), count)]
        given, surname, second = _other_names(pools, count)
        return written(pools, pools.last[person], names=(given, surname, second))

    return make


def _displaced(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    """The name of somebody on record at an address that is nearly theirs: next door, one digit off, or in another town."""
    block, homes, rng = pools.block, pools.block.homes, pools.rng
    beside = np.isin(block.household, np.concatenate([homes.namesakes, homes.namesakes + 1]))
    person = take(pools, count, (pools.last != NOBODY) & ~beside & (homes.number[pools.last] < 9_800))
    dwelling = pools.last[person]
    house, place = homes.number[dwelling].copy(), homes.place[dwelling].copy()
    if kind == "namesake next door":
        house += 2
    elif kind == "one digit off":
        unit = 10 ** rng.integers(0, 2, count)
        digit = house // unit % 10
        house = np.maximum(house + ((digit + rng.integers(1, 10, count)) % 10 - digit) * unit, 1)
    else:
        other = (place + rng.integers(3, len(CITIES) - 3, count)) % len(CITIES)
        same = (CITIES[other] == CITIES[place]) & (STATE_CODES[other] == STATE_CODES[place])
        place = np.where(same, (other + 5) % len(CITIES), other)
    return written(pools, dwelling, person=person, house=house, place=place, denotes=False)


def _insufficient(pools: Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    rng = pools.rng
    dwelling = rng.integers(0, len(pools.block.homes.kind), count)
    text = no_addresses(pools.block.homes, dwelling, rng.random(count) < figures.BLANK_SHARE, rng)
    names = _other_names(pools, count)
    return written(pools, dwelling, names=names, text=text, denotes=False)


def _stranger(pools: Pools, count: int, kind: str, drawn_from: tuple[int, int]) -> Lines:
    """People on no record at houses nobody files from; some with a number that is nobody's here."""
    rng, homes = pools.rng, pools.block.homes
    dwelling = rng.integers(0, len(homes.kind), count)
    house = rng.integers(10_000, 10_100, count)  # no house of the population has five digits
    seed, unused = drawn_from
    numbers = ((unused + np.arange(count)) * 15_485_863 + seed * 7_919) % 49_000_000
    area, rest = np.divmod(numbers, 490_000)
    whole = (900 + area) * 1_000_000 + (rest // 10_000 + 1) * 10_000 + rest % 10_000
    number = np.where(rng.random(count) < figures.NUMBERS_OF_STRANGERS, whole.astype(str), "").astype(object)
    names = _other_names(pools, count)
    return written(pools, dwelling, names=names, house=house, number=number, denotes=False)


KINDS: dict[str, _Maker] = {
    "number held, insufficient address": _insufficient_with_number,
    "number held, names a relative": _relative(number=True),
    "number held, moved": _on_record(lambda p: p.former, number=True),
    "number held, never filed from there": _on_record(lambda p: p.unfiled, number=True),
    "number held, current": _on_record(lambda p: p.last, number=True),
    "name and address, moved": _on_record(lambda p: p.former, number=False, strict=True),
    "name and address, current": _on_record(lambda p: p.last, number=False, strict=True),
    "missed in 2025, moved": _on_record(lambda p: p.former, number=False, otherwise=True),
    "missed in 2025, current": _on_record(lambda p: p.last, number=False, otherwise=True),
    INSUFFICIENT: _insufficient,
    "relative not on record": _relative(number=False),
    "stranger at an address on record": _stranger_at(institution=False),
    "former tenant not on record": _former_tenant,
    "namesake next door": _displaced,
    "one digit off": _displaced,
    "same street, other town": _displaced,
    "child of the same name not on record": _child_of_the_same_name,
    "stranger in an institution": _stranger_at(institution=True),
    STRANGER: _stranger,
}
"""Every kind of line, in a fixed order, with what makes it."""

COLUMNS = ("first_name", "last_name", "number", "ordered", "address", "record", "dwelling", "whole", "twin")
