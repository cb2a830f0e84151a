from __future__ import annotations

from typing import Any

from lawgate.domain.kept import Memory
from lawgate.domain.steps import Disposition


def test_lines_are_found_by_the_trace_they_left_with_the_letter_they_have_now(
    memory: Memory, case: Any
) -> None:
    case.keep(memory)
    (mark,) = memory.lines_with_trace("address", ["f" * 64, "0" * 64], "agency-one")
    assert mark == "f" * 64
    before = {s.ordinal: s.disposition for s in memory.statuses(case.submission)}
    found = memory.lines_with_trace("address", [mark], "agency-one")[mark]
    assert {line.ordinal: line.disposition for line in found} == {
        n: before[n] for n in (f.ordinal for f in found)
    }
    assert {line.submission for line in found} == {case.submission}
    decision = case.signed(b"refused")
    closed = case.closed(2)
    memory.keep_decision(case.submission, decision, b"refused", [], [closed], [])
    now = {
        line.ordinal: line.disposition
        for line in memory.lines_with_trace("address", [mark], "agency-one")[mark]
    }
    assert now[2] is closed.disposition
    assert closed.disposition in (Disposition.REFUSED, Disposition.RETURNED)


def test_another_agencys_lines_and_other_kinds_are_not_found(memory: Memory, case: Any) -> None:
    case.keep(memory)
    assert memory.lines_with_trace("address", ["f" * 64], "agency-two") == {}
    assert memory.lines_with_trace("matter", ["f" * 64], "agency-one") == {}
    assert memory.lines_with_trace("address", [f"{n:064x}" for n in range(3000)], "agency-one") == {}
