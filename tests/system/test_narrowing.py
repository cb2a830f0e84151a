"""By signed documents the register only gets less: entries end, keys are revoked, each by whom it is for, today or later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lawgate import register
from lawgate.domain.errors import LawgateError, NotAuthenticatedError
from lawgate.domain.steps import LineState, Package
from lawgate.evidence.canonical import sha256_hex
from lawgate.rehearsal import people, scripts

COUNSEL, OFFICER = people.COUNSEL, people.DISCLOSURE_OFFICER


def end_of(house: Any, **changes: str) -> dict[str, str]:
    said = {
        "act": "end", "kind": "agreement", "agency": people.FRAUD_SERVICE, "name": people.agreement_id(people.FRAUD_SERVICE),
        "until": house.clock().date().isoformat(), "authority": "notice of today", "made": scripts.moment(house.clock()),
    }  # fmt: skip
    return said | changes


def key_of(house: Any, person: str) -> Any:
    return next(k for k in house.gate.memory.standing().keys if k.person == person)


def revoking(house: Any, person: str, **changes: str) -> dict[str, str]:
    said = {
        "act": "revoke", "keyid": key_of(house, person).keyid, "authority": "lost", "made": scripts.moment(house.clock()),
    }  # fmt: skip
    return said | changes


def test_counsel_ends_an_agreement_and_what_was_logged_stays(house: Any) -> None:
    submission = house.logged(house.one("confirmed"))
    before = house.log()["standing"]
    envelope = house.sign("standing", end_of(house), COUNSEL)
    assert register.end_by_order(house.gate, envelope) == 1
    with pytest.raises(LawgateError):  # nothing of it is in force any more
        register.end_by_order(house.gate, envelope)
    assert house.log()["standing"] == before + 1
    assert house.gate.memory.envelope(sha256_hex(envelope)) == envelope
    assert not any(isinstance(answer, Package) for answer in house.hand_over(submission))


def test_every_finding_on_an_agency_ends_together_so_that_no_older_one_comes_back(house: Any) -> None:
    said = end_of(house, kind="safeguard", name="")
    assert register.end_by_order(house.gate, house.sign("standing", said, COUNSEL)) == 1
    day = house.clock().date()
    assert house.gate.memory.standing().safeguard(people.FRAUD_SERVICE, day) is None


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({}, OFFICER),
        ({}, people.FRAUD_HEAD),
        ({}, people.COURT),
        ({"until": "2025-01-01"}, COUNSEL),
        ({"until": "tomorrow"}, COUNSEL),
        ({"kind": "key"}, COUNSEL),
        ({"agency": "nobody"}, COUNSEL),
        ({"name": "another"}, COUNSEL),
        ({"authority": " "}, COUNSEL),
        ({"act": "add"}, COUNSEL),
        ({"more": "said"}, COUNSEL),
    ],
)
def test_whatever_else_is_said_or_whoever_else_says_it_ends_nothing(
    house: Any, changes: dict[str, str], by: str
) -> None:
    before = house.gate.memory.standing(), house.gate.memory.size()
    with pytest.raises(LawgateError):
        register.end_by_order(house.gate, house.sign("standing", end_of(house, **changes), by))
    assert (house.gate.memory.standing(), house.gate.memory.size()) == before


@pytest.mark.parametrize("by", [OFFICER, COUNSEL])
def test_a_key_is_revoked_by_its_holder_or_by_counsel_at_once(house: Any, by: str) -> None:
    submission = house.receive(house.many())
    envelope = house.sign("key", revoking(house, OFFICER), by)
    decision = house.decision(submission)
    assert register.revoke_by_order(house.gate, envelope) == key_of(house, OFFICER).keyid
    revoked = key_of(house, OFFICER).until
    assert revoked == house.clock()
    house.clock.later(minutes=1)
    from lawgate import pipeline

    with pytest.raises(NotAuthenticatedError):
        pipeline.decide(house.gate, submission, decision)
    assert {s.state for s in house.statuses(submission)} <= {LineState.DOCKETED, LineState.HELD}
    if by == COUNSEL:
        house.clock.later(minutes=1)
        register.revoke_by_order(house.gate, envelope)
        assert key_of(house, OFFICER).until == revoked


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({}, people.RELEASING_OFFICER),
        ({}, people.FRAUD_HEAD),
        ({}, people.COURT),
        ({"keyid": "0" * 32}, COUNSEL),
        ({"authority": ""}, COUNSEL),
        ({"act": "enrol"}, COUNSEL),
        ({"more": "said"}, COUNSEL),
    ],
)
def test_nobody_else_revokes_a_key(house: Any, changes: dict[str, str], by: str) -> None:
    with pytest.raises(LawgateError):
        register.revoke_by_order(house.gate, house.sign("key", revoking(house, OFFICER, **changes), by))
    assert key_of(house, OFFICER).until is None


def test_a_document_that_enrols_revokes_nothing_and_the_other_way_round(house: Any) -> None:
    with pytest.raises(LawgateError):
        register.enrol_own_passkey(house.gate, house.sign("key", revoking(house, OFFICER), OFFICER))
    later = (house.clock() + timedelta(days=1)).date().isoformat()
    with pytest.raises(LawgateError):
        register.revoke_by_order(house.gate, house.sign("standing", end_of(house, until=later), COUNSEL))
