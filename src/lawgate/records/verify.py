"""Looks one approved request up, once (I-2). The only place that makes a ``Matched``."""

from __future__ import annotations

from collections.abc import Sequence

from lawgate.domain.steps import Approved, Matched, Verdict, VerdictKind
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.records.compare import UNREADABLE
from lawgate.records.engine import RecordEngine
from lawgate.records.keys import keys_of
from lawgate.records.rule import RuleLimits, decide, query_of


def verify_records(approved: Sequence[Approved], engine: RecordEngine, limits: RuleLimits) -> list[Matched]:
    """Look approved requests up, one after the other and each once; the results are in the same order. Raises RecordEngineError."""
    return [verify_record(one, engine, limits) for one in approved]


def verify_record(approved: Approved, engine: RecordEngine, limits: RuleLimits) -> Matched:
    """Ask the index exactly once and decide. Of the line it reads name, address, birth date and taxpayer number, nothing else.

    A name or address that is none (which no approval lets through) matches nothing. Raises RecordEngineError.
    """
    data = approved.line.data
    name, address = read_name(data.get("name")).parts, read_address(data.get("address")).parts
    if name is None or address is None:
        engine.candidates(())
        return Matched(approved, Verdict(VerdictKind.NONE, "340"))
    query = query_of(name, address, _stated(data.get("birth_date")), _stated(data.get("taxpayer_number")))
    rows = engine.candidates(keys_of(query.address))
    return Matched(approved, decide(query, rows, engine.history, limits))


def _stated(value: object) -> str:
    # What is stated but is not text is not nothing: it reads as stated and unreadable, and so agrees with no record.
    return value if isinstance(value, str) else "" if value is None else UNREADABLE
