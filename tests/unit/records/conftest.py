"""A few neighbours, and an index over rows given in a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from lawgate.domain.steps import Verdict
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.engine import RecordRow
from lawgate.records.rule import RuleLimits, decide, query_of

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
def ask() -> Callable[..., Verdict]:
    """Ask for the same John Smith, with what is given changed, among the rows."""

    def asked(rows: Sequence[RecordRow], *, max_filers: int = 5, **stated: str) -> Verdict:
        data = JOHN | stated
        query = query_of(stated_name(data), stated_parts(data), data["birth_date"], data["taxpayer_number"])
        return decide(query, rows, lambda i: [r for r in rows if r.record_id == i], RuleLimits(max_filers))

    return asked
