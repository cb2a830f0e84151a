"""Looks approved requests up, each once (I-2). The only place that makes a ``Matched``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lawgate.domain.steps import Approved, Json, Matched, Verdict
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.records.compare import UNREADABLE
from lawgate.records.engine import RecordEngine
from lawgate.records.rule import Query, RuleLimits, query_of


def verify_records(approved: Sequence[Approved], engine: RecordEngine, limits: RuleLimits) -> list[Matched]:
    """Put each request to the index exactly once, and return them in order with their verdicts. Raises RecordEngineError."""
    verdicts = match_stated([a.line.data for a in approved], engine, limits)
    return [Matched(a, verdict) for a, verdict in zip(approved, verdicts, strict=True)]


def match_stated(
    lines: Sequence[Mapping[str, Json]], engine: RecordEngine, limits: RuleLimits
) -> Sequence[Verdict]:
    """Say for each line which record bears what it states: one look-up each. There is no other way from a line to a verdict.

    Of a line it reads name, address, birth date and taxpayer number, nothing else. A name or address that is none (which no
    approval lets through) matches nothing. Raises RecordEngineError.
    """
    return engine.look_up([query_stated(data) for data in lines], limits.max_filers)


def query_stated(data: Mapping[str, Json]) -> Query | None:
    """Bring what a line states to its normal form; None without a name or an address."""
    name, address = read_name(data.get("name")).parts, read_address(data.get("address")).parts
    if name is None or address is None:
        return None
    return query_of(name, address, _stated(data.get("birth_date")), _stated(data.get("taxpayer_number")))


def _stated(value: object) -> str:
    # What is stated but is not text is not nothing: it reads as stated and unreadable, and so agrees with no record.
    return value if isinstance(value, str) else "" if value is None else UNREADABLE
