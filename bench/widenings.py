"""Measures every widening of the rule alone: which answers stand on it, and whether they are right. Prints JSON.

An answer stands on a widening if no row of the record it found bears name and address without it: taken away, the answer is gone.
Usage: python bench/widenings.py [PEOPLE]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lawgate.adapters.arrow import arrow
from lawgate.adapters.index_build import build_index, index_sources
from lawgate.adapters.labelled_files import read_labelled_records, read_labelled_requests
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.record_rows import RecordTable
from lawgate.adapters.record_sources import RecordSource
from lawgate.cli.evaluate import MAX_FILERS
from lawgate.identity.address import AddressParts, read_address, stated_parts
from lawgate.identity.name import NameParts, read_name, stated_name
from lawgate.identity.normal import normal_address, normal_name
from lawgate.records.compare import Agreement, Given, agreement, given_compares, same_building, surname_agrees
from lawgate.records.row import RecordRow
from lawgate.records.rule import query_of
from lawgate.rehearsal.population import blocks_of, make_block
from lawgate.rehearsal.population_records import write_block
from lawgate.rehearsal.population_requests import DECOYS, MIXED, requests_of
from lawgate.rehearsal.world import RECORDS, REQUESTS, TRUTH

SEED, KEY = 7, bytes(32)
Asked = tuple[NameParts, AddressParts, str, str, str]
Needs = Callable[[NameParts, AddressParts, RecordRow], bool]


def _given(kind: Given) -> Needs:
    return lambda name, _, row: given_compares(normal_name(name), normal_name(row.name)) is kind


def _surname(name: NameParts, _: AddressParts, row: RecordRow) -> bool:
    return normal_name(name).surname != normal_name(row.name).surname


def _written(part: str) -> Needs:
    return lambda _, stated, row: getattr(stated, part).upper() != getattr(row.address, part).upper()


def _unit_missing(_: NameParts, stated: AddressParts, row: RecordRow) -> bool:
    return bool(normal_address(stated).unit) != bool(normal_address(row.address).unit)


def _city_alone(_: NameParts, stated: AddressParts, row: RecordRow) -> bool:
    return normal_address(stated).zip != normal_address(row.address).zip


WIDENINGS: dict[str, Needs] = {
    "nickname table": _given(Given.NICKNAME),
    "initial, with birth date or taxpayer number": _given(Given.INITIAL),
    "double surname in another order, or one part": _surname,
    "street written otherwise": _written("street"),
    "number written otherwise": _written("number"),
    "unit written otherwise, or missing on one side": _written("unit"),
    "unit missing on one side": _unit_missing,
    "city and state where the ZIP differs or is missing": _city_alone,
}


def measure(engine: LocalRecords, known: RecordTable, asked: Sequence[Asked]) -> dict[str, object]:
    """Count the answers of the rule with its model, and those that stand on each widening."""
    verdicts = engine.look_up([query_of(*one[:4]) for one in asked], MAX_FILERS)
    whole, counts = Counter[str](), {name: Counter[str]() for name in WIDENINGS}
    for (name, address, _, _, truth), verdict in zip(asked, verdicts, strict=True):
        if verdict.record_id is None:
            continue
        how = "right" if verdict.record_id == truth else "wrong" if truth else "non-member"
        whole[how] += 1
        bearing = [row for row in known.history(verdict.record_id) if _bears(name, address, row)]
        for widening, needs in WIDENINGS.items():
            counts[widening][how] += all(needs(name, address, row) for row in bearing)
    return {"requests": len(asked), "answers": whole, "standing_on": counts}


def _bears(name: NameParts, address: AddressParts, row: RecordRow) -> bool:
    mine, other = normal_name(name), normal_name(row.name)
    stated, known = normal_address(address), normal_address(row.address)
    return (
        given_compares(mine, other) is not Given.OTHER
        and surname_agrees(mine, other)
        and same_building(stated, known)
        and agreement(stated.unit, known.unit) is not Agreement.DIFFERS
    )


def world_asked() -> Iterator[Asked]:
    for one in read_labelled_requests(REQUESTS, "record_id", {}, TRUTH):
        name, address = read_name(one.data.get("name")).parts, read_address(one.data.get("address")).parts
        if name and address:
            birth, number = (str(one.data.get(c) or "") for c in ("birth_date", "taxpayer_number"))
            yield name, address, birth, number, one.truth


def population_asked(people: int, shares: tuple[float, ...]) -> Iterator[Asked]:
    for number in range(blocks_of(people)):
        block = make_block(SEED, number, people)
        stated = requests_of(block, people // blocks_of(people), shares, numbers=shares is DECOYS, seed=SEED)
        for row in stated.to_pylist():
            yield stated_name(row), stated_parts(row), row["birth_date"], row["taxpayer_number"], row["truth"]


def main(people: int = 20_000) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = read_labelled_records(RECORDS, {})
        index_sources([source], folder / "world", KEY, os.urandom)
        engine = open_index(folder / "world", KEY)
        told = {"shipped world": measure(engine, RecordTable(source.table), list(world_asked()))}
        for number in range(blocks_of(people)):
            write_block(folder / f"records-{number:05}.parquet", make_block(SEED, number, people))
        files = sorted(folder.glob("records-*.parquet"))
        build_index(files, folder / "people", KEY, os.urandom)
        engine = open_index(folder / "people", KEY)
        known = RecordTable(arrow.concat_tables([t for f in files for t in RecordSource(f).batches()]))
        for name, shares in (("population", MIXED), ("decoys", DECOYS)):
            told[name] = measure(engine, known, list(population_asked(people, shares)))
        print(json.dumps({"people": people, **told}, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
