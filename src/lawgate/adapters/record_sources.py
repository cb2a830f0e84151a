"""Reads the record holder's own files (CSV or Parquet) into rows of text; refuses what it cannot read whole, and quotes none of it.

A file is read twice in pieces, once for its digest and its encoding, once for its rows: memory does not grow with its size.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lawgate.adapters.arrow import Column, Table, arrow, compute, csv, parquet
from lawgate.domain.errors import RecordEngineError

COLUMNS = (
    "record_id", "given", "middle", "surname", "suffix", "birth_date", "taxpayer_number", "number", "predirectional",
    "street", "unit", "box", "city", "state", "zip", "country", "tax_year", "source", "form", "bars",
)  # fmt: skip
"""What is read of a source; every other column is left where it is."""

ROW_END, VALUE_END = "\x1e", "\x1f"
"""Control characters that no value may hold: the index writes a record's rows with them."""

_OPTIONAL = frozenset({"predirectional"})
_SOURCES = frozenset({"taxpayer", "third-party", "agency"})
_YEAR = re.compile("(19[1-9]|2[0-9]{2})[0-9]")
_BATCH = 1 << 18  # rows
_PIECE = 1 << 24  # bytes
_BETWEEN = f"[{ROW_END}{VALUE_END}]"


class RecordSource:
    """One file of rows. ``sha256`` is over its bytes, ``rows`` how many it has or, of a CSV, about how many.

    Raises RecordEngineError naming file, line and column, never a value: another kind of file, one that cannot be read or is
    not UTF-8, missing columns.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix not in (".csv", ".parquet"):
            raise RecordEngineError(f"{path.name}: neither .csv nor .parquet")
        self._path, self._csv = path, path.suffix == ".csv"
        try:
            before = path.stat()
            self.sha256, lines = self._digest()
            self._as_read = (before.st_size, before.st_mtime_ns)
        except OSError:
            raise RecordEngineError(f"{path.name}: cannot be read") from None
        self.rows = lines if self._csv else self._parquet().metadata.num_rows

    def batches(self) -> Iterator[Table]:
        """Yield the rows in order, as tables of text columns named as COLUMNS.

        Raises RecordEngineError for a row without record_id, with a tax year that is none, or with a source that is not
        taxpayer, third-party or agency, and for a file that is not what it was when its digest was made.
        """
        place = 2 if self._csv else 1
        for table in self._csv_batches() if self._csv else self._parquet_batches():
            _refuse_unreadable(self._path.name, table, place)
            place += table.num_rows
            yield table
        now = self._path.stat()
        if self._as_read != (now.st_size, now.st_mtime_ns):
            raise RecordEngineError(f"{self._path.name}: was changed while it was read")

    def _digest(self) -> tuple[str, int]:
        digest, lines, decoder = hashlib.sha256(), 0, codecs.getincrementaldecoder("utf-8")()
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                if self._csv:
                    self._refuse_not_utf8(decoder, piece, lines)
                    lines += piece.count(b"\n")
        if self._csv:
            self._refuse_not_utf8(decoder, b"", lines, final=True)
        return digest.hexdigest(), lines

    def _refuse_not_utf8(
        self, decoder: codecs.IncrementalDecoder, piece: bytes, lines: int, *, final: bool = False
    ) -> None:
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final)
        except UnicodeDecodeError as fault:
            line = lines + piece.count(b"\n", 0, max(fault.start - kept, 0)) + 1
            raise RecordEngineError(f"{self._path.name}: line {line} is not UTF-8") from None

    def _csv_batches(self) -> Iterator[Table]:
        name, short = self._path.name, list[int]()

        def note_line(row: Any) -> str:
            short.append(row.number or 0)
            return "error"

        try:
            with csv.open_csv(
                self._path,
                read_options=csv.ReadOptions(use_threads=False, block_size=_PIECE),
                parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note_line),
                convert_options=csv.ConvertOptions(column_types={c: arrow.string() for c in COLUMNS}),
            ) as reader:
                _refuse_columns(name, reader.schema.names)
                for batch in reader:
                    yield _completed(arrow.Table.from_batches([batch]))
        except arrow.ArrowInvalid:  # its text quotes the row
            where = (
                f"line {short[0]} does not have the columns of the header"
                if short
                else "not a CSV file with a header"
            )
            raise RecordEngineError(f"{name}: {where}") from None

    def _parquet(self) -> Any:
        try:
            return parquet.ParquetFile(self._path)
        except (arrow.ArrowException, OSError):
            raise RecordEngineError(f"{self._path.name}: not a readable Parquet file") from None

    def _parquet_batches(self) -> Iterator[Table]:
        name, file = self._path.name, self._parquet()
        _refuse_columns(name, file.schema_arrow.names)
        wanted = [c for c in COLUMNS if c in file.schema_arrow.names]
        try:
            for batch in file.iter_batches(_BATCH, columns=wanted):
                table = arrow.Table.from_batches([batch])
                for column in table.column_names:
                    place = table.column_names.index(column)
                    table = table.set_column(place, column, _as_text(name, column, table.column(column)))
                yield _completed(table)
        except (arrow.ArrowException, OSError):
            raise RecordEngineError(f"{name}: not a readable Parquet file") from None


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


def _refuse_columns(name: str, found: Sequence[str]) -> None:
    missing = [c for c in COLUMNS if c not in found and c not in _OPTIONAL]
    twice = [c for c in COLUMNS if list(found).count(c) > 1]
    if missing:
        raise RecordEngineError(f"{name}: missing columns: {', '.join(missing)}")
    if twice:
        raise RecordEngineError(f"{name}: columns that stand twice: {', '.join(twice)}")


def _refuse_unreadable(name: str, table: Table, first_line: int) -> None:
    checks: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("tax_year", lambda v: bool(_YEAR.fullmatch(v.strip())), "is not a year"),
        ("source", lambda v: v.strip() in _SOURCES, "is none of taxpayer, third-party, agency"),
    )
    faults = {"record_id": (compute.equal(compute.utf8_trim_whitespace(table["record_id"]), ""), "is empty")}
    for column, good, fault in checks:
        codes = table[column].combine_chunks().dictionary_encode()
        bad = [not good(value) for value in codes.dictionary.to_pylist()]
        faults[column] = (arrow.array(bad, arrow.bool_()).take(codes.indices), fault)
    for column, (bad_rows, fault) in faults.items():
        _refuse_first(name, column, bad_rows, fault, first_line)
    for column in COLUMNS:
        _refuse_first(name, column, compute.match_substring_regex(table[column], _BETWEEN), "has a control character", first_line)  # fmt: skip


def _refuse_first(name: str, column: str, bad: Column, fault: str, first_line: int) -> None:
    place = compute.index(bad, True).as_py()
    if place >= 0:
        raise RecordEngineError(f"{name}: line {place + first_line}, column {column}: {fault}")
