"""Two real processes on one home at once: nothing is done twice, nothing is lost, nobody is turned away, and a stop wins (I-6, I-7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
Copy = Callable[..., Path]
ANSWERS = 12
BEFORE_THE_STOP = 3


def at_once(*actors: Any) -> list[Any]:
    """Let processes that have opened everything go on together, and return what each says last."""
    for each in actors:
        assert each.hears() == "ready"
    for each in actors:
        each.go()
    return [each.end()[-1] for each in actors]


def look(start: Start, folder: Path) -> Any:
    """Look at what is there afterwards: everything reconciles, the log verifies, every package in the outbox opens in its order."""
    (found,) = start("look", folder).end()
    assert found["not exact"] == []
    seen = found["seen"]
    assert seen["faults"] == seen["unlogged"] == []
    assert sorted(seen["opened"]) == seen["lying"]
    return found


def test_the_same_submission_received_by_two_processes_at_once_is_one_submission(
    actor: Start, copied: Copy
) -> None:
    world = copied("begun")
    one, two = at_once(actor("receive", world, "submission"), actor("receive", world, "submission"))
    assert one == two
    found = look(actor, world)
    assert (found["tally"]["submissions"], found["tally"]["lines"]) == (1, 6)
    assert found["seen"]["types"]["submission"] == 1
    assert found["seen"]["types"]["determinations"] == 1


def test_two_submissions_received_at_once_are_both_kept(actor: Start, copied: Copy) -> None:
    world = copied("begun")
    one, two = at_once(actor("receive", world, "submission"), actor("receive", world, "another"))
    assert one != two
    found = look(actor, world)
    assert (found["tally"]["submissions"], found["tally"]["lines"]) == (2, 9)
    assert found["seen"]["types"]["submission"] == 2
    assert found["seen"]["lines"]["received"] == 9


def test_two_processes_that_hand_over_the_same_answers_make_one_whole_package_of_each(
    actor: Start, copied: Copy
) -> None:
    world = copied("many")
    one, two = at_once(actor("hand-over", world, 0), actor("hand-over", world, 0))
    assert one == two
    assert len(one["left"]) == ANSWERS
    assert one["kept back"] == {}
    found = look(actor, world)
    assert found["seen"]["lying"] == found["handed over"] == sorted(one["left"])
    assert found["tally"]["handed over"] == ANSWERS
    assert not any(p.name.endswith(".part") for p in (world / "outbox").iterdir())


def test_no_package_leaves_after_a_stop_was_ordered_and_those_before_are_listed(
    actor: Start, copied: Copy
) -> None:
    world = copied("many")
    handing, court = actor("hand-over", world, BEFORE_THE_STOP), actor("stop", world)
    assert handing.hears() == "ready"
    handing.go()
    # It has been given the third package and has not written it yet: that it leaves is on record already.
    assert handing.hears() == "ready"
    (ordered,) = at_once(court)
    handing.go()
    (handed,) = handing.end()

    assert len(handed["left"]) == BEFORE_THE_STOP
    assert handed["kept back"] == {"701": ANSWERS - BEFORE_THE_STOP}
    assert ordered["left"] == sorted(handed["left"])
    found = look(actor, world)
    assert found["seen"]["lying"] == found["handed over"] == ordered["left"]


@pytest.mark.parametrize("first", ["hand-over", "stop"])
def test_a_stop_ordered_while_packages_leave_lists_exactly_those_that_left(
    actor: Start, copied: Copy, first: str
) -> None:
    world = copied("many")
    processes = {"hand-over": actor("hand-over", world, 0), "stop": actor("stop", world)}
    order = sorted(processes, key=lambda name: name != first)
    said = dict(zip(order, at_once(*(processes[name] for name in order)), strict=True))

    handed, ordered = said["hand-over"], said["stop"]
    assert ordered["left"] == sorted(handed["left"])
    assert len(handed["left"]) + handed["kept back"].get("701", 0) == ANSWERS
    assert set(handed["kept back"]) <= {"701"}
    found = look(actor, world)
    assert found["seen"]["lying"] == found["handed over"] == ordered["left"]
