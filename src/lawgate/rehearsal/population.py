"""A population of any size from one seed: households, the people in them, where they lived from 2018 to 2025, and who filed from where.

It is made in blocks that do not depend on one another, so that memory is bounded and blocks can be made in any process, in any
order. Nobody in it exists. There is no field for nationality or status. Taxpayer numbers have area 900-999 and group 01-49, which
neither the Social Security Administration nor the revenue service ever issues, so none of them can belong to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lawgate.rehearsal.population_homes import FIRST_YEAR, LAST_YEAR, Homes, make_homes
from lawgate.rehearsal.population_words import (
    GIVEN,
    GIVEN_WEIGHTS,
    PARTICLES,
    SURNAME_WEIGHTS,
    SURNAMES,
    Words,
    drawn,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BLOCK = 50_000
"""People in one block; the last block of a population may have fewer."""

SIZES = (0.28, 0.35, 0.15, 0.13, 0.09)
"""Households of one to five people, about as the Census Bureau counts them."""
SAME_SURNAME, ROOMMATES, NAMED_ALIKE = 0.75, 0.08, 0.03
"""Shares: second adults with the first one's surname; households of people with nothing in common; parents with a child of their name."""
ADULTS_ON_RECORD, SKIPPED_STAYS, REPORTED_LATE = 0.85, 0.06, 0.2
"""Shares: adults who file; stays from which nobody filed; people of whom a third party still reports the address before."""
DOUBLE, HYPHEN, PARTICLE = 0.06, 0.02, 0.02
"""Shares of surnames in two parts, with a hyphen, with a particle."""
_NUMBERS, _STRIDE = 49_000_000, 15_485_863
_YOUNGEST_FILER = 2006


@dataclass(frozen=True, slots=True)
class Filings:
    """Rows of the record source, by the place of person and dwelling in the block. ``third_party`` False: the taxpayer's own return."""

    person: Ints
    dwelling: Ints
    tax_year: Ints
    third_party: Bools


@dataclass(frozen=True, slots=True)
class Block:
    """One block. Arrays are by person (places in the block) unless named otherwise; ``first`` is the first person's number overall.

    ``household`` ascends. ``second`` is the surname's other part, if it has two. ``on_record`` says who has a record at all.
    """

    number: int
    first: int
    household: Ints
    position: Ints
    given: Words
    middle: Words
    surname: Words
    second: Words
    suffix: Words
    born: Ints
    taxpayer_number: Ints
    on_record: Bools
    homes: Homes
    filings: Filings

    def dwelling_id(self, dwelling: Ints) -> Ints:
        """Number dwellings over the whole population; a dwelling keeps its number whoever lives there."""
        return dwelling + self.first_dwelling

    @property
    def first_dwelling(self) -> int:
        """The number of the block's first dwelling."""
        return self.number * 4 * BLOCK


def blocks_of(people: int) -> int:
    """Return how many blocks a population of that many people has."""
    return -(-people // BLOCK)


def make_block(seed: int, number: int, people: int) -> Block:
    """Make block ``number`` (from 0) of a population of ``people``; the same arguments give the same block, byte for byte."""
    first = number * BLOCK
    count = min(BLOCK, people - first)
    rng = np.random.default_rng([seed, number])
    sizes = rng.choice(np.arange(1, 6), size=count, p=SIZES)
    ends = sizes.cumsum()
    households = int(np.searchsorted(ends, count)) + 1
    household = np.searchsorted(ends, np.arange(count), side="right").astype(np.int64)
    position = np.arange(count) - np.concatenate([[0], ends])[household]
    mixed = (rng.random(households) < ROOMMATES)[household]
    alike = ((rng.random(households) < NAMED_ALIKE)[household]) & ~mixed
    homes = make_homes(rng, households)
    head = np.concatenate([[0], ends])[household]  # where the household's first person stands

    surname, second = _surnames(rng, count, head, position, mixed)
    given = _apart(drawn(GIVEN_WEIGHTS, count, rng), household)
    junior = alike & (position == 1)
    senior = np.zeros(count, dtype=bool)
    senior[head[junior]] = True
    given[junior], surname[junior], second[junior] = (
        given[head[junior]],
        surname[head[junior]],
        second[head[junior]],
    )
    _namesakes(homes, given, surname, second, position, household)
    born = _born(rng, count, head, position, junior)
    on_record = ((born // 10_000 < _YOUNGEST_FILER) & (rng.random(count) < ADULTS_ON_RECORD)) | senior
    suffix = np.where(junior, "Jr", np.where(senior, "Sr", "")).astype(object)
    initials = np.array(["", "", "", *"AJMRLEDCSKBPTNWG"], dtype=object)
    return Block(
        number,
        first,
        household,
        position,
        GIVEN[given],
        initials[rng.integers(0, len(initials), count)],
        surname,
        second,
        suffix,
        born,
        _taxpayer_numbers(seed, np.arange(first, first + count)),
        on_record,
        homes,
        _filings(rng, homes, household, on_record),
    )


def full_surnames(block: Block) -> Words:
    """Write every person's surname whole, both parts where it has two."""
    two = np.where(block.second == "", "", " ")
    whole: Words = block.surname + two.astype(object) + block.second
    return whole


def _surnames(
    rng: np.random.Generator, count: int, head: Ints, position: Ints, mixed: Bools
) -> tuple[Words, Words]:
    one = SURNAMES[drawn(SURNAME_WEIGHTS, count, rng)]
    other = SURNAMES[drawn(SURNAME_WEIGHTS, count, rng)]
    form = rng.random(count)
    hyphen = (form >= DOUBLE) & (form < DOUBLE + HYPHEN)
    particle = (form >= DOUBLE + HYPHEN) & (form < DOUBLE + HYPHEN + PARTICLE)
    surname = one.copy()
    surname[hyphen] = one[hyphen] + "-" + other[hyphen]
    before = np.array([f"{p} " for p in PARTICLES], dtype=object)[rng.integers(0, len(PARTICLES), count)]
    surname[particle] = before[particle] + one[particle]
    second = np.where((form < DOUBLE) & (one != other), other, "").astype(object)
    shares = (position > 0) & ~mixed & ((position > 1) | (rng.random(count) < SAME_SURNAME))
    return np.where(shares, surname[head], surname), np.where(shares, second[head], second)


def _apart(given: Ints, household: Ints) -> Ints:
    """No two people of a household are given one name: parents choose, and couples are told apart."""
    for turn in range(1, 6):
        order = np.lexsort((given, household))
        again = (household[order][1:] == household[order][:-1]) & (given[order][1:] == given[order][:-1])
        given[order[1:][again]] = (given[order[1:][again]] + 11 * turn) % 280
    return given


def _namesakes(
    homes: Homes, given: Ints, surname: Words, second: Words, position: Ints, household: Ints
) -> None:
    """The first person next door has the name of the first person here."""
    heads = np.flatnonzero(position == 0)
    here, there = heads[homes.namesakes], heads[homes.namesakes + 1]
    given[there], surname[there], second[there] = given[here], surname[here], second[here]
    # Nobody else of that household may have got the name just given away.
    for person in there:
        others = np.flatnonzero((household == household[person]) & (given == given[person]))
        given[others[others != person]] = (given[person] + 17) % 280


def _born(rng: np.random.Generator, count: int, head: Ints, position: Ints, junior: Bools) -> Ints:
    """Days of birth as numbers YYYYMMDD: a first adult, a second of about that age, then children, or grown relatives."""
    first = rng.integers(1938, 2000, count)
    year = first.copy()
    pair = position == 1
    year[pair] = np.clip(first[head[pair]] + rng.integers(-8, 9, int(pair.sum())), 1930, 2001)
    later = position > 1
    young = rng.random(count) < 0.6
    year[later & young] = rng.integers(2004, 2024, count)[later & young]
    year[later & ~young] = rng.integers(1940, 2004, count)[later & ~young]
    year[junior] = np.clip(first[head[junior]] + 25, 1963, 2003)
    return year * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)


def _taxpayer_numbers(seed: int, person: Ints) -> Ints:
    """A different number for each person of up to 49 million: area 900-999, group 01-49, in no visible order."""
    place = (person * _STRIDE + seed * 7_919) % _NUMBERS
    area, rest = np.divmod(place, 49 * 10_000)
    group, serial = np.divmod(rest, 10_000)
    number: Ints = (900 + area) * 1_000_000 + (group + 1) * 10_000 + serial
    return number


def _filings(rng: np.random.Generator, homes: Homes, household: Ints, on_record: Bools) -> Filings:
    """For each filer and each stay the first and the last return from there; some stays without any; some late reports."""
    filers = np.flatnonzero(on_record)
    stays = homes.stays_of(household[filers])
    person = np.repeat(filers, stays.counts)
    stay = stays.which
    # Most filed for 2025 already, some last for 2024, a few stopped years ago.
    stopped = rng.choice([LAST_YEAR, LAST_YEAR - 1, LAST_YEAR - 3], size=len(on_record), p=[0.8, 0.15, 0.05])
    since, until = homes.since[stay], np.minimum(homes.until[stay], stopped[person])
    filed = (until >= since) & (rng.random(len(stay)) >= SKIPPED_STAYS)
    moved_in = filed & (homes.since[stay] > FIRST_YEAR)
    longer = filed & (until > since)
    late = moved_in & (rng.random(len(stay)) < REPORTED_LATE)
    rows = (
        (person[filed], homes.dwelling[stay[filed]], since[filed], False),
        (person[longer], homes.dwelling[stay[longer]], until[longer], False),
        (person[late], homes.dwelling[stay[late] - 1], since[late], True),
    )
    third = np.concatenate([np.full(len(p), t) for p, _, _, t in rows])
    merged = [np.concatenate([row[n] for row in rows]) for n in range(3)]
    order = np.lexsort((third, merged[2], merged[0]))
    return Filings(merged[0][order], merged[1][order], merged[2][order], third[order])
