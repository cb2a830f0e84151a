"""Reads a fixed-width file by its layout: every physical line is one record, and a line of another width costs only itself."""

from __future__ import annotations

from lawgate.intake.columns import Header, row_of
from lawgate.intake.layout import Layout
from lawgate.intake.rows import Chunk, Row, decoded, physical_lines, unreadable


def read_fixed(chunk: Chunk, layout: Layout, header: Header) -> list[Row]:
    """Read every line of a chunk, in order; spaces behind a value are padding, and a cell of spaces is blank."""
    return [
        _row(number, piece, layout, header)
        for number, piece in enumerate(physical_lines(chunk.raw), chunk.number)
    ]


def _row(number: int, piece: bytes, layout: Layout, header: Header) -> Row:
    text = decoded(number, piece.removesuffix(b"\r"), layout.encoding)
    if isinstance(text, Row):
        return text
    if header.problem:
        return unreadable(number, header.problem, column=header.column)
    if len(text) != layout.width:
        return unreadable(number, f"{len(text)} characters where the layout has {layout.width}")
    return row_of(number, [text[c.end - (c.length or 0) : c.end].rstrip(" ") for c in layout.column], header)
