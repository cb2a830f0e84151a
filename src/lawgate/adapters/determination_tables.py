"""Writes a determination in the form of the request, row by row in bounded memory: text, a Parquet file or a spreadsheet.

The same rows give the same bytes with the same libraries. In a spreadsheet every cell but the ordinal is of the type text, so that none is a formula.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from lawgate.adapters.arrow import arrow, parquet
from lawgate.disclosure.determination import Form, Row
from lawgate.disclosure.determination_text import COLUMNS, Text, cells, lists

Add = Callable[[Row], object]

SHEET_ROWS = 1_048_576
"""So many rows a sheet of a spreadsheet can have; what is more stands in further sheets, each with the column names."""
ROW_GROUP = 20_000
"""So many rows of a Parquet file are held in memory until they are written."""
_MADE = datetime(1980, 1, 1)  # noqa: DTZ001  a spreadsheet must say when it was made, and must not differ from one time to the next
_PARTS = ".sheets-"
_SCHEMA = arrow.schema(
    [
        (
            name,
            arrow.int64() if name == "ordinal" else arrow.list_(arrow.string()) if many else arrow.string(),
        )
        for name in COLUMNS
        for many in [name in ("codes", "citations", "sentences", "remedies", "retriable")]
    ]
)


def table(form: Form, file: IO[bytes], folder: Path) -> AbstractContextManager[Add]:
    """Give a function that adds a row to the file; the file is whole at the end of the block, and of no use if the block raises.

    ``folder`` is where a spreadsheet's sheets may wait until then.
    """
    if form.ending == ".xlsx":
        return sheets(file, folder)
    return _row_groups(file) if form.ending == ".parquet" else _text(form, file)


@contextmanager
def _text(form: Form, file: IO[bytes]) -> Iterator[Add]:
    text = Text(form)
    file.write(text.header())
    yield lambda row: file.write(text.record(row))


@contextmanager
def _row_groups(file: IO[bytes]) -> Iterator[Add]:
    waiting: list[dict[str, Any]] = []
    with parquet.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:

        def flush() -> None:
            writer.write_table(arrow.Table.from_pylist(waiting, _SCHEMA))
            waiting.clear()

        def add(row: Row) -> None:
            masked = {name: row.masked.get(name) for name in ("name", "taxpayer_number")}
            waiting.append({**cells(row), **lists(row), "ordinal": row.ordinal, **masked})
            if len(waiting) == ROW_GROUP:
                flush()

        yield add
        if waiting:
            flush()


@contextmanager
def sheets(file: IO[bytes], folder: Path, most: int = SHEET_ROWS) -> Iterator[Add]:
    """Write a spreadsheet of as many sheets as it takes, each of at most so many rows."""
    # A crash leaves a hidden folder with parts of what the determination says; the next one clears it away, as only one is written at a time.
    for left in folder.glob(f"{_PARTS}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PARTS, dir=folder) as parts:
        book = Workbook(file, {"constant_memory": True, "tmpdir": parts})
        book.use_zip64()
        book.set_properties({"created": _MADE})
        sheet, used = _sheet(book), 1

        def add(row: Row) -> None:
            nonlocal sheet, used
            if used == most:
                sheet, used = _sheet(book), 1
            found = cells(row)
            sheet.write_number(used, 0, row.ordinal)
            for place, name in enumerate(COLUMNS[1:], 1):
                if found[name]:
                    sheet.write_string(used, place, found[name])
            used += 1

        try:
            yield add
        finally:
            book.close()


def _sheet(book: Workbook) -> Any:
    sheet = book.add_worksheet()
    for place, name in enumerate(COLUMNS):
        sheet.write_string(0, place, name)
    return sheet
