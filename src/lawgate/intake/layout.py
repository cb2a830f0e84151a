"""How a line file is cut into named cells where its ending does not say so: the layout that the official signs with the cover.

A layout is TOML: ``kind`` is ``delimited`` or ``fixed``; ``delimiter``, ``encoding`` and, for a file without a header line, one ``[[column]]``
for each column, in order. Nothing is guessed: a column either is ``ignored`` in so many words or is named, and the mapping says what it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lawgate.domain.errors import MalformedRequestError
from lawgate.intake.fields import is_column, shown

DELIMITED = "delimited"
FIXED = "fixed"
TABLE = "table"
JSONL = "jsonl"
MAX_LAYOUT = 16 * 1024
"""The greatest length of a layout's text."""
MAX_WIDTH = 8192
"""The greatest width of a fixed-width line."""

_BY_ENDING = {".jsonl": JSONL, ".csv": DELIMITED, ".tsv": DELIMITED, ".xlsx": TABLE, ".parquet": TABLE}
_OF_LAYOUT = (".csv", ".tsv", ".txt", ".dat")
ENDINGS = tuple(dict.fromkeys((*_BY_ENDING, *_OF_LAYOUT)))
"""What the name of a line file may end in."""


class Column(BaseModel):
    """One column of a file without a header line. ``start`` counts characters from 1; ``date`` says how a date is written there."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    ignored: bool = False
    start: Annotated[int, Field(ge=1, le=MAX_WIDTH)] | None = None
    length: Annotated[int, Field(ge=1, le=MAX_WIDTH)] | None = None
    date: Literal["", "MMDDYYYY", "YYYYMMDD"] = ""

    @property
    def end(self) -> int:
        """The last character's place, from 1; 0 where no place is stated."""
        return 0 if self.start is None or self.length is None else self.start + self.length - 1


class Layout(BaseModel):
    """A layout as written. ``width`` is a fixed-width line's number of characters, all of them in some column."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: Literal["delimited", "fixed"]
    delimiter: Literal[",", ";", "|", "\t"] = ","
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)] | None = None
    column: Annotated[list[Column], Field(max_length=200)] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order; none where the file's own header line has them."""
        return tuple(column.name for column in self.column)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a line file is read: its ``kind``, our columns by theirs, and the layout of a delimited or fixed-width file."""

    kind: str
    columns: Mapping[str, str]
    layout: Layout | None = None

    @property
    def header_lines(self) -> int:
        """How many physical lines stand before the first record: none where names come from elsewhere."""
        has_header = self.kind == DELIMITED and self.layout is not None and not self.layout.column
        return int(has_header)


def reading_of(name: str, columns: Mapping[str, str], layout: str) -> Reading:
    """Say how a line file is read, from the ending of its name and the cover's mapping and layout ("" for none).

    Raises MalformedRequestError: "101" for an ending of no known kind, "102" for a layout or mapping that does not fit the kind.
    """
    ending = name[name.rfind(".") :] if "." in name else ""
    if ending not in ENDINGS:
        raise MalformedRequestError("101", "the line file must end in " + " or ".join(ENDINGS))
    if layout:
        if ending not in _OF_LAYOUT:
            raise MalformedRequestError(
                "102", f"a layout is for files ending in {', '.join(_OF_LAYOUT)} only"
            )
        read = parse_layout(layout)
        return Reading(read.kind, _mapped(columns, read), read)
    if ending not in _BY_ENDING:
        raise MalformedRequestError("102", f"a file ending in {ending} needs a layout")
    kind = _BY_ENDING[ending]
    if kind == JSONL and columns:
        raise MalformedRequestError("102", "a column mapping is for files with columns only")
    delimiter: Literal["\t", ","] = "\t" if ending == ".tsv" else ","
    return Reading(
        kind, columns, Layout(kind="delimited", delimiter=delimiter) if kind == DELIMITED else None
    )


def parse_layout(text: str) -> Layout:
    """Read a layout. Raises MalformedRequestError ("102") saying which member is wrong and what it must be."""
    if len(text) > MAX_LAYOUT:
        raise MalformedRequestError("102", f"the layout is longer than {MAX_LAYOUT} characters")
    try:
        layout = Layout.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MalformedRequestError("102", f"the layout is not TOML: {error}") from None
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)
        places = {
            ".".join(shown(str(step)) if isinstance(step, str) else str(step + 1) for step in each["loc"])
            for each in wrong
        }
        raise MalformedRequestError("102", f"wrong in the layout: {', '.join(sorted(places))}") from None
    _require_whole(layout)
    return layout


def _require_whole(layout: Layout) -> None:
    """A fixed-width line is covered by its columns from the first character to the last, so that nothing of it is passed over unsaid."""
    if len(set(layout.names)) != len(layout.names):
        raise MalformedRequestError("102", "wrong in the layout: two columns have one name")
    if layout.kind == DELIMITED:
        if layout.width is not None or any(column.end for column in layout.column):
            raise MalformedRequestError(
                "102", "wrong in the layout: width, start and length are for fixed width"
            )
        return
    if layout.width is None or not layout.column:
        raise MalformedRequestError("102", "wrong in the layout: fixed width needs width and columns")
    place = 1
    for column in layout.column:
        if column.start != place or column.length is None:
            raise MalformedRequestError(
                "102", f"wrong in the layout: column {column.name} must start at {place} and have a length"
            )
        place = column.end + 1
    if place != layout.width + 1:
        raise MalformedRequestError(
            "102", f"wrong in the layout: the columns end at {place - 1}, the width is {layout.width}"
        )


def _mapped(columns: Mapping[str, str], layout: Layout) -> Mapping[str, str]:
    """The cover's mapping must speak of columns there are, and of none that is ignored."""
    if not layout.column:
        return columns
    told = {column.name for column in layout.column if not column.ignored}
    for ours, theirs in columns.items():
        if theirs not in told:
            raise MalformedRequestError(
                "102", f"the mapping of {ours} names a column the layout does not have, or ignores"
            )
    unsaid = next((name for name in told if name not in columns.values() and not is_column(name)), None)
    if unsaid is not None:
        raise MalformedRequestError(
            "102", f"the layout's column {shown(unsaid)} is neither mapped nor ignored"
        )
    return columns
