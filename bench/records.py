"""Times the record engine on a made-up world and prints JSON: build, open, look-ups per second, and a plain dict as the floor.

Usage: python bench/records.py [rows]
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from lawgate.adapters.local_records import LocalRecords, build_index, open_index
from lawgate.adapters.record_sources import COLUMNS
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.keys import keys_of
from lawgate.records.rule import Query, RuleLimits, decide, query_of

GIVEN = [
    "Robert",
    "Maria",
    "John",
    "Ana",
    "Minh",
    "Omar",
    "Aiyana",
    "Wei",
    "Siobhan",
    "Jose",
    "Emily",
    "Kofi",
]
ENDINGS = ["son", "ez", "man", "ski", "nya", "ard", "ito", "well"]
STREETS = ["Main St", "Oak Ave", "N 5th St", "Evergreen Ter", "Lake Rd", "Cedar Ln"]
PLACES = [
    ("Springfield", "IL", "62704"),
    ("Chatham", "IL", "62629"),
    ("Boise", "ID", "83702"),
    ("Mobile", "AL", "36602"),
]


def world(rows: int, rng: random.Random) -> list[dict[str, str]]:
    surnames = [
        "".join(rng.choice("bdfglmnprst") + rng.choice("aeiou") for _ in range(2)).title() + e
        for e in ENDINGS
        for _ in range(250)
    ]
    people: list[dict[str, str]] = []
    while len(people) < rows:
        city, state, postcode = rng.choice(PLACES)
        home = {
            "number": str(rng.randint(1, 9999)),
            "street": rng.choice(STREETS),
            "city": city,
            "state": state,
            "zip": postcode,
        }
        surname = rng.choice(surnames)
        for _ in range(rng.randint(1, 4)):
            person = {
                "record_id": f"r{len(people)}", "given": rng.choice(GIVEN), "middle": rng.choice(["", "A", "B", "C"]), "surname": surname,
                "birth_date": f"{rng.randint(1940, 2000)}-01-01", "source": "taxpayer", "form": "1040",
            }  # fmt: skip
            people.extend(
                person | home | {"tax_year": str(year)}
                for year in rng.sample(range(2019, 2024), rng.randint(1, 2))
            )
    return people[:rows]


def timed(engine: LocalRecords, queries: list[Query]) -> tuple[float, Counter[str]]:
    start = time.perf_counter()
    verdicts = Counter(
        decide(q, engine.candidates(keys_of(q.address)), engine.history, RuleLimits(10)).reason
        for q in queries
    )
    return time.perf_counter() - start, verdicts


def main(rows: int) -> None:
    rng = random.Random(7)
    people = world(rows, rng)
    asked = rng.sample(people, min(20_000, rows))
    with tempfile.TemporaryDirectory() as folder:
        source, target, key = Path(folder) / "records.csv", Path(folder) / "index", os.urandom(32)
        with source.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(people)
        start = time.perf_counter()
        info = build_index([source], target, key, os.urandom)
        built = time.perf_counter()
        engine = open_index(target, key)
        opened = time.perf_counter()
        size = target.stat().st_size
    queries = [query_of(stated_name(p), stated_parts(p), p["birth_date"]) for p in asked]
    prepared = time.perf_counter()
    seconds, verdicts = timed(engine, queries)
    floor: dict[str, int] = {}
    keys = [keys_of(q.address)[0] for q in queries]
    for place, one in enumerate(keys):
        floor.setdefault(one, place)
    start_floor = time.perf_counter()
    hits = sum(one in floor for one in keys)
    floor_seconds = time.perf_counter() - start_floor
    print(
        json.dumps(
            {
                "rows": info.rows, "records": info.records, "keys": info.keys, "index_bytes": size, "build_seconds": round(built - start, 3),
                "open_seconds": round(opened - built, 3), "normalise_per_second": round(len(queries) / (prepared - opened)),
                "lookups": len(queries), "lookups_per_second": round(len(queries) / seconds), "floor_dict_per_second": round(hits / floor_seconds),
                "verdicts": dict(sorted(verdicts.items())), "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            indent=1,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
