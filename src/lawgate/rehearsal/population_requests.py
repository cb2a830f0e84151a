"""Requests made from a population, with the right record of each beside it: members as another agency writes them, and decoys.

A decoy is about somebody who is not on record, or who is not on record at the stated address, and is made to fool a matcher. Every
one has the empty truth. The kinds are counted apart (``KINDS``), so that a loss or a wrong person has its cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lawgate.adapters.arrow import Table, arrow
from lawgate.identity.nicknames import nicknames_of
from lawgate.rehearsal.population import Block, full_surnames
from lawgate.rehearsal.population_records import record_id, street_lines
from lawgate.rehearsal.population_words import Words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MEMBER, RELATIVE, NAMESAKE, NEXT_DOOR, TWIN, FORMER_TENANT, OTHER_BIRTH, OTHER_NUMBER, STRANGER = range(9)
KINDS = (
    "member", "relative at the address", "namesake elsewhere", "next door", "Jr or Sr of that name", "lives where another is on record",
    "birth date one off", "taxpayer number one off", "stranger",
)  # fmt: skip
MIXED = (0.80, 0.08, 0.03, 0.01, 0.004, 0.02, 0.0, 0.0, 0.056)
"""Shares of the kinds in requests for measuring: name and address alone."""
DECOYS = (0.0, 0.30, 0.15, 0.10, 0.10, 0.15, 0.10, 0.10, 0.0)
"""Shares of the kinds where every request is a decoy."""

NICKNAMED, MISTYPED, SWAPPED, INITIAL, UNIT_GONE, ONE_PART, ZIP_WRONG, ZIP_GONE, CAPITALS, SPELLED_OUT = (
    0.06, 0.03, 0.005, 0.02, 0.15, 0.3, 0.02, 0.02, 0.25, 0.3,
)  # fmt: skip
"""Shares of what is written otherwise than on record; the two of double surnames and of units are of those who have one."""

_SPELLED = {
    "St": "Street", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Blvd": "Boulevard", "Ct": "Court", "Pl": "Place",
    "Cir": "Circle", "Way": "Way", "Ter": "Terrace",
}  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Written:
    """Requests being written: one array of texts for each field."""

    fields: dict[str, Words]
    rng: np.random.Generator

    def some(self, share: float, where: Bools | None = None) -> Ints:
        chosen = self.rng.random(len(self.fields["given"])) < share
        return np.flatnonzero(chosen if where is None else chosen & where)

    def change(self, field: str, rows: Ints, form: dict[str, str] | None = None) -> None:
        values = self.fields[field]
        for row in rows.tolist():
            values[row] = (
                _mistyped(values[row], self.rng) if form is None else form.get(values[row], values[row])
            )


def requests_of(block: Block, count: int, shares: tuple[float, ...], *, numbers: bool, seed: int) -> Table:
    """Make ``count`` requests about people of one block; the same arguments give the same requests.

    Columns as a request states them, then ``truth`` (a record_id, empty for none) and ``kind``. With ``numbers`` birth date and
    taxpayer number are stated, as on record except where the kind says otherwise.
    """
    rng = np.random.default_rng([seed, block.number, 1])
    kind = rng.choice(len(KINDS), size=count, p=shares)
    filings, people = block.filings, len(block.born)
    row = rng.integers(0, len(filings.person), count)
    person, dwelling = filings.person[row].copy(), filings.dwelling[row].copy()
    person[kind == RELATIVE] = _unrecorded_beside(block, person[kind == RELATIVE], rng)
    for which in (NAMESAKE, STRANGER):
        dwelling[kind == which] = filings.dwelling[
            rng.integers(0, len(filings.dwelling), int((kind == which).sum()))
        ]
    tenants = kind == FORMER_TENANT
    dwelling[tenants] = _lived_without_filing(block, person[tenants], rng)
    fields = _as_on_record(block, person, dwelling)
    stranger = kind == STRANGER
    other = rng.integers(0, people, int(stranger.sum()))
    fields["given"][stranger] = block.given[other]
    # By chance a decoy's person may be on record in that very building: then it is no decoy.
    building, dwellings = block.homes.building, len(block.homes.kind)
    filed = np.isin(
        person * dwellings + building[dwelling], filings.person * dwellings + building[filings.dwelling]
    )
    kind[filed & np.isin(kind, (NAMESAKE, FORMER_TENANT))] = MEMBER
    truth = np.where(kind == MEMBER, record_id(person + block.first), "").astype(object)
    for part in ("number", "box"):
        fields[part][kind == NEXT_DOOR] = _next(fields[part][kind == NEXT_DOOR])
    twin = kind == TWIN
    fields["suffix"][twin] = np.where(block.suffix[person[twin]] == "", "Jr", "III")
    written = _Written(fields, rng)
    if numbers:
        born, number = block.born[person].copy(), block.taxpayer_number[person].copy()
        stays = ~np.isin(kind, (RELATIVE, NAMESAKE, STRANGER, TWIN))
        born[kind == OTHER_BIRTH] += np.where(born[kind == OTHER_BIRTH] % 100 == 1, 1, -1)
        number[kind == OTHER_NUMBER] += np.where(number[kind == OTHER_NUMBER] % 10 == 9, -1, 1)
        days = np.array(
            [f"{d // 10_000}-{d // 100 % 100:02d}-{d % 100:02d}" for d in born.tolist()], dtype=object
        )
        fields["birth_date"] = np.where(stays, days, "")
        fields["taxpayer_number"] = np.where(
            stays & (kind != OTHER_BIRTH), number.astype(str).astype(object), ""
        )
    _write_otherwise(written)
    return _table(fields, truth, kind)


def _table(fields: dict[str, Words], truth: Words, kind: Ints) -> Table:
    columns = {name: arrow.array(values, arrow.string()) for name, values in fields.items()}
    columns["truth"] = arrow.array(truth, arrow.string())
    columns["kind"] = arrow.array([KINDS[k] for k in kind.tolist()], arrow.string())
    return arrow.table(columns)


def _as_on_record(block: Block, person: Ints, dwelling: Ints) -> dict[str, Words]:
    lines = street_lines(block.homes)
    fields = {
        "given": block.given[person],
        "middle": block.middle[person],
        "surname": full_surnames(block)[person],
        "suffix": block.suffix[person],
    }
    fields |= {name: values[dwelling] for name, values in lines.items()}
    blank = np.full(len(person), "", dtype=object)
    fields |= {"country": blank.copy(), "birth_date": blank.copy(), "taxpayer_number": blank.copy()}
    return {name: values.astype(object) for name, values in fields.items()}  # fmt: skip


def _unrecorded_beside(block: Block, person: Ints, rng: np.random.Generator) -> Ints:
    """For each person somebody of the same household who is not on record, or, where there is none, an unrecorded one of another household."""
    unrecorded = np.flatnonzero(~block.on_record)
    homes = block.household[unrecorded]
    at = np.searchsorted(homes, block.household[person])
    there = (at < len(homes)) & (homes[np.minimum(at, len(homes) - 1)] == block.household[person])
    found = unrecorded[np.minimum(at, len(homes) - 1)]
    any_one = unrecorded[rng.integers(0, len(unrecorded), len(person))]
    chosen: Ints = np.where(there, found, any_one)
    return chosen


def _lived_without_filing(block: Block, person: Ints, rng: np.random.Generator) -> Ints:
    """For each person a dwelling from which somebody else filed, of a household that is not theirs."""
    filings = block.filings
    row = rng.integers(0, len(filings.person), len(person))
    own = block.household[filings.person[row]] == block.household[person]
    row[own] = (row[own] + len(filings.person) // 2) % len(filings.person)
    found: Ints = filings.dwelling[row]
    return found


def _next(numbers: Words) -> Words:
    return np.array(
        [f"{before}{int(n) + 2}" if n.isdigit() else f"{before}{n}" for before, n in _split(numbers)],
        dtype=object,
    )


def _split(numbers: Words) -> list[tuple[str, str]]:
    """Split each into what stands before its last word, and that."""
    return [
        (before + between, last) for before, between, last in (n.rpartition(" ") for n in numbers.tolist())
    ]


def _write_otherwise(written: _Written) -> None:
    fields = written.fields
    short = {g: min(nicknames_of(g.upper()), default=g).title() for g in set(fields["given"].tolist())}
    written.change("given", written.some(NICKNAMED), short)
    written.change("given", written.some(MISTYPED))
    written.change("surname", written.some(MISTYPED))
    for row in written.some(INITIAL).tolist():
        fields["given"][row] = fields["given"][row][:1]
    for row in written.some(ONE_PART, _has(fields["surname"], " ")).tolist():
        fields["surname"][row] = fields["surname"][row].split()[int(written.rng.integers(0, 2))]
    swapped = written.some(SWAPPED)
    fields["given"][swapped], fields["surname"][swapped] = (
        fields["surname"][swapped],
        fields["given"][swapped],
    )
    fields["unit"][written.some(UNIT_GONE)] = ""
    fields["zip"][written.some(ZIP_GONE)] = ""
    for row in written.some(ZIP_WRONG, fields["zip"] != "").tolist():
        code = fields["zip"][row]
        fields["zip"][row] = code[:4] + str((int(code[4]) + 1) % 10)
    for row in written.some(SPELLED_OUT, fields["street"] != "").tolist():
        name, _, last = fields["street"][row].rpartition(" ")
        fields["street"][row] = f"{name} {_SPELLED.get(last, last)}"
    capitals = written.some(CAPITALS)
    for field in ("given", "middle", "surname", "suffix", "street", "unit", "city"):
        fields[field][capitals] = np.array(
            [v.upper() for v in fields[field][capitals].tolist()], dtype=object
        )


def _has(values: Words, sign: str) -> Bools:
    return np.array([sign in v for v in values.tolist()], dtype=bool)


def _mistyped(text: str, rng: np.random.Generator) -> str:
    if len(text) < 3:
        return text
    at = int(rng.integers(1, len(text) - 1))
    how = int(rng.integers(0, 4))
    letter = _LETTERS[int(rng.integers(0, 26))]
    return (
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at:],
        text[:at] + letter + text[at + 1 :],
    )[how]
