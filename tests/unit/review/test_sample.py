from __future__ import annotations

from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError, NotPermittedError, SettingsError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.standing import Role
from lawgate.review.sample import SampleState, batch_seed, draw_sample, review_sample, sample_passed


def batch(world: Any) -> Batch:
    seed = batch_seed("root text", world.submission, 1)
    ordinals = tuple(range(1, 21))
    return Batch(world.submission, 1, seed, ordinals, draw_sample(seed, ordinals, 5))


def look(world: Any, key: Any, **changes: Any) -> SampleReview:
    of = batch(world)
    payload = {
        "submission": world.submission,
        "batch": 1,
        "made": "2026-03-02T09:30:15Z",
        "sample": list(of.sample),
        "errors": [],
    } | changes
    cover = world.received([world.line(1)]).cover
    return review_sample(payload, world.signed(key), key, of, cover, scripted_allowed=False)


def test_the_seed_depends_on_log_submission_and_batch() -> None:
    seeds = {
        batch_seed("a", "s", 1),
        batch_seed("b", "s", 1),
        batch_seed("a", "t", 1),
        batch_seed("a", "s", 2),
    }
    assert len(seeds) == 4


def test_a_sample_of_a_small_batch_is_the_whole_batch() -> None:
    assert draw_sample("seed", (3, 1, 2), 5) == (1, 2, 3)
    with pytest.raises(SettingsError):
        draw_sample("seed", (1,), 0)


def test_two_different_people_without_error_pass_a_sample(world: Any) -> None:
    first, second = look(world, world.approver), look(world, world.releaser)
    assert sample_passed([]) is SampleState.WAITING
    assert sample_passed([first]) is SampleState.WAITING
    assert sample_passed([first, first]) is SampleState.WAITING
    assert sample_passed([first, second]) is SampleState.PASSED


def test_two_keys_of_one_person_are_one_person(world: Any) -> None:
    other_key = world.key("approver-1", Role.COUNSEL)
    assert sample_passed([look(world, world.approver), look(world, other_key)]) is SampleState.WAITING


def test_one_error_fails_the_batch_however_many_find_none(world: Any) -> None:
    wrong = look(world, world.key("counsel-1", Role.COUNSEL), errors=[batch(world).sample[0]])
    assert (
        sample_passed([look(world, world.approver), look(world, world.releaser), wrong]) is SampleState.FAILED
    )


def test_asking_for_fewer_than_two_people_still_needs_two(world: Any) -> None:
    assert sample_passed([look(world, world.approver)], needed=1) is SampleState.WAITING


def test_a_look_at_another_sample_batch_or_line_does_not_count(world: Any) -> None:
    inside = set(batch(world).sample)
    outside = next(n for n in range(1, 21) if n not in inside)
    for changes in (
        {"sample": sorted(inside)[:-1]},
        {"sample": sorted(inside | {outside})},
        {"batch": 2},
        {"submission": "FEDCBA9876543210"},
        {"errors": [outside]},
    ):
        with pytest.raises(NotPermittedError):
            look(world, world.approver, **changes)


def test_a_malformed_look_does_not_count(world: Any) -> None:
    for changes in ({"errors": None}, {"errors": ["1"]}, {"errors": [1, 1]}, {"batch": "1"}):
        with pytest.raises(MalformedRequestError):
            look(world, world.approver, **changes)


def test_the_requesting_side_never_looks(world: Any) -> None:
    for key in (
        world.officer,
        world.official,
        world.key("x", Role.COUNSEL, "asking"),
        world.key("official-1", Role.COUNSEL),
        world.key("y", Role.COURT),
    ):
        with pytest.raises(NotPermittedError):
            look(world, key)
