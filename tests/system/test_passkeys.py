"""People decide with passkeys as with keys in files: the same rules, the same evidence, and an outsider's program agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from invented.passkey import DOMAIN, Passkey
from lawgate import pipeline, register
from lawgate.domain.errors import NotAuthenticatedError, NotPermittedError, SettingsError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import LineState
from lawgate.evidence.assertion import write_assertion
from lawgate.evidence.envelope import keyid_of, passkey_challenge, sign_by_passkey
from lawgate.rehearsal import people

VERIFY = "import sys; from lawgate_verifier.cli import main; sys.exit(main())"
DESKS = {
    people.DISCLOSURE_OFFICER: Role.DISCLOSURE_OFFICER,
    people.RELEASING_OFFICER: Role.RELEASING_OFFICER,
    people.COUNSEL: Role.COUNSEL,
}


def key_of(passkey: Passkey, person: str, role: Role, at: Any, **changes: Any) -> EnrolledKey:
    key = EnrolledKey(
        keyid=keyid_of(passkey.public), public=passkey.public.hex(), person=person, agency=people.HOLDER,
        role=role, since=at, relying_party=DOMAIN,
    )  # fmt: skip
    return replace(key, **changes)


@pytest.fixture
def passkeys(house: Any, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Passkey]:
    """Enrol a passkey for each desk; from then on whoever sits there signs with it."""
    made = {person: Passkey(11 + n) for n, person in enumerate(DESKS)}
    for person, passkey in made.items():
        register.enrol_key(house.gate, key_of(passkey, person, DESKS[person], house.clock()))
    in_a_file = type(house).sign

    def sign(self: Any, kind: str, body: Mapping[str, Any], by: str) -> bytes:
        if by not in made:
            signed: bytes = in_a_file(self, kind, body, by)
            return signed
        answer = made[by].answer(passkey_challenge(kind, dict(body)))
        return sign_by_passkey(kind, dict(body), made[by].public, write_assertion(*answer))

    monkeypatch.setattr(type(house), "sign", sign)
    return made


def verify(house: Any, envelope: Path, passkey: Passkey, domain: str = DOMAIN) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, "decision", str(house.home / "ledger"),
         "--policy", str(house.home / "policy"), "--envelope", str(envelope),
         "--signer", passkey.public.hex(), "--relying-party", domain, "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else done.stderr


def test_a_whole_release_by_passkey_and_an_outsider_checks_both_decisions(
    house: Any, passkeys: Mapping[str, Passkey], tmp_path: Path
) -> None:
    submission = house.logged()
    packages = house.packages(submission)
    assert len(packages) == len(house.many())
    decision, authorisation = None, None
    for state in house.gate.memory.logged(submission):
        decision = state.authorised.proposed.matched.approved.decision
        authorisation = state.authorised.authorisation
        assert decision.keyid == keyid_of(passkeys[people.DISCLOSURE_OFFICER].public)
        assert authorisation.keyid == keyid_of(passkeys[people.RELEASING_OFFICER].public)
    assert decision is not None
    assert authorisation is not None
    for signed, person, kind in (
        (decision, people.DISCLOSURE_OFFICER, "decision"),
        (authorisation, people.RELEASING_OFFICER, "authorisation"),
    ):
        raw = house.gate.memory.envelope(signed.sha256)
        assert raw is not None
        file = tmp_path / f"{kind}.json"
        file.write_bytes(raw)
        code, found = verify(house, file, passkeys[person])
        assert (code, found["kind"], found["passkey"]) == (0, kind, True)
        assert len(found["answers"]) == len(packages)
        # Held against another passkey, another domain, or changed in one place, it proves nothing.
        assert verify(house, file, passkeys[people.COUNSEL])[0] == 6
        assert verify(house, file, passkeys[person], "elsewhere.example")[0] == 6
        data = json.loads(raw)
        file.write_bytes(raw.replace(data["payload"][:8].encode(), b"AAAAAAAA", 1))
        assert verify(house, file, passkeys[person])[0] == 6


def test_a_passkey_of_another_desk_decides_nothing(house: Any, passkeys: Mapping[str, Passkey]) -> None:
    submission = house.receive(house.many())
    with pytest.raises(NotPermittedError):
        house.approve(submission, by=people.RELEASING_OFFICER)
    assert house.engine.lookups == 0


def test_a_revoked_passkey_decides_nothing(house: Any, passkeys: Mapping[str, Passkey]) -> None:
    submission = house.receive(house.many())
    register.revoke_key(house.gate, keyid_of(passkeys[people.DISCLOSURE_OFFICER].public))
    house.clock.later(minutes=1)
    with pytest.raises(NotAuthenticatedError):
        house.approve(submission)
    assert {s.state for s in house.statuses(submission)} <= {LineState.DOCKETED, LineState.HELD}


def test_the_same_signed_decision_again_changes_nothing(house: Any, passkeys: Mapping[str, Passkey]) -> None:
    submission = house.receive(house.many())
    envelope = house.decision(submission)
    first = pipeline.decide(house.gate, submission, envelope)
    again = pipeline.decide(house.gate, submission, envelope)
    assert first["approved"] == len(house.many())
    assert again["approved"] == 0
    assert house.engine.lookups == len(house.many())


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        (Role.REQUESTING_OFFICIAL, {}),
        (Role.ENGAGED_OFFICER, {}),
        (Role.DISCLOSURE_OFFICER, {"relying_party": None}),
        (Role.DISCLOSURE_OFFICER, {"relying_party": ""}),
        (Role.DISCLOSURE_OFFICER, {"relying_party": "Gateway.example"}),
    ],
)
def test_a_passkey_is_enrolled_only_bound_to_a_domain_and_for_people_who_decide(
    house: Any, role: Role, changes: dict[str, Any]
) -> None:
    with pytest.raises((SettingsError, NotPermittedError)):
        register.enrol_key(house.gate, key_of(Passkey(), "somebody", role, house.clock(), **changes))


def test_an_ed25519_key_is_no_passkey(house: Any) -> None:
    key = house.gate.memory.standing().keys[0]
    with pytest.raises(SettingsError):
        register.enrol_key(
            house.gate,
            key_of(Passkey(), "somebody", Role.COUNSEL, house.clock(), keyid=key.keyid, public=key.public),
        )
