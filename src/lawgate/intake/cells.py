"""Reads a table whose cells were taken out of an XLSX or Parquet file at the edge: one JSON array for each row, the column names first.

A cell is a text, true or false, a list of texts, or null where the file has nothing: then the field is absent. A row that could
not be taken out stands as an object with one member, ``unreadable``, that says why without any of its data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from lawgate.intake.columns import Header, header_of, row_of
from lawgate.intake.rows import (
    Chunk,
    Row,
    cut_records,
    decoded,
    physical_lines,
    stream_lines,
    unreadable,
)


def cut_cells(pieces: Iterable[bytes], most: int) -> Iterator[Chunk]:
    """Cut the rows behind the column names into chunks of at most so many."""
    lines = stream_lines(pieces)
    head = next(lines, None)
    if head is None:
        return iter(())
    return cut_records((line + b"\n" for line in lines), most, head=head, number=2)


def read_cells(chunk: Chunk, columns: Mapping[str, str]) -> list[Row]:
    """Read every row of a chunk, in order."""
    header = _header(chunk.head or b"", columns)
    return [
        _row(number, piece, header) for number, piece in enumerate(physical_lines(chunk.raw), chunk.number)
    ]


def _header(raw: bytes, columns: Mapping[str, str]) -> Header:
    try:
        names = json.loads(raw)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return Header(problem="the column names cannot be read")
    return header_of(names, columns)


def _row(number: int, piece: bytes, header: Header) -> Row:
    text = decoded(number, piece)
    if isinstance(text, Row):
        return text
    if header.problem:
        return unreadable(number, header.problem, column=header.column)
    cells = json.loads(text)
    if isinstance(cells, dict):
        return unreadable(number, str(cells["unreadable"]))
    if len(cells) != len(header.names):
        return unreadable(number, f"{len(cells)} cells where the header has {len(header.names)}")
    return row_of(number, cells, header)
