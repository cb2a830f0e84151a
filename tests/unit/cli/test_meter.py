from __future__ import annotations

from lawgate.cli.frame import Meter


def told(total: int) -> list[str]:
    moments, said = iter([0.0, 1.0, 6.0, 7.0, 20.0]), list[str]()
    meter = Meter(total, lambda: next(moments), said.append)
    for lines in (0, 3_000, 2_000, 5_000):
        meter("check", lines, 1.0)
        meter("receive", lines, 1.0)
    return said


def test_progress_is_told_every_few_seconds_with_rate_and_time_left() -> None:
    assert told(12_000) == [
        "read 3,000 of 12,000 lines, 600 a second, about 15 s left",
        "read 10,000 of 12,000 lines, 526 a second, about 4 s left",
    ]


def test_without_a_stated_number_of_lines_nothing_is_foretold() -> None:
    assert told(0) == ["read 3,000 lines, 600 a second", "read 10,000 lines, 526 a second"]
