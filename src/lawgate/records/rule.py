"""Decides whether exactly one record bears the stated name at the stated address: design section 5, every clause of it.

1. The address: number, street, unit, and ZIP or city and state equal; a missing unit only if one record fits.
2. The name: surname equal; given name equal, or a nickname or initial when nobody else of that surname is there. What somebody who
   is not on record may share needs more: an initial, and a middle name that the record does not have, that birth date or taxpayer
   number agrees; a nickname that one of these or the middle name does.
3. Nothing stated contradicts: suffix, middle name, birth date, taxpayer number, a birth date no filing is possible with.
4. Nobody else at that address could be meant, unless a stated datum tells the two apart.
5. An address of many filers gives no answer unless birth date or taxpayer number agrees.

Ties and near misses end without an answer (I-4). No scores: tests/properties/test_matching.py holds it to a plain restatement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lawgate.domain.steps import Verdict, VerdictKind
from lawgate.identity.address import AddressParts
from lawgate.identity.fold import CACHED
from lawgate.identity.name import NameParts
from lawgate.identity.normal import NormalAddress, NormalName, normal_address, normal_name
from lawgate.records.compare import (
    Agreement,
    Given,
    agreement,
    all_of,
    any_of,
    birth_date_form,
    filing_possible,
    given_compares,
    middle_compares,
    same_building,
    surname_agrees,
    surname_shared,
    taxpayer_number_form,
)
from lawgate.records.report import address_differs, found_one
from lawgate.records.row import RecordRow

_name_form, _address_form = lru_cache(CACHED)(normal_name), lru_cache(CACHED)(normal_address)

History = Callable[[str], Sequence[RecordRow]]


@dataclass(frozen=True, slots=True)
class RuleLimits:
    """``max_filers``: an address with more records than this is shared by many, and a name at it is not enough."""

    max_filers: int


@dataclass(frozen=True, slots=True)
class Query:
    """What one approved request states, in normal form."""

    name: NormalName
    address: NormalAddress
    birth_date: str
    taxpayer_number: str


@dataclass(frozen=True, slots=True)
class _Tenant:
    """A row at the stated building beside its comparison with the request."""

    row: RecordRow
    name: NormalName
    address: NormalAddress
    given: Given
    unit: Agreement

    @property
    def record_id(self) -> str:
        return self.row.record_id


def query_of(
    name: NameParts, address: AddressParts, birth_date: str = "", taxpayer_number: str = ""
) -> Query:
    """Bring what is stated to its normal form; nothing stated is ``""``."""
    return Query(
        normal_name(name),
        normal_address(address),
        birth_date_form(birth_date),
        taxpayer_number_form(taxpayer_number),
    )


def decide(query: Query, rows: Sequence[RecordRow], history: History, limits: RuleLimits) -> Verdict:
    """Decide one request over the candidate rows; ``history`` gives all rows of a record among them.

    Rows that do not fit are ignored, so more candidates never change the outcome, and neither does their order.
    """
    # The same name and address of a record, year after year, is compared once.
    distinct = {(row.record_id, row.name, row.address): row for row in rows}.values()
    building = [
        t for t in (_tenant(query, row) for row in distinct) if same_building(query.address, t.address)
    ]
    here = [t for t in building if t.unit is not Agreement.DIFFERS]
    if not here:
        elsewhere = any(_bears(query, t) for t in building)
        return Verdict(VerdictKind.NONE, "310" if elsewhere else "340")
    bearers = sorted({t.record_id for t in here if _bears(query, t)})
    if not bearers:
        return Verdict(VerdictKind.NONE, "320")
    standing = {b: contradictions(query, history(b)) for b in bearers}
    fitting = [b for b in bearers if Agreement.DIFFERS not in standing[b].values()]
    if not fitting:
        said = _said(standing[bearers[0]]) if len(bearers) == 1 else {}
        return Verdict(VerdictKind.NONE, "331", differs=said)
    if len(fitting) > 1:
        return Verdict(VerdictKind.AMBIGUOUS, "330")
    return _last_doubts(query, fitting[0], building, history, limits)


def contradictions(query: Query, rows: Sequence[RecordRow]) -> dict[str, Agreement]:
    """Compare what may be stated beside name and address with all a record says, field by field."""
    names = [_name_form(row.name) for row in rows]
    births = [birth_date_form(row.birth_date) for row in rows]
    born = [agreement(query.birth_date, b) for b in births]
    possible = all(filing_possible(b, row.tax_year) for row in rows for b in (query.birth_date, *births))
    return {
        "suffix": all_of(agreement(query.name.suffix, n.suffix) for n in names),
        "middle": any_of(middle_compares(query.name, n) for n in names),
        "birth_date": all_of(born) if possible else Agreement.DIFFERS,
        "taxpayer_number": all_of(
            agreement(query.taxpayer_number, taxpayer_number_form(row.taxpayer_number)) for row in rows
        ),
    }


def _tenant(query: Query, row: RecordRow) -> _Tenant:
    name, address = _name_form(row.name), _address_form(row.address)
    unit = agreement(query.address.unit, address.unit)
    if not query.address.unit and not address.unit:
        unit = Agreement.AGREES  # a house without units: nothing is missing on either side
    return _Tenant(row, name, address, given_compares(query.name, name), unit)


def _bears(query: Query, tenant: _Tenant) -> bool:
    return tenant.given is not Given.OTHER and surname_agrees(query.name, tenant.name)


def _last_doubts(
    query: Query, one: str, building: Sequence[_Tenant], history: History, limits: RuleLimits
) -> Verdict:
    rows = history(one)
    own = contradictions(query, rows)
    mine = [
        t for t in building if t.record_id == one and t.unit is not Agreement.DIFFERS and _bears(query, t)
    ]
    # Where the unit is missing on one side, everybody in the building is at the address.
    exact = [t for t in mine if t.unit is Agreement.AGREES]
    around = [t for t in building if t.record_id != one and (t.unit is not Agreement.DIFFERS or not exact)]
    namesakes = [t for t in around if surname_shared(query.name, t.name)]
    given = {t.given for t in (exact or mine)}
    full_name = Given.EQUAL in given
    # A nickname is half a given name: with an equal middle name it is one.
    named = full_name or (Given.NICKNAME in given and own["middle"] is Agreement.AGREES)
    told_apart = all(
        _tells_apart(own, contradictions(query, history(t.record_id)))
        for t in namesakes
        if t.given is not Given.OTHER
    )
    if not told_apart or (namesakes and not full_name) or _several_units(query, one, building):
        return Verdict(VerdictKind.AMBIGUOUS, "330")
    if (not named or _middle_open(query, own) or _suffix_open(query, rows)) and not _corroborated(own):
        return Verdict(VerdictKind.AMBIGUOUS, "330")
    there = {t.record_id for t in building if t.unit is not Agreement.DIFFERS}
    if len(there) > limits.max_filers and not _corroborated(own):
        return Verdict(VerdictKind.AMBIGUOUS, "332")
    return found(query, rows, _said(own))


def found(query: Query, rows: Sequence[RecordRow], said: Mapping[str, str]) -> Verdict:
    """Return the verdict ONE for the record with these rows; ``said`` is what was stated beside name and address.

    Raises ValueError if none of the rows bears the stated name at the stated address: whoever says so is mistaken.
    """
    # The same name and address of a record, year after year, is compared once.
    distinct = {(row.name, row.address): row for row in rows}.values()
    building = [
        t for t in (_tenant(query, row) for row in distinct) if same_building(query.address, t.address)
    ]
    mine = [t.address for t in building if t.unit is not Agreement.DIFFERS and _bears(query, t)]
    if not mine or len({row.record_id for row in rows}) != 1:
        raise ValueError("this record does not bear that name at that address")
    names = {"given": "agrees", "surname": "agrees"}
    return found_one(query.address, rows, names | dict(said) | address_differs(query.address, mine))


def _tells_apart(own: Mapping[str, Agreement], other: Mapping[str, Agreement]) -> bool:
    # That the other differs is not enough: the record of the father may lack the suffix that its son's request states.
    return any(own[f] is Agreement.AGREES and other[f] is Agreement.DIFFERS for f in own)


def _several_units(query: Query, one: str, building: Sequence[_Tenant]) -> bool:
    units = {t.address.unit for t in building if t.record_id == one and t.address.unit}
    return not query.address.unit and len(units) > 1


def _middle_open(query: Query, own: Mapping[str, Agreement]) -> bool:
    # A middle name that the record does not have: a namesake of the one on record may be meant, who need not be on record at all.
    return bool(query.name.middle) and own["middle"] is Agreement.SILENT


def _suffix_open(query: Query, rows: Sequence[RecordRow]) -> bool:
    # Jr. on one side only: the request may mean the parent of that name, who need not be on record at all.
    on_record = {_name_form(row.name).suffix for row in rows} - {""}
    return bool(on_record) != bool(query.name.suffix)


def _corroborated(own: Mapping[str, Agreement]) -> bool:
    return Agreement.AGREES in (own["birth_date"], own["taxpayer_number"])


def _said(found: Mapping[str, Agreement]) -> dict[str, str]:
    return {field: a.value for field, a in found.items() if a is not Agreement.SILENT}
