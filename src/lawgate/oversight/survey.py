"""Reads a whole home for the reports: rows, log entries and line states, each from where it is kept; changes nothing."""

from __future__ import annotations

from collections import Counter

from lawgate.domain.steps import AnswerKind
from lawgate.gate import Gate
from lawgate.ledger.leaves import check_leaf
from lawgate.oversight.annual import AnnualReport, annual_report
from lawgate.oversight.reconcile import Reconciliation, count_ledger, reconcile
from lawgate.statutes.pack import Ground

RETURNS = "26 U.S.C. 6103"
"""The section whose disclosures the report is about."""


def reconcile_home(gate: Gate) -> Reconciliation:
    """Hold the memory's rows, the log's entries and the lines' own states against one another (I-2, I-10)."""
    memory = gate.memory
    entries = [check_leaf(raw) for raw in memory.entries(0, memory.size())]
    statuses = [status for s in memory.summaries() for status in memory.statuses(s.submission)]
    return reconcile(memory.tally(), count_ledger(entries), statuses)


def annual_of_home(gate: Gate, year: int) -> AnnualReport:
    """Count one calendar year (UTC) from the accounting rows, 26 U.S.C. 6103(p)(3)(C).

    Grounds that a pack says are not accounted for, and grounds of other titles, are left out, requests and answers alike.
    """
    left_out = {name for name, ground in gate.packs.items() if not _is_reported(ground)}
    requests: Counter[str] = Counter()
    kinds: dict[str, AnswerKind] = {}
    for summary in gate.memory.summaries():
        if summary.received_at.year == year and summary.agency and summary.pack not in left_out:
            requests[summary.agency] += summary.line_count
        for logged in gate.memory.logged(summary.submission):
            kinds[logged.answer] = logged.authorised.proposed.kind
    return annual_report(year, requests, gate.memory.accounting(), kinds, left_out)


def _is_reported(ground: Ground) -> bool:
    return ground.current.accounted and ground.current.citation.startswith(RETURNS)
