from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.finding import Outcome
from lawgate.domain.standing import Role
from lawgate.domain.steps import Disposition, Hold, LineState
from lawgate.review.decide import Decided, decide
from lawgate.review.docket import as_json, entries

YES = {"r-2": {"met": True, "reason": "The file shows it."}}
NO = {"r-2": {"met": False, "reason": "The file shows no case."}}


def decision(world: Any, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "type": "lawgate/decision/v1",
        "submission": world.submission,
        "made": "2026-03-02T09:30:15Z",
        "count": len(lines),
        "lines": list(lines),
    } | changes


def approve(ordinal: int = 1, **changes: Any) -> dict[str, Any]:
    return {"ordinal": ordinal, "verdict": "approve", "answers": YES} | changes


def run(world: Any, payload: dict[str, Any], key: Any = None, docket: Any = None, **options: Any) -> Decided:
    lines = [world.line(1), world.line(2)]
    key = key or world.approver
    docket = docket if docket is not None else [world.admitted(line) for line in lines]
    allowed = options.get("scripted_allowed", False)
    signed = options.get("signed") or world.signed(key)
    return decide(docket, payload, signed, key, world.received(lines), scripted_allowed=allowed)


def test_approving_with_every_question_answered_makes_the_ask_met_and_keeps_its_citation(world: Any) -> None:
    (approved,) = run(world, decision(world, approve())).approved
    assert [f.outcome for f in approved.findings] == [Outcome.MET, Outcome.MET]
    assert approved.findings[1].rule == "r-2"
    assert approved.findings[1].citation == "26 U.S.C. 6103(i)(2)(A)"
    assert (approved.items, approved.periods) == (("address",), (2022, 2023))
    assert approved.recipient_keyid == world.officer.keyid


def test_an_answer_of_not_met_refuses_with_that_rules_code(world: Any) -> None:
    decided = run(world, decision(world, approve(answers=NO)))
    (closed,) = decided.closed
    assert not decided.approved
    assert (closed.state, closed.disposition, closed.codes) == (
        LineState.FINAL,
        Disposition.REFUSED,
        ("230",),
    )
    assert closed.findings[1].outcome is Outcome.UNMET


@pytest.mark.parametrize(
    ("verdict", "disposition", "code"),
    [("refuse", Disposition.REFUSED, "610"), ("return", Disposition.RETURNED, "611")],
)
def test_an_officer_may_refuse_or_return_without_answering(
    world: Any, verdict: str, disposition: Disposition, code: str
) -> None:
    (closed,) = run(world, decision(world, {"ordinal": 2, "verdict": verdict})).closed
    assert (closed.ordinal, closed.disposition, closed.codes) == (2, disposition, (code,))


def test_narrowing_is_kept_in_the_order_asked(world: Any) -> None:
    line = approve(items=["address"], periods=["2023"])
    (approved,) = run(world, decision(world, line)).approved
    assert approved.periods == (2023,)


@pytest.mark.parametrize(
    "change",
    [
        {"items": ["address", "income"]},
        {"periods": ["2021"]},
        {"periods": ["2022", "2024"]},
        {"items": []},
        {"periods": []},
        {"answers": {}},
        {"answers": {"r-2": {"met": True, "reason": "  "}}},
        {"answers": YES | {"r-1": {"met": True, "reason": "extra"}}},
    ],
)
def test_widening_emptying_or_leaving_unanswered_is_not_permitted(world: Any, change: dict[str, Any]) -> None:
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve(**change)))


@pytest.mark.parametrize("outcome", [Outcome.UNMET, Outcome.UNKNOWN])
def test_no_person_can_approve_an_element_that_is_not_met(world: Any, outcome: Outcome) -> None:
    docket = [world.admitted(world.line(1), Outcome.MET, Outcome.ASK, outcome)]
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), docket=docket)


def test_a_line_without_any_finding_cannot_be_approved(world: Any) -> None:
    admitted = world.admitted(world.line(1))
    bare = replace(admitted, checked=replace(admitted.checked, findings=()))
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve(answers={})), docket=[bare])


def test_a_held_line_needs_its_hold_released(world: Any) -> None:
    held = replace(world.admitted(world.line(1)), holds=(Hold("402", "61 matters."),))
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), docket=[held])
    assert run(world, decision(world, approve(release_hold=True)), docket=[held]).approved


def test_who_asks_or_is_engaged_never_decides(world: Any) -> None:
    role = Role.DISCLOSURE_OFFICER
    for key in (world.key("official-1", role), world.key("officer-1", role), world.key("x", role, "asking")):
        with pytest.raises(NotPermittedError):
            run(world, decision(world, approve()), key)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.DISCLOSURE_OFFICER])
def test_only_a_disclosure_officer_decides(world: Any, role: Role) -> None:
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), world.key("somebody", role))


def test_a_script_answers_only_in_a_rehearsal(world: Any) -> None:
    key = world.key("approver-1", Role.DISCLOSURE_OFFICER, scripted=True)
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), key)
    assert run(world, decision(world, approve()), key, scripted_allowed=True).approved


def test_a_decision_signed_by_another_key_is_not_permitted(world: Any) -> None:
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), signed=world.signed(world.releaser))


def test_a_wrong_count_a_line_twice_another_line_or_submission_is_not_permitted(world: Any) -> None:
    for payload in (
        decision(world, approve(), count=2),
        decision(world, approve(), approve()),
        decision(world, approve(3)),
        decision(world, approve(), submission="FEDCBA9876543210"),
    ):
        with pytest.raises(NotPermittedError):
            run(world, payload)


@pytest.mark.parametrize(
    "payload",
    [
        {"lines": "all"},
        {"lines": [7]},
        {"lines": [{"ordinal": True, "verdict": "approve"}]},
        {"lines": [{"ordinal": 1, "verdict": "maybe"}]},
        {"lines": [{"ordinal": 1, "verdict": "approve", "pick": "record 7"}]},
        {"lines": [{"ordinal": 1, "verdict": "approve", "answers": {"r-2": True}}]},
        {"lines": [{"ordinal": 1, "verdict": "approve", "answers": {"r-2": {"met": "yes", "reason": "x"}}}]},
        {"lines": [{"ordinal": 1, "verdict": "approve", "answers": []}]},
        {"submission": 7},
    ],
)
def test_a_document_of_another_form_is_not_acted_on(world: Any, payload: dict[str, Any]) -> None:
    with pytest.raises(MalformedRequestError):
        run(world, decision(world) | {"count": 1} | payload)


def test_a_hold_is_released_by_true_and_nothing_else(world: Any) -> None:
    held = replace(world.admitted(world.line(1)), holds=(Hold("402", "61 matters."),))
    with pytest.raises(MalformedRequestError):
        run(world, decision(world, approve(release_hold="true")), docket=[held])


def test_without_an_attestation_there_is_nobody_to_seal_to(world: Any) -> None:
    docket = [world.admitted(replace(world.line(1), attestation=None))]
    with pytest.raises(NotPermittedError):
        run(world, decision(world, approve()), docket=docket)


def test_the_docket_shows_questions_with_their_provisions_and_what_was_asked(world: Any) -> None:
    admitted = replace(world.admitted(world.line(1)), hints=("this officer: 1 matters",))
    (entry,) = entries([admitted])
    assert [(a.rule, a.provision, a.question) for a in entry.asks] == [
        ("r-2", "26 U.S.C. 6103(i)(2)(A)", "Is the matter real?")
    ]
    shown = as_json(entry)
    assert shown["data"] == dict(world.line(1).data)
    assert set(shown) == {"ordinal", "request_key", "asks", "holds", "hints", "findings", "data"}
