"""Measures the engine beside an exact join and Splink on the same files, one after another in one run. Prints JSON.

Usage: python bench/against_peers.py PEOPLE REQUESTS [FOLDER [usual|own-keys]]; the peers need their own environment: `make peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
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
from lawgate.adapters.normal_columns import normal_columns
from lawgate.identity.nicknames import PAIRS, nicknames_of
from lawgate.records import encode
from lawgate.rehearsal.population import blocks_of, make_block
from lawgate.rehearsal.population_records import write_block
from lawgate.rehearsal.population_requests import MIXED, requests_of

SEED, KEY, MAX_FILERS = 7, bytes(32), 10
PEERS = Path(__file__).parent / "peers"
PYTHON = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"


def _block(people: int, count: int, number: int, folder: Path) -> None:
    block = make_block(SEED, number, people)
    write_block(folder / f"records-{number:05}.parquet", block)
    asked = requests_of(block, count, MIXED, numbers=False, seed=SEED)
    parquet.write_table(asked, folder / f"requests-{number:05}.parquet")


def make_files(people: int, requests: int, folder: Path) -> None:
    blocks = blocks_of(people)
    with ProcessPoolExecutor(2) as pool:
        for done in [pool.submit(_block, people, requests // blocks, n, folder) for n in range(blocks)]:
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
    raw, normal = [], []
    for _ in range(3):
        begun = time.perf_counter()
        stated = parquet.read_table(folder / "requests.parquet")
        engine.decide(engine.encode(normal_columns(stated)), MAX_FILERS)
        raw.append(round(time.perf_counter() - begun, 3))
        forms = parquet.read_table(folder / "asked.parquet")
        begun = time.perf_counter()
        columns = {c: as_column(forms, c) for c in encode.COLUMNS}
        decided = engine.decide(engine.encode(columns), MAX_FILERS)
        normal.append(round(time.perf_counter() - begun, 3))
    peak = peak_mb()
    return {
        "seconds_normalised": min(normal), "all_seconds_normalised": normal, "seconds_raw": min(raw), "all_seconds_raw": raw,
        "first_check_of_all_blocks_seconds": round(checked, 3), "peak_memory_mb_with_mapped_pages": peak,
        "anonymous_memory_mb": anonymous_mb(), **score(engine, decided.records, stated),
    }  # fmt: skip


def as_column(forms: Table, name: str) -> encode.Column:
    from lawgate.adapters.normal_columns import as_column as see

    return see(forms[name])


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
        columns = {c: as_column(one, c) for c in encode.COLUMNS}
        begun = time.perf_counter()
        engine.decide(engine.encode(columns), MAX_FILERS)
        times.append(time.perf_counter() - begun)
    warm = np.array(times[count // 10 :]) * 1000
    return {
        "p50_ms": round(float(np.quantile(warm, 0.5)), 3),
        "p99_ms": round(float(np.quantile(warm, 0.99)), 3),
    }


def peer(script: str, *words: object) -> dict[str, object]:
    done = subprocess.run(
        [str(PYTHON), str(PEERS / script), *map(str, words)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"failed": done.stderr[-2000:]}
    result: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main(
    people: int, requests: int, folder: Path, blockings: tuple[str, ...] = ("usual", "own-keys")
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    if not (folder / "requests.parquet").exists():
        make_files(people, requests, folder)
    made = time.perf_counter()
    info = build_index(sorted(folder.glob("records-*.parquet")), folder / "index", KEY, os.urandom)
    built, build_peak = time.perf_counter(), peak_mb()
    if not (folder / "asked.parquet").exists():
        write_normal_forms(folder)
    (folder / "nicknames.json").write_text(
        json.dumps({name: sorted(nicknames_of(name)) for pair in PAIRS for name in pair})
    )
    files = (folder / "known.parquet", folder / "asked.parquet")
    nicknames = folder / "nicknames.json"
    with ProcessPoolExecutor(1) as fresh:  # so that its memory is its own
        engine = fresh.submit(measure_engine, folder).result()
        single = fresh.submit(single_requests, folder).result()
    result = {
        "people": people, "rows": info.rows, "records": info.records, "requests": requests, "made_seconds": round(made - start, 1),
        "build_seconds": round(built - made, 1), "build_peak_memory_mb": build_peak, "index_mb": (folder / "index").stat().st_size >> 20,
        "engine": engine, "single_request": single, "load_average": os.getloadavg(),
        "exact_join": peer("exact_join.py", *files),
        **{f"splink {which}": peer("splink_duckdb.py", *files, nicknames, which) for which in blockings},
    }  # fmt: skip
    with ProcessPoolExecutor(1) as fresh:
        result["engine_again"] = fresh.submit(measure_engine, folder).result()
    result["load_average_at_the_end"] = os.getloadavg()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    size, asked, *place = sys.argv[1:]
    if place:
        main(int(size), int(asked), Path(place[0]), *([(place[1],)] if len(place) > 1 else []))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(int(size), int(asked), Path(scratch))
