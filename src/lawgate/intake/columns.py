"""From named cells to the fields of a request line: what every file with columns has in common, however its cells are cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lawgate.domain.code import code
from lawgate.domain.steps import Fault, Json
from lawgate.intake.fields import KEY, LISTS, is_column, shown
from lawgate.intake.rows import Row, checked

_DATES = {"MMDDYYYY": "%m%d%Y", "YYYYMMDD": "%Y%m%d"}


@dataclass(frozen=True, slots=True)
class Header:
    """``paths`` has our column for each of theirs in ``names``; "" where we know none. ``problem`` makes every line unreadable.

    ``ignored`` are their columns that the layout says to pass over, ``dates`` the way a date is written in a column of theirs.
    """

    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    problem: str = ""
    column: str | None = None
    ignored: frozenset[str] = frozenset()
    dates: Mapping[str, str] | None = None


def header_of(
    names: Sequence[str],
    columns: Mapping[str, str],
    ignored: frozenset[str] = frozenset(),
    dates: Mapping[str, str] | None = None,
) -> Header:
    """Map a file's column names; ``columns`` is ours to theirs, and what it does not name must be ours already."""
    ours = {theirs: name for name, theirs in columns.items()}
    paths = tuple(ours.get(name, name if is_column(name) else "") for name in names)
    known = [path for path in paths if path]
    missing = next((theirs for theirs in ours if theirs not in names), None)
    if missing is not None:
        return Header(problem="the mapping names a column the header does not have", column=shown(missing))
    if KEY not in known:
        # Perhaps a file without a header line: its first line is data then, and must not be shown as column names.
        return Header(problem="the header has no column for the request key", column=KEY)
    if len(set(known)) != len(known) or len(set(names)) != len(names):
        return Header(problem="two columns of the header are for the same field")
    return Header(tuple(names), paths, ignored=ignored, dates=dates)


def row_of(number: int, cells: Sequence[Json], header: Header) -> Row:
    """Place a record's cells and check them. A text cell of a list field has its items between semicolons; a cell that is None is absent."""
    data: dict[str, Json] = {}
    faults = []
    for place, (name, path, cell) in enumerate(zip(header.names, header.paths, cells, strict=True), 1):
        if path:
            if cell is not None:
                _place(data, path, cell if header.dates is None else _dated(cell, header.dates.get(name)))
        elif name not in header.ignored:
            faults.append(Fault("113", shown(name), f"line {number}, cell {place}: {code('113').sentence}"))
    return checked(number, data, faults)


def _place(data: dict[str, Json], path: str, cell: Json) -> None:
    field, _, part = path.partition(".")
    if part:
        inner = data.setdefault(field, {})
        assert isinstance(inner, dict)
        inner[part] = cell
    elif field in LISTS and isinstance(cell, str):
        data[field] = [item.strip(" ") for item in cell.split(";")] if cell else []
    else:
        data[field] = cell


def _dated(cell: Json, form: str | None) -> Json:
    """Write a date as the format does; what is no such date stays as it stands, and agrees with no record."""
    if form is None or not isinstance(cell, str) or len(cell) != 8 or not (cell.isascii() and cell.isdigit()):
        return cell
    try:
        return datetime.strptime(cell, _DATES[form]).date().isoformat()  # noqa: DTZ007  a calendar day has no zone
    except ValueError:
        return cell
