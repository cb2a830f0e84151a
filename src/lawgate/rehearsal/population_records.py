"""Writes a population's filings as the record holder's own files: Parquet, every column text, one file for each block."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lawgate.adapters.arrow import Table, arrow, parquet
from lawgate.adapters.record_sources import COLUMNS
from lawgate.rehearsal.population import Block, full_surnames
from lawgate.rehearsal.population_homes import BOX, Homes
from lawgate.rehearsal.population_words import CITIES, STATE_CODES, STREETS, SUFFIXES, WAYS, ZIPS, Words

Ints = NDArray[np.int64]

NUMBERS: Words = np.array([str(n) for n in range(10_100)], dtype=object)
UNITS: Words = np.array(["", *(f"Apt {n}" for n in range(1, 101))], dtype=object)
_WAYS: Words = np.array([way.strip() for way, _ in WAYS], dtype=object)
_SUFFIXES: Words = np.array([short for short, _ in SUFFIXES], dtype=object)


def write_block(path: Path, block: Block) -> None:
    """Write a block's rows of the record source. A crash leaves a cut file; nothing reads it before this returns."""
    parquet.write_table(table_of(block), path, compression="zstd")


def record_id(person: Ints) -> Words:
    """Write record ids for the numbers of people."""
    return np.array([f"R{number:09d}" for number in person.tolist()], dtype=object)


def street_lines(homes: Homes) -> dict[str, Words]:
    """Write every dwelling's parts as they stand in the records."""
    box = homes.kind == BOX
    blank = np.full(len(box), "", dtype=object)
    street: Words = STREETS[homes.street] + " " + _SUFFIXES[homes.suffix]
    return {
        "number": np.where(box, blank, NUMBERS[homes.number]),
        "predirectional": np.where(box, blank, _WAYS[homes.way]),
        "street": np.where(box, blank, street),
        "unit": np.where(box, blank, UNITS[homes.unit]),
        "box": np.where(box, "PO Box " + NUMBERS[homes.number], blank),
        "city": CITIES[homes.place],
        "state": STATE_CODES[homes.place],
        "zip": ZIPS[homes.place],
    }


def table_of(block: Block) -> Table:
    """Return a block's rows of the record source."""
    filings = block.filings
    person = arrow.array(filings.person)
    dwelling = arrow.array(filings.dwelling)
    born = [f"{d // 10_000}-{d // 100 % 100:02d}-{d % 100:02d}" for d in block.born.tolist()]
    of_person = {
        "record_id": record_id(np.arange(block.first, block.first + len(block.born))),
        "given": block.given,
        "middle": block.middle,
        "surname": full_surnames(block),
        "suffix": block.suffix,
        "birth_date": born,
        "taxpayer_number": [str(number) for number in block.taxpayer_number.tolist()],
    }
    columns = {name: arrow.array(values, arrow.string()).take(person) for name, values in of_person.items()}
    for name, values in street_lines(block.homes).items():
        columns[name] = arrow.array(values, arrow.string()).take(dwelling)
    third = arrow.array(filings.third_party)
    rows = len(filings.person)
    columns["country"] = arrow.repeat("US", rows)
    columns["tax_year"] = arrow.array(filings.tax_year).cast(arrow.string())
    columns["source"] = arrow.compute.if_else(third, "third-party", "taxpayer")
    columns["form"] = arrow.compute.if_else(third, "W-2", "1040")
    columns["bars"] = arrow.repeat("", rows)
    return arrow.table({name: columns[name] for name in COLUMNS})
