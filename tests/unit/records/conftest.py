"""A few neighbours, and an index over rows given in a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.local_records import LocalRecords, open_index
from lawgate.adapters.record_sources import COLUMNS
from lawgate.domain.steps import Verdict
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.row import RecordRow
from lawgate.records.rule import RuleLimits, decide, query_of

KEY = bytes(range(32))

JOHN = {
    "given": "John", "middle": "", "surname": "Smith", "suffix": "", "number": "742", "street": "N Main St", "unit": "", "box": "",
    "city": "Springfield", "state": "IL", "zip": "62704", "country": "", "birth_date": "", "taxpayer_number": "",
}  # fmt: skip


def make_row(record_id: str, *, tax_year: int = 2022, source: str = "taxpayer", form: str = "1040",
             bars: tuple[str, ...] = (), **stated: str) -> RecordRow:  # fmt: skip
    data = JOHN | stated
    return RecordRow(
        record_id,
        stated_name(data),
        stated_parts(data),
        data["birth_date"],
        data["taxpayer_number"],
        tax_year,
        source,
        form,
        bars,
    )


@pytest.fixture
def row() -> Callable[..., RecordRow]:
    """Make a row of John Smith, 742 N Main St, Springfield IL 62704, with what is given changed."""
    return make_row


@pytest.fixture
def index_of(tmp_path: Path) -> Callable[[Sequence[RecordRow]], LocalRecords]:
    """Build an index of the rows and open it."""

    def build(rows: Sequence[RecordRow]) -> LocalRecords:
        said = [
            {**asdict(r.name), **asdict(r.address), **asdict(r), "tax_year": str(r.tax_year), "bars": ";".join(r.bars)} for r in rows
        ]  # fmt: skip
        columns = {c: arrow.array([row.get(c, "") for row in said], arrow.string()) for c in COLUMNS}
        parquet.write_table(arrow.table(columns), tmp_path / "rows.parquet")
        build_index([tmp_path / "rows.parquet"], tmp_path / "index", KEY, os.urandom)
        return open_index(tmp_path / "index", KEY)

    return build


@pytest.fixture(params=["rule", "engine"])
def ask(
    request: pytest.FixtureRequest, index_of: Callable[[Sequence[RecordRow]], LocalRecords]
) -> Callable[..., Verdict]:
    """Ask for the same John Smith, with what is given changed, among the rows."""

    def asked(rows: Sequence[RecordRow], *, max_filers: int = 5, **stated: str) -> Verdict:
        data = JOHN | stated
        query = query_of(stated_name(data), stated_parts(data), data["birth_date"], data["taxpayer_number"])
        if request.param == "engine":
            return index_of(rows).look_up([query], max_filers)[0]
        return decide(query, rows, lambda i: [r for r in rows if r.record_id == i], RuleLimits(max_filers))

    return asked
