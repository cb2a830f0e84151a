"""Reads a line file into request lines: one per line or record, in order, each with its own faults and none with another's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import blake2b

from lawgate.domain.code import code
from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.kept import CHUNK_LINES
from lawgate.domain.steps import Fault, Line
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.intake.fields import KEY
from lawgate.intake.jsonl import cut_jsonl, read_jsonl
from lawgate.intake.rows import Chunk, Row
from lawgate.intake.table import cut_csv, read_csv

KINDS = (".jsonl", ".csv")
MAX_KEY = 128
"""The greatest length of a request key, which is echoed in every answer about its line."""


Keys = Set[bytes]
"""Digests (``key_digest``) of the request keys that earlier good lines of the file have."""


def read_lines(name: str, raw: bytes, columns: Mapping[str, str]) -> tuple[Line, ...]:
    """Read a line file that is at hand whole. Raises as ``cut_lines`` does."""
    return tuple(stream_file(name, [raw], columns))


def stream_file(
    name: str, pieces: Iterable[bytes], columns: Mapping[str, str], most: int = CHUNK_LINES
) -> Iterator[Line]:
    """Read a line file chunk by chunk; the lines are the same whatever the pieces and chunks. Raises as ``cut_lines`` does."""
    taken: set[bytes] = set()
    for chunk in cut_lines(name, pieces, columns, most):
        lines = read_chunk(chunk, columns, taken)
        taken.update(keys_of(lines))
        yield from lines


def cut_lines(
    name: str, pieces: Iterable[bytes], columns: Mapping[str, str], most: int = CHUNK_LINES
) -> Iterator[Chunk]:
    """Cut a line file into chunks of at most so many lines; the ending of ``name`` says which kind it is. ``columns`` (ours to theirs) is for CSV alone.

    Raises MalformedRequestError for a file of another kind ("101") or a mapping for JSONL ("102").
    """
    if name.endswith(".csv"):
        return cut_csv(pieces, columns, most)
    if not name.endswith(".jsonl"):
        raise MalformedRequestError("101", "the line file must end in " + " or ".join(KINDS))
    if columns:
        raise MalformedRequestError("102", "a column mapping is for CSV files only")
    return cut_jsonl(pieces, most)


def read_chunk(chunk: Chunk, columns: Mapping[str, str], taken: Keys) -> tuple[Line, ...]:
    """Read the lines of one chunk, given the keys that the lines before it have.

    A bad line never raises and never changes another: it is a ``Line`` whose ``faults`` say why, with whatever of its data is in good form.
    Of several good lines with one request key the first keeps it and the later ones get fault 111.
    """
    if chunk.head is None:
        rows, column = read_jsonl(chunk), KEY
    else:
        rows, column = read_csv(chunk, columns), columns.get(KEY, KEY)
    own: set[bytes] = set()
    return tuple(_line(ordinal, row, column, taken, own) for ordinal, row in enumerate(rows, chunk.ordinal))


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
