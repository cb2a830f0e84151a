"""Writes the town's filings as a record source; there is no column for what no record here may hold (I-11)."""

from __future__ import annotations

import csv
from pathlib import Path

from invented.town import Filing, Town

COLUMNS: tuple[str, ...] = (
    "record_id",
    "given",
    "middle",
    "surname",
    "suffix",
    "birth_date",
    "taxpayer_number",
    "number",
    "predirectional",
    "street",
    "unit",
    "box",
    "city",
    "state",
    "zip",
    "country",
    "tax_year",
    "source",
    "form",
    "bars",
)


def record_row(filing: Filing) -> dict[str, str]:
    """Return one filing as a row of the record source; every value is text."""
    person, home = filing.person, filing.dwelling
    values = (
        person.record_id,
        person.given,
        person.middle,
        person.surname,
        person.suffix,
        person.born.isoformat(),
        person.taxpayer_number,
        home.number,
        home.predirectional,
        home.street,
        home.unit,
        home.box,
        home.place.city,
        home.place.state,
        home.place.zip,
        "US",
        str(filing.tax_year),
        filing.source,
        filing.form,
        person.bars,
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_records(path: Path, town: Town) -> None:
    """Write the record source as CSV (UTF-8, header). A crash leaves a cut file; nothing reads it before this returns."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(record_row(filing) for filing in town.filings)
