"""Reads a delimited file (RFC 4180, or with another delimiter): a record that cannot be read costs only itself.

A quote left open would swallow the lines behind it. So a record of several physical lines is believed only if it reads as RFC 4180 and has the
header's number of cells; else its first line alone is the bad one and reading goes on with the next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

from lawgate.intake.columns import Header, header_of, row_of
from lawgate.intake.layout import Layout
from lawgate.intake.rows import (
    CHUNK_BYTES,
    MAX_BYTES,
    Chunk,
    Row,
    decoded,
    joined,
    physical_lines,
    stream_lines,
    unreadable,
)

MAX_LINES = 64
"""So many physical lines one record may have."""
_BOM = b"\xef\xbb\xbf"


def cut_delimited(
    pieces: Iterable[bytes], layout: Layout, columns: Mapping[str, str], most: int
) -> Iterator[Chunk]:
    """Cut the records behind the header line into chunks of at most so many, exactly where ``read_delimited`` of the whole would end a record.

    Only a line with an odd number of quotes can begin a longer record, so the others are not looked into. A window of lines is held that
    reaches as far beyond the next record as any record may.
    """
    lines = stream_lines(_without_bom(pieces))
    window = list(islice(lines, most + MAX_LINES))
    if not window:
        return
    head, start, number = None, 0, 1
    if not layout.column:
        start = _record(window, 0, None, layout)[0]
        head = b"\n".join(window[:start])
        window, number = [*window[start:], *islice(lines, start)], start + 1
    header = header_line(head, layout, columns)
    width, ordinal = None if header.problem else len(header.names), 1
    while window:
        limit = max(len(window) - MAX_LINES, 1) if len(window) == most + MAX_LINES else len(window)
        start = count = size = 0
        while start < limit and count < most and size <= CHUNK_BYTES:
            single = width is None or window[start].count(b'"') % 2 == 0
            taken = 1 if single else _record(window, start, width, layout)[0]
            size += sum(map(len, window[start : start + taken]))
            start, count = start + taken, count + 1
        yield Chunk(ordinal, number, count, joined(window[:start]), head)
        ordinal, number = ordinal + count, number + start
        window = [*window[start:], *islice(lines, start)]


def read_delimited(chunk: Chunk, layout: Layout, header: Header) -> list[Row]:
    """Read every record of a chunk, in order.

    An empty cell is blank (``""``; in a list ``[]``); items of a list stand between semicolons; a column that is not there is absent.
    """
    pieces = physical_lines(chunk.raw)
    if header.problem:
        return [
            unreadable(number, header.problem, column=header.column)
            for number in range(chunk.number, chunk.number + len(pieces))
        ]
    rows, start = [], 0
    while start < len(pieces):
        taken, cells = _record(pieces, start, len(header.names), layout, chunk.number)
        rows.append(cells if isinstance(cells, Row) else row_of(chunk.number + start, cells, header))
        start += taken
    return rows


def header_line(head: bytes | None, layout: Layout, columns: Mapping[str, str]) -> Header:
    """Map the column names, which stand in the file's header line or else in the layout."""
    if layout.column:
        ignored = frozenset(column.name for column in layout.column if column.ignored)
        dates = {column.name: column.date for column in layout.column if column.date}
        return header_of(layout.names, columns, ignored, dates or None)
    cells = _cells(1, head or b"", None, layout)
    return (
        Header(problem="the header line cannot be read")
        if isinstance(cells, Row)
        else header_of(cells, columns)
    )


def _without_bom(pieces: Iterable[bytes]) -> Iterator[bytes]:
    begun, waiting = False, b""
    for piece in pieces:
        if begun:
            yield piece
            continue
        waiting += piece
        if len(waiting) >= len(_BOM):
            begun = True
            yield waiting.removeprefix(_BOM)
    if not begun:
        yield waiting


def _record(
    pieces: Sequence[bytes], start: int, width: int | None, layout: Layout, first: int = 1
) -> tuple[int, list[str] | Row]:
    """Read the record that begins at a piece: how many lines it takes, and its cells or what is wrong; ``first`` numbers the pieces."""
    taken = _extent(pieces, start)
    cells = _cells(first + start, b"\n".join(pieces[start : start + taken]), width, layout)
    if isinstance(cells, Row) and taken > 1:
        return 1, _cells(first + start, pieces[start], width, layout)
    return taken, cells


def _extent(pieces: Sequence[bytes], start: int) -> int:
    """Count the lines until all quotes are closed; 1 if they never are within the bounds of a record."""
    quotes = size = 0
    for end in range(start, min(start + MAX_LINES, len(pieces))):
        quotes += pieces[end].count(b'"')
        size += len(pieces[end]) + 1
        if quotes % 2 == 0 and size <= MAX_BYTES:
            return end + 1 - start
    return 1


def _cells(number: int, record: bytes, width: int | None, layout: Layout) -> list[str] | Row:
    text = decoded(number, record.removesuffix(b"\r"), layout.encoding)
    if isinstance(text, Row):
        return text
    good = _record_form(layout.delimiter).match(text)
    if good is None or good.end() != len(text):
        return unreadable(
            number, "quotes do not stand as RFC 4180 has them", at=(good.end() if good else 0) + 1
        )
    try:
        cells = next(csv.reader([text], strict=True, delimiter=layout.delimiter), [])
    except csv.Error:
        return unreadable(number, "not a CSV record")
    if width is not None and len(cells) != width:
        return unreadable(number, f"{len(cells)} cells where the header has {width}")
    return cells


@cache
def _record_form(delimiter: str) -> re.Pattern[str]:
    """RFC 4180 §2. The csv module is more lenient even when strict: it lets a quote stand inside a cell that is not quoted."""
    mark = re.escape(delimiter)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{mark}\r\n]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+")
