"""Reads a CSV file (RFC 4180, header line, UTF-8): a record that cannot be read costs only itself.

A quote left open would swallow the lines behind it. So a record of several physical lines is believed only if it reads as RFC 4180 and has the
header's number of cells; else its first line alone is the bad one and reading goes on with the next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.code import code
from lawgate.domain.steps import Fault, Json
from lawgate.intake.fields import KEY, LISTS, is_column, shown
from lawgate.intake.rows import MAX_BYTES, MAX_FAULTS, Row, decoded, physical_lines, unreadable

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


def read_csv(raw: bytes, columns: Mapping[str, str]) -> list[Row]:
    """Read every record after the header line, in order. ``columns`` maps our dotted names to theirs; unmapped names must be ours.

    An empty cell is blank (``""``; in a list ``[]``); items of a list stand between semicolons; a column that is not there is absent.
    """
    pieces = physical_lines(raw.removeprefix(_BOM))
    if not pieces:
        return []
    taken, cells = _record(pieces, 0, None)
    header = _header(cells, columns)
    if header.problem:
        return [
            unreadable(number, header.problem, column=header.column)
            for number in range(taken + 1, len(pieces) + 1)
        ]
    return _rows(pieces, taken, header)


def _rows(pieces: Sequence[bytes], start: int, header: _Header) -> list[Row]:
    rows = []
    while start < len(pieces):
        taken, cells = _record(pieces, start, len(header.names))
        rows.append(cells if isinstance(cells, Row) else _row(start + 1, cells, header))
        start += taken
    return rows


def _record(pieces: Sequence[bytes], start: int, width: int | None) -> tuple[int, list[str] | Row]:
    """Read the record that begins at a physical line: how many lines it takes, and its cells or what is wrong."""
    taken = _extent(pieces, start)
    cells = _cells(start + 1, b"\n".join(pieces[start : start + taken]), width)
    if isinstance(cells, Row) and taken > 1:
        return 1, _cells(start + 1, pieces[start], width)
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
