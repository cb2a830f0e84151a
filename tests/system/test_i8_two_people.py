"""I-8, two people: who approves, who looks at the sample, who releases and who asks are different, and none of them is a script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lawgate import pipeline, register, wiring
from lawgate.adapters.key_files import load_key
from lawgate.domain.errors import LawgateError, NotAuthenticatedError, NotPermittedError, SettingsError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import LineState
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people
from lawgate.review.sample import draw_sample


def add(
    house: Any,
    person: str,
    role: Role,
    agency: str = people.HOLDER,
    *,
    scripted: bool = True,
    known_as: str = "",
) -> EnrolledKey:
    """Enrol another key for a person; the cast then signs with it under ``known_as``."""
    file = house.home.parent / f"{known_as or person}.pem"
    public, _ = wiring.new_person_key(file, None)
    key = EnrolledKey(
        keyid=register.public_key(public), public=public, person=person, agency=agency, role=role,
        since=house.clock(), scripted=scripted,
    )  # fmt: skip
    register.enrol_key(house.gate, key)
    house.cast = {**house.cast, known_as or person: load_key(file)}
    return key


# -- roles ----------------------------------------------------------------------------------------------------------------

ASKING = (people.FRAUD_HEAD, people.OFFICERS[0], people.OFFICERS[1])


@pytest.mark.parametrize("by", [*ASKING, people.RELEASING_OFFICER, people.COUNSEL, people.COURT])
def test_only_the_disclosure_officer_decides(house: Any, by: str) -> None:
    submission = house.receive(house.many())
    with pytest.raises(NotPermittedError):
        house.approve(submission, by=by)
    assert house.engine.lookups == 0


@pytest.mark.parametrize("by", [*ASKING, people.DISCLOSURE_OFFICER, people.COUNSEL, people.COURT])
def test_only_the_releasing_officer_authorises(house: Any, by: str) -> None:
    submission = house.proposed()
    with pytest.raises(NotPermittedError):
        house.authorise(submission, by=by)
    assert house.gate.memory.tally().answers == 0


@pytest.mark.parametrize("by", [*ASKING, people.COURT])
def test_nobody_of_the_requesting_side_looks_at_the_sample(house: Any, by: str) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    with pytest.raises(NotPermittedError):
        house.look(submission, by)


@pytest.mark.parametrize("agency", [people.FRAUD_SERVICE, people.CLAIMS_BUREAU])
@pytest.mark.parametrize("role", [Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL])
def test_people_of_a_requesting_agency_sit_at_none_of_the_holders_desks(
    house: Any, role: Role, agency: str
) -> None:
    """Whether it asks in this very matter or not: the holder's own people decide and release."""
    with pytest.raises((NotPermittedError, SettingsError)):
        add(house, "somebody-of-theirs", role, agency)


def test_who_approved_does_not_release_even_with_another_key(house: Any) -> None:
    submission = house.proposed()
    add(house, people.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, known_as="other-key")
    with pytest.raises(NotPermittedError, match="who approved"):
        house.authorise(submission, by="other-key")
    assert house.authorise(submission) == {"logged": 6}


def test_an_engaged_officer_does_not_decide_on_an_own_line_even_with_another_key(house: Any) -> None:
    submission = house.receive(house.many())
    add(house, people.OFFICERS[0], Role.DISCLOSURE_OFFICER, known_as="other-key")
    with pytest.raises(NotPermittedError, match="engaged officer"):
        house.approve(submission, by="other-key")


def test_a_document_about_another_submission_decides_nothing_here(house: Any) -> None:
    one = house.receive(house.many("confirmed", "released"))
    two = house.receive(house.many("another", "nobody"))
    with pytest.raises(NotPermittedError):
        pipeline.decide(house.gate, two, house.decision(one))
    house.approve(one)
    house.approve(two)
    house.two_look(one)
    with pytest.raises(NotPermittedError):
        pipeline.authorise(house.gate, one, house.authorisation(two))


def test_a_changed_byte_of_a_decision_decides_nothing(house: Any) -> None:
    submission = house.receive(house.many())
    envelope = house.decision(submission)
    for place in (20, len(envelope) // 2, len(envelope) - 20):
        changed = envelope[:place] + bytes([envelope[place] ^ 1]) + envelope[place + 1 :]
        with pytest.raises(LawgateError):
            pipeline.decide(house.gate, submission, changed)
    assert house.engine.lookups == 0


def test_a_revoked_key_decides_and_releases_nothing(house: Any) -> None:
    submission = house.receive(house.many())
    keys = {k.person: k.keyid for k in house.gate.memory.standing().keys}
    register.revoke_key(house.gate, keys[people.DISCLOSURE_OFFICER])
    with pytest.raises(NotAuthenticatedError):
        house.approve(submission)


# -- scripts --------------------------------------------------------------------------------------------------------------


def test_a_home_without_scripts_enrols_none(strict_house: Any) -> None:
    with pytest.raises(NotPermittedError, match="script"):
        add(strict_house, "a-script", Role.DISCLOSURE_OFFICER)


def test_a_home_without_scripts_acts_on_no_enrolled_scripts_word(strict_house: Any) -> None:
    submission = strict_house.receive(strict_house.many())
    with pytest.raises(NotPermittedError, match="script"):
        strict_house.approve(submission)
    assert strict_house.engine.lookups == 0
    add(strict_house, "a-person", Role.DISCLOSURE_OFFICER, scripted=False)
    assert strict_house.approve(submission, by="a-person") == {"approved": 6, "closed": 0}
    with pytest.raises(NotPermittedError, match="script"):
        strict_house.look(submission, people.COUNSEL)
    for n in (1, 2):
        add(strict_house, f"looker-{n}", Role.COUNSEL, scripted=False)
        strict_house.look(submission, f"looker-{n}")
    with pytest.raises(NotPermittedError, match="script"):
        strict_house.authorise(submission)
    add(strict_house, "another-person", Role.RELEASING_OFFICER, scripted=False)
    assert strict_house.authorise(submission, by="another-person") == {"logged": 6}


# -- the sample -----------------------------------------------------------------------------------------------------------


def test_nothing_is_authorised_before_two_people_found_the_sample_right(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    with pytest.raises(NotPermittedError, match="sample is waiting"):
        house.authorise(submission)
    assert house.look(submission, people.DISCLOSURE_OFFICER) == "waiting"
    with pytest.raises(NotPermittedError, match="sample is waiting"):
        house.authorise(submission)
    assert house.look(submission, people.COUNSEL) == "passed"
    assert house.authorise(submission) == {"logged": 6}


def test_one_person_looking_twice_is_one_person(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    house.look(submission, people.DISCLOSURE_OFFICER)
    assert house.look(submission, people.DISCLOSURE_OFFICER) == "waiting"
    house.clock.later(minutes=1)
    with pytest.raises(LawgateError):
        house.look(submission, people.DISCLOSURE_OFFICER)
    add(house, people.DISCLOSURE_OFFICER, Role.COUNSEL, known_as="other-key")
    with pytest.raises(LawgateError):
        house.look(submission, "other-key")
    with pytest.raises(NotPermittedError, match="sample is waiting"):
        house.authorise(submission)


@pytest.mark.parametrize("second", [None, people.COUNSEL])
def test_one_error_found_in_the_sample_stops_the_batch(house: Any, second: str | None) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    wrong = house.gate.memory.batches(submission)[0].sample[0]
    if second:
        house.look(submission, second)
    assert house.look(submission, people.DISCLOSURE_OFFICER, [wrong]) == "failed"
    with pytest.raises(NotPermittedError, match="sample is failed"):
        house.authorise(submission)
    add(house, "a-third", Role.COUNSEL)
    add(house, "a-fourth", Role.COUNSEL)
    assert house.look(submission, "a-third") == house.look(submission, "a-fourth") == "failed"
    assert house.hand_over(submission) == []


def test_the_sample_is_what_the_seed_draws_and_the_seed_is_drawn_after_the_decision(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    (batch,) = house.gate.memory.batches(submission)
    assert batch.sample == draw_sample(batch.seed, batch.ordinals, 5)
    assert len(batch.sample) == 5


def test_a_look_that_leaves_out_a_sampled_line_does_not_count(house: Any) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    (batch,) = house.gate.memory.batches(submission)
    for said, errors in ((batch.sample[1:], ()), (batch.ordinals, ()), (batch.sample, (99,))):
        body = {
            "submission": submission, "batch": 1, "made": "2026-03-02T09:30:00Z", "sample": list(said), "errors": list(errors),
        }  # fmt: skip
        with pytest.raises(LawgateError):
            pipeline.look_at_sample(house.gate, submission, house.sign("sample", body, people.COUNSEL))


def test_each_batch_has_its_own_sample_and_its_own_two_people(house: Any) -> None:
    submission = house.receive(house.many())
    body = _only(house, submission, (1, 2))
    pipeline.decide(house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER))
    house.two_look(submission)
    house.approve(submission)
    assert [b.ordinals for b in house.gate.memory.batches(submission)] == [(1, 2), (3, 4, 5, 6)]
    with pytest.raises(NotPermittedError, match="sample is waiting"):
        house.authorise(submission, batch=2)
    assert house.authorise(submission, batch=1) == {"logged": 2}
    house.two_look(submission, batch=2)
    assert house.authorise(submission, batch=2) == {"logged": 4}
    assert reconcile_home(house.gate).exact


def _only(house: Any, submission: Any, ordinals: tuple[int, ...]) -> dict[str, Any]:
    from lawgate.rehearsal import scripts

    docket = [a for a in house.gate.memory.docket(submission) if a.checked.line.ordinal in ordinals]
    return scripts.decision_body(submission, docket, house.clock())


# -- what the second person may do ----------------------------------------------------------------------------------------


def test_an_answer_withheld_under_a_determination_says_nothing_and_looks_like_the_others(house: Any) -> None:
    submission = house.proposed(*house.many("confirmed", "released"))
    assert house.authorise(submission, withhold=(2,)) == {"logged": 2}
    assert [house.read(p)["kind"] for p in house.packages(submission)] == ["C", "N"]
    assert {(s.disposition.value, s.codes) for s in house.statuses(submission)} == {("A", ())}


def test_a_record_with_a_standing_determination_is_answered_with_nothing(house: Any) -> None:
    submission = house.logged(house.one("barred"))
    (package,) = house.packages(submission)
    assert house.read(package)["kind"] == "N"


@pytest.mark.parametrize(
    "line",
    [
        {"ordinal": 1, "verdict": "authorise", "determination": "informant-or-impairment"},
        {"ordinal": 1, "verdict": "withhold", "determination": "none"},
        {"ordinal": 1, "verdict": "authorise"},
        {"ordinal": 1, "verdict": "authorise", "determination": "none", "fields": {"address": {}}},
        {"ordinal": 7, "verdict": "authorise", "determination": "none"},
    ],
)
def test_an_authorisation_that_says_more_or_less_than_the_format_authorises_nothing(
    house: Any, line: dict[str, Any]
) -> None:
    submission = house.proposed()
    body = {"submission": submission, "batch": 1, "made": "2026-03-02T09:30:00Z", "count": 1, "lines": [line]}
    with pytest.raises(LawgateError):
        pipeline.authorise(
            house.gate, submission, house.sign("authorisation", body, people.RELEASING_OFFICER)
        )
    assert house.gate.memory.tally().answers == 0
    assert {s.state for s in house.statuses(submission)} == {LineState.PROPOSED}


def test_a_batch_may_be_authorised_in_parts(house: Any) -> None:
    submission = house.proposed()
    for ordinals in ((1, 2), (3, 4, 5, 6)):
        lines = [{"ordinal": n, "verdict": "authorise", "determination": "none"} for n in ordinals]
        body = {
            "submission": submission,
            "batch": 1,
            "made": "2026-03-02T09:30:00Z",
            "count": len(lines),
            "lines": lines,
        }
        envelope = house.sign("authorisation", body, people.RELEASING_OFFICER)
        assert pipeline.authorise(house.gate, submission, envelope) == {"logged": len(ordinals)}
    assert len(house.packages(submission)) == 6


def test_what_an_engaged_officer_receives_is_sealed_to_that_officer_alone(house: Any, tmp_path: Path) -> None:
    import pyrage

    from lawgate.adapters.key_files import load_age_identity

    lines = house.many("confirmed", "released")
    submission = house.logged(*lines)
    for line, package in zip(lines, house.packages(submission), strict=True):
        for person, identity in house.identities.items():
            mine = person == line["engaged_officer"]
            for name in ("payload.age", "openings.age"):
                try:
                    pyrage.decrypt(package.files[name], [load_age_identity(identity)])
                    opened = True
                except pyrage.DecryptError:
                    opened = False
                assert opened is mine


def test_enrolling_the_same_key_again_changes_nothing(house: Any) -> None:
    key = add(house, "somebody", Role.COURT)
    size = house.gate.memory.size()
    house.clock.later(minutes=5)
    assert register.enrol_key(house.gate, replace(key, since=house.clock())) == key.keyid
    assert house.gate.memory.size() == size
    (kept,) = [k for k in house.gate.memory.standing().keys if k.keyid == key.keyid]
    assert kept.since == key.since
    with pytest.raises(LawgateError):
        register.enrol_key(house.gate, replace(key, agency=people.HOLDER, role=Role.COUNSEL))
