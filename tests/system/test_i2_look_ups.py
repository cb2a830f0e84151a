"""I-2, law first, match second: one look-up for each approved request and for nothing else, counted on the engine itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate import pipeline
from lawgate.domain.errors import NotPermittedError, RecordEngineError
from lawgate.domain.steps import LineState
from lawgate.domain.stop import StopScope
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people
from lawgate.rehearsal.deficient import deficient, expired_agreement, people_to_name

NAMED = people_to_name()
DEFICIENT = {i.name: i for i in (*deficient(NAMED), expired_agreement(NAMED))}


def test_approved_look_ups_leaves_rows_and_packages_are_equally_many(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission, refuse=[3])
    house.two_look(submission)
    house.authorise(submission)
    packages = house.packages(submission)
    tally = house.gate.memory.tally()
    assert house.engine.lookups == 5
    assert (tally.approved, tally.lookups, tally.answers, tally.accounting_rows) == (5, 5, 5, 5)
    assert house.log()["answer"] == 5
    assert len(packages) == len(house.gate.memory.accounting()) == 5
    assert reconcile_home(house.gate).exact


def test_nothing_is_looked_up_before_an_officer_approves(house: Any) -> None:
    submission = house.receive(house.many())
    assert house.engine.lookups == 0
    house.approve(submission, refuse=range(1, 7))
    assert house.engine.lookups == 0
    assert house.gate.memory.batches(submission) == ()


def test_nobody_and_several_cost_one_look_up_each_like_everybody(house: Any) -> None:
    house.proposed(*house.many("nobody", "twice", "barred"))
    assert house.engine.lookups == 3


def test_the_same_decision_again_looks_nothing_up_again(house: Any) -> None:
    submission = house.receive(house.many())
    envelope = house.decision(submission)
    assert pipeline.decide(house.gate, submission, envelope) == {"approved": 6, "closed": 0}
    assert pipeline.decide(house.gate, submission, envelope) == {"approved": 0, "closed": 0}
    assert house.engine.lookups == house.gate.memory.tally().lookups == 6


def test_looking_at_samples_authorising_and_handing_over_touch_no_record(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    before = house.engine.lookups
    house.two_look(submission)
    house.authorise(submission)
    house.hand_over(submission)
    house.hand_over(submission)
    assert house.engine.lookups == before


def test_an_approval_without_an_index_is_kept_and_looked_up_once_when_there_is_one(house: Any) -> None:
    def no_index() -> Any:
        raise RecordEngineError("there is no index")

    submission = house.receive(house.many())
    envelope = house.decision(submission)
    with pytest.raises(RecordEngineError):
        pipeline.decide(replace(house.gate, open_records=no_index), submission, envelope)
    assert {s.state for s in house.statuses(submission)} == {LineState.APPROVED}
    assert reconcile_home(house.gate).exact
    pipeline.decide(house.gate, submission, envelope)
    assert house.engine.lookups == house.gate.memory.tally().lookups == 6


def test_an_approval_left_over_from_before_a_stop_is_not_looked_up_under_it(house: Any) -> None:
    def no_index() -> Any:
        raise RecordEngineError("there is no index")

    submission = house.receive(house.many())
    envelope = house.decision(submission)
    with pytest.raises(RecordEngineError):
        pipeline.decide(replace(house.gate, open_records=no_index), submission, envelope)
    house.order(StopScope.EVERYTHING)
    pipeline.decide(house.gate, submission, envelope)
    assert house.engine.lookups == 0


@pytest.mark.parametrize("name", sorted(DEFICIENT))
def test_a_documented_failure_repeated_in_small_looks_nobody_up(house: Any, name: str) -> None:
    """The people named are on record and every other thing about the lines is in order."""
    bad = DEFICIENT[name]
    files = compose(
        Form.model_validate(bad.form), bad.raw, bad.file_name, house.cast[bad.official],
        {person: house.cast[person] for person in bad.officers}, house.clock(), "0" * 32,
    )  # fmt: skip
    if bad.swapped_after_signing is not None:
        files[bad.file_name] = bad.swapped_after_signing
    # The expired form ran out on 31 March; the others stand on any day.
    house.clock.later(days=40)
    summary = pipeline.receive(house.gate, files)
    assert summary.rejected_code == bad.expected.rejected
    statuses = house.statuses(summary.submission)
    assert {s.disposition.value for s in statuses} == bad.expected.letters
    assert bad.expected.codes <= {code for s in statuses for code in s.codes} | {summary.rejected_code}
    assert house.gate.memory.docket(summary.submission) == ()
    _nobody_can_make_an_officer_approve(house, summary.submission, len(statuses))
    assert house.engine.lookups == house.gate.memory.tally().lookups == 0
    assert house.gate.memory.logged(summary.submission) == ()


def _nobody_can_make_an_officer_approve(house: Any, submission: str, lines: int) -> None:
    body = {
        "submission": submission, "made": "2026-04-11T09:30:00Z", "count": lines,
        "lines": [{"ordinal": n + 1, "verdict": "approve", "answers": {}} for n in range(lines)],
    }  # fmt: skip
    if lines == 0:
        body |= {"count": 1, "lines": [{"ordinal": 1, "verdict": "approve", "answers": {}}]}
    with pytest.raises(NotPermittedError):
        pipeline.decide(house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER))
