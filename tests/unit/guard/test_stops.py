from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.stop import Stop, StopScope
from lawgate.guard.stops import biting, lift_from, person_subject, persons_of, stop_from, stops_line

PERSON: dict[str, Any] = {
    "name": {"given": "Mara", "surname": "Quilla"},
    "address": {
        "number": "11",
        "street": "Alder Street",
        "city": "Springfield",
        "state": "IL",
        "zip": "62701",
    },
}


def order(
    world: Any, key: EnrolledKey | None = None, stops: Any = (), sha: str = "11", **changes: Any
) -> Stop:
    payload = {
        "act": "order",
        "stop": "stop-1",
        "scope": "agency",
        "subject": "asking",
        "authority": "order no. 1",
        "made": "2026-03-02T09:00:00Z",
    } | changes
    payload = {k: v for k, v in payload.items() if v is not None}
    signer = key or world.key("judge-1", Role.COURT, "court")
    return stop_from(payload, signer, sha * 32, world.now, stops=stops, fingerprint=world.fingerprint)


def lift(world: Any, target: Stop, key: EnrolledKey | None = None, sha: str = "22", **changes: Any) -> Stop:
    court = world.key("judge-1", Role.COURT, "court")
    counsel = world.key("counsel-1", Role.COUNSEL)
    payload = {"act": "lift", "stop": "stop-1", "authority": "order no. 2"} | changes
    later = world.now + timedelta(hours=1)
    standing = Standing(keys=(court, counsel))
    return lift_from(payload, key or court, sha * 32, later, stops=(target,), standing=standing)


def reach(world: Any, stop: Stop, **changes: Any) -> Stop | None:
    line: dict[str, Any] = {
        "pack": world.pack,
        "agency": "asking",
        "submission": world.submission,
        "officer": "officer-1",
        "persons": persons_of(world.line(1).data, world.fingerprint),
    }
    return stops_line((stop,), world.now, **(line | changes))


@pytest.mark.parametrize(
    ("scope", "subject"),
    [
        ("everything", ""),
        ("pack", "ground-1"),
        ("agency", "asking"),
        ("submission", "0123456789ABCDEF"),
        ("officer", "officer-1"),
    ],
)
def test_a_stop_reaches_what_it_names_and_nothing_else(world: Any, scope: str, subject: str) -> None:
    stop = order(world, scope=scope, subject=subject)
    assert reach(world, stop) == stop
    others = {"pack": "x", "agency": "x", "submission": "x", "officer": "x", "persons": ()}
    assert (reach(world, stop, **others) is not None) == (scope == "everything")


def test_a_stop_on_a_person_finds_them_however_the_line_is_written(world: Any) -> None:
    stop = order(world, scope="person", subject="", person=PERSON)
    assert stop.subject == person_subject({"person": PERSON}, world.fingerprint)
    assert reach(world, stop) == stop
    full = world.line(1, name={"given": "MARA", "middle": "Jo", "surname": "Quilla", "suffix": "Jr"})
    assert reach(world, stop, persons=persons_of(full.data, world.fingerprint)) == stop
    other = persons_of(world.line(2).data, world.fingerprint)
    assert reach(world, stop, persons=other) is None
    assert reach(world, stop, persons=()) is None


def test_no_name_or_address_is_kept_in_a_stop(world: Any) -> None:
    text = repr(order(world, scope="person", subject="", person=PERSON))
    assert not any(word in text for word in ("Mara", "Quilla", "Alder", "62701"))


def test_an_order_that_would_reach_nobody_is_refused(world: Any) -> None:
    for changes in (
        {"scope": "person", "person": None},
        {"scope": "person", "person": {"name": PERSON["name"]}},
        {"scope": "person", "person": PERSON | {"address": {"text": "Failed to Provide"}}},
        {"scope": "agency", "subject": ""},
        {"scope": "agency", "subject": None},
        {"scope": "everything", "subject": "asking"},
        {"scope": "world"},
        {"stop": " "},
        {"authority": ""},
        {"act": "lift"},
    ):
        with pytest.raises(MalformedRequestError):
            order(world, **changes)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COURT, Role.COUNSEL)])
def test_only_a_court_or_counsel_orders_and_lifts(world: Any, role: Role) -> None:
    key = world.key("somebody", role)
    with pytest.raises(NotPermittedError):
        order(world, key)
    with pytest.raises(NotPermittedError):
        lift(world, order(world), key)


def test_the_same_order_again_is_the_same_stop_and_another_cannot_take_its_name(world: Any) -> None:
    first = order(world)
    assert order(world, stops=(first,)) is first
    with pytest.raises(NotPermittedError):
        order(world, stops=(first,), sha="33")


def test_a_stop_bites_from_its_receipt_until_its_lifting_is_received(world: Any) -> None:
    stop = order(world)
    second = timedelta(seconds=1)
    assert biting((stop,), world.now - second) == ()
    assert biting((stop,), world.now) == (stop,)
    assert biting((stop,), world.now + timedelta(days=9000)) == (stop,)
    lifted = lift(world, stop)
    assert lifted.lifted_at is not None
    assert biting((lifted,), lifted.lifted_at - second) == (lifted,)
    assert biting((lifted,), lifted.lifted_at) == ()


def test_lifting_needs_a_second_order_on_a_stop_in_force(world: Any) -> None:
    stop = order(world)
    with pytest.raises(NotPermittedError):
        lift(world, stop, sha="11")
    with pytest.raises(NotPermittedError):
        lift(world, stop, stop="stop-2")
    lifted = lift(world, stop)
    assert lift(world, lifted) is lifted
    with pytest.raises(NotPermittedError):
        lift(world, lifted, sha="44")
    for changes in ({"act": "order"}, {"authority": ""}, {"stop": 7}):
        with pytest.raises(MalformedRequestError):
            lift(world, stop, **changes)


def test_counsel_cannot_lift_what_a_court_ordered_but_what_counsel_ordered(world: Any) -> None:
    counsel = world.key("counsel-1", Role.COUNSEL)
    with pytest.raises(NotPermittedError):
        lift(world, order(world), counsel)
    assert lift(world, order(world, counsel), counsel).lifted_at is not None
    assert lift(world, order(world, counsel)).lifted_at is not None


def test_an_issuer_the_register_does_not_know_counts_as_a_court(world: Any) -> None:
    stop = replace(order(world, world.key("counsel-1", Role.COUNSEL)), issuer="ff" * 16)
    with pytest.raises(NotPermittedError):
        lift(world, stop, world.key("counsel-1", Role.COUNSEL))


def test_a_stop_that_shows_outside_comes_before_one_on_the_person(world: Any) -> None:
    hidden = order(world, scope="person", subject="", person=PERSON)
    shown = replace(order(world), id="stop-2")
    person = persons_of(world.line(1).data, world.fingerprint)
    found = stops_line(
        (hidden, shown),
        world.now,
        pack="",
        agency="asking",
        submission="",
        officer="",
        persons=person,
    )
    assert found is not None
    assert found.scope is StopScope.AGENCY


ROBERT = {
    "name": {"given": "Robert", "middle": "J", "surname": "García López", "suffix": "Jr"},
    "address": {
        "number": "12",
        "street": "N Main St",
        "unit": "Apt 4",
        "city": "Eugene",
        "state": "OR",
        "zip": "97401",
    },
}


def written(name: dict[str, str] | None = None, address: dict[str, str] | None = None) -> dict[str, Any]:
    return {"name": {**ROBERT["name"], **(name or {})}, "address": {**ROBERT["address"], **(address or {})}}


@pytest.mark.parametrize(
    "line",
    [
        written({"given": "Bob"}),
        written({"given": "R"}),
        written({"given": "Rob", "middle": "", "suffix": ""}),
        written({"surname": "García"}),
        written({"surname": "López García"}),
        written(None, {"unit": ""}),
        written(None, {"zip": "97402"}),
        written({"given": "ROBERT", "surname": "GARCIA-LOPEZ"}, {"street": "NORTH MAIN STREET"}),
    ],
)
def test_a_person_is_found_however_step_5_could_take_the_line(world: Any, line: dict[str, Any]) -> None:
    """What could be answered from the person's record is reached by a stop on the person (I-7)."""
    stop = order(world, scope="person", subject="", person=ROBERT)
    assert reach(world, stop, persons=persons_of(line, world.fingerprint)) == stop


@pytest.mark.parametrize(
    "line",
    [
        written({"given": "Rita"}),
        written({"surname": "Gonzales"}),
        written(None, {"number": "14"}),
        written(None, {"city": "Salem", "zip": "97301"}),
    ],
)
def test_somebody_else_is_not_reached(world: Any, line: dict[str, Any]) -> None:
    stop = order(world, scope="person", subject="", person=ROBERT)
    assert reach(world, stop, persons=persons_of(line, world.fingerprint)) is None


def test_an_order_with_an_initial_for_a_given_name_is_refused(world: Any) -> None:
    with pytest.raises(MalformedRequestError):
        order(world, scope="person", subject="", person=written({"given": "R"}))
