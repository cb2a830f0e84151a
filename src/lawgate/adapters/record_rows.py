"""Makes rows of text into what a row of the records says; and a table of them, for whoever measures against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lawgate.adapters.arrow import Table, arrow
from lawgate.adapters.record_sources import COLUMNS
from lawgate.identity.address import PARTS, AddressParts, stated_parts
from lawgate.identity.name import NameParts
from lawgate.identity.normal import normal_name
from lawgate.records.row import RecordRow

_NAME = tuple(COLUMNS.index(c) for c in ("given", "middle", "surname", "suffix"))
_ADDRESS = tuple(COLUMNS.index(c) for c in PARTS)
_REST = tuple(
    COLUMNS.index(c)
    for c in ("record_id", "birth_date", "taxpayer_number", "tax_year", "source", "form", "bars")
)


class RecordTable:
    """Rows of a source in memory, by record. It decides nothing and is no index: only what measures an engine reads it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._places: dict[str, list[int]] = {}
        for place, record_id in enumerate(table["record_id"].to_pylist()):
            self._places.setdefault(record_id, []).append(place)

    def bearers(self) -> dict[str, int]:
        """Count the records that bear each surname, in normal form."""
        found: dict[str, int] = {}
        distinct = self._table.group_by(["record_id", "surname"], use_threads=False).aggregate([])
        for surname, count in Counter(distinct["surname"].to_pylist()).items():
            form = normal_name(NameParts("", "", surname, "")).surname
            found[form] = found.get(form, 0) + count
        return found

    def history(self, record_id: str) -> tuple[RecordRow, ...]:
        """Return every row of one record; empty if there is none."""
        taken = self._table.take(arrow.array(self._places.get(record_id, []), arrow.int64()))
        return record_rows(list(zip(*(taken[c].to_pylist() for c in COLUMNS), strict=True)))


def record_rows(lines: Sequence[Sequence[str]]) -> tuple[RecordRow, ...]:
    """Make rows of one record, each the values of COLUMNS in their order."""
    # A record says the same name and address year after year: each is made into parts once.
    names: dict[tuple[str, ...], NameParts] = {}
    addresses: dict[tuple[str, ...], AddressParts] = {}
    rows = []
    for values in lines:
        name, address = tuple(values[at] for at in _NAME), tuple(values[at] for at in _ADDRESS)
        if name not in names:
            names[name] = NameParts(*name)
        if address not in addresses:
            addresses[address] = stated_parts(dict(zip(PARTS, address, strict=True)))
        record_id, birth_date, taxpayer_number, tax_year, source, form, bars = (values[at] for at in _REST)
        rows.append(
            RecordRow(
                record_id,
                names[name],
                addresses[address],
                birth_date,
                taxpayer_number,
                int(tax_year),
                source.strip(),
                form,
                tuple(bar.strip() for bar in bars.split(";") if bar.strip()),
            )
        )
    return tuple(rows)
