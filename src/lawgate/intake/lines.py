"""Reads a line file into request lines: one per line or record, in order, each with its own faults and none with another's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import blake2b

from lawgate.domain.code import code
from lawgate.domain.kept import CHUNK_LINES
from lawgate.domain.steps import Fault, Line
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.intake.cells import cut_cells, read_cells
from lawgate.intake.fields import KEY
from lawgate.intake.fixed import read_fixed
from lawgate.intake.jsonl import read_jsonl
from lawgate.intake.layout import FIXED, TABLE, Reading, reading_of
from lawgate.intake.rows import Chunk, Row, cut_records
from lawgate.intake.table import cut_delimited, header_line, read_delimited

MAX_KEY = 128
"""The greatest length of a request key, which is echoed in every answer about its line."""


Keys = Set[bytes]
"""Digests (``key_digest``) of the request keys that earlier good lines of the file have."""


def read_lines(name: str, raw: bytes, columns: Mapping[str, str], layout: str = "") -> tuple[Line, ...]:
    """Read a line file that is at hand whole. Raises as ``reading_of`` does."""
    return tuple(stream_file(reading_of(name, columns, layout), [raw]))


def stream_file(reading: Reading, pieces: Iterable[bytes], most: int = CHUNK_LINES) -> Iterator[Line]:
    """Read a line file chunk by chunk; the lines are the same whatever the pieces and chunks."""
    taken: set[bytes] = set()
    for chunk in cut_lines(reading, pieces, most):
        lines = read_chunk(reading, chunk, taken)
        taken.update(keys_of(lines))
        yield from lines


def cut_lines(reading: Reading, pieces: Iterable[bytes], most: int = CHUNK_LINES) -> Iterator[Chunk]:
    """Cut a line file into chunks of at most so many lines."""
    if reading.kind == TABLE:
        return cut_cells(pieces, most)
    if reading.layout is None or reading.kind == FIXED:
        return cut_records(pieces, most)
    return cut_delimited(pieces, reading.layout, reading.columns, most)


def read_chunk(reading: Reading, chunk: Chunk, taken: Keys) -> tuple[Line, ...]:
    """Read the lines of one chunk, given the keys that the lines before it have.

    A bad line never raises and never changes another: it is a ``Line`` whose ``faults`` say why, with whatever of its data is in good form.
    Of several good lines with one request key the first keeps it and the later ones get fault 111.
    """
    own: set[bytes] = set()
    column = reading.columns.get(KEY, KEY)
    rows = _rows(reading, chunk)
    return tuple(_line(ordinal, row, column, taken, own) for ordinal, row in enumerate(rows, chunk.ordinal))


def _rows(reading: Reading, chunk: Chunk) -> list[Row]:
    if reading.kind == TABLE:
        return read_cells(chunk, reading.columns)
    if reading.layout is None:
        return read_jsonl(chunk)
    header = header_line(chunk.head, reading.layout, reading.columns)
    read = read_fixed if reading.kind == FIXED else read_delimited
    return read(chunk, reading.layout, header)


def keys_of(lines: Iterable[Line]) -> list[bytes]:
    """Return the digests of the keys that good lines have."""
    return [key_digest(line.request_key) for line in lines if not line.faults]


def key_digest(key: str) -> bytes:
    """Return 16 bytes that stand for a request key."""
    return blake2b(key.encode("utf-8"), digest_size=16).digest()


def _line(ordinal: int, row: Row, key_column: str, taken: Keys, own: set[bytes]) -> Line:
    stated = row.data.get(KEY)
    key = (
        stated
        if isinstance(stated, str) and stated.isprintable() and stated.strip() and len(stated) <= MAX_KEY
        else ""
    )
    faults = row.faults
    if not faults:
        mark = key_digest(key)
        is_taken = mark in own or mark in taken
        faults = _key_faults(row.number, "" if stated is None else str(stated), key, key_column, is_taken)
        if not faults:
            # A faulty line claims no key: it must not take it from the good line that comes after it.
            own.add(mark)
    return Line(ordinal, key, row.data, sha256_hex(canonical(row.data)), faults=faults)


def _key_faults(number: int, stated: str, key: str, column: str, is_taken: bool) -> tuple[Fault, ...]:
    if stated and not key:
        return (Fault("112", column, f"line {number}: {code('112').sentence}"),)
    if not key or is_taken:
        return (Fault("111", column, f"line {number}: {code('111').sentence}"),)
    return ()
