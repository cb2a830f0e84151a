"""The counts agree only if every one of them is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lawgate.domain.kept import Tally
from lawgate.domain.steps import LineStatus
from lawgate.oversight.reconcile import LedgerCounts, count_ledger, reconcile

Statuses = tuple[LineStatus, ...]


def test_true_counts_are_exact(tally: Tally, ledger: LedgerCounts, statuses: Statuses) -> None:
    result = reconcile(tally, ledger, statuses)
    assert result.exact
    assert result.broken() == ()


@pytest.mark.parametrize(
    "name",
    [
        "submissions",
        "lines",
        "approved",
        "lookups",
        "answers",
        "accounting_rows",
        "handed_over",
        "acknowledged",
        "entries",
    ],
)
@pytest.mark.parametrize("by", [-1, 1])
def test_one_miscount_of_the_memory_is_detected(
    name: str, by: int, tally: Tally, ledger: LedgerCounts, statuses: Statuses
) -> None:
    wrong = replace(tally, **{name: getattr(tally, name) + by})
    result = reconcile(wrong, ledger, statuses)
    assert not result.exact
    assert result.broken()


@pytest.mark.parametrize("letter", ["X", "I", "W", "A"])
def test_one_disposition_miscounted_is_detected(
    letter: str, tally: Tally, ledger: LedgerCounts, statuses: Statuses
) -> None:
    counts = dict(tally.by_disposition)
    counts[letter] += 1
    assert not reconcile(replace(tally, by_disposition=counts), ledger, statuses).exact


def test_a_letter_the_log_has_and_the_memory_has_not_is_detected(
    tally: Tally, ledger: LedgerCounts, statuses: Statuses
) -> None:
    wrong = replace(ledger, dispositioned={**ledger.dispositioned, "S": 1})
    assert not reconcile(tally, wrong, statuses).exact


@pytest.mark.parametrize("kind", ["policy", "submission", "determinations", "answer", "ack", "heartbeat"])
def test_one_entry_more_in_the_log_is_detected(
    kind: str, tally: Tally, ledger: LedgerCounts, statuses: Statuses
) -> None:
    by_type = dict(ledger.by_type)
    by_type[kind] = by_type.get(kind, 0) + 1
    assert not reconcile(tally, replace(ledger, by_type=by_type), statuses).exact


def test_every_line_that_is_lost_is_detected(tally: Tally, ledger: LedgerCounts, statuses: Statuses) -> None:
    for lost in range(len(statuses)):
        assert not reconcile(tally, ledger, statuses[:lost] + statuses[lost + 1 :]).exact


def test_an_answer_without_an_accounting_row_is_named(
    tally: Tally, ledger: LedgerCounts, statuses: Statuses
) -> None:
    broken = reconcile(replace(tally, accounting_rows=4), ledger, statuses).broken()
    assert [(e.name, e.left, e.right) for e in broken] == [("answers = accounting rows", 5, 4)]


def test_the_log_is_counted_from_its_entries() -> None:
    entries: list[dict[str, object]] = [
        {"type": "policy"},
        {"type": "submission", "lines": 3, "counts": {"X": 1, "W": 2}},
        {"type": "determinations", "lines": 2, "counts": {"A": 1, "X": 1}},
        {"type": "answer"},
    ]
    counted = count_ledger(entries)
    assert counted.by_type == {"policy": 1, "submission": 1, "determinations": 1, "answer": 1}
    assert counted.submitted == 3
    assert counted.dispositioned == {"X": 1, "A": 1}
