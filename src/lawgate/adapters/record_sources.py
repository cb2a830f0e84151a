"""Reads the record holder's own files (CSV or Parquet) into rows of text; refuses what it cannot read whole, and quotes none of it.

A file is read twice in pieces, once for its digest and its encoding, once for its rows: memory does not grow with its size.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from csv import reader
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

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


Choose = Callable[[Sequence[str]], dict[str, str]]
"""From the names of a file's columns: which of them to read, by the name to read each under."""

_NUMBERS = frozenset({"tax_year"})  # kept as numbers, these lose nothing


class ColumnsOfFile:
    """The chosen columns of ``.csv`` (UTF-8, header, commas) or ``.parquet`` as text, under the names chosen for them.

    ``sha256`` is over the file's bytes, ``rows`` how many it has or, of a CSV, about how many. Of ``numbers`` whole numbers in Parquet are
    taken too. Raises RecordEngineError naming file, line and column, never a value: another kind of file, one that cannot be read
    or is not UTF-8, a column that is not there, or twice.
    """

    def __init__(self, path: Path, choose: Choose, numbers: frozenset[str] = _NUMBERS) -> None:
        if path.suffix not in (".csv", ".parquet"):
            raise RecordEngineError(f"{path.name}: neither .csv nor .parquet")
        self._path, self._csv, self._choose, self._numbers = path, path.suffix == ".csv", choose, numbers
        self.first_line = 2 if self._csv else 1
        try:
            before = path.stat()
            self.sha256, lines = self._digest()
            self._as_read = (before.st_size, before.st_mtime_ns)
        except OSError:
            raise RecordEngineError(f"{path.name}: cannot be read") from None
        self.rows = lines if self._csv else self._parquet().metadata.num_rows

    def batches(self) -> Iterator[Table]:
        """Yield the rows in order. Raises RecordEngineError as the class says, and for a file that was changed since its digest was made."""
        yield from self._csv_batches() if self._csv else self._parquet_batches()
        now = self._path.stat()
        if self._as_read != (now.st_size, now.st_mtime_ns):
            raise RecordEngineError(f"{self._path.name}: was changed while it was read")

    def table(self) -> Table:
        """Return all rows at once."""
        return arrow.concat_tables(list(self.batches())).combine_chunks()

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

        with self._path.open(encoding="utf-8-sig", newline="") as file:
            names = next(reader(file), [])
        try:
            with csv.open_csv(
                self._path,
                read_options=csv.ReadOptions(use_threads=False, block_size=_PIECE),
                parse_options=csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=note_line),
                convert_options=csv.ConvertOptions(column_types={c: arrow.string() for c in names}),
            ) as batches:
                chosen = self._choose(batches.schema.names)
                yield self._chosen(batches.schema.empty_table(), chosen)
                for batch in batches:
                    yield self._chosen(arrow.Table.from_batches([batch]), chosen)
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
        file = self._parquet()
        chosen = self._choose(file.schema_arrow.names)
        wanted = [theirs for theirs in chosen.values() if theirs in file.schema_arrow.names]
        try:
            yield self._chosen(file.schema_arrow.empty_table(), chosen)
            for batch in file.iter_batches(_BATCH, columns=list(dict.fromkeys(wanted))):
                yield self._chosen(arrow.Table.from_batches([batch]), chosen)
        except (arrow.ArrowException, OSError):
            raise RecordEngineError(f"{self._path.name}: not a readable Parquet file") from None

    def _chosen(self, table: Table, chosen: Mapping[str, str]) -> Table:
        name = self._path.name
        missing = [theirs for theirs in chosen.values() if theirs not in table.column_names]
        twice = [theirs for theirs in chosen.values() if table.column_names.count(theirs) > 1]
        if missing:
            raise RecordEngineError(f"{name}: missing columns: {', '.join(missing)}")
        if twice:
            raise RecordEngineError(f"{name}: columns that stand twice: {', '.join(twice)}")
        return arrow.table(
            {
                ours: _as_text(
                    name, theirs, table.column(theirs), ours in self._numbers, ours == "birth_date"
                )
                for ours, theirs in chosen.items()
            }
        )


class RecordSource:
    """One file of a record holder, checked row by row: a whole source of records has every column of COLUMNS but the optional one.

    ``sha256`` is over the file's bytes, ``rows`` how many it has or about how many. Raises RecordEngineError as ``ColumnsOfFile`` does.
    """

    def __init__(self, path: Path) -> None:
        self._name, self._file = path.name, ColumnsOfFile(path, self._choose)
        self.sha256, self.rows = self._file.sha256, self._file.rows

    def batches(self) -> Iterator[Table]:
        """Yield the rows in order, as tables of text columns named as COLUMNS.

        Raises RecordEngineError for a row without record_id, with a tax year that is none, or with a source that is not
        taxpayer, third-party or agency.
        """
        place = self._file.first_line
        for table in self._file.batches():
            whole = completed(table)
            refuse_unreadable(self._name, whole, place)
            place += whole.num_rows
            yield whole

    def _choose(self, names: Sequence[str]) -> dict[str, str]:
        return {c: c for c in columns_among(self._name, names)}


@dataclass(frozen=True, slots=True)
class RecordsInMemory:
    """Rows that were read already, as a source: a table of text columns named as COLUMNS, and the SHA-256 of where they came from."""

    table: Table
    sha256: str

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def batches(self) -> Iterator[Table]:
        """Yield the rows."""
        yield self.table


class WithdrawnIds:
    """A file (CSV or Parquet) that names in its column record_id the records to withdraw; every other column is left where it is.

    ``sha256`` is over the file's bytes. Raises RecordEngineError as ``ColumnsOfFile`` does.
    """

    def __init__(self, path: Path) -> None:
        self._name, self._file = path.name, ColumnsOfFile(path, lambda _: {"record_id": "record_id"})
        self.sha256 = self._file.sha256

    def batches(self) -> Iterator[Table]:
        """Yield the rows. Raises RecordEngineError for one without record_id."""
        place = self._file.first_line
        for table in self._file.batches():
            refuse_unreadable(self._name, table, place, ("record_id",))
            place += table.num_rows
            yield table


class Source(Protocol):
    """Where records come from: rows as tables of text columns named as COLUMNS, checked; ``sha256`` holds once all were yielded."""

    @property
    def rows(self) -> int:
        """How many rows there are, or about how many."""
        ...

    @property
    def sha256(self) -> str:
        """What was read, as a digest."""
        ...

    def batches(self) -> Iterator[Table]:
        """Yield the rows. Raises RecordEngineError."""
        ...


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


def columns_among(name: str, theirs: Sequence[str]) -> list[str]:
    """Return those of COLUMNS that a source has, in their order. Raises RecordEngineError for one that is missing or stands twice."""
    missing = [c for c in COLUMNS if c not in theirs and c not in _OPTIONAL]
    twice = [c for c in COLUMNS if theirs.count(c) > 1]
    if missing:
        raise RecordEngineError(f"{name}: missing columns: {', '.join(missing)}")
    if twice:
        raise RecordEngineError(f"{name}: columns that stand twice: {', '.join(twice)}")
    return [c for c in COLUMNS if c in theirs]


def completed(table: Table) -> Table:
    """Return a table with every column of COLUMNS, in their order; the optional one may be missing."""
    for column in _OPTIONAL - set(table.column_names):
        table = table.append_column(column, arrow.array([""] * table.num_rows, arrow.string()))
    return table.select(list(COLUMNS)).combine_chunks()


def refuse_unreadable(
    name: str, table: Table, line: int, columns: Sequence[str] = ("record_id", "tax_year", "source")
) -> None:
    """Look at every value of these columns; the first row stands in ``line``.

    Raises RecordEngineError for a row without record_id, with a tax year that is none, or another source than the three; and for
    a control character anywhere that the index writes rows with.
    """
    checks: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("record_id", lambda v: bool(v.strip()), "is empty"),
        ("tax_year", lambda v: bool(_YEAR.fullmatch(v.strip())), "is not a year"),
        ("source", lambda v: v.strip() in _SOURCES, "is none of taxpayer, third-party, agency"),
    )
    for column, good, fault in (check for check in checks if check[0] in columns):
        codes = table[column].combine_chunks().dictionary_encode()
        bad = arrow.array([not good(value) for value in codes.dictionary.to_pylist()], arrow.bool_())
        _refuse_first(name, column, bad.take(codes.indices), fault, line)
    for column in table.column_names:
        signs = compute.match_substring_regex(table[column], _BETWEEN)
        _refuse_first(name, column, signs, "has a control character", line)


def _refuse_first(name: str, column: str, bad: Column, fault: str, first_line: int) -> None:
    place = compute.index(bad, True).as_py()
    if place >= 0:
        raise RecordEngineError(f"{name}: line {place + first_line}, column {column}: {fault}")
