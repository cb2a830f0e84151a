"""Who of a block can be asked about, and how a line of the datafile is written from that, with the truth beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lawgate.rehearsal.exchange_figures import PERIODS
from lawgate.rehearsal.exchange_text import (
    AS_ON_RECORD,
    CAPITALS,
    OTHER_STYLES,
    STYLES,
    UNIT_LEFT_OUT,
    address_texts,
    names_as_written,
)
from lawgate.rehearsal.population import Block
from lawgate.rehearsal.population_words import Words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Names = tuple[Words, Words, Words]
"""Given names, surnames and second surnames."""

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of the datafile with the truth beside them, all by line.

    ``record`` is the number of the person on record whom the line is about, NOBODY if there is none; ``dwelling`` the dwelling that the
    stated address denotes, NOBODY if it is no address or nobody's here; ``whole`` is False where its unit was left out, so that it denotes
    the building. ``twin`` is the number of somebody else on record who bears the very name and files from there, NOBODY if there is none: nothing
    that the file states could tell the two apart. ``kind`` is a place in the list of kinds.
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
    twin: Ints
    kind: Ints


@dataclass(frozen=True, slots=True)
class Pools:
    """People of a block who can be asked about, nobody twice, and a dwelling for each; ``names_there`` says who files from each dwelling under each name."""

    block: Block
    rng: np.random.Generator
    used: Bools
    last: Ints
    former: Ints
    unfiled: Ints
    names_there: dict[str, int]


def pools_of(block: Block, rng: np.random.Generator) -> Pools:
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
    former[recent < int(PERIODS[0])] = NOBODY  # who filed for none of the periods is not among the updated
    stays = homes.stays_of(block.household)
    who, where = np.repeat(np.arange(count), stays.counts), homes.dwelling[stays.which]
    seen = np.isin(who * len(homes.kind) + where, filings.person * len(homes.kind) + filings.dwelling)
    unfiled = np.full(count, NOBODY)
    unfiled[who[~seen]] = where[~seen]
    plain = block.suffix[filings.person] == ""  # a suffix on record tells its bearer from whoever states none
    who, where = filings.person[plain], filings.dwelling[plain]
    names = _named_at(where, block.given[who], block.surname[who])
    there = dict(zip(names.tolist(), (who + block.first).tolist(), strict=True))
    return Pools(block, rng, np.zeros(count, dtype=bool), last, former, unfiled, there)


def _named_at(dwelling: Ints, given: Words, surname: Words) -> Words:
    found: Words = dwelling.astype(str).astype(object) + "|" + given + " " + surname
    return found


def _twins(pools: Pools, dwelling: Ints, given: Words, surname: Words, record: Ints) -> Ints:
    """Return who else of that very name files from there."""
    found = [pools.names_there.get(name, NOBODY) for name in _named_at(dwelling, given, surname).tolist()]
    twin = np.array(found, dtype=np.int64)
    return np.where(twin == record, NOBODY, twin)


def take(pools: Pools, count: int, wanted: Bools) -> Ints:
    """Take so many people nobody has asked about yet. Raises ValueError if there are too few."""
    found = np.flatnonzero(wanted & ~pools.used)
    if len(found) < count:
        raise ValueError("the population is too small for this mix")
    chosen = found[pools.rng.permutation(len(found))[:count]]
    pools.used[chosen] = True
    return chosen


def written(
    pools: Pools, dwelling: Ints, *, person: Ints | None = None, names: Names | None = None,
    about: bool = False, number: Words | None = None, strict: bool = False, errors: bool = False, otherwise: bool = False,
    house: Ints | None = None, place: Ints | None = None, text: Words | None = None, denotes: bool = True,
) -> Lines:  # fmt: skip
    """Write lines about people or names at dwellings. ``about`` says that ``person`` is on record and meant; ``strict`` that the writing is the record's own,
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
    twin = _twins(pools, dwelling, names[0], names[1], record) if denotes else nobody
    days = np.datetime64("2006-01-01") + rng.integers(0, 6_900, count)
    blank = np.full(count, "", dtype=object)
    return Lines(
        0, first, last, blank if number is None else number, days.astype(str).astype(object), text, record, stated, unit == homes.unit[dwelling],
        twin, np.zeros(count, dtype=np.int64),
    )  # fmt: skip


def numbers_of(pools: Pools, person: Ints) -> Words:
    """Return the taxpayer numbers of people as text."""
    return pools.block.taxpayer_number[person].astype(str).astype(object)
