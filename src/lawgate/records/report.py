"""Tells what is on record once exactly one record is found: its addresses, whether the stated one is the last, its bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lawgate.domain.steps import AddressOnRecord, Verdict, VerdictKind
from lawgate.identity.address import AddressParts
from lawgate.identity.normal import NormalAddress, normal_address
from lawgate.records.compare import Agreement, agreement, any_of, same_address
from lawgate.records.row import RecordRow

_PARTS = AddressParts.__slots__
_COMPARED = ("number", "street", "unit", "box", "city", "state", "zip")


def found_one(stated: NormalAddress, rows: Sequence[RecordRow], differs: Mapping[str, str]) -> Verdict:
    """Return the verdict ONE with every address of the record, the latest year first, and every bar on any row."""
    latest = max(row.tax_year for row in rows)
    last_known = {row.address for row in rows if row.tax_year == latest}
    ordered = sorted(rows, key=_place) if len(rows) > 1 else rows
    return Verdict(
        kind=VerdictKind.ONE,
        reason="301",
        record_id=rows[0].record_id,
        addresses=tuple(map(_on_record, ordered)),
        # With two addresses in the latest year the stated one counts if it is either: confirming says less than releasing.
        stated_is_last_known=any(same_address(stated, normal_address(address)) for address in last_known),
        bars=tuple(sorted({bar for row in rows for bar in row.bars})),
        differs=differs,
    )


def _place(row: RecordRow) -> tuple[int, str, str, str]:
    return -row.tax_year, row.source, row.form, str(row.address)


def address_differs(stated: NormalAddress, on_record: Sequence[NormalAddress]) -> dict[str, str]:
    """Say per part of the address whether what is stated stands on a row that matched; silent parts are left out."""
    found = {
        part: any_of(agreement(getattr(stated, part), getattr(other, part)) for other in on_record)
        for part in _COMPARED
    }
    return {part: a.value for part, a in found.items() if a is not Agreement.SILENT}


def _on_record(row: RecordRow) -> AddressOnRecord:
    parts = {part: value for part in _PARTS if (value := getattr(row.address, part))}
    return AddressOnRecord(parts, row.tax_year, row.source, row.form)
