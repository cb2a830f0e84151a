"""Reads two labelled files for ``records evaluate``: records, and requests whose right record a column names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lawgate.adapters.arrow import Table, arrow
from lawgate.adapters.record_sources import COLUMNS, ColumnsOfFile, RecordsInMemory, refuse_unreadable
from lawgate.domain.errors import RecordEngineError
from lawgate.domain.steps import Json
from lawgate.records.evaluate import Labelled

NAME = ("given", "middle", "surname", "suffix", "full")
ADDRESS = ("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country", "text")
BESIDE = ("birth_date", "taxpayer_number")
KEY = "request_key"
_NEEDED = ("record_id", "given", "surname", "street")
_IDS = frozenset({"record_id", "truth", "tax_year"})  # opaque: as numbers they lose nothing
_IGNORED = ("source", "form", "bars")  # what a record may tell, and not whose it is
_UNSAID = {"tax_year": "0", "source": "agency"}  # year 0 is none stated

Mapped = Mapping[str, Sequence[str]]
"""Our column names with the names that may stand for them in the files."""


OURS = frozenset({*COLUMNS, *NAME, *ADDRESS, *BESIDE, KEY})
"""Every column name of ours that a mapping can give another name for; dotted ones of a request line too."""


def read_labelled_records(path: Path, mapped: Mapped) -> RecordsInMemory:
    """Read records, CSV or Parquet: ``record_id``, ``given``, ``surname``, ``street`` are needed, other columns may lack.

    Provenance and bars are not read. Raises RecordEngineError as ``RecordSource`` does.
    """

    def choose(names: Sequence[str]) -> dict[str, str]:
        found = _chosen([c for c in COLUMNS if c not in _IGNORED], names, mapped)
        missing = [c for c in _NEEDED if c not in found]
        if missing:
            raise RecordEngineError(
                f"{path.name}: missing columns: {', '.join(missing)}; name them with --map"
            )
        return found

    source = ColumnsOfFile(path, choose, _IDS)
    table = source.table()
    read = table.column_names
    for column in COLUMNS:
        if column not in table.column_names:
            table = table.append_column(
                column, arrow.array([_UNSAID.get(column, "")] * table.num_rows, arrow.string())
            )
    stated = [c for c in ("record_id", "tax_year") if c in read]
    refuse_unreadable(path.name, table, source.first_line, stated)
    return RecordsInMemory(table.select(list(COLUMNS)).combine_chunks(), source.sha256)


def read_labelled_requests(
    path: Path, truth: str, mapped: Mapped, apart: Path | None = None
) -> list[Labelled]:
    """Read requests, CSV or Parquet, with the right record of each in column ``truth`` (of ``apart``, row by row, if that is given).

    A request may state a name in parts or ``full``, an address in parts or as ``text``. Raises RecordEngineError.
    """

    def choose(names: Sequence[str]) -> dict[str, str]:
        found = _chosen((*NAME, *ADDRESS, *BESIDE, KEY), names, mapped)
        if not found.keys() & set(NAME) or not found.keys() & set(ADDRESS):
            raise RecordEngineError(
                f"{path.name}: no column of a name or of an address; name them with --map"
            )
        return found | ({"truth": truth} if apart is None else {})

    table = ColumnsOfFile(path, choose, _IDS).table()
    right = table if apart is None else _truth_apart(apart, truth, table)
    truths = right.column("truth").to_pylist()
    return [
        Labelled(row, data, said.strip())
        for row, (data, said) in enumerate(zip(_lines(table), truths, strict=True), 1)
    ]


def _truth_apart(path: Path, truth: str, asked: Table) -> Table:
    keyed = KEY in asked.column_names
    chosen = {"truth": truth} | ({KEY: KEY} if keyed else {})
    table = ColumnsOfFile(path, lambda _: chosen, _IDS).table()
    if table.num_rows != asked.num_rows or (
        keyed and table.column(KEY).to_pylist() != asked.column(KEY).to_pylist()
    ):
        raise RecordEngineError(f"{path.name}: its rows are not those of the requests, one by one")
    return table


def _lines(table: Table) -> Iterator[dict[str, Json]]:
    """Make each row into what a request line of the same words states."""
    names = [c for c in table.column_names if c not in ("truth", KEY)]
    for row in zip(*(table.column(c).to_pylist() for c in names), strict=True):
        stated = dict(zip(names, row, strict=True))
        yield {
            "name": {c: stated[c] for c in NAME if c in stated},
            "address": {c: stated[c] for c in ADDRESS if c in stated},
            **{c: stated[c] for c in BESIDE if c in stated},
        }


def _chosen(ours: Sequence[str], names: Sequence[str], mapped: Mapped) -> dict[str, str]:
    """Say which column of a file is which of ours: as mapped, else of the same name, else by the dotted name of a request line."""
    found = {}
    for column in ours:
        part = "name." if column in NAME else "address." if column in ADDRESS else ""
        may = (*mapped.get(column, ()), *mapped.get(part + column, ()), column, part + column)
        theirs = next((name for name in may if name in names), None)
        if theirs is not None:
            found[column] = theirs
    return found
