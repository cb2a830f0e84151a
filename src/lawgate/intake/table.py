"""Reads a CSV file (RFC 4180, header line, UTF-8): a record that cannot be read costs only itself.

A quote left open would swallow the lines behind it. So a record of several physical lines is believed only if it reads as RFC 4180 and has the
header's number of cells; else its first line alone is the bad one and reading goes on with the next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lawgate.domain.code import code
from lawgate.domain.steps import Fault, Json
from lawgate.intake.fields import KEY, LISTS, is_column, shown
from lawgate.intake.rows import (
    CHUNK_BYTES,
    MAX_BYTES,
    MAX_FAULTS,
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
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_RECORD = re.compile(rf"{_CELL}(?:,{_CELL})*+")
"""RFC 4180 §2. The csv module is more lenient even when strict: it lets a quote stand inside a cell that is not quoted."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Header:
    """``paths`` has our column for each of theirs in ``names``; "" where we know none. ``problem`` makes every line unreadable."""

    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    problem: str = ""
    column: str | None = None


def cut_csv(pieces: Iterable[bytes], columns: Mapping[str, str], most: int) -> Iterator[Chunk]:
    """Cut the records behind the header line into chunks of at most so many, exactly where ``read_csv`` of the whole would end a record.

    Only a line with an odd number of quotes can begin a longer record, so the others are not looked into. A window of lines is held that
    reaches as far beyond the next record as any record may.
    """
    lines = stream_lines(_without_bom(pieces))
    window = list(islice(lines, most + MAX_LINES))
    if not window:
        return
    start, cells = _record(window, 0, None)
    header, head = _header(cells, columns), b"\n".join(window[:start])
    width = None if header.problem else len(header.names)
    window, ordinal, number = [*window[start:], *islice(lines, start)], 1, start + 1
    while window:
        limit = max(len(window) - MAX_LINES, 1) if len(window) == most + MAX_LINES else len(window)
        start = count = size = 0
        while start < limit and count < most and size <= CHUNK_BYTES:
            single = width is None or window[start].count(b'"') % 2 == 0
            taken = 1 if single else _record(window, start, width)[0]
            size += sum(map(len, window[start : start + taken]))
            start, count = start + taken, count + 1
        yield Chunk(ordinal, number, count, joined(window[:start]), head)
        ordinal, number = ordinal + count, number + start
        window = [*window[start:], *islice(lines, start)]


def read_csv(chunk: Chunk, columns: Mapping[str, str]) -> list[Row]:
    """Read every record of a chunk, in order. ``columns`` maps our dotted names to theirs; unmapped names must be ours.

    An empty cell is blank (``""``; in a list ``[]``); items of a list stand between semicolons; a column that is not there is absent.
    """
    header = _header(_cells(1, chunk.head or b"", None), columns)
    pieces = physical_lines(chunk.raw)
    if header.problem:
        return [
            unreadable(number, header.problem, column=header.column)
            for number in range(chunk.number, chunk.number + len(pieces))
        ]
    return _rows(pieces, chunk.number, header)


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


def _rows(pieces: Sequence[bytes], number: int, header: _Header) -> list[Row]:
    rows, start = [], 0
    while start < len(pieces):
        taken, cells = _record(pieces, start, len(header.names), number)
        rows.append(cells if isinstance(cells, Row) else _row(number + start, cells, header))
        start += taken
    return rows


def _record(
    pieces: Sequence[bytes], start: int, width: int | None, first: int = 1
) -> tuple[int, list[str] | Row]:
    """Read the record that begins at a piece: how many lines it takes, and its cells or what is wrong; ``first`` numbers the pieces."""
    taken = _extent(pieces, start)
    cells = _cells(first + start, b"\n".join(pieces[start : start + taken]), width)
    if isinstance(cells, Row) and taken > 1:
        return 1, _cells(first + start, pieces[start], width)
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


def _cells(number: int, record: bytes, width: int | None) -> list[str] | Row:
    text = decoded(number, record.removesuffix(b"\r"))
    if isinstance(text, Row):
        return text
    good = _RECORD.match(text)
    if good is None or good.end() != len(text):
        return unreadable(
            number, "quotes do not stand as RFC 4180 has them", at=(good.end() if good else 0) + 1
        )
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error:
        return unreadable(number, "not a CSV record")
    if width is not None and len(cells) != width:
        return unreadable(number, f"{len(cells)} cells where the header has {width}")
    return cells


def _header(cells: list[str] | Row, columns: Mapping[str, str]) -> _Header:
    if isinstance(cells, Row):
        return _Header(problem="the header line cannot be read")
    ours = {theirs: name for name, theirs in columns.items()}
    paths = tuple(ours.get(name, name if is_column(name) else "") for name in cells)
    known = [path for path in paths if path]
    missing = next((theirs for theirs in ours if theirs not in cells), None)
    if missing is not None:
        return _Header(problem="the mapping names a column the header does not have", column=shown(missing))
    if KEY not in known:
        # Perhaps a file without a header line: its first line is data then, and must not be shown as column names.
        return _Header(problem="the header has no column for the request key", column=KEY)
    if len(set(known)) != len(known) or len(set(cells)) != len(cells):
        return _Header(problem="two columns of the header are for the same field")
    return _Header(names=tuple(cells), paths=paths)


def _row(number: int, cells: Sequence[str], header: _Header) -> Row:
    data: dict[str, Json] = {}
    faults = []
    for place, (name, path, cell) in enumerate(zip(header.names, header.paths, cells, strict=True), 1):
        if path:
            _place(data, path, cell)
        else:
            faults.append(Fault("113", shown(name), f"line {number}, cell {place}: {code('113').sentence}"))
    return Row(number, data, tuple(faults[:MAX_FAULTS]))


def _place(data: dict[str, Json], path: str, cell: str) -> None:
    field, _, part = path.partition(".")
    if part:
        inner = data.setdefault(field, {})
        assert isinstance(inner, dict)
        inner[part] = cell
    elif field in LISTS:
        data[field] = [item.strip(" ") for item in cell.split(";")] if cell else []
    else:
        data[field] = cell
