"""The shipped world of the rehearsal: records, requests and the truth about them, from a published simulated population (``data/NOTICE.md``).

Nobody in it exists. The truth lies in a file of its own, which nothing reads but what measures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lawgate.adapters.arrow import Table, arrow
from lawgate.adapters.labelled_files import read_labelled_requests
from lawgate.adapters.record_rows import RecordTable
from lawgate.adapters.record_sources import ColumnsOfFile, RecordSource
from lawgate.domain.errors import SettingsError
from lawgate.domain.steps import Json
from lawgate.identity.address import PARTS, read_address
from lawgate.identity.name import read_name
from lawgate.identity.normal import address_key_text, normal_address
from lawgate.records.compare import taxpayer_number_form

FOLDER = Path(str(files("lawgate.rehearsal") / "data"))
RECORDS, REQUESTS, TRUTH = (FOLDER / f"{name}.parquet" for name in ("records", "requests", "truth"))
SUMS = FOLDER / "SHA256SUMS"
NAME = ("given", "middle", "surname", "suffix")
_ROWS_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the world: its key there, and name, address and birth date as an office knows the person."""

    key: str
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a request of the world is about: a record, or nobody on record; ``with_members`` if somebody at home is on record."""

    record_id: str
    with_members: bool


def world_requests() -> tuple[Asked, ...]:
    """Return every request, in the file's order. Raises SettingsError if a file is not as shipped."""
    _refuse_changed()
    named = ColumnsOfFile(REQUESTS, lambda _: {"request_key": "request_key"}).table()
    keys = named.column("request_key").to_pylist()
    lines = read_labelled_requests(REQUESTS, "request_key", {})
    return tuple(Asked(key, line.data) for key, line in zip(keys, lines, strict=True))


@dataclass(frozen=True, slots=True)
class Filed:
    """Somebody on record as their own last return has them: ``fields`` of a request line by dotted name."""

    record_id: str
    fields: Mapping[str, str]
    taxpayer_number: str


def people_on_record(count: int, asked_at: Collection[str] = ()) -> tuple[Filed, ...]:
    """Return that many people on record, each of another address, none of the addresses in ``asked_at`` (``address_key_text``)."""
    last: dict[str, dict[str, str]] = {}
    for row in _whole(RECORDS).slice(0, _ROWS_LOOKED_AT).to_pylist():
        if row["source"] == "taxpayer" and row["tax_year"] >= last.get(row["record_id"], row)["tax_year"]:
            last[row["record_id"]] = row
    found: dict[str, Filed] = {}
    for row in last.values():
        address = read_address({part: row[part] for part in PARTS}).parts
        if address is not None and read_name({part: row[part] for part in NAME}).parts is not None:
            place = address_key_text(normal_address(address))
            if place not in asked_at and taxpayer_number_form(row["taxpayer_number"]).isdigit():
                fields = {f"name.{part}": row[part] for part in NAME} | {
                    f"address.{part}": row[part] for part in PARTS
                }
                found.setdefault(place, Filed(row["record_id"], fields, row["taxpayer_number"]))
    return tuple(found.values())[:count]


def world_records() -> RecordTable:
    """Return the records by themselves: whoever measures looks there, and not into a home."""
    return RecordTable(_whole(RECORDS))


def world_truth() -> Mapping[str, Known]:
    """Return the truth about every request by its key."""
    names = ("request_key", "record_id", "with_members")
    table = ColumnsOfFile(TRUTH, lambda _: {name: name for name in names}).table()
    rows = zip(*(table.column(name).to_pylist() for name in names), strict=True)
    return {key: Known(record_id, with_members == "yes") for key, record_id, with_members in rows}


def _whole(path: Path) -> Table:
    return arrow.concat_tables(list(RecordSource(path).batches())).combine_chunks()


def _refuse_changed() -> None:
    for line in SUMS.read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        if hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest:
            raise SettingsError(f"{name} is not the file that Lawgate ships; install it again")
