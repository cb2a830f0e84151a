"""Tells what is on record once exactly one record is found: its addresses, whether the stated one is the last, its bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from lawgate.domain.steps import AddressOnRecord, Verdict, VerdictKind
from lawgate.identity.address import AddressParts
from lawgate.identity.normal import NormalAddress, normal_address
from lawgate.records.compare import Agreement, agreement, any_of, same_address
from lawgate.records.engine import RecordRow

_COMPARED = ("number", "street", "unit", "box", "city", "state", "zip")
_PARTS = tuple(field.name for field in fields(AddressParts))


def found_one(stated: NormalAddress, rows: Sequence[RecordRow], differs: Mapping[str, str]) -> Verdict:
    """Return the verdict ONE with every address of the record, the latest year first, and every bar on any row."""
    latest = max(row.tax_year for row in rows)
    last_known = [row for row in rows if row.tax_year == latest]
    ordered = sorted(rows, key=lambda row: (-row.tax_year, row.source, row.form, str(row.address)))
    return Verdict(
        kind=VerdictKind.ONE,
        reason="301",
        record_id=rows[0].record_id,
        addresses=tuple(map(_on_record, ordered)),
        # With two addresses in the latest year the stated one counts if it is either: confirming says less than releasing.
        stated_is_last_known=any(same_address(stated, normal_address(row.address)) for row in last_known),
        bars=tuple(sorted({bar for row in rows for bar in row.bars})),
        differs=differs,
    )


def address_differs(stated: NormalAddress, on_record: Sequence[NormalAddress]) -> dict[str, str]:
    """Say per part of the address whether what is stated stands on a row that matched; silent parts are left out."""
    found = {
        field: any_of(agreement(getattr(stated, field), getattr(other, field)) for other in on_record)
        for field in _COMPARED
    }
    return {field: a.value for field, a in found.items() if a is not Agreement.SILENT}


def _on_record(row: RecordRow) -> AddressOnRecord:
    parts = {field: value for field in _PARTS if (value := getattr(row.address, field))}
    return AddressOnRecord(parts, row.tax_year, row.source, row.form)
