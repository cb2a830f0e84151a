"""Reads the record holder's own files (CSV or Parquet) into rows of text; refuses what it cannot read whole, and quotes none of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lawgate.adapters.arrow import Column, Table, arrow, compute, csv, parquet
from lawgate.domain.errors import RecordEngineError

COLUMNS = (
    "record_id", "given", "middle", "surname", "suffix", "birth_date", "taxpayer_number", "number", "predirectional",
    "street", "unit", "box", "city", "state", "zip", "country", "tax_year", "source", "form", "bars",
)  # fmt: skip
"""What is read of a source; every other column is left where it is."""

_OPTIONAL = frozenset({"predirectional"})
_SOURCES = frozenset({"taxpayer", "third-party", "agency"})
_YEAR = re.compile("(19[1-9]|2[0-9]{2})[0-9]")


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One file's rows (a table of text columns named as COLUMNS) and the SHA-256 of its bytes."""

    table: Table
    sha256: str


def read_source(path: Path) -> RecordSource:
    """Read ``.csv`` (UTF-8, header, commas) or ``.parquet``.

    Raises RecordEngineError naming file, line and column, never a value: missing columns, bytes that are not UTF-8, a
    row without record_id, with a tax year that is none, or with a source that is not taxpayer, third-party or agency.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise RecordEngineError(f"{path.name}: cannot be read") from None
    if path.suffix not in (".csv", ".parquet"):
        raise RecordEngineError(f"{path.name}: neither .csv nor .parquet")
    table = _read_csv(path.name, raw) if path.suffix == ".csv" else _read_parquet(path.name, raw)
    _refuse_unreadable(path.name, table, first_line=2 if path.suffix == ".csv" else 1)
    return RecordSource(table, hashlib.sha256(raw).hexdigest())


def _read_csv(name: str, raw: bytes) -> Table:
    _refuse_not_utf8(name, raw)
    short: list[int] = []

    def note_line(row: Any) -> str:
        short.append(row.number or 0)
        return "error"

    try:
        table = csv.read_csv(
            arrow.BufferReader(raw),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note_line),
            convert_options=csv.ConvertOptions(column_types={c: arrow.string() for c in COLUMNS}),
        )
    except arrow.ArrowInvalid:  # its text quotes the row
        where = (
            f"line {short[0]} does not have the columns of the header"
            if short
            else "not a CSV file with a header"
        )
        raise RecordEngineError(f"{name}: {where}") from None
    _refuse_columns(name, table.column_names)
    return _completed(table)


def _read_parquet(name: str, raw: bytes) -> Table:
    try:
        file = parquet.ParquetFile(arrow.BufferReader(raw))
        _refuse_columns(name, file.schema_arrow.names)
        table = file.read(columns=[c for c in COLUMNS if c in file.schema_arrow.names])
    except (arrow.ArrowException, OSError):
        raise RecordEngineError(f"{name}: not a readable Parquet file") from None
    for place, column in enumerate(table.column_names):
        table = table.set_column(place, column, _as_text(name, column, table.column(column)))
    return _completed(table)


def _as_text(name: str, column: str, values: Column) -> Column:
    # A ZIP or house number kept as a number has lost its leading zeros: only text is taken, and dates and years where they belong.
    kind = values.type.value_type if arrow.types.is_dictionary(values.type) else values.type
    fits = (
        arrow.types.is_string(kind)
        or arrow.types.is_large_string(kind)
        or arrow.types.is_null(kind)
        or (column == "tax_year" and arrow.types.is_integer(kind))
        or (column == "birth_date" and arrow.types.is_date(kind))
    )
    if not fits:
        raise RecordEngineError(f"{name}: column {column} is not text")
    text = compute.fill_null(compute.cast(values, arrow.string()), "")
    try:
        text.validate(full=True)
    except arrow.ArrowInvalid:
        raise RecordEngineError(f"{name}: column {column} is not UTF-8") from None
    return text


def _completed(table: Table) -> Table:
    for column in _OPTIONAL - set(table.column_names):
        table = table.append_column(column, arrow.array([""] * table.num_rows, arrow.string()))
    return table.select(list(COLUMNS)).combine_chunks()


def _refuse_not_utf8(name: str, raw: bytes) -> None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise RecordEngineError(f"{name}: line {line} is not UTF-8") from None


def _refuse_columns(name: str, found: Sequence[str]) -> None:
    missing = [c for c in COLUMNS if c not in found and c not in _OPTIONAL]
    twice = [c for c in COLUMNS if list(found).count(c) > 1]
    if missing:
        raise RecordEngineError(f"{name}: missing columns: {', '.join(missing)}")
    if twice:
        raise RecordEngineError(f"{name}: columns that stand twice: {', '.join(twice)}")


def _refuse_unreadable(name: str, table: Table, first_line: int) -> None:
    checks: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("record_id", lambda v: bool(v.strip()), "is empty"),
        ("tax_year", lambda v: bool(_YEAR.fullmatch(v.strip())), "is not a year"),
        ("source", lambda v: v.strip() in _SOURCES, "is none of taxpayer, third-party, agency"),
    )
    for column, good, fault in checks:
        for place, value in enumerate(table.column(column).to_pylist()):
            if not good(value):
                raise RecordEngineError(f"{name}: line {place + first_line}, column {column}: {fault}")
