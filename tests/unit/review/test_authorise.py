from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.standing import Role
from lawgate.domain.steps import AnswerKind, Matched, Proposed, SubmissionId, Verdict, VerdictKind
from lawgate.review.authorise import Authorisation, authorise
from lawgate.review.sample import batch_seed, draw_sample


def proposal(world: Any, ordinal: int, **verdict: Any) -> Proposed:
    found = Verdict(VerdictKind.ONE, "301", record_id=f"record-{ordinal}", **verdict)
    fields: dict[str, Any] = {"address": {"street": "Elm St", "tax_year": 2023, "source": "taxpayer"}}
    return Proposed(Matched(world.approved(world.line(ordinal)), found), AnswerKind.RELEASED, fields, "301")


def batch(world: Any) -> Batch:
    seed = batch_seed("root", world.submission, 1)
    return Batch(world.submission, 1, seed, (1, 2), draw_sample(seed, (1, 2), 2))


def release(ordinal: int = 1, **changes: Any) -> dict[str, Any]:
    return {"ordinal": ordinal, "verdict": "authorise", "determination": "none"} | changes


def withhold(ordinal: int = 1) -> dict[str, Any]:
    return {"ordinal": ordinal, "verdict": "withhold", "determination": "informant-or-impairment"}


def looks(world: Any, errors: tuple[int, ...] = ()) -> list[SampleReview]:
    people = (world.approver, world.releaser)
    return [SampleReview(world.submission, 1, world.signed(k), errors) for k in people]


def run(world: Any, *lines: dict[str, Any], **o: Any) -> Authorisation:
    key = o.get("key") or world.releaser
    payload = {
        "submission": world.submission,
        "batch": 1,
        "made": "2026-03-02T09:30:15Z",
        "count": len(lines),
        "lines": list(lines),
    } | o.get("payload", {})
    return authorise(
        o.get("proposals") or [proposal(world, 1), proposal(world, 2)],
        payload,
        world.signed(key, "authorisation"),
        key,
        o.get("batch") or batch(world),
        o["reviews"] if "reviews" in o else looks(world),
        world.received([world.line(1), world.line(2)]),
        still_good=o.get("still_good", lambda approved: None),
        person_stopped=o.get("person_stopped", lambda approved: False),
        impaired=o.get("impaired", ()),
        scripted_allowed=o.get("scripted_allowed", False),
    )


def test_a_second_person_releases_exactly_what_was_proposed(world: Any) -> None:
    result = run(world, release(2), release(1))
    assert [a.proposed for a in result.authorised] == [proposal(world, 1), proposal(world, 2)]
    assert {a.batch for a in result.authorised} == {1}
    assert result.left == ()


@pytest.mark.parametrize(
    ("options", "line", "reason"),
    [
        ({}, withhold(), "602"),
        ({"person_stopped": lambda approved: True}, release(), "701"),
        ({"person_stopped": lambda approved: True}, withhold(), "701"),
    ],
)
def test_what_may_not_be_told_becomes_an_answer_that_says_nothing(
    world: Any, options: dict[str, Any], line: dict[str, Any], reason: str
) -> None:
    (authorised,) = run(world, line, **options).authorised
    told = authorised.proposed
    assert (told.kind, dict(told.fields), told.reason) == (AnswerKind.NO_ANSWER, {}, reason)


def test_a_bar_on_the_record_is_kept_under_seal(world: Any) -> None:
    (authorised,) = run(world, release(), proposals=[proposal(world, 1, bars=("b-3",))]).authorised
    assert (authorised.proposed.kind, authorised.proposed.reason) == (AnswerKind.NO_ANSWER, "601")


def test_what_no_longer_holds_is_left_with_its_code_and_the_rest_goes_on(world: Any) -> None:
    result = run(world, release(1), release(2), still_good=lambda a: "504" if a.line.ordinal == 1 else None)
    assert result.left == ((1, "504"),)
    assert [a.proposed.matched.approved.line.ordinal for a in result.authorised] == [2]


def test_who_approved_asked_or_is_engaged_never_releases(world: Any) -> None:
    role = Role.RELEASING_OFFICER
    for person, agency in (
        ("approver-1", "records"),
        ("official-1", "records"),
        ("officer-1", "records"),
        ("anybody", "asking"),
    ):
        with pytest.raises(NotPermittedError):
            run(world, release(), key=world.key(person, role, agency))


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.RELEASING_OFFICER])
def test_only_a_releasing_officer_releases(world: Any, role: Role) -> None:
    with pytest.raises(NotPermittedError):
        run(world, release(), key=world.key("somebody", role))


def test_nothing_is_released_before_the_sample_has_passed(world: Any) -> None:
    for reviews in ([], looks(world)[:1], looks(world, errors=(1,))):
        with pytest.raises(NotPermittedError):
            run(world, release(), reviews=reviews)


def test_looks_at_another_batch_do_not_count(world: Any) -> None:
    with pytest.raises(NotPermittedError):
        run(world, release(), reviews=[replace(r, number=2) for r in looks(world)])


def test_a_sample_that_its_seed_does_not_draw_is_not_permitted(world: Any) -> None:
    good = batch(world)
    for bad in (
        replace(good, sample=()),
        replace(good, sample=(2, 1)),
        replace(good, seed="0", ordinals=tuple(range(1, 50))),
        replace(good, submission=SubmissionId("FEDCBA9876543210")),
    ):
        with pytest.raises(NotPermittedError):
            run(world, release(), batch=bad)


def test_wrong_counts_lines_and_batches_are_not_permitted(world: Any) -> None:
    for payload, lines in (
        ({"count": 2}, [release()]),
        ({}, [release(), release()]),
        ({}, [release(3)]),
        ({"batch": 2}, [release()]),
        ({"submission": "FEDCBA9876543210"}, [release()]),
    ):
        with pytest.raises(NotPermittedError):
            run(world, *lines, payload=payload)


def test_a_line_outside_the_batch_is_not_released_with_it(world: Any) -> None:
    seed = batch_seed("root", world.submission, 1)
    with pytest.raises(NotPermittedError):
        run(world, release(2), batch=Batch(world.submission, 1, seed, (1,), (1,)))


def test_the_determination_is_stated_and_agrees_with_the_verdict(world: Any) -> None:
    with pytest.raises(NotPermittedError):
        run(world, release(determination="informant-or-impairment"))
    for line in ({"ordinal": 1, "verdict": "authorise"}, release(verdict="yes"), release(record="7")):
        with pytest.raises(MalformedRequestError):
            run(world, line)


def test_a_script_releases_only_in_a_rehearsal(world: Any) -> None:
    key = world.key("releaser-1", Role.RELEASING_OFFICER, scripted=True)
    with pytest.raises(NotPermittedError):
        run(world, release(), key=key)
    assert run(world, release(), key=key, scripted_allowed=True).authorised


def nothing_found(world: Any, ordinal: int) -> Proposed:
    verdict = Verdict(VerdictKind.NONE, "331", differs={"surname": "differs"})
    return Proposed(Matched(world.approved(world.line(ordinal)), verdict), AnswerKind.NO_ANSWER, {}, "331")


@pytest.mark.parametrize(("verdict", "code"), [("refuse", "610"), ("return", "611")])
def test_a_request_that_found_no_answer_is_refused_or_returned_and_says_what_any_other_n_says(
    world: Any, verdict: str, code: str
) -> None:
    found = [nothing_found(world, 1), proposal(world, 2)]
    result = run(world, release(verdict=verdict), release(2), proposals=found)
    told = [(a.proposed.kind, dict(a.proposed.fields), a.proposed.reason) for a in result.authorised]
    assert told[0] == (AnswerKind.NO_ANSWER, {}, code)
    assert result.authorised[1].proposed == found[1]


@pytest.mark.parametrize("verdict", ["refuse", "return"])
@pytest.mark.parametrize("kind", [AnswerKind.RELEASED, AnswerKind.CONFIRMED])
def test_an_answer_that_was_found_is_neither_refused_nor_returned(
    world: Any, verdict: str, kind: AnswerKind
) -> None:
    found = [replace(proposal(world, 1), kind=kind), proposal(world, 2)]
    with pytest.raises(NotPermittedError, match="only what found no answer"):
        run(world, release(verdict=verdict), proposals=found)


def test_a_refusal_states_no_determination(world: Any) -> None:
    said = release(verdict="refuse", determination="informant-or-impairment")
    with pytest.raises(NotPermittedError, match="does not agree"):
        run(world, said, proposals=[nothing_found(world, 1)])


@pytest.mark.parametrize("line", [release(), withhold()])
def test_counsels_determination_holds_whatever_is_authorised(world: Any, line: dict[str, Any]) -> None:
    result = run(world, line, release(2), impaired={1})
    told = [(a.proposed.kind, a.proposed.reason) for a in result.authorised]
    assert told == [(AnswerKind.NO_ANSWER, "602"), (AnswerKind.RELEASED, "301")]


def test_a_stop_on_the_person_comes_before_counsels_determination(world: Any) -> None:
    (only,) = run(world, release(), impaired={1}, person_stopped=lambda approved: True).authorised
    assert only.proposed.reason == "701"
