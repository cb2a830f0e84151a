"""The floor: an exact join in DuckDB on name, number, street, unit and ZIP, a record found only if it is the only one. Prints JSON.

Usage: python exact_join.py records.parquet requests.parquet
"""

from __future__ import annotations

import json
import sys
import time

import duckdb

JOIN = """
create or replace table found as
select q.row, any_value(r.record_id) record_id
from asked q join known r
  on q.given = r.given and q.surname = r.surname and q.number = r.number and q.street = r.street and q.unit = r.unit and q.zip = r.zip
where q.zip <> '' and q.number <> ''
group by q.row having count(distinct r.record_id) = 1
"""


def peak_mb() -> int:
    """Return the most memory this process ever had (the usual call also counts its parent's)."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) // 1024


def main(records: str, requests: str) -> None:
    db = duckdb.connect()
    columns = "given, surname, number, street, unit, zip"
    db.execute(f"create table known as select record_id, {columns} from read_parquet('{records}')")
    db.execute(f"create table asked as select row, truth, {columns} from read_parquet('{requests}')")
    seconds, worked = [], []
    for _ in range(3):
        start, busy = time.perf_counter(), time.process_time()
        db.execute(JOIN)
        seconds.append(round(time.perf_counter() - start, 3))
        worked.append(round(time.process_time() - busy, 3))
    members, right, wrong = db.execute(
        "select count(*) filter (truth <> ''), count(*) filter (truth = record_id),"
        " count(*) filter (record_id is not null and truth <> record_id) from asked left join found using (row)"
    ).fetchone()
    print(json.dumps({
        "seconds": min(seconds), "all_seconds": seconds, "processor_seconds": min(worked), "members": members, "right": right, "wrong_persons": wrong,
        "peak_memory_mb": peak_mb(),
    }))  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
