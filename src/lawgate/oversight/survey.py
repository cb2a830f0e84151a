"""Reads a whole home for the reports: rows, log entries and line states, each from where it is kept; changes nothing.

A home may hold millions of lines: everything is read a chunk at a time and counted as it passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lawgate.domain.kept import CHUNK_LINES, Accounting, Memory, line_ranges
from lawgate.domain.steps import AnswerKind, Json, LineStatus
from lawgate.gate import Gate
from lawgate.ledger.leaves import check_leaf
from lawgate.oversight.annual import AnnualReport, annual_report
from lawgate.oversight.reconcile import Reconciliation, count_ledger, reconcile


def reconcile_home(gate: Gate) -> Reconciliation:
    """Hold the memory's rows, the log's entries and the lines' own states against one another (I-2, I-10)."""
    memory = gate.memory
    return reconcile(memory.tally(), count_ledger(_entries(memory)), statuses_of_home(memory))


def annual_of_home(gate: Gate, year: int) -> AnnualReport:
    """Count one calendar year (UTC) from the accounting rows, 26 U.S.C. 6103(p)(3)(C)."""
    requests: Counter[str] = Counter()
    for summary in gate.memory.summaries():
        if summary.received_at.year == year and summary.agency:
            requests[summary.agency] += summary.line_count
    return annual_report(year, requests, _accounting(gate.memory))


def statuses_of_home(memory: Memory) -> Iterator[LineStatus]:
    """Every line's status, submission by submission."""
    for summary in memory.summaries():
        for some in line_ranges(summary.line_count):
            yield from memory.statuses(summary.submission, some)


def _entries(memory: Memory) -> Iterator[Mapping[str, Json]]:
    size = memory.size()
    for start in range(0, size, CHUNK_LINES):
        yield from map(check_leaf, memory.entries(start, min(start + CHUNK_LINES, size)))


def _accounting(memory: Memory) -> Iterator[tuple[Accounting, AnswerKind | None]]:
    size = memory.size()
    for start in range(0, size, CHUNK_LINES):
        rows = memory.accounting(range(start, start + CHUNK_LINES))
        kinds = memory.kinds([row.answer for row in rows])
        yield from ((row, kinds.get(row.answer)) for row in rows)
