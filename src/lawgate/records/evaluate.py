"""Measures step 5 against requests whose right record is known. Counts only; every verdict comes from ``records/verify.py``.

The truth is compared with after the verdict and is never handed to the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from lawgate.domain.steps import Json, Verdict
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.identity.normal import NormalAddress, NormalName, normal_address, normal_name
from lawgate.records.compare import (
    Given,
    birth_date_form,
    given_compares,
    place_agrees,
    surname_agrees,
    taxpayer_number_form,
)
from lawgate.records.engine import RecordEngine
from lawgate.records.measure import written_forms
from lawgate.records.row import RecordRow
from lawgate.records.rule import History, Query, RuleLimits, query_of
from lawgate.records.verify import match_stated, query_stated

_CHUNK = 4096  # requests decided at a time
CONTRADICTED = ("suffix", "middle", "birth_date", "taxpayer_number")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One request as a line states it, its row in its file (from 1), and the right ``record_id``, empty for nobody on record."""

    row: int
    data: Mapping[str, Json]
    truth: str


@dataclass(frozen=True, slots=True)
class WrongPerson:
    """A verdict about another person's record, by the request's row. ``equal`` if the request states that record's every datum.

    ``agrees`` names what both state alike; ``silent`` what the request states and the record does not.
    """

    row: int
    equal: bool
    agrees: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(slots=True)
class Evaluation:
    """Counts of verdicts against the truth. ``missed_by_cause`` adds up to ``missed``.

    ``by_form`` counts ``members``, ``right`` and ``wrong`` by how the name is written, of requests that state a name and an address.
    """

    requests: int = 0
    members: int = 0
    matched_right: int = 0
    matched_wrong: int = 0
    missed: int = 0
    missed_by_cause: Counter[str] = field(default_factory=Counter)
    non_members: int = 0
    non_members_matched: int = 0
    wrong: list[WrongPerson] = field(default_factory=list)
    by_form: dict[str, Counter[str]] = field(default_factory=dict)


def evaluate(
    requests: Sequence[Labelled],
    engine: RecordEngine,
    limits: RuleLimits,
    history: History,
    bearers: Mapping[str, int],
) -> Evaluation:
    """Match every request as step 5 does and count.

    ``history`` gives the rows of a record for the cause of a miss, ``bearers`` how many records bear a surname. Raises RecordEngineError.
    """
    done = Evaluation()
    for at in range(0, len(requests), _CHUNK):
        some = requests[at : at + _CHUNK]
        verdicts = match_stated([asked.data for asked in some], engine, limits)
        for asked, verdict in zip(some, verdicts, strict=True):
            _count(done, asked, verdict, history)
            _count_form(done, asked, verdict, bearers)
    return done


def _count(done: Evaluation, asked: Labelled, verdict: Verdict, history: History) -> None:
    found = verdict.record_id or ""
    done.requests += 1
    done.members += bool(asked.truth)
    done.non_members += not asked.truth
    done.non_members_matched += bool(found and not asked.truth)
    done.matched_wrong += bool(found and asked.truth and found != asked.truth)
    done.matched_right += bool(found and found == asked.truth)
    if found and found != asked.truth:
        done.wrong.append(_wrong(asked, verdict, history(found)))
    if asked.truth and not found:
        done.missed += 1
        done.missed_by_cause[cause_of(asked.data, verdict, history(asked.truth))] += 1


def _count_form(done: Evaluation, asked: Labelled, verdict: Verdict, bearers: Mapping[str, int]) -> None:
    name, address = read_name(asked.data.get("name")).parts, read_address(asked.data.get("address")).parts
    if name is None or address is None:
        return
    for form in written_forms(name, bearers):
        counts = done.by_form.setdefault(form, Counter())
        counts["members"] += bool(asked.truth)
        counts["right"] += bool(asked.truth) and verdict.record_id == asked.truth
        counts["wrong"] += verdict.record_id is not None and verdict.record_id != asked.truth


def equal_in_all_stated(query: Query, rows: Sequence[RecordRow]) -> bool:
    """Say whether everything the request states stands equal in the record with these rows, name and address on one row of them.

    Then nobody could tell the person asked about from the person on record.
    """
    return any(
        _says_all(query.name, normal_name(row.name)) and _says_all(query.address, normal_address(row.address))
        for row in rows
    ) and all(
        not stated or any(form(getattr(row, part)) == stated for row in rows)
        for part, stated, form in (
            ("birth_date", query.birth_date, birth_date_form),
            ("taxpayer_number", query.taxpayer_number, taxpayer_number_form),
        )
    )


def _says_all(stated: NormalName | NormalAddress, on_record: NormalName | NormalAddress) -> bool:
    return all(
        not getattr(stated, part.name) or getattr(stated, part.name) == getattr(on_record, part.name)
        for part in fields(stated)
    )


def cause_of(data: Mapping[str, Json], verdict: Verdict | None, own: Sequence[RecordRow]) -> str:
    """Say in words why a person on record was not found; ``own`` are the rows of the right record.

    Without a verdict nobody looked: the request was refused or returned before step 5.
    """
    name, address = read_name(data.get("name")).parts, read_address(data.get("address")).parts
    if address is None:
        return "what is stated is not an address"
    if name is None:
        return "what is stated is not a name"
    if verdict is None:
        return "refused or returned before any look-up"
    if verdict.reason == "330":
        return "somebody else there could be meant"
    if verdict.reason == "332":
        return "address of many filers"
    if verdict.reason == "333":
        return "the model doubts it"
    if verdict.reason == "331":
        against = [f for f in CONTRADICTED if verdict.differs.get(f) == "differs"]
        return f"contradicts: {', '.join(against) or 'several records'}"
    if not own:
        return "the right record is not in the file"
    closest = min((_apart(query_of(name, address), row) for row in own), key=len)
    if {"street", "number"} <= set(closest) or "box" in closest:
        return "the record does not have the address"
    return f"written differently: {', '.join(closest) or 'on no one row'}"


def _apart(query: Query, row: RecordRow) -> tuple[str, ...]:
    """Name what keeps this row from bearing the name at the address."""
    name, stated, address = normal_name(row.name), query.address, normal_address(row.address)
    checks = {
        "given name": given_compares(query.name, name) is not Given.OTHER,
        "surname": surname_agrees(query.name, name),
        "number": stated.number == address.number or not stated.street,
        "street": stated.street == address.street or not stated.street,
        "box": bool(stated.street) or stated.box == address.box,
        "unit": not (stated.unit and address.unit) or stated.unit == address.unit,
        "place": place_agrees(stated, address),
    }
    return tuple(part for part, agrees in checks.items() if not agrees)


def _wrong(asked: Labelled, verdict: Verdict, rows: Sequence[RecordRow]) -> WrongPerson:
    agrees = tuple(part for part, said in verdict.differs.items() if said == "agrees")
    query = query_stated(asked.data)
    silent = tuple(part for part in CONTRADICTED if _states(asked.data, part) and part not in verdict.differs)
    return WrongPerson(asked.row, query is not None and equal_in_all_stated(query, rows), agrees, silent)


def _states(data: Mapping[str, Json], part: str) -> bool:
    inside = data.get("name")
    value = (
        inside.get(part) if part in ("suffix", "middle") and isinstance(inside, Mapping) else data.get(part)
    )
    return bool(value)
