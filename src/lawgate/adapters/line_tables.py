"""Takes the cells out of a Parquet file, or of the first sheet of an XLSX file, as the lines that ``intake.cells`` reads; the file itself stays as it is.

Nothing is repaired: a ZIP code that a spreadsheet keeps as a number has lost its zeros and stays without them; a formula makes its row unreadable.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from lawgate.adapters.arrow import arrow, parquet
from lawgate.domain.errors import MalformedRequestError

TABLES = (".xlsx", ".parquet")
MAX_TABLE = 512 * 1024 * 1024
"""The greatest size of such a file, which is held in memory whole: a larger one comes as CSV or JSONL."""
MAX_UNPACKED = 4 * 1024 * 1024 * 1024
"""The greatest size of an XLSX file's parts, unpacked."""
_BATCH = 2_000
_UNREADABLE = "a cell holds what a request line cannot"


def cells_of(file: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield the column names and then each row as a JSON array and a newline, in bounded memory.

    Raises MalformedRequestError ("101") if it is no such file; a row that cannot be taken out says so in its place.
    """
    rows = _parquet_rows(file) if name.endswith(".parquet") else _sheet_rows(file)
    for row in rows:
        yield (
            json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
            + b"\n"
        )


def _parquet_rows(file: IO[bytes]) -> Iterator[object]:
    try:
        table = parquet.ParquetFile(file)
        yield list(table.schema_arrow.names)
        for batch in table.iter_batches(batch_size=_BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            yield from (_cells(row) for row in zip(*columns, strict=True))
    except (arrow.ArrowException, OSError, ValueError):
        raise MalformedRequestError("101", "the line file is no Parquet file that can be read") from None


def _sheet_rows(file: IO[bytes]) -> Iterator[object]:
    try:
        _require_bounded(file)
        book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        try:
            for number, row in enumerate(book.worksheets[0].iter_rows()):
                if any(cell.data_type in ("f", "e") for cell in row):
                    yield {"unreadable": "a cell has a formula or an error"} if number else []
                else:
                    yield _cells([cell.value for cell in row])
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError):
        raise MalformedRequestError("101", "the line file is no XLSX file that can be read") from None


def _require_bounded(file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise MalformedRequestError("101", "the line file is larger, unpacked, than any may be")
    file.seek(0)


def _cells(row: Sequence[object]) -> object:
    try:
        return [_cell(value) for value in row]
    except TypeError:
        return {"unreadable": _UNREADABLE}


def _cell(value: object) -> object:
    """Texts, whole numbers and truth values stay; days become texts; anything else is refused rather than written some way or other."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
            raise TypeError
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list) and all(
        isinstance(item, str | int) and not isinstance(item, bool) for item in value
    ):
        return [str(item) for item in value]
    raise TypeError


def line_pieces(name: str, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Give a line file that comes in pieces as text: as it is, or its cells as lines. Raises MalformedRequestError ("101") as ``cells_of`` does."""
    return _table_pieces(name, pieces) if name.endswith(TABLES) else pieces


def _table_pieces(name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    whole = io.BytesIO()
    for piece in pieces:
        if whole.tell() + len(piece) > MAX_TABLE:
            raise MalformedRequestError(
                "101", f"an XLSX or Parquet line file may have at most {MAX_TABLE} bytes"
            )
        whole.write(piece)
    whole.seek(0)
    yield from cells_of(whole, name)
