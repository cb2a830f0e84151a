"""Measures the record engine on a made-up population: build, requests a second, single requests, decoys. Prints JSON.

Usage: python bench/matching.py [PEOPLE [REQUESTS [DECOYS]]]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Table, arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.normal_columns import as_column, normal_columns
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records import encode
from lawgate.records.evaluate import equal_in_all_stated
from lawgate.records.measure import at_most
from lawgate.records.rule import query_of
from lawgate.rehearsal.population import blocks_of, make_block
from lawgate.rehearsal.population_records import write_block
from lawgate.rehearsal.population_requests import DECOYS, MIXED, requests_of

SEED, KEY, MAX_FILERS = 7, bytes(32), 10
NAME_AND_ADDRESS = (0.0, 0.30, 0.20, 0.15, 0.10, 0.25, 0.0, 0.0, 0.0)
"""Shares of the kinds where every request is a decoy that has nothing but a name and an address to be told by."""


def make_block_files(people: int, count: int, number: int, folder: Path) -> None:
    block = make_block(SEED, number, people)
    write_block(folder / f"records-{number:05}.parquet", block)
    asked = requests_of(block, count, MIXED, numbers=False, seed=SEED)
    parquet.write_table(asked, folder / f"requests-{number:05}.parquet")


def make_files(people: int, requests: int, folder: Path) -> None:
    blocks = blocks_of(people)
    with ProcessPoolExecutor(2) as pool:
        for done in [
            pool.submit(make_block_files, people, requests // blocks, n, folder) for n in range(blocks)
        ]:
            done.result()
    asked = parquet.read_table(sorted(folder.glob("requests-*.parquet")))
    order = np.random.default_rng(SEED).permutation(asked.num_rows)
    parquet.write_table(asked.take(arrow.array(order)), folder / "requests.parquet")


def write_normal_forms(folder: Path) -> None:
    """Write what both sides take as normalised input: the engine's own forms, distinct rows of the records."""
    for name, sources, beside in (
        ("known", sorted(folder.glob("records-*.parquet")), ["record_id"]),
        ("asked", [folder / "requests.parquet"], ["truth", "kind"]),
    ):
        row, writer = 0, None
        for source in sources:
            table = parquet.read_table(source)
            columns = {c: _texts(column) for c, column in normal_columns(table).items()}
            forms = arrow.table({**{c: table[c] for c in beside}, **columns})
            if name == "known":
                forms = forms.group_by(forms.column_names, use_threads=False).aggregate([])
            forms = forms.append_column("row", arrow.array(range(row, row + forms.num_rows)))
            row += forms.num_rows
            writer = writer or parquet.ParquetWriter(folder / f"{name}.parquet", forms.schema)
            writer.write_table(forms)
        if writer:
            writer.close()


def _texts(column: encode.Column) -> object:
    offsets = arrow.py_buffer(np.ascontiguousarray(column.offsets))
    return arrow.LargeStringArray.from_buffers(
        len(column.offsets) - 1, offsets, arrow.py_buffer(column.data)
    ).cast("string")


def measure_engine(folder: Path) -> dict[str, object]:
    engine = open_index(folder / "index", KEY)
    opened = time.perf_counter()
    engine.check_all()
    checked = time.perf_counter() - opened
    raw, normal, worked = [], [], {"raw": 1e9, "normalised": 1e9}
    for _ in range(3):
        begun, busy = time.perf_counter(), time.process_time()
        stated = parquet.read_table(folder / "requests.parquet")
        engine.decide(engine.encode(normal_columns(stated)), MAX_FILERS)
        raw.append(round(time.perf_counter() - begun, 3))
        worked["raw"] = min(worked["raw"], round(time.process_time() - busy, 3))
        forms = parquet.read_table(folder / "asked.parquet")
        begun, busy = time.perf_counter(), time.process_time()
        columns = {c: as_column(forms[c]) for c in encode.COLUMNS}
        decided = engine.decide(engine.encode(columns), MAX_FILERS)
        normal.append(round(time.perf_counter() - begun, 3))
        worked["normalised"] = min(worked["normalised"], round(time.process_time() - busy, 3))
    peak = peak_mb()
    return {
        "seconds_normalised": min(normal), "all_seconds_normalised": normal, "seconds_raw": min(raw), "all_seconds_raw": raw,
        "processor_seconds": worked,
        "first_check_of_all_blocks_seconds": round(checked, 3), "peak_memory_mb_with_mapped_pages": peak,
        "anonymous_memory_mb": anonymous_mb(), **score(engine, decided.records, stated),
    }  # fmt: skip


def peak_mb() -> int:
    """Return the most memory this process ever had (the usual call also counts its parent's)."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) // 1024


def anonymous_mb() -> int:
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Anonymous:")) // 1024


def score(engine: LocalRecords, records: np.ndarray, stated: Table) -> dict[str, object]:
    hits = np.flatnonzero(records >= 0)
    found = {n: engine.record_rows(int(records[n]))[0].record_id for n in hits}
    truth, kind = stated["truth"].to_pylist(), stated["kind"].to_pylist()
    right = sum(found[n] == truth[n] for n in found)
    members = sum(map(bool, truth))
    wrong = Counter(kind[n] for n in found if found[n] != truth[n])
    precision, recall = right / max(len(found), 1), right / members
    return {
        "members": members, "right": right, "found_share": round(recall, 4), "wrong_persons": sum(wrong.values()), "wrong_by_kind": wrong,
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }  # fmt: skip


def single_requests(folder: Path, count: int = 5000) -> dict[str, float]:
    engine = open_index(folder / "index", KEY, 1)
    forms = parquet.read_table(folder / "asked.parquet").slice(0, count)
    times = []
    for row in range(count):
        one = forms.slice(row, 1)
        columns = {c: as_column(one[c]) for c in encode.COLUMNS}
        begun = time.perf_counter()
        engine.decide(engine.encode(columns), MAX_FILERS)
        times.append(time.perf_counter() - begun)
    warm = np.array(times[count // 10 :]) * 1000
    return {
        "p50_ms": round(float(np.quantile(warm, 0.5)), 3),
        "p99_ms": round(float(np.quantile(warm, 0.99)), 3),
    }


def decoys(
    folder: Path, people: int, count: int, shares: tuple[float, ...], *, numbers: bool
) -> dict[str, object]:
    """Ask about people who are not on record at the stated address, made to fool a matcher."""
    engine, blocks = open_index(folder / "index", KEY), blocks_of(people)
    asked, wrong, equal = 0, Counter[str](), list[dict[str, str]]()
    for number in range(blocks):
        made = requests_of(
            make_block(SEED, number, people), -(-count // blocks), shares, numbers=numbers, seed=SEED
        )
        stated = made.filter(arrow.compute.equal(made["truth"], ""))
        asked += stated.num_rows
        decided = engine.decide(engine.encode(normal_columns(stated)), MAX_FILERS)
        for place in np.flatnonzero(decided.records >= 0):
            row = stated.slice(int(place), 1).to_pylist()[0]
            rows = engine.record_rows(int(decided.records[place]))
            query = query_of(stated_name(row), stated_parts(row), row["birth_date"], row["taxpayer_number"])
            if equal_in_all_stated(query, rows):
                equal.append({part: stated for part, stated in row.items() if stated})
            else:
                wrong[row["kind"]] += 1
    found = sum(wrong.values())
    return {
        "decoys": asked, "wrong_persons": found, "wrong_by_kind": wrong, "equal_in_every_stated_datum": equal,
        "at_most_with_95_percent": at_most(found, asked),
    }  # fmt: skip


def main(people: int = 100_000, requests: int = 20_000, fakes: int = 50_000) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(people, requests, folder)
        start = time.perf_counter()
        info = build_index(sorted(folder.glob("records-*.parquet")), folder / "index", KEY, os.urandom)
        built = time.perf_counter() - start
        write_normal_forms(folder)
        print(json.dumps({
            "people": people, "rows": info.rows, "records": info.records, "requests": requests, "build_seconds": round(built, 1),
            "index_mb": (folder / "index").stat().st_size >> 20, "engine": measure_engine(folder), "single_request": single_requests(folder),
            "decoys": decoys(folder, people, fakes, DECOYS, numbers=True),
            "decoys_of_name_and_address_alone": decoys(folder, people, fakes, NAME_AND_ADDRESS, numbers=False), "load_average": os.getloadavg(),
        }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
