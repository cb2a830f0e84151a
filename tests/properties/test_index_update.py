"""An index that was brought up to date, held to one built anew from the same records: not one verdict may differ."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invented.small_worlds import REST, Row, draw, request, world
from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_update import update_index
from lawgate.adapters.local_records import open_index
from lawgate.adapters.record_sources import COLUMNS, RecordSource, WithdrawnIds

KEY = bytes(range(32))
Records = dict[str, list[Row]]


def by_id(rows: list[Row]) -> Records:
    found: Records = {}
    for row in rows:
        found.setdefault(row["record_id"], []).append(row)
    return found


def rows_of(records: Records) -> list[Row]:
    return [row for rows in records.values() for row in rows]


def write(path: Path, rows: list[Row]) -> Path:
    columns = {c: arrow.array([row.get(c, "") for row in rows], arrow.string()) for c in COLUMNS}
    parquet.write_table(arrow.table(columns), path)
    return path


def change(rng: Random, records: Records) -> tuple[Records, list[str]]:
    """Draw what changes: records wholly other, with one row more or less or another year, new ones; and who is withdrawn."""
    withdrawn = rng.sample(sorted(records), rng.randint(0, min(2, len(records))))
    changed: Records = {}
    for record_id, rows in by_id(world(rng)).items():
        name = rng.choice([record_id, f"n{rng.randint(0, 9)}"])
        changed[name] = [row | {"record_id": name} for row in rows]
    for name in rng.sample(sorted(records), rng.randint(0, len(records))):
        rows = [dict(row) for row in records[name]]
        kind = rng.randint(0, 2)
        if kind == 0:
            rows.pop(rng.randrange(len(rows)))
        elif kind == 1:
            rows.append(rng.choice(rows_of(records)) | {"record_id": name})
        else:
            rows[0] |= draw(rng, REST)
        if rows:
            changed[name] = rows
    kept = rng.sample(sorted(changed), rng.randint(0, len(changed)))
    return {name: changed[name] for name in kept if name not in withdrawn}, withdrawn


@pytest.mark.parametrize("at_once", [None, 1])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_updates_in_a_row_say_what_a_whole_build_says(
    seed: int, at_once: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng, folder = Random(seed), tmp_path_factory.mktemp("index")
    records = by_id(world(rng))
    asked_of = rows_of(records)
    with pytest.MonkeyPatch.context() as patched:
        if at_once:
            for name in ("_CLEAR_AT_ONCE", "_ENTRIES_AT_ONCE", "_LINES_AT_ONCE"):
                patched.setattr(f"lawgate.adapters.index_update.{name}", at_once)
        build_index([write(folder / "all.parquet", asked_of)], folder / "index", KEY, os.urandom)
        for _ in range(rng.randint(1, 4)):
            changed, withdrawn = change(rng, records)
            if not changed and not withdrawn:
                continue
            gone = folder / "gone.csv"
            gone.write_text("record_id\n" + "".join(f"{name}\n" for name in withdrawn), encoding="utf-8")
            sources = [RecordSource(write(folder / "some.parquet", rows_of(changed)))] if changed else []
            updated = update_index(sources, [WithdrawnIds(gone)], folder / "index", KEY, os.urandom)
            records = {name: rows for name, rows in (records | changed).items() if name not in withdrawn}
            asked_of += rows_of(changed)
            built = build_index(
                [write(folder / "all.parquet", rows_of(records))], folder / "anew", KEY, os.urandom
            )
            assert (updated.rows, updated.records, updated.keys) == (built.rows, built.records, built.keys)
            asked = [request(rng, asked_of) for _ in range(40)]
            one, other = open_index(folder / "index", KEY), open_index(folder / "anew", KEY)
            one.check_all()
            for max_filers in (0, 1, 3):
                assert one.look_up(asked, max_filers) == other.look_up(asked, max_filers)
