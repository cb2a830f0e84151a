"""What reading one physical line or record yields, before it becomes a ``Line``; shared by the readers of all formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.code import code
from lawgate.domain.steps import Fault, Json
from lawgate.intake.fields import check_fields

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


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines or records of a line file that stand one behind the other, whole.

    ``ordinal`` and ``number`` (of the physical line) are those of the first, from 1; ``count`` is how many they are. ``head`` is the header
    record of a file with columns, None for JSONL and where names come from the layout. No line in ``raw`` is longer than ``CUT_AT`` bytes: what is longer is cut off, and unreadable still.
    """

    ordinal: int
    number: int
    count: int
    raw: bytes
    head: bytes | None = None


CHUNK_BYTES = 4 * 1024 * 1024
"""A chunk of ``CHUNK_LINES`` has fewer where lines are long: memory holds chunks, never a file."""
CUT_AT = MAX_BYTES + 2
"""So long a line stays too long when a carriage return at its end is taken off."""


def stream_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Split a file that comes in pieces into its physical lines, as ``physical_lines`` does; a longer line is cut at ``CUT_AT`` bytes."""
    rest = b""
    for piece in pieces:
        first, *lines = piece.split(b"\n")
        rest = (rest + first)[:CUT_AT]
        for line in lines:
            yield rest
            rest = line if len(line) <= CUT_AT else line[:CUT_AT]
    if rest:
        yield rest


def cut_records(
    pieces: Iterable[bytes], most: int, *, head: bytes | None = None, number: int = 1
) -> Iterator[Chunk]:
    """Cut a file in which every physical line is one record into chunks of at most so many; an empty line is one too."""
    ordinal, lines, size = 1, list[bytes](), 0
    for line in stream_lines(pieces):
        lines.append(line)
        size += len(line)
        if len(lines) == most or size > CHUNK_BYTES:
            yield Chunk(ordinal, number, len(lines), joined(lines), head)
            ordinal, number, lines, size = ordinal + len(lines), number + len(lines), [], 0
    if lines:
        yield Chunk(ordinal, number, len(lines), joined(lines), head)


def joined(lines: list[bytes]) -> bytes:
    """Put physical lines together again, each with its newline."""
    return b"\n".join([*lines, b""])


def physical_lines(raw: bytes) -> list[bytes]:
    """Split at newlines (U+000A) and at nothing else; a newline at the very end begins no further line."""
    pieces = raw.split(b"\n")
    return pieces[:-1] if pieces[-1] == b"" else pieces


def checked(number: int, stated: Mapping[str, object], faults: Sequence[Fault] = ()) -> Row:
    """Make the row of a line that could be read: of its fields those in good form, and a fault for each of the others behind those given."""
    good, bad = check_fields(stated)
    more = [Fault(no, column, f"line {number}: {code(no).sentence}") for no, column in bad]
    return Row(number, good, (*faults, *more)[:MAX_FAULTS])


def unreadable(number: int, message: str, *, at: int | None = None, column: str | None = None) -> Row:
    """Make the row of a line that cannot be read (110); ``at`` is the character position from 1."""
    where = f"line {number}" + ("" if at is None else f", column {at}")
    return Row(number, {}, (Fault("110", column, f"{where}: {message}"),))


def decoded(number: int, piece: bytes, encoding: str = "utf-8") -> str | Row:
    """Read one line's or record's bytes as text, or say at which character they stop being that."""
    if len(piece) > MAX_BYTES:
        return unreadable(number, f"longer than {MAX_BYTES} bytes")
    try:
        return piece.decode(encoding)
    except UnicodeDecodeError as error:
        at = len(piece[: error.start].decode(encoding)) + 1
        return unreadable(number, f"not {encoding.upper()}", at=at)
