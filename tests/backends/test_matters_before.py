from __future__ import annotations

from typing import Any

from lawgate.domain.kept import Memory
from lawgate.domain.steps import Disposition

MARK, NOBODY = b"m" * 16, b"0" * 16


def test_lines_are_found_by_the_matter_they_left_with_the_letter_they_have_now(
    memory: Memory, case: Any, other: Any
) -> None:
    case.keep(memory)
    other.keep(memory)
    found = memory.matters_before([MARK, NOBODY], "agency-one")
    assert set(found) == {MARK}
    places = [(line.submission, line.ordinal) for line in found[MARK].lines]
    assert places == [(c.submission, n) for c in (case, other) for n in c.waiting()]
    assert found[MARK].said == tuple(bytes([n]) * 32 for _, n in places)
    before = {s.ordinal: s.disposition for s in memory.statuses(case.submission)}
    assert all(
        line.disposition is before[line.ordinal]
        for line in found[MARK].lines
        if line.submission == case.submission
    )
    closed = case.closed(2)
    memory.keep_decision(case.submission, case.signed(b"refused"), b"refused", [], [closed], [])
    again = memory.matters_before([MARK], "agency-one")[MARK].lines
    assert again[1].disposition is closed.disposition
    assert closed.disposition in (Disposition.REFUSED, Disposition.RETURNED)


def test_another_agencys_lines_are_not_found(memory: Memory, case: Any) -> None:
    case.keep(memory)
    assert memory.matters_before([MARK], "agency-two") == {}
    assert memory.matters_before([n.to_bytes(16, "big") for n in range(3000)], "agency-one") == {}
