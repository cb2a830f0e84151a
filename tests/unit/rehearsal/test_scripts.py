"""What scripts sign: every ASK answered, with the reason that a script answered it; held lines are not waved through."""

from __future__ import annotations

from datetime import UTC, datetime

from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.steps import Admitted, Checked, Hold, Json, Line
from lawgate.domain.stop import StopScope
from lawgate.rehearsal.scripts import REASON, authorisation_body, decision_body, sample_body, stop_body

NOW = datetime(2026, 11, 22, 15, 0, 9, tzinfo=UTC)


def admitted(ordinal: int, *, held: bool = False) -> Admitted:
    findings = tuple(
        Finding(rule, outcome, "c", Basis.STATUTE, "226", "s")
        for rule, outcome in (("reason", Outcome.ASK), ("name", Outcome.MET), ("engaged", Outcome.ASK))
    )
    line = Line(ordinal, f"K{ordinal}", {}, "00")
    return Admitted(Checked(line, findings), (Hold("402", "30 matters"),) if held else ())


def lines(body: dict[str, Json]) -> list[dict[str, Json]]:
    found = body["lines"]
    assert isinstance(found, list)
    assert body["count"] == len(found)
    return [line for line in found if isinstance(line, dict)]


def test_every_ask_and_nothing_else_is_answered_by_a_script() -> None:
    body = decision_body("S", [admitted(1), admitted(2)], NOW)
    assert body["made"] == "2026-11-22T15:00:09Z"
    for line in lines(body):
        assert line["verdict"] == "approve"
        assert line["answers"] == {
            "reason": {"met": True, "reason": REASON},
            "engaged": {"met": True, "reason": REASON},
        }
    assert "script" in REASON
    assert "rehearsal" in REASON


def test_a_held_line_goes_back_unless_it_is_named() -> None:
    body = decision_body("S", [admitted(1, held=True), admitted(2, held=True), admitted(3)], NOW, release={2})
    assert [(x["verdict"], x["release_hold"]) for x in lines(body)] == [
        ("return", False),
        ("approve", True),
        ("approve", False),
    ]


def test_a_refused_line_says_what_is_not_met() -> None:
    (line,) = lines(decision_body("S", [admitted(1)], NOW, refuse={1}))
    assert line["verdict"] == "refuse"
    assert line["answers"] == {
        "reason": {"met": False, "reason": REASON},
        "engaged": {"met": False, "reason": REASON},
    }


def test_a_determination_withholds_exactly_the_named_lines() -> None:
    body = authorisation_body("S", 2, [1, 2], NOW, withhold={2})
    assert [(x["ordinal"], x["verdict"], x["determination"]) for x in lines(body)] == [
        (1, "authorise", "none"),
        (2, "withhold", "informant-or-impairment"),
    ]
    assert body["batch"] == 2


def test_a_sample_review_and_a_stop_say_what_they_are_about() -> None:
    assert sample_body("S", 1, (3, 5), NOW, (5,)) == {
        "submission": "S",
        "batch": 1,
        "made": "2026-11-22T15:00:09Z",
        "sample": [3, 5],
        "errors": [5],
    }
    stop = stop_body("order", "stop-1", StopScope.AGENCY, "an-agency", "order 26-1", NOW)
    assert (stop["act"], stop["scope"], stop["subject"]) == ("order", "agency", "an-agency")
