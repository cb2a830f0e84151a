"""Reads a line file into request lines: one per line or record, in order, each with its own faults and none with another's."""

from __future__ import annotations

from collections.abc import Mapping

from lawgate.domain.code import code
from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Fault, Line
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.intake.fields import KEY
from lawgate.intake.jsonl import read_jsonl
from lawgate.intake.rows import Row
from lawgate.intake.table import read_csv

KINDS = (".jsonl", ".csv")
MAX_KEY = 128
"""The greatest length of a request key, which is echoed in every answer about its line."""


def read_lines(name: str, raw: bytes, columns: Mapping[str, str]) -> tuple[Line, ...]:
    """Read a line file; the ending of ``name`` says which kind it is. ``columns`` (ours to theirs) is for CSV alone.

    A bad line never raises and never changes another: it is a ``Line`` whose ``faults`` say why, with whatever of its data is in good form.
    Of several good lines with one request key the first keeps it and the later ones get fault 111.
    Raises MalformedRequestError for a file of another kind ("101") or a mapping for JSONL ("102").
    """
    if name.endswith(".csv"):
        return _numbered(read_csv(raw, columns), columns.get(KEY, KEY))
    if not name.endswith(".jsonl"):
        raise MalformedRequestError("101", "the line file must end in " + " or ".join(KINDS))
    if columns:
        raise MalformedRequestError("102", "a column mapping is for CSV files only")
    return _numbered(read_jsonl(raw), KEY)


def _numbered(rows: list[Row], key_column: str) -> tuple[Line, ...]:
    taken: set[str] = set()
    return tuple(_line(ordinal, row, key_column, taken) for ordinal, row in enumerate(rows, 1))


def _line(ordinal: int, row: Row, key_column: str, taken: set[str]) -> Line:
    stated = row.data.get(KEY)
    key = (
        stated
        if isinstance(stated, str) and stated.isprintable() and stated.strip() and len(stated) <= MAX_KEY
        else ""
    )
    faults = row.faults
    if not faults:
        faults = _key_faults(row.number, "" if stated is None else str(stated), key, key_column, taken)
    if not faults:
        # A faulty line claims no key: it must not take it from the good line that comes after it.
        taken.add(key)
    return Line(ordinal, key, row.data, sha256_hex(canonical(row.data)), faults=faults)


def _key_faults(number: int, stated: str, key: str, column: str, taken: set[str]) -> tuple[Fault, ...]:
    if stated and not key:
        return (Fault("112", column, f"line {number}: {code('112').sentence}"),)
    if not key or key in taken:
        return (Fault("111", column, f"line {number}: {code('111').sentence}"),)
    return ()
