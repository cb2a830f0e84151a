from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lawgate.domain.standing import Role, SafeguardStatus, Standing
from lawgate.domain.stop import Stop, StopScope
from lawgate.guard.fresh import is_stopped, still_good


def run(world: Any, standing: Standing | None = None, **o: Any) -> str | None:
    approved = world.approved(world.line(1), **o.get("approved", {}))
    return still_good(
        approved,
        world.received([world.line(1)]),
        standing or world.standing(),
        o.get("stops", ()),
        o.get("now", world.now),
        packs=o.get("packs", {world.pack}),
        approval_age=timedelta(days=30),
        persons=() if o.get("person") is None else {o["person"]},
    )


def stop(world: Any, scope: StopScope, subject: str) -> Stop:
    return Stop("stop-1", scope, subject, "order", "k", "11" * 32, world.now)


def test_what_holds_is_good(world: Any) -> None:
    assert run(world) is None


LAST = date(2026, 3, 1)
ENDED: dict[str, Callable[[Standing], Standing]] = {
    "502": lambda s: replace(s, agencies=(replace(s.agencies[0], until=LAST),)),
    "503": lambda s: replace(s, agreements=(replace(s.agreements[0], until=LAST),)),
    "504": lambda s: replace(s, safeguards=(replace(s.safeguards[0], until=LAST),)),
    "228": lambda s: replace(s, offices=(replace(s.offices[0], until=date(2026, 2, 27)),)),
    "501": lambda s: replace(s, keys=tuple(k for k in s.keys if k.role is not Role.REQUESTING_OFFICIAL)),
    "505": lambda s: replace(s, keys=tuple(k for k in s.keys if k.role is not Role.ENGAGED_OFFICER)),
    "901": lambda s: replace(s, keys=tuple(k for k in s.keys if k.role is not Role.DISCLOSURE_OFFICER)),
}


@pytest.mark.parametrize("code", ENDED)
def test_each_thing_that_ended_has_its_code(world: Any, code: str) -> None:
    assert run(world, ENDED[code](world.standing())) == code


def test_a_safeguard_finding_opened_since_counts(world: Any) -> None:
    standing = world.standing()
    finding = replace(standing.safeguards[0], status=SafeguardStatus.OPEN_FINDING, since=date(2026, 3, 2))
    assert run(world, replace(standing, safeguards=(*standing.safeguards, finding))) == "504"


def test_an_agreement_for_another_ground_or_agency_does_not_serve(world: Any) -> None:
    standing = world.standing()
    for change in ({"pack": "other"}, {"agency": "other"}):
        other = replace(standing, agreements=(replace(standing.agreements[0], **change),))
        assert run(world, other) == "503"


def test_the_holder_need_not_hold_the_office_any_more(world: Any) -> None:
    standing = world.standing()
    left = replace(standing, offices=(replace(standing.offices[0], until=date(2026, 2, 28)),))
    assert run(world, left) is None


def test_a_revoked_or_wrong_recipient_key_is_noticed(world: Any) -> None:
    standing = world.standing()
    officer = world.officer
    for bad in (
        replace(officer, until=world.now),
        replace(officer, recipient=None),
        replace(officer, agency="other"),
        replace(officer, role=Role.COUNSEL),
    ):
        keys = tuple(bad if k.keyid == officer.keyid else k for k in standing.keys)
        assert run(world, replace(standing, keys=keys)) == "505"


def test_a_key_revoked_a_second_later_still_serves(world: Any) -> None:
    standing = world.standing()
    later = replace(world.officer, until=world.now + timedelta(seconds=1))
    keys = tuple(later if k.keyid == later.keyid else k for k in standing.keys)
    assert run(world, replace(standing, keys=keys)) is None


def test_an_approval_grows_too_old(world: Any) -> None:
    age: Callable[[datetime], str | None] = lambda now: run(world, now=now)  # noqa: E731
    assert age(world.now + timedelta(days=30)) is None
    assert age(world.now + timedelta(days=30, seconds=1)) == "901"


def test_a_ground_no_longer_in_force_is_noticed(world: Any) -> None:
    assert run(world, packs=set()) == "508"


@pytest.mark.parametrize(
    ("scope", "subject"),
    [
        (StopScope.EVERYTHING, ""),
        (StopScope.PACK, "ground-1"),
        (StopScope.AGENCY, "asking"),
        (StopScope.SUBMISSION, "0123456789ABCDEF"),
        (StopScope.OFFICER, "officer's keyid"),
    ],
)
def test_a_stop_bites_at_its_moment_and_after_but_not_before(
    world: Any, scope: StopScope, subject: str
) -> None:
    named = world.officer.keyid if scope is StopScope.OFFICER else subject
    stops = (stop(world, scope, named),)
    assert run(world, stops=stops) == "701"
    assert run(world, stops=stops, now=world.now + timedelta(days=1)) == "701"
    assert run(world, stops=stops, now=world.now - timedelta(microseconds=1)) is None


def test_a_stop_on_the_person_bites_only_where_the_person_is_named(world: Any) -> None:
    stops = (stop(world, StopScope.PERSON, "person-mark"),)
    assert run(world, stops=stops) is None
    assert run(world, stops=stops, person="person-mark") == "701"
    approved, received = world.approved(world.line(1)), world.received([world.line(1)])
    assert is_stopped(approved, received, stops, world.now, {"person-mark"})
    assert not is_stopped(approved, received, stops, world.now, {"another-mark"})


def test_a_stop_comes_before_everything_else(world: Any) -> None:
    assert run(world, Standing(), stops=(stop(world, StopScope.EVERYTHING, ""),)) == "701"
