"""What an account may be follows from the register at that moment, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from lawgate.accounts.roles import Post, parts_of
from lawgate.domain.standing import Agency, EnrolledKey, Role, Standing

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOLDER, ASKER = "holder", "asker"


@dataclass
class Held:
    person: str = ""
    agency: str = ""
    post: str = ""


def key(role: Role, agency: str, person: str = "p") -> EnrolledKey:
    return EnrolledKey("0" * 32, "0" * 64, person, agency, role, NOW - timedelta(days=1))


def parts(account: Held, *keys: EnrolledKey, until: date | None = None) -> set[object]:
    agency = Agency(ASKER, "An agency", False, date(2026, 1, 1), until)
    return set(parts_of(account, Standing(agencies=(agency,), keys=keys), HOLDER, NOW))


def test_a_key_in_force_gives_its_role() -> None:
    both = key(Role.DISCLOSURE_OFFICER, HOLDER), key(Role.COUNSEL, HOLDER)
    assert parts(Held("p", HOLDER), *both) == {Role.DISCLOSURE_OFFICER, Role.COUNSEL}
    assert parts(Held("p", ASKER), key(Role.ENGAGED_OFFICER, ASKER)) == {Role.ENGAGED_OFFICER}


def test_a_revoked_key_gives_nothing() -> None:
    assert parts(Held("p", HOLDER), replace(key(Role.COUNSEL, HOLDER), until=NOW)) == set()


def test_the_same_person_id_of_another_agency_gives_nothing() -> None:
    assert parts(Held("p", ASKER), key(Role.DISCLOSURE_OFFICER, HOLDER)) == set()


def test_a_holders_desk_at_another_agency_gives_nothing() -> None:
    assert parts(Held("p", ASKER), key(Role.RELEASING_OFFICER, ASKER)) == set()


def test_an_agency_no_longer_registered_asks_nothing() -> None:
    asks = key(Role.REQUESTING_OFFICIAL, ASKER)
    assert parts(Held("p", ASKER), asks) == {Role.REQUESTING_OFFICIAL}
    assert parts(Held("p", ASKER), asks, until=date(2026, 3, 2)) == set()


def test_a_court_opens_nothing() -> None:
    assert parts(Held("p", HOLDER), key(Role.COURT, HOLDER)) == set()


def test_a_post_is_itself_and_has_no_key() -> None:
    assert parts(Held(post="auditor"), key(Role.COUNSEL, "", "")) == {Post.AUDITOR}
