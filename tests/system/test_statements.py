"""What became of an answer: stated by its officer, of every answer alike, owed where an agreement says so, and by nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lawgate import complete, pipeline, register, statements
from lawgate.domain.errors import (
    MalformedRequestError,
    NotAuthenticatedError,
    NotPermittedError,
    QuorumError,
)
from lawgate.domain.kept import HandedOver
from lawgate.domain.steps import Package
from lawgate.ledger.leaves import check_leaf
from lawgate.rehearsal import people

OFFICER, OTHER = people.OFFICERS[0], people.OFFICERS[1]
FLAGS = {"use": {"used": "no"}, "closure": {"used": "yes", "charged": "no"}, "return": {}, "destruction": {}}


def stated(house: Any, act: str, answer: str, by: str = OFFICER, /, **changes: Any) -> bytes:
    body = {"act": act, "answer": answer, "made": f"{house.clock():%Y-%m-%dT%H:%M:%SZ}", **FLAGS[act]}
    signed: bytes = house.sign("statement", body | changes, by)
    return signed


def enter(house: Any, act: str, answer: str, by: str = OFFICER, /, **changes: Any) -> None:
    statements.enter(house.gate, [stated(house, act, answer, by, **changes)])


def terms(house: Any, statement_days: int | None, end_days: int | None) -> None:
    """From today the Fraud Service's agreement sets these terms."""
    standing, today = house.gate.memory.standing(), house.clock().date()
    known = standing.agreement(people.agreement_id(people.FRAUD_SERVICE), today)
    register.suspend_standing(house.gate, "agreement", people.FRAUD_SERVICE, known.id, today)
    register.add_standing(
        house.gate, replace(known, since=today, until=None, statement_days=statement_days, end_days=end_days)
    )


def left(house: Any, who: str = "confirmed", number: int = 1) -> str:
    """An answer that left, by its id."""
    (package,) = house.packages(house.logged(house.one(who, number)))
    answer: str = package.answer
    return answer


def leaves(house: Any) -> list[dict[str, Any]]:
    return [check_leaf(raw) for raw in house.gate.memory.leaves_of("statement")]


def refused(house: Any, waiting: Any) -> bool:
    """Say whether 516 keeps a logged answer and one that waits for release back."""
    handed = house.hand_over(waiting)
    return bool(handed == ["516"])


def test_without_a_term_nothing_is_owed_and_everything_may_still_be_stated(house: Any) -> None:
    answer, waiting = left(house), house.logged(house.one("another", 7))
    house.clock.later(days=20)
    assert house.gate.memory.owed_statements(9) == ()
    assert [type(each) for each in house.hand_over(waiting)] == [Package]
    for act in ("use", "closure", "destruction"):
        enter(house, act, answer)
    assert [leaf["act"] for leaf in leaves(house)] == ["use", "closure", "destruction"]
    assert house.log()["statement"] == 3
    assert house.gate.memory.owed_statements(9) == ()


def test_an_agency_that_owes_a_statement_is_told_nothing_more_until_it_has_come(house: Any) -> None:
    terms(house, 5, None)
    answer = left(house)
    waiting, logged = house.proposed(house.one("another", 7)), house.logged(house.one("nobody", 8))
    house.clock.later(days=5)
    assert [type(each) for each in house.hand_over(logged)] == [Package], "its day is not over"
    house.clock.later(days=1)
    assert house.hand_over(logged) == ["516"]
    assert house.authorise(waiting) == {"logged": 0, "left 516": 1}
    asked, before = house.receive([house.one("released", 9)]), house.engine.lookups
    house.approve(asked)
    assert house.engine.lookups == before, "no record is touched for an agency that owes"
    enter(house, "use", answer)
    assert [type(each) for each in house.hand_over(logged)] == [Package]
    house.clock.later(minutes=1)
    assert house.authorise(waiting)["logged"] == 1
    pipeline.catch_up(house.gate, asked)
    assert house.engine.lookups == before + 1


def test_closure_begins_the_term_for_return_or_destruction(house: Any) -> None:
    terms(house, 20, 3)
    answer, logged = left(house), house.logged(house.one("nobody", 8))
    enter(house, "closure", answer)
    enter(house, "use", answer, used="yes")
    house.clock.later(days=3)
    assert not refused(house, logged)
    (owed,) = [a for a in house.gate.memory.owed_statements(9) if a.answer == answer]
    assert owed.owed == date(2026, 3, 5)
    house.clock.later(days=1)
    assert refused(house, logged)
    enter(house, "return", answer)
    assert not refused(house, logged)
    assert answer not in {a.answer for a in house.gate.memory.owed_statements(9)}


def test_what_was_called_back_and_certified_destroyed_is_owed_no_more(house: Any) -> None:
    terms(house, 2, 2)
    answer, logged = left(house), house.logged(house.one("nobody", 8))
    due = f"{house.clock() + timedelta(days=9):%Y-%m-%d}"
    complete.recall(
        house.gate, house.sign("recall", {"answer": answer, "due": due, "reason": "x"}, people.COUNSEL)
    )
    house.clock.later(days=3)
    assert refused(house, logged)
    complete.certify_destroyed(house.gate, house.sign("destruction", {"answer": answer}, OFFICER))
    assert not refused(house, logged)


def test_another_agencys_debt_keeps_nothing_back_here(house: Any) -> None:
    terms(house, 1, None)
    left(house)
    house.clock.later(days=5)
    standing = house.gate.memory.standing()
    assert statements.owes(house.gate, standing, people.FRAUD_SERVICE)
    assert not statements.owes(house.gate, standing, people.JUSTICE_OFFICE)
    assert not house.gate.memory.owes_statement(people.JUSTICE_OFFICE, house.clock().date())


def test_the_terms_of_the_day_an_answer_left_stay_with_it(house: Any) -> None:
    before = left(house)
    house.clock.later(days=1)
    terms(house, 4, None)
    after = left(house, "another", 7)
    owed = house.gate.memory.owed_statements(9)
    assert [(a.answer, a.owed) for a in owed] == [(after, date(2026, 3, 7))]
    house.clock.later(days=1)
    terms(house, None, None)
    assert house.gate.memory.owed_statements(9) == owed, "nor does a later agreement forgive it"
    house.clock.later(days=4)
    assert before not in {a.answer for a in owed}
    assert statements.owes(house.gate, house.gate.memory.standing(), people.FRAUD_SERVICE)


def test_only_who_received_an_answer_states_anything_of_it(house: Any) -> None:
    answer, waiting = left(house), house.logged(house.one("another", 7))
    not_left = house.gate.memory.logged(waiting)[0].answer
    for by, named in (
        (OTHER, answer),
        (people.FRAUD_HEAD, answer),
        (people.COUNSEL, answer),
        (people.DISCLOSURE_OFFICER, answer),
        (OFFICER, not_left),
        (OFFICER, "0" * 32),
    ):
        with pytest.raises(NotPermittedError, match="no answer of that id that left is yours"):
            enter(house, "use", named, by)
    assert leaves(house) == []


def test_once_an_officers_key_is_revoked_an_official_of_the_same_agency_speaks(house: Any) -> None:
    answer = left(house)
    key = next(k for k in house.gate.memory.standing().keys if k.person == OFFICER)
    register.revoke_key(house.gate, key.keyid)
    house.clock.later(minutes=1)
    with pytest.raises(NotAuthenticatedError):
        enter(house, "use", answer)
    for by in (people.CLAIMS_HEAD, OTHER, people.COUNSEL):
        with pytest.raises(NotPermittedError):
            enter(house, "destruction", answer, by)
    enter(house, "destruction", answer, people.FRAUD_HEAD)
    assert [leaf["act"] for leaf in leaves(house)] == ["destruction"]


@pytest.mark.parametrize(
    "changes",
    [
        {"act": "sale"},
        {"used": "perhaps"},
        {"used": True},
        {"why": "because"},
        {"charged": "no"},
        {"answer": 7},
    ],
)
def test_a_statement_of_another_form_is_refused(house: Any, changes: dict[str, Any]) -> None:
    answer = left(house)
    with pytest.raises(MalformedRequestError):
        enter(house, "use", answer, **changes)
    assert leaves(house) == []


def test_the_same_is_not_stated_twice_and_the_same_document_again_changes_nothing(house: Any) -> None:
    answer = left(house)
    document = stated(house, "return", answer)
    statements.enter(house.gate, [document, document])
    statements.enter(house.gate, [document])
    assert len(leaves(house)) == 1
    house.clock.later(minutes=1)
    for act in ("return", "destruction"):
        with pytest.raises(NotPermittedError, match="stated of this answer before"):
            enter(house, act, answer)
    enter(house, "closure", answer)
    assert house.log()["statement"] == 2


def test_of_many_documents_all_or_none_are_entered(house: Any) -> None:
    answer = left(house)
    good, bad = stated(house, "use", answer), stated(house, "use", "0" * 32)
    with pytest.raises(NotPermittedError):
        statements.enter(house.gate, [good, bad])
    with pytest.raises(NotPermittedError):
        statements.enter(house.gate, [stated(house, "return", answer), stated(house, "destruction", answer)])
    assert leaves(house) == []
    statements.enter(house.gate, [good, stated(house, "closure", answer)])
    assert len(leaves(house)) == 2


def test_the_log_tells_nothing_of_what_an_answer_said_or_whether_it_was_used(house: Any) -> None:
    """An N and an R are stated of with the same members; a use is said in the sealed document alone."""
    packages = house.packages(
        house.logged(*[house.one(w, n) for n, w in enumerate(("released", "nobody"), 1)])
    )
    assert {house.read(p)["kind"] for p in packages} == {"R", "N"}
    for package, used in zip(packages, ("yes", "no"), strict=True):
        enter(house, "use", package.answer, used=used)
        enter(house, "closure", package.answer, used=used, charged=used)
    told = [{**leaf, "answer": "", "document_sha256": ""} for leaf in leaves(house)]
    assert told[:2] == told[2:]
    assert set(told[0]) == {"type", "v", "time", "act", "answer", "keyid", "document_sha256"}
    assert "yes" not in json.dumps(told)
    assert not [name for name, raw in house.every_byte() if b'"used"' in raw]


def test_without_a_quorum_a_statement_is_kept_and_logged_later(house: Any) -> None:
    terms(house, 1, None)
    answer, logged = left(house), house.logged(house.one("nobody", 8))
    house.clock.later(days=2)
    document = stated(house, "use", answer)
    with pytest.raises(QuorumError):
        statements.enter(house.with_witnesses(0).gate, [document])
    statements.enter(house.gate, [document])
    assert house.log()["statement"] == 1
    assert not refused(house, logged)


def test_an_answer_whose_submission_was_erased_is_still_owed_and_stated_of(house: Any) -> None:
    terms(house, 1, 1)
    submission = house.logged(house.one())
    (package,) = house.packages(submission)
    house.gate.memory.erase(submission)
    house.clock.later(days=2)
    assert statements.owes(house.gate, house.gate.memory.standing(), people.FRAUD_SERVICE)
    enter(house, "destruction", package.answer)
    assert not statements.owes(house.gate, house.gate.memory.standing(), people.FRAUD_SERVICE)


def test_the_day_that_is_owed_next() -> None:
    today, first = date(2026, 3, 2), date(2026, 4, 1)
    answer = HandedOver("a", 1, 1, "k", None, first, 10)  # type: ignore[arg-type]
    closed = date(2026, 3, 12)
    assert statements.still_owed("use", (), answer, today, first) is None
    assert statements.still_owed("closure", (), answer, today, first) == closed
    assert statements.still_owed("use", ("closure",), answer, today, closed) == closed
    assert statements.still_owed("closure", ("destruction",), answer, today, None) is None
    assert statements.still_owed("closure", (), replace(answer, end_days=None), today, first) is None
    for end in sorted(statements.ENDS):
        assert statements.still_owed(end, ("use", "closure"), answer, today, closed) is None
