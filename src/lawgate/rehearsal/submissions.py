"""What arrives in the rehearsal: one well-formed submission of a thousand requests and five that repeat, in small, documented failures.

Each comes as ingredients: the line file's bytes, the form's fields, who signs. Nothing is signed or sent here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lawgate.domain.steps import Json
from lawgate.rehearsal import people
from lawgate.rehearsal.asks import Ask, choose_asks
from lawgate.rehearsal.reasons import FIRST_DEPARTURE, reason
from lawgate.rehearsal.world import Asked

USE = (
    "The information is used solely by the engaged officers named in the lines, in the matters stated there, to enforce the "
    "Federal criminal statutes cited (a certification by a script in a rehearsal)."
)

COLUMNS: tuple[str, ...] = (
    "request_key",
    "name.given",
    "name.middle",
    "name.surname",
    "name.suffix",
    "address.number",
    "address.predirectional",
    "address.street",
    "address.unit",
    "address.box",
    "address.city",
    "address.state",
    "address.zip",
    "address.country",
    "taxpayer_number",
    "birth_date",
    "taxable_periods",
    "criminal_statute",
    "offence_facts.final_order_date",
    "offence_facts.removal_ground",
    "offence_facts.judicial_review",
    "proceeding.kind",
    "proceeding.case_number",
    "proceeding.opened",
    "proceeding.status",
    "statutory_authority",
    "reasons",
    "engaged_officer",
    "items_requested",
)

FIRST_OPENED = date(2023, 1, 9)
"""Each matter was opened a day after the one before it."""

STATUTES: tuple[str, ...] = ("18 U.S.C. 1343", "18 U.S.C. 1341", "18 U.S.C. 1344", "18 U.S.C. 1349")
PROCEEDINGS: tuple[tuple[str, str], ...] = (
    ("investigation", "28 U.S.C. 533"),
    ("investigation", "28 U.S.C. 533"),
    ("grand-jury", "18 U.S.C. 3332(a)"),
    ("preparation", "28 U.S.C. 547"),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """How a submission must end. ``rejected`` is the code of a rejected envelope, else empty; then ``letters`` are the only letters
    its lines may have and each of ``codes`` must occur among their reasons. ``lookups`` is how many records may be looked at."""

    rejected: str
    letters: frozenset[str]
    codes: frozenset[str]
    lookups: int


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Everything a requester's tool needs. ``form`` has the members of the intake form (agency, office, holder, delegation, pack,
    agreement, certification, columns: ours to theirs). ``officers`` sign the lines that name them. ``swapped_after_signing`` replaces the signed line file."""

    name: str
    story: str
    file_name: str
    raw: bytes
    form: Mapping[str, Json]
    official: str
    officers: tuple[str, ...]
    expected: Expected
    swapped_after_signing: bytes | None = None


def form_of(official: str, office: str, columns: Mapping[str, str] | None = None) -> dict[str, Json]:
    """Fill in the cover request's form for an official of the cast. ``columns`` maps our names to the file's where they differ."""
    agency = people.player(official).agency
    mapping: dict[str, Json] = dict(columns or {})
    return {
        "agency": agency,
        "office": office,
        "holder": official,
        "delegation": "",
        "pack": people.PACK,
        "agreement": people.agreement_id(agency),
        "certification": USE,
        "columns": mapping,
    }


def request_row(number: int, ask: Ask, officers: Sequence[str]) -> dict[str, str]:
    """Write an ask as the fields of request ``number`` (from 0), by dotted name; each has its own matter, reason and officer."""
    kind, authority = PROCEEDINGS[number % len(PROCEEDINGS)]
    departure = number >= FIRST_DEPARTURE
    row = dict.fromkeys(COLUMNS, "") | dict(ask.fields)
    return row | {
        "request_key": f"FFIS-{number + 1:03d}",
        "taxable_periods": ";".join(str(year) for year in ask.periods),
        "criminal_statute": "8 U.S.C. 1253(a)(1)" if departure else STATUTES[number // 4 % len(STATUTES)],
        "offence_facts.final_order_date": (
            date(2024, 3, 1) + timedelta(days=number - FIRST_DEPARTURE)
        ).isoformat()
        if departure
        else "",
        "offence_facts.removal_ground": "8 U.S.C. 1227(a)(2)(A)(iii)" if departure else "",
        "offence_facts.judicial_review": "no" if departure else "",
        "proceeding.kind": kind,
        "proceeding.case_number": f"SCRIPT-2026-{1000 + 7 * number}",
        "proceeding.opened": (FIRST_OPENED + timedelta(days=number)).isoformat(),
        "proceeding.status": "open",
        "statutory_authority": authority,
        "reasons": reason(number),
        "engaged_officer": officers[number % len(officers)],
        "items_requested": "address",
    }


def to_csv(
    rows: Iterable[Mapping[str, str]], columns: Sequence[str], headings: Mapping[str, str] | None = None
) -> bytes:
    """Write rows as CSV bytes (UTF-8) under the file's own ``headings`` where they differ from ours."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([(headings or {}).get(name, name) for name in columns])
    writer.writerows([row[name] for name in columns] for row in rows)
    return out.getvalue().encode()


THEIR_HEADINGS: dict[str, str] = {
    "request_key": "LINE_ID",
    "name.given": "FIRST_NAME",
    "name.surname": "LAST_NAME",
    "address.zip": "ZIP_CODE",
    "engaged_officer": "AGENT",
}
"""The Fraud Service's own words for some columns: the mapping is part of what its head signs."""


def well_formed(world: Sequence[Asked]) -> tuple[Ingredients, tuple[Ask, ...]]:
    """Return the submission of a thousand requests, and what its lines were made from, in the same order."""
    asks = choose_asks(world)
    rows = [request_row(number, ask, people.OFFICERS) for number, ask in enumerate(asks)]
    columns = {name: THEIR_HEADINGS.get(name, name) for name in COLUMNS}
    ingredients = Ingredients(
        name="well-formed",
        story="A thousand requests, each with its own person, matter, reason and engaged officer; a few state no usable address.",
        file_name="requests.csv",
        raw=to_csv(rows, COLUMNS, THEIR_HEADINGS),
        form=form_of(people.FRAUD_HEAD, "agency-head", columns),
        official=people.FRAUD_HEAD,
        officers=people.OFFICERS,
        expected=Expected("", frozenset({"A", "X", "I"}), frozenset({"223"}), len(asks)),
    )
    return ingredients, asks
