"""The cast: everybody says that they are a script, and the roles are in different hands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lawgate.domain.standing import Agency, OfficeHolder, Role
from lawgate.rehearsal import people

SINCE = datetime(2025, 1, 1, tzinfo=UTC)


def test_everybody_and_every_agency_is_named_as_invented() -> None:
    assert all(p.person.startswith("scripted-") and p.name.endswith("(a script)") for p in people.CAST)
    assert all(p.key_name.startswith("demo-") for p in people.CAST)
    entries = people.standing_entries()
    assert all("(fictional)" in e.name for e in entries if isinstance(e, Agency))
    assert all(e.name.endswith("(a script)") for e in entries if isinstance(e, OfficeHolder))


def test_nobody_has_two_roles() -> None:
    assert len({p.person for p in people.CAST}) == len(people.CAST)
    assert {p.role for p in people.CAST} == set(Role)


def test_only_engaged_officers_have_a_place_where_answers_arrive() -> None:
    for player in people.CAST:
        assert bool(player.custodian and player.location) == (player.role is Role.ENGAGED_OFFICER)


def test_an_enrolled_key_says_it_is_scripted() -> None:
    officer = people.player(people.OFFICERS[0])
    key = people.enrolled(officer, "ab" * 32, SINCE, "age1example")
    assert key.scripted
    assert (key.person, key.agency, key.role) == (officer.person, officer.agency, Role.ENGAGED_OFFICER)
    assert len(key.keyid) == 32


@pytest.mark.parametrize(
    ("person", "recipient"), [(people.OFFICERS[0], None), (people.COUNSEL, "age1example")]
)
def test_a_recipient_is_for_engaged_officers_and_for_nobody_else(person: str, recipient: str | None) -> None:
    with pytest.raises(ValueError, match="recipient"):
        people.enrolled(people.player(person), "ab" * 32, SINCE, recipient)
