"""The datafile of 2025, reconstructed: who is asked about, as whom and where; and, apart from it, the truth about every line.

Lines are made block by block beside the population's blocks, each from its own seed. Counts follow ``exchange_figures``: over the
whole file they are exact, whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lawgate.rehearsal import exchange_figures as figures
from lawgate.rehearsal.exchange_text import (
    AS_ON_RECORD,
    CAPITALS,
    OTHER_STYLES,
    STYLES,
    UNIT_LEFT_OUT,
    address_texts,
    names_as_written,
    no_addresses,
)
from lawgate.rehearsal.population import BLOCK, Block, blocks_of, make_block
from lawgate.rehearsal.population_homes import QUARTERS
from lawgate.rehearsal.population_words import (
    CITIES,
    GIVEN,
    GIVEN_WEIGHTS,
    STATE_CODES,
    SURNAME_WEIGHTS,
    SURNAMES,
    Words,
    drawn,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEWEST_PEOPLE = 20_000
NOBODY = -1
STRANGER = "stranger at an address not on record"
INSUFFICIENT = "insufficient address"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the datafile with the truth beside them, all by line.

    ``record`` is the number of the person on record whom the line is about, NOBODY if there is none; ``dwelling`` the dwelling that the
    stated address denotes, NOBODY if it is no address or nobody's here; ``whole`` is False where its unit was left out, so that it denotes
    the building. ``kind`` is a place in KINDS.
    """

    first: int
    first_name: Words
    last_name: Words
    number: Words
    ordered: Words
    address: Words
    record: Ints
    dwelling: Ints
    whole: Bools
    kind: Ints


@dataclass(frozen=True, slots=True)
class _Pools:
    """People of a block who can be asked about, nobody twice, and a dwelling for each; ``names_there`` are the names filed from each dwelling."""

    block: Block
    rng: np.random.Generator
    used: Bools
    last: Ints
    former: Ints
    unfiled: Ints
    names_there: frozenset[str]


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
    pools = _pools(block, rng)
    parts = [
        KINDS[kind](pools, count, kind, (seed, people + number * 1_000_000))
        for kind, count in _counts(ordinals).items()
        if count
    ]
    order = rng.permutation(len(ordinals))
    return Lines(
        ordinals.start - 1, *(np.concatenate([getattr(p, name) for p in parts])[order] for name in _COLUMNS)
    )


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


def _pools(block: Block, rng: np.random.Generator) -> _Pools:
    """For everybody on record: the last dwelling filed from, a former one, and one lived in but never filed from; NOBODY for none."""
    filings, homes, count = block.filings, block.homes, len(block.born)
    own = ~filings.third_party
    person, dwelling = filings.person[own], filings.dwelling[own]
    last = np.full(count, NOBODY)
    last[person] = dwelling  # filings ascend by year within a person: the last one stays
    former = np.full(count, NOBODY)
    before = dwelling != last[person]
    former[person[before]] = dwelling[before]
    recent = np.full(count, 0)
    recent[person] = filings.tax_year[own]
    former[recent < int(figures.PERIODS[0])] = (
        NOBODY  # who filed for none of the periods is not among the updated
    )
    stays = homes.stays_of(block.household)
    who, where = np.repeat(np.arange(count), stays.counts), homes.dwelling[stays.which]
    seen = np.isin(who * len(homes.kind) + where, filings.person * len(homes.kind) + filings.dwelling)
    unfiled = np.full(count, NOBODY)
    unfiled[who[~seen]] = where[~seen]
    there = frozenset(_named_at(filings.dwelling, block.given[filings.person], block.surname[filings.person]))
    return _Pools(block, rng, np.zeros(count, dtype=bool), last, former, unfiled, there)


def _named_at(dwelling: Ints, given: Words, surname: Words) -> Words:
    found: Words = dwelling.astype(str).astype(object) + "|" + given + " " + surname
    return found


def _is_named_there(pools: _Pools, dwelling: Ints, given: Words, surname: Words) -> Bools:
    """Say whether somebody of that very name files from there: then nothing stated could tell the two apart."""
    return np.array([name in pools.names_there for name in _named_at(dwelling, given, surname)], dtype=bool)


def _take(pools: _Pools, count: int, wanted: Bools, beside: Ints | None = None) -> Ints:
    """Take so many people nobody has asked about yet; with ``beside`` none whose very name is filed from that dwelling.

    Raises ValueError if there are too few.
    """
    found = np.flatnonzero(wanted & ~pools.used)
    if beside is not None:
        names = pools.block.given[found], pools.block.surname[found]
        found = found[~_is_named_there(pools, beside[found], *names)]
    if len(found) < count:
        raise ValueError("the population is too small for this mix")
    chosen = found[pools.rng.permutation(len(found))[:count]]
    pools.used[chosen] = True
    return chosen


def _lines(
    pools: _Pools, kind: str, dwelling: Ints, *, person: Ints | None = None, names: tuple[Words, Words, Words] | None = None,
    about: bool = False, number: Words | None = None, strict: bool = False, errors: bool = False, otherwise: bool = False,
    house: Ints | None = None, place: Ints | None = None, text: Words | None = None, denotes: bool = True,
) -> Lines:  # fmt: skip
    """Write lines of one kind. ``about`` says that ``person`` is on record and meant; ``strict`` that the writing is the record's own,
    ``otherwise`` that it is not."""
    block, rng, count = pools.block, pools.rng, len(dwelling)
    homes = block.homes
    if names is None:
        assert person is not None
        names = block.given[person], block.surname[person], block.second[person]
    style = (
        np.full(count, AS_ON_RECORD)
        if strict
        else rng.choice(5, size=count, p=OTHER_STYLES if otherwise else STYLES)
    )
    wrong = np.full(count, errors)
    first, last = names_as_written(*names, style == CAPITALS, wrong, rng)
    unit = np.where(wrong & (rng.random(count) < UNIT_LEFT_OUT), 0, homes.unit[dwelling])
    if text is None:
        text = address_texts(
            homes, dwelling, style, rng=rng, errors=wrong, unit=unit,
            number=homes.number[dwelling] if house is None else house, place=homes.place[dwelling] if place is None else place,
        )  # fmt: skip
    nobody = np.full(count, NOBODY)
    record = person + block.first if about and person is not None else nobody
    stated = block.dwelling_id(dwelling) if denotes else nobody
    days = np.datetime64("2006-01-01") + rng.integers(0, 6_900, count)
    blank = np.full(count, "", dtype=object)
    return Lines(
        0, first, last, blank if number is None else number, days.astype(str).astype(object), text, record, stated, unit == homes.unit[dwelling],
        np.full(count, list(KINDS).index(kind)),
    )  # fmt: skip


def _numbers(pools: _Pools, person: Ints) -> Words:
    return pools.block.taxpayer_number[person].astype(str).astype(object)


_Maker = Callable[[_Pools, int, str, tuple[int, int]], Lines]
_Where = Callable[[_Pools], Ints]


def _on_record(where: _Where, *, number: bool, strict: bool = False, otherwise: bool = False) -> _Maker:
    """Lines about people on record, at one of their dwellings."""

    def make(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        dwelling = where(pools)
        person = _take(pools, count, pools.block.on_record & (dwelling != NOBODY))
        stated = _numbers(pools, person) if number else None
        return _lines(
            pools, kind, dwelling[person], person=person, about=True, number=stated, strict=strict, errors=not strict, otherwise=otherwise
        )  # fmt: skip

    return make


def _insufficient_with_number(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    person = _take(pools, count, pools.last != NOBODY)
    dwelling = pools.last[person]
    text = no_addresses(pools.block.homes, dwelling, np.zeros(count, dtype=bool), pools.rng)
    number = _numbers(pools, person)
    return _lines(pools, kind, dwelling, person=person, about=True, number=number, text=text, denotes=False)


def _relative(*, number: bool) -> _Maker:
    """Lines about somebody on no record at a relative's address, perhaps with the relative's number."""

    def make(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        block = pools.block
        filers = np.flatnonzero(pools.last != NOBODY)
        somebody = np.full(int(block.household[-1]) + 1, NOBODY)
        somebody[block.household[filers]] = filers
        known = somebody[block.household]
        fits = ~block.on_record & (known != NOBODY) & (block.suffix == "")
        fits &= block.surname == block.surname[known]
        person = _take(pools, count, fits, pools.last[known])
        stated = _numbers(pools, known[person]) if number else None
        return _lines(pools, kind, pools.last[known[person]], person=person, number=stated)

    return make


def _child_of_the_same_name(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    block = pools.block
    parent = np.arange(len(block.born)) - 1
    person = _take(pools, count, (block.suffix == "Jr") & ~block.on_record & (pools.last[parent] != NOBODY))
    return _lines(pools, kind, pools.last[person - 1], person=person)


def _former_tenant(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
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
    person = _take(pools, count, ~block.on_record & (left != NOBODY) & (block.suffix == ""), left)
    return _lines(pools, kind, left[person], person=person)


def _other_names(pools: _Pools, count: int) -> tuple[Words, Words, Words]:
    """Draw names of strangers."""
    rng = pools.rng
    surname = SURNAMES[drawn(SURNAME_WEIGHTS, count, rng)]
    return GIVEN[drawn(GIVEN_WEIGHTS, count, rng)], surname, np.full(count, "", dtype=object)


def _stranger_at(institution: bool) -> _Maker:
    def make(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
        block = pools.block
        there = pools.last != NOBODY
        if institution:
            there &= block.homes.kind[pools.last] == QUARTERS
        found = np.flatnonzero(there)
        person = found[pools.rng.integers(0, len(found), count)]
        given, surname, second = _other_names(pools, count)
        surname[_is_named_there(pools, pools.last[person], given, surname)] = "Quenneville"
        return _lines(pools, kind, pools.last[person], names=(given, surname, second))

    return make


def _displaced(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    """The name of somebody on record at an address that is nearly theirs: next door, one digit off, or in another town."""
    block, homes, rng = pools.block, pools.block.homes, pools.rng
    beside = np.isin(block.household, np.concatenate([homes.namesakes, homes.namesakes + 1]))
    person = _take(pools, count, (pools.last != NOBODY) & ~beside & (homes.number[pools.last] < 9_800))
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
    return _lines(pools, kind, dwelling, person=person, house=house, place=place, denotes=False)


def _insufficient(pools: _Pools, count: int, kind: str, _: tuple[int, int]) -> Lines:
    rng = pools.rng
    dwelling = rng.integers(0, len(pools.block.homes.kind), count)
    text = no_addresses(pools.block.homes, dwelling, rng.random(count) < figures.BLANK_SHARE, rng)
    names = _other_names(pools, count)
    return _lines(pools, kind, dwelling, names=names, text=text, denotes=False)


def _stranger(pools: _Pools, count: int, kind: str, drawn_from: tuple[int, int]) -> Lines:
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
    return _lines(pools, kind, dwelling, names=names, house=house, number=number, denotes=False)


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

_COLUMNS = ("first_name", "last_name", "number", "ordered", "address", "record", "dwelling", "whole", "kind")
