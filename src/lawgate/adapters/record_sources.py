"""Reads the record holder's own files (CSV or Parquet) into rows of text; refuses what it cannot read whole, and quotes none of it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from csv import reader
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

Choose = Callable[[Sequence[str]], dict[str, str]]
"""From the names of a file's columns: which of them to read, by the name to read each under."""

_NUMBERS = frozenset({"tax_year"})  # kept as numbers, these lose nothing
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

    def choose(names: Sequence[str]) -> dict[str, str]:
        missing = [c for c in COLUMNS if c not in names and c not in _OPTIONAL]
        if missing:
            raise RecordEngineError(f"{path.name}: missing columns: {', '.join(missing)}")
        return {c: c for c in COLUMNS if c in names}

    source = read_columns(path, choose)
    table = _completed(source.table)
    refuse_unreadable(path.name, table, first_line(path))
    return RecordSource(table, source.sha256)


def read_columns(path: Path, choose: Choose, numbers: frozenset[str] = _NUMBERS) -> RecordSource:
    """Read the chosen columns of ``.csv`` (UTF-8, header, commas) or ``.parquet`` as text, under the names chosen for them.

    Of ``numbers`` whole numbers in Parquet are taken too. Raises RecordEngineError naming file, line and column, never a value; a column that is not there, or twice, too.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise RecordEngineError(f"{path.name}: cannot be read") from None
    if path.suffix not in (".csv", ".parquet"):
        raise RecordEngineError(f"{path.name}: neither .csv nor .parquet")
    if path.suffix == ".csv":
        table = _read_csv(path.name, raw, choose)
    else:
        table = _read_parquet(path.name, raw, choose, numbers)
    return RecordSource(table, hashlib.sha256(raw).hexdigest())


def first_line(path: Path) -> int:
    """Say which line the first row stands in: a CSV has a header above it."""
    return 2 if path.suffix == ".csv" else 1


def _read_csv(name: str, raw: bytes, choose: Choose) -> Table:
    _refuse_not_utf8(name, raw)
    short: list[int] = []

    def note_line(row: Any) -> str:
        short.append(row.number or 0)
        return "error"

    names = next(reader(io.StringIO(raw.decode("utf-8-sig"), newline="")), [])
    try:
        table = csv.read_csv(
            arrow.BufferReader(raw),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note_line),
            convert_options=csv.ConvertOptions(column_types={c: arrow.string() for c in names}),
        )
    except arrow.ArrowInvalid:  # its text quotes the row
        where = (
            f"line {short[0]} does not have the columns of the header"
            if short
            else "not a CSV file with a header"
        )
        raise RecordEngineError(f"{name}: {where}") from None
    return _chosen(name, table, choose(table.column_names))


def _read_parquet(name: str, raw: bytes, choose: Choose, numbers: frozenset[str]) -> Table:
    try:
        file = parquet.ParquetFile(arrow.BufferReader(raw))
        chosen = choose(file.schema_arrow.names)
        table = file.read(columns=[theirs for theirs in chosen.values() if theirs in file.schema_arrow.names])
    except (arrow.ArrowException, OSError):
        raise RecordEngineError(f"{name}: not a readable Parquet file") from None
    return _chosen(name, table, chosen, numbers)


def _chosen(name: str, table: Table, chosen: Mapping[str, str], numbers: frozenset[str] = _NUMBERS) -> Table:
    missing = [theirs for theirs in chosen.values() if theirs not in table.column_names]
    twice = [theirs for theirs in chosen.values() if table.column_names.count(theirs) > 1]
    if missing:
        raise RecordEngineError(f"{name}: missing columns: {', '.join(missing)}")
    if twice:
        raise RecordEngineError(f"{name}: columns that stand twice: {', '.join(twice)}")
    return arrow.table(
        {
            ours: _as_text(name, theirs, table.column(theirs), ours in numbers, ours == "birth_date")
            for ours, theirs in chosen.items()
        }
    )


def _as_text(name: str, column: str, values: Column, number: bool, day: bool) -> Column:
    # A ZIP or house number kept as a number has lost its leading zeros: only text is taken, and dates and years where they belong.
    kind = values.type.value_type if arrow.types.is_dictionary(values.type) else values.type
    fits = (
        arrow.types.is_string(kind)
        or arrow.types.is_large_string(kind)
        or arrow.types.is_null(kind)
        or (number and arrow.types.is_integer(kind))
        or (day and arrow.types.is_date(kind))
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


def refuse_unreadable(
    name: str, table: Table, line: int, columns: Sequence[str] = ("record_id", "tax_year", "source")
) -> None:
    """Look at every value of these columns; the first row stands in ``line``.

    Raises RecordEngineError for a row without record_id, with a tax year that is none, or another source than the three.
    """
    checks: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("record_id", lambda v: bool(v.strip()), "is empty"),
        ("tax_year", lambda v: bool(_YEAR.fullmatch(v.strip())), "is not a year"),
        ("source", lambda v: v.strip() in _SOURCES, "is none of taxpayer, third-party, agency"),
    )
    for column, good, fault in (check for check in checks if check[0] in columns):
        for place, value in enumerate(table.column(column).to_pylist()):
            if not good(value):
                raise RecordEngineError(f"{name}: line {place + line}, column {column}: {fault}")
