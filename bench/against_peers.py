"""Measures the engine beside an exact join and Splink on the same files, one after another in one run. Prints JSON.

Usage: python bench/against_peers.py PEOPLE REQUESTS [FOLDER [usual|own-keys ...]]; the peers need their own environment: `make peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from matching import KEY, make_files, measure_engine, peak_mb, single_requests, write_normal_forms

from lawgate.adapters.index_build import build_index
from lawgate.identity.nicknames import PAIRS, nicknames_of

MEMORY = "8GB"  # what DuckDB holds for Splink before it writes to the disk
PEERS = Path(__file__).parent / "peers"
PYTHON = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"


def peer(script: str, *words: object) -> dict[str, object]:
    done = subprocess.run(
        [str(PYTHON), str(PEERS / script), *map(str, words)], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        return {"failed": done.returncode}
    result: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main(people: int, requests: int, folder: Path, *blockings: str) -> None:
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
    }  # fmt: skip
    print(json.dumps(result, indent=1), file=sys.stderr, flush=True)
    result["splink"] = peer(
        "splink_duckdb.py", *files, nicknames, MEMORY, *(blockings or ("usual", "own-keys"))
    )
    with ProcessPoolExecutor(1) as fresh:
        result["engine_again"] = fresh.submit(measure_engine, folder).result()
    result["load_average_at_the_end"] = os.getloadavg()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    size, asked, *place = sys.argv[1:]
    if place:
        main(int(size), int(asked), Path(place[0]), *place[1:])
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(int(size), int(asked), Path(scratch))
