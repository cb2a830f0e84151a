"""Measures a Spark cluster on this machine's loopback against the local engine, line by line, over one index. Prints JSON.

Usage: python bench/cluster.py [PEOPLE [REQUESTS [WORKERS ...]]]; needs the extra (`make spark`) and a Java runtime.
With LAWGATE_BENCH_FILES=FOLDER it takes records, requests and index that an earlier run left there, or leaves them.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from matching import KEY, MAX_FILERS, make_files

from lawgate.adapters.arrow import parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_file import Reader
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.normal_columns import normal_columns
from lawgate.adapters.spark_lines import write_lines
from lawgate.adapters.spark_records import open_cluster
from lawgate.adapters.spark_session import spark_environment, spark_session
from lawgate.records.encode import Encoded
from lawgate.rehearsal.loopback_cluster import loopback_cluster

MEMORY = "1500m"  # the most that the driver's heap and each executor's may grow to


class Peak(threading.Thread):
    """The most anonymous memory that this process and its children had together, in megabytes, looked at every half second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb, self.done = 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.done.wait(0.5):
            self.mb = max(self.mb, sum(map(anonymous_kb, family(os.getpid()))) >> 10)


def family(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found


def anonymous_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))


def outcome(engine: LocalRecords, stated: Encoded) -> tuple[np.ndarray, float]:
    begun = time.perf_counter()
    decided = engine.decide(stated, MAX_FILERS)
    return np.stack((decided.reasons, decided.records, decided.said)), time.perf_counter() - begun


def measure(folder: Path, workers: int, stated: Encoded, alone: np.ndarray) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch)
        environment = spark_environment(run / "conf", secrets.token_hex(32), MEMORY)
        peak, begun = Peak(), time.perf_counter()
        with (
            loopback_cluster(run, environment, workers, MEMORY) as master,
            spark_session(master, environment) as session,
        ):
            engine = open_cluster(folder / "index", KEY, folder / "lines", session, partitions=8 * workers)
            opened, load = time.perf_counter() - begun, os.getloadavg()
            found, seconds = outcome(engine, stated)
        peak.done.set()
    return {
        "workers": workers, "start_and_check_seconds": round(opened, 1), "seconds": round(seconds, 1), "load_average_before": load,
        "anonymous_memory_of_all_processes_mb": peak.mb, "lines": found.shape[1], "lines_that_differ": int((found != alone).any(axis=0).sum()),
    }  # fmt: skip


@contextmanager
def files():
    if kept := os.environ.get("LAWGATE_BENCH_FILES"):
        Path(kept).mkdir(exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch)


def main(people: int = 100_000, requests: int = 20_000, *workers: int) -> None:
    with files() as folder:
        if not (folder / "index").exists():
            make_files(people, requests, folder)
            build_index(sorted(folder.glob("records-*.parquet")), folder / "index", KEY, os.urandom)
        begun = time.perf_counter()
        if not (folder / "lines").exists():
            write_lines(Reader(folder / "index", KEY), folder / "lines")
        written = round(time.perf_counter() - begun, 1)
        engine = open_index(folder / "index", KEY)
        engine.check_all()
        stated = engine.encode(normal_columns(parquet.read_table(folder / "requests.parquet")))
        outcome(engine, stated)
        alone, seconds = outcome(engine, stated)
        reasons = dict(zip(*(a.tolist() for a in np.unique(alone[0], return_counts=True)), strict=True))
        print(json.dumps({
            "people": people, "requests": len(stated.words), "index_mb": (folder / "index").stat().st_size >> 20,
            "lines_mb": sum(f.stat().st_size for f in (folder / "lines").rglob("*.parquet")) >> 20, "write_lines_seconds": written,
            "one_machine_seconds": round(seconds, 2), "outcomes": reasons,
            "cluster": [measure(folder, n, stated, alone) for n in workers or (1, 2)], "load_average": os.getloadavg(),
        }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
