"""The nine steps of one submission are counted from where its lines stand."""

from __future__ import annotations

from lawgate.domain.steps import Disposition as D
from lawgate.domain.steps import LineState as S
from lawgate.web.funnel import steps_of


def test_each_line_is_counted_at_every_step_it_came_to_and_ends_once() -> None:
    letters = {
        (S.FINAL, D.FORMAT_ERROR): 1, (S.FINAL, D.REFUSED): 5, (S.HELD, D.HELD): 2, (S.DOCKETED, D.HELD): 3,
        (S.APPROVED, D.HELD): 1, (S.PROPOSED, D.HELD): 4, (S.LOGGED, D.ANSWERED): 6, (S.HANDED_OVER, D.ANSWERED): 7,
    }  # fmt: skip
    steps = steps_of(letters, closed_by_people=2, acknowledged=5)
    assert [s.number for s in steps] == list(range(1, 10))
    assert [s.lines for s in steps] == [29, 28, 25, 25, 17, 17, 13, 7, 5]
    assert sum(sum(s.ended.values()) for s in steps) + 7 == 29
