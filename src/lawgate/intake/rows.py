"""What reading one physical line or record yields, before it becomes a ``Line``; shared by the JSONL and the CSV reader."""

from __future__ import annotations

from dataclasses import dataclass

from lawgate.domain.steps import Fault, Json

MAX_BYTES = 64 * 1024
"""The greatest size of one line or record. An honest request has about one kilobyte."""
MAX_FAULTS = 20
"""So many faults of one line are reported; the rest of a line that bad says nothing new."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line or record: ``number`` is its (first) physical line from 1, ``data`` what could be read in good form."""

    number: int
    data: dict[str, Json]
    faults: tuple[Fault, ...] = ()


def physical_lines(raw: bytes) -> list[bytes]:
    """Split at newlines (U+000A) and at nothing else; a newline at the very end begins no further line."""
    pieces = raw.split(b"\n")
    return pieces[:-1] if pieces[-1] == b"" else pieces


def unreadable(number: int, message: str, *, at: int | None = None, column: str | None = None) -> Row:
    """Make the row of a line that cannot be read (110); ``at`` is the character position from 1."""
    where = f"line {number}" + ("" if at is None else f", column {at}")
    return Row(number, {}, (Fault("110", column, f"{where}: {message}"),))


def decoded(number: int, piece: bytes) -> str | Row:
    """Read one line's or record's bytes as UTF-8, or say at which character they stop being that."""
    if len(piece) > MAX_BYTES:
        return unreadable(number, f"longer than {MAX_BYTES} bytes")
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError as error:
        return unreadable(number, "not UTF-8", at=len(piece[: error.start].decode("utf-8")) + 1)
