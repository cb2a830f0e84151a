"""A prepared document is signed by its person's own key, now, over exactly its bytes, on our page; anything else is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from invented.passkey import DOMAIN, Passkey
from lawgate.domain.errors import LawgateError, MalformedRequestError, NotAuthenticatedError
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.evidence.envelope import keyid_of, open_envelope, sign
from lawgate.signing.check import Assertion, Document, by_file, by_passkey, document, keys_of, next_count

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORIGIN = f"https://{DOMAIN}"
SAID: dict[str, Any] = {
    "submission": "0123456789ABCDEF",
    "count": 1,
    "lines": [{"ordinal": 1, "verdict": "refuse"}],
}
ASKED = document("decision", SAID, NOW)


def enrolled(passkey: Passkey, **changes: Any) -> EnrolledKey:
    key = EnrolledKey(
        keyid=keyid_of(passkey.public), public=passkey.public.hex(), person="p", agency="holder",
        role=Role.DISCLOSURE_OFFICER, since=NOW - timedelta(days=1), relying_party=DOMAIN,
    )  # fmt: skip
    return replace(key, **changes)


def given(passkey: Passkey, asked: Document = ASKED, **how: Any) -> Assertion:
    return Assertion(*passkey.answer(asked.challenge, **how))


def test_what_the_passkey_signed_opens_as_any_decision_does() -> None:
    passkey = Passkey()
    envelope, key = by_passkey(ASKED, given(passkey), [enrolled(passkey)], ORIGIN, NOW)
    opened = open_envelope(envelope, "decision", {key.keyid: key}.get, NOW)
    assert opened.payload == {**SAID, "made": "2026-03-02T09:30:00Z", "type": "lawgate/decision/v1"}


def test_the_one_of_several_passkeys_that_signed_is_found() -> None:
    first, second = Passkey(7), Passkey(8)
    _, key = by_passkey(ASKED, given(second), [enrolled(first), enrolled(second)], ORIGIN, NOW)
    assert key.keyid == keyid_of(second.public)


def test_the_bytes_are_those_that_a_key_in_a_file_would_sign() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = private.public_key().public_bytes_raw()
    key = enrolled(Passkey(), keyid=keyid_of(public), public=public.hex(), relying_party=None)
    envelope = sign("decision", ASKED.said, private)
    assert by_file(ASKED, envelope, [key], NOW) == key
    assert by_file(ASKED, envelope + b"\n", [key], NOW) == key


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": f"https://below.{DOMAIN}"},
        {"origin": f"{ORIGIN}:8443"},
        {"purpose": "webauthn.create"},
        {"domain": "elsewhere.example"},
        {"flags": 0x01},  # nobody was recognised
        {"flags": 0x04},  # nobody was there
        {"cross_origin": True},
    ],
)
def test_an_assertion_made_otherwise_is_refused(how: dict[str, Any]) -> None:
    passkey = Passkey()
    with pytest.raises(NotAuthenticatedError):
        by_passkey(ASKED, given(passkey, **how), [enrolled(passkey)], ORIGIN, NOW)


@pytest.mark.parametrize(
    "other",
    [
        document("decision", {**SAID, "count": 2}, NOW),
        document("decision", SAID, NOW + timedelta(seconds=1)),
        document("sample", SAID, NOW),
    ],
)
def test_an_assertion_over_another_document_is_refused(other: Document) -> None:
    passkey = Passkey()
    with pytest.raises(NotAuthenticatedError):
        by_passkey(ASKED, given(passkey, other), [enrolled(passkey)], ORIGIN, NOW)


def test_another_challenge_is_refused() -> None:
    passkey = Passkey()
    with pytest.raises(NotAuthenticatedError):
        by_passkey(ASKED, Assertion(*passkey.answer(b"\0" * 32)), [enrolled(passkey)], ORIGIN, NOW)


@pytest.mark.parametrize(
    "key",
    [
        enrolled(Passkey(8)),
        enrolled(Passkey(), until=NOW),
        enrolled(Passkey(), since=NOW + timedelta(seconds=1)),
        enrolled(Passkey(), relying_party="elsewhere.example"),
    ],
)
def test_a_key_that_is_another_or_not_in_force_signs_nothing(key: EnrolledKey) -> None:
    with pytest.raises(NotAuthenticatedError):
        by_passkey(ASKED, given(Passkey()), [key], ORIGIN, NOW)


def test_every_changed_byte_of_an_assertion_is_noticed() -> None:
    passkey = Passkey()
    good = given(passkey)
    for name in ("authenticator_data", "client_data", "signature"):
        raw = getattr(good, name)
        for place in range(len(raw)):
            changed = replace(good, **{name: raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]})
            with pytest.raises(LawgateError):
                by_passkey(ASKED, changed, [enrolled(passkey)], ORIGIN, NOW)


def test_only_keys_of_that_person_role_and_moment_may_sign() -> None:
    mine = enrolled(Passkey(1))
    others = (
        enrolled(Passkey(2), person="q"),
        enrolled(Passkey(3), agency="asker"),
        enrolled(Passkey(4), role=Role.RELEASING_OFFICER),
        enrolled(Passkey(5), until=NOW),
    )
    found = keys_of(Standing(keys=(mine, *others)), "p", "holder", {Role.DISCLOSURE_OFFICER}, NOW)
    assert found == (mine,)


def test_a_file_signed_over_other_words_is_refused() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = private.public_key().public_bytes_raw()
    key = enrolled(Passkey(), keyid=keyid_of(public), public=public.hex(), relying_party=None)
    changed = {**ASKED.said, "lines": [{"ordinal": 1, "verdict": "approve"}]}
    with pytest.raises(NotAuthenticatedError):
        by_file(ASKED, sign("decision", changed, private), [key], NOW)
    with pytest.raises(MalformedRequestError):
        by_file(ASKED, sign("sample", ASKED.said, private), [key], NOW)
    with pytest.raises(MalformedRequestError):
        by_file(ASKED, json.dumps(ASKED.said).encode(), [key], NOW)
    with pytest.raises(NotAuthenticatedError):
        by_file(ASKED, sign("decision", ASKED.said, private), [], NOW)


@pytest.mark.parametrize(("known", "come", "then"), [(0, 0, 0), (0, 1, 1), (4, 5, 5), (4, 900, 900)])
def test_a_counter_that_goes_on_is_remembered(known: int, come: int, then: int) -> None:
    assert next_count(known, come) == then


@pytest.mark.parametrize(("known", "come"), [(4, 4), (4, 3), (4, 0), (1, 1)])
def test_a_counter_that_does_not_go_on_is_refused(known: int, come: int) -> None:
    with pytest.raises(NotAuthenticatedError):
        next_count(known, come)
