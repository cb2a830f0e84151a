"""I-13, fresh: what changed since is seen at authorise and at hand-over; nothing leaves on yesterday's standing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lawgate import complete, pipeline, register
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.standing import Safeguard, SafeguardStatus
from lawgate.domain.steps import Package
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people
from lawgate.statutes.pack import Ground

TODAY_COUNTS = timedelta(days=1)


def keyid(house: Any, person: str) -> str:
    (key,) = [k for k in house.gate.memory.standing().keys if k.person == person]
    return str(key.keyid)


def officer_key_revoked(house: Any) -> Any:
    for person in people.OFFICERS[:2]:
        register.revoke_key(house.gate, keyid(house, person))
    return house


def agreement_ended(house: Any) -> Any:
    today = house.clock().date()
    assert register.suspend_standing(house.gate, "agreement", people.FRAUD_SERVICE, "", today) == 1
    return house


def agency_ended(house: Any) -> Any:
    assert (
        register.suspend_standing(house.gate, "agency", people.FRAUD_SERVICE, "", house.clock().date()) == 1
    )
    return house


def safeguards_opened(house: Any) -> Any:
    finding = Safeguard(people.FRAUD_SERVICE, SafeguardStatus.OPEN_FINDING, "review-9", house.clock().date())
    register.add_standing(house.gate, finding)
    return house


def safeguards_gone(house: Any) -> Any:
    today = house.clock().date()
    assert register.suspend_standing(house.gate, "safeguard", people.FRAUD_SERVICE, "", today) == 1
    return house


def approval_expired(house: Any) -> Any:
    house.clock.later(days=31)
    return house


def pack_withdrawn(house: Any) -> Any:
    return replace(house, gate=replace(house.gate, packs={}))


def reading_overtaken(house: Any) -> Any:
    """A ruling of today: the reading under which the request was checked is in force no longer."""
    (ground,) = house.gate.packs.values()
    today = house.clock().date()
    overtaken = replace(ground.current, until=today)
    later = replace(ground.current, version="2", since=today)
    return replace(house, gate=replace(house.gate, packs={ground.id: Ground((overtaken, later))}))


def reading_withdrawn(house: Any) -> Any:
    """The reading of the day is not even known any more."""
    (ground,) = house.gate.packs.values()
    other = replace(ground.current, version="2")
    return replace(house, gate=replace(house.gate, packs={ground.id: Ground((other,))}))


def office_was_never_held(house: Any) -> Any:
    """The register is put right: on the day of signing the official did not hold the office."""
    earlier = house.clock().date() - timedelta(days=30)
    assert (
        register.suspend_standing(house.gate, "office", people.FRAUD_SERVICE, people.FRAUD_HEAD, earlier) == 1
    )
    return house


CHANGES: dict[Callable[[Any], Any], str] = {
    officer_key_revoked: "505",
    agreement_ended: "503",
    agency_ended: "502",
    safeguards_opened: "504",
    safeguards_gone: "504",
    approval_expired: "901",
    pack_withdrawn: "508",
    reading_overtaken: "508",
    reading_withdrawn: "508",
    office_was_never_held: "228",
}
each_change = pytest.mark.parametrize(("change", "code"), CHANGES.items(), ids=[c.__name__ for c in CHANGES])


@each_change
def test_changed_between_authorise_and_hand_over_nothing_leaves_and_the_code_says_why(
    house: Any, change: Callable[[Any], Any], code: str
) -> None:
    submission = house.logged(*house.many("confirmed", "nobody"))
    assert change(house).hand_over(submission) == [code] * 2
    assert house.gate.memory.tally().handed_over == 0
    assert reconcile_home(house.gate).exact


@each_change
def test_changed_between_decision_and_authorise_nothing_is_logged_and_the_code_says_why(
    house: Any, change: Callable[[Any], Any], code: str
) -> None:
    submission = house.proposed(*house.many("confirmed", "nobody"))
    assert change(house).authorise(submission) == {"logged": 0, f"left {code}": 2}
    assert house.gate.memory.tally().answers == 0
    assert reconcile_home(house.gate).exact


@pytest.mark.parametrize(
    "change", [c for c in CHANGES if c is not approval_expired], ids=lambda c: c.__name__
)
def test_changed_in_the_middle_of_handing_over_the_rest_stays(
    house: Any, change: Callable[[Any], Any]
) -> None:
    submission = house.logged(*house.many("confirmed", "nobody"))
    first = next(iter(pipeline.hand_over(house.gate, submission)))
    assert not isinstance(first, str)
    assert all(isinstance(outcome, str) for outcome in change(house).hand_over(submission))


def test_what_was_handed_over_is_not_handed_over_again_once_standing_is_gone(house: Any) -> None:
    submission = house.logged(*house.many("confirmed", "nobody"))
    assert len(house.packages(submission)) == 2
    assert officer_key_revoked(house).hand_over(submission) == ["505"] * 2


def test_standing_put_in_order_again_lets_answers_leave(house: Any) -> None:
    submission = house.logged(house.one())
    safeguards_opened(house)
    assert house.hand_over(submission) == ["504"]
    house.clock.later(days=1)
    accepted = Safeguard(people.FRAUD_SERVICE, SafeguardStatus.ACCEPTED, "review-10", house.clock().date())
    register.add_standing(house.gate, accepted)
    assert len(house.packages(submission)) == 1


def test_one_officers_revoked_key_keeps_back_that_officers_answers_only(house: Any) -> None:
    lines = house.many("confirmed", "released", "another", "nobody")
    submission = house.logged(*lines)
    register.revoke_key(house.gate, keyid(house, people.OFFICERS[0]))
    kept = [x["engaged_officer"] == people.OFFICERS[0] for x in lines]
    assert [outcome == "505" for outcome in house.hand_over(submission)] == kept


def test_an_agreement_with_an_end_lapses_at_that_day_by_itself(house: Any) -> None:
    submission = house.logged(house.one())
    ends = house.clock().date() + timedelta(days=3)
    register.suspend_standing(house.gate, "agreement", people.FRAUD_SERVICE, "", ends)
    assert len(house.packages(submission)) == 1
    house.clock.later(days=3)
    assert house.hand_over(submission) == ["503"]


def test_a_submission_under_a_ground_that_is_not_answered_is_rejected(house: Any) -> None:
    files = house.compose(house.many(), pack="usc26-6103-d")
    assert pipeline.receive(house.gate, files).rejected_code == "508"


def test_a_ground_withdrawn_after_receipt_is_decided_on_no_more(house: Any) -> None:
    submission = house.receive(house.many())
    withdrawn = pack_withdrawn(house)
    with pytest.raises(NotPermittedError):
        withdrawn.approve(submission)
    assert house.engine.lookups == 0
    assert house.approve(submission)["approved"] == 6


def test_an_official_out_of_office_on_receipt_asks_for_nothing(house: Any) -> None:
    files = house.compose(house.many())
    register.suspend_standing(
        house.gate,
        "office",
        people.FRAUD_SERVICE,
        people.FRAUD_HEAD,
        house.clock().date() + timedelta(days=1),
    )
    house.clock.later(days=2)
    submission = pipeline.receive(house.gate, files).submission
    assert {s.disposition.value for s in house.statuses(submission)} == {"X"}
    assert "228" in house.statuses(submission)[0].codes


def test_an_officer_who_gave_up_the_key_before_receipt_is_engaged_in_nothing(house: Any) -> None:
    files = house.compose([house.one()])
    register.revoke_key(house.gate, keyid(house, people.OFFICERS[0]))
    submission = pipeline.receive(house.gate, files).submission
    (status,) = house.statuses(submission)
    assert status.disposition.value in ("X", "I")
    assert "229" in status.codes


def test_an_agency_that_owes_a_certificate_is_told_nothing_more_until_it_has_come(house: Any) -> None:
    first = house.logged(*house.many("confirmed", "released"))
    (package, _) = house.packages(first)
    waiting, logged = house.proposed(house.one("another", 7)), house.logged(house.one("nobody", 8))
    body = {
        "answer": package.answer,
        "due": f"{house.clock() + timedelta(days=2):%Y-%m-%d}",
        "reason": "an error",
    }
    complete.recall(house.gate, house.sign("recall", body, people.DISCLOSURE_OFFICER))
    house.clock.later(days=2)
    assert [type(each) for each in house.hand_over(logged)] == [Package], "its day is not over"
    house.clock.later(days=1)
    assert house.hand_over(logged) == ["515"]
    assert house.authorise(waiting) == {"logged": 0, "left 515": 1}
    recipient = house.gate.memory.handed_over([package.answer])[package.answer].recipient_keyid
    officer = next(k.person for k in house.gate.memory.standing().keys if k.keyid == recipient)
    certificate = house.sign("destruction", {"answer": package.answer}, officer)
    complete.certify_destroyed(house.gate, certificate)
    assert [type(each) for each in house.hand_over(logged)] == [Package]
    house.clock.later(minutes=1)
    assert house.authorise(waiting)["logged"] == 1
