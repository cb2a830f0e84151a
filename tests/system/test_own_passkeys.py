"""Who brings in a passkey: somebody whose other key of that role is in force, by a signed document, and nobody for anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from invented.passkey import DOMAIN, Passkey
from lawgate import register
from lawgate.domain.errors import LawgateError, NotAuthenticatedError, NotPermittedError
from lawgate.domain.standing import Role
from lawgate.evidence.canonical import sha256_hex
from lawgate.evidence.envelope import keyid_of
from lawgate.rehearsal import people, scripts
from lawgate.vouch import vouched_body

OFFICER = people.DISCLOSURE_OFFICER


def body(house: Any, passkey: Passkey, person: str = OFFICER, **changes: Any) -> dict[str, Any]:
    (voucher,) = [k for k in house.gate.memory.standing().keys if k.person == person]
    said = vouched_body(voucher, passkey.public, DOMAIN)
    return {**said, "made": scripts.moment(house.clock()), **changes}


def test_a_passkey_that_its_holder_vouches_for_is_enrolled_logged_and_kept_as_evidence(house: Any) -> None:
    passkey, before = Passkey(), house.log().get("key", 0)
    envelope = house.sign("key", body(house, passkey), OFFICER)
    key = register.enrol_own_passkey(house.gate, envelope)
    again = register.enrol_own_passkey(house.gate, envelope)
    assert again == key
    kept = house.gate.memory.standing().key(keyid_of(passkey.public))
    assert (kept.person, kept.role, kept.relying_party) == (OFFICER, Role.DISCLOSURE_OFFICER, DOMAIN)
    assert kept.scripted  # what a script vouches for is a script's
    assert house.log()["key"] == before + 1
    assert house.gate.memory.envelope(sha256_hex(envelope)) == envelope


@pytest.mark.parametrize(
    "changes",
    [
        {"person": people.RELEASING_OFFICER},
        {"role": "releasing-officer"},
        {"agency": "elsewhere"},
        {"act": "revoke"},
        {"public": "02" + "ff" * 32},
        {"public": "zz"},
        {"relying_party": "Not A Domain"},
        {"relying_party": None},
        {"scripted": False},
    ],
)
def test_a_document_about_anybody_else_or_of_another_form_enrols_nobody(
    house: Any, changes: dict[str, Any]
) -> None:
    known = len(house.gate.memory.standing().keys)
    with pytest.raises(LawgateError):
        register.enrol_own_passkey(house.gate, house.sign("key", body(house, Passkey(), **changes), OFFICER))
    assert len(house.gate.memory.standing().keys) == known


def test_a_revoked_key_vouches_for_nothing(house: Any) -> None:
    envelope = house.sign("key", body(house, Passkey()), OFFICER)
    (voucher,) = [k for k in house.gate.memory.standing().keys if k.person == OFFICER]
    register.revoke_key(house.gate, voucher.keyid)
    house.clock.later(seconds=1)
    with pytest.raises(NotAuthenticatedError):
        register.enrol_own_passkey(house.gate, envelope)


def test_a_revoked_passkey_does_not_come_back(house: Any) -> None:
    envelope = house.sign("key", body(house, Passkey()), OFFICER)
    key = register.enrol_own_passkey(house.gate, envelope)
    register.revoke_key(house.gate, key.keyid)
    house.clock.later(seconds=1)
    with pytest.raises(NotPermittedError):
        register.enrol_own_passkey(house.gate, envelope)


def test_an_engaged_officer_has_no_passkey(house: Any) -> None:
    officer = people.OFFICERS[0]
    with pytest.raises(LawgateError):
        register.enrol_own_passkey(house.gate, house.sign("key", body(house, Passkey(), officer), officer))
