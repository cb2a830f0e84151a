"""A passkey's signature is good for exactly the document its holder was shown, on the relying party's own pages, and for nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from fido2.cose import ES256
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorAssertionResponse,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from invented.passkey import DOMAIN, Passkey
from lawgate.domain.errors import NotAuthenticatedError, RequestFaultError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.assertion import compressed, is_origin_of, is_passkey, is_relying_party, write_assertion
from lawgate.evidence.envelope import keyid_of, open_envelope, passkey_challenge, sign_by_passkey

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BODY: dict[str, Any] = {"submission": "S", "lines": [{"ordinal": 1, "verdict": "approve"}], "count": 1}


@pytest.fixture
def passkey() -> Passkey:
    return Passkey()


@pytest.fixture
def enrolled(passkey: Passkey) -> EnrolledKey:
    return EnrolledKey(
        keyid=keyid_of(passkey.public), public=passkey.public.hex(), person="p-1", agency="agency-1",
        role=Role.DISCLOSURE_OFFICER, since=datetime(2026, 1, 1, tzinfo=UTC), relying_party=DOMAIN,
    )  # fmt: skip


Opens = Callable[[bytes], Any]


@pytest.fixture
def opens(enrolled: EnrolledKey) -> Opens:
    return lambda raw: open_envelope(raw, "decision", {enrolled.keyid: enrolled}.get, NOW)


def signed(passkey: Passkey, body: dict[str, Any] = BODY, **how: Any) -> bytes:
    answer = passkey.answer(passkey_challenge("decision", BODY), **how)
    return sign_by_passkey("decision", body, passkey.public, write_assertion(*answer))


def test_what_a_passkey_signed_opens(passkey: Passkey, enrolled: EnrolledKey, opens: Opens) -> None:
    opened = opens(signed(passkey))
    assert opened.payload == {**BODY, "type": "lawgate/decision/v1"}
    assert opened.key == enrolled


@pytest.mark.parametrize(
    "how",
    [
        {"origin": f"https://console.{DOMAIN}"},
        {"origin": f"https://{DOMAIN}:8443"},
        {"flags": 0x1D},
        {"other_keys_can_be_added_here": "do not compare clientDataJSON against a template"},
    ],
)
def test_what_browsers_may_vary_is_no_fault(passkey: Passkey, opens: Opens, how: dict[str, Any]) -> None:
    assert opens(signed(passkey, **how))


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "https://gateway.example.evil.example"},
        {"origin": "https://notgateway.example"},
        {"origin": f"http://{DOMAIN}"},
        {"origin": "http://localhost"},
        {"origin": f"https://{DOMAIN}/"},
        {"origin": f"https://{DOMAIN}."},
        {"purpose": "webauthn.create"},
        {"purpose": "payment.get"},
        {"domain": "elsewhere.example"},
        {"cross_origin": True},
        {"flags": 0x01},
        {"flags": 0x04},
        {"flags": 0x00},
        {"flags": 0x07},
        {"flags": 0x25},
        {"flags": 0x85, "extensions": {"credProtect": 1}},
    ],
)
def test_another_page_purpose_or_an_absent_holder_signs_nothing(
    passkey: Passkey, opens: Opens, how: dict[str, Any]
) -> None:
    with pytest.raises(NotAuthenticatedError) as caught:
        opens(signed(passkey, **how))
    assert caught.value.code == "506"


def test_an_assertion_over_one_decision_is_none_over_another(passkey: Passkey, opens: Opens) -> None:
    with pytest.raises(NotAuthenticatedError):
        opens(signed(passkey, {**BODY, "count": 2}))
    answer = passkey.answer(passkey_challenge("sample", BODY))
    with pytest.raises(NotAuthenticatedError):
        opens(sign_by_passkey("decision", BODY, passkey.public, write_assertion(*answer)))


def test_another_passkey_or_another_domain_on_record_is_refused(
    passkey: Passkey, enrolled: EnrolledKey
) -> None:
    other = Passkey(8)
    answer = other.answer(passkey_challenge("decision", BODY))
    forged = sign_by_passkey("decision", BODY, passkey.public, write_assertion(*answer))
    moved = replace(enrolled, relying_party="other.example")
    nowhere = replace(enrolled, relying_party=None)
    for raw, key in ((forged, enrolled), (signed(passkey), moved), (signed(passkey), nowhere)):
        with pytest.raises(NotAuthenticatedError):
            open_envelope(raw, "decision", {key.keyid: key}.get, NOW)


ONCE = signed(Passkey())  # an ECDSA signature is another each time


@settings(deadline=None)
@given(data=st.data())
def test_no_bit_of_an_envelope_can_be_turned(data: st.DataObject) -> None:
    passkey = Passkey()
    key = EnrolledKey(
        keyid=keyid_of(passkey.public), public=passkey.public.hex(), person="p-1", agency="agency-1",
        role=Role.DISCLOSURE_OFFICER, since=datetime(2026, 1, 1, tzinfo=UTC), relying_party=DOMAIN,
    )  # fmt: skip
    raw = bytearray(ONCE)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(RequestFaultError):
        open_envelope(bytes(raw), "decision", {key.keyid: key}.get, NOW)


@settings(deadline=None)
@given(cut=st.binary(max_size=200))
def test_anything_else_as_a_signature_is_refused_with_a_code(cut: bytes) -> None:
    passkey = Passkey()
    key = EnrolledKey(
        keyid=keyid_of(passkey.public), public=passkey.public.hex(), person="p-1", agency="agency-1",
        role=Role.DISCLOSURE_OFFICER, since=datetime(2026, 1, 1, tzinfo=UTC), relying_party=DOMAIN,
    )  # fmt: skip
    with pytest.raises(RequestFaultError):
        open_envelope(
            sign_by_passkey("decision", BODY, passkey.public, cut), "decision", {key.keyid: key}.get, NOW
        )


def test_parts_out_of_their_one_spelling_are_refused(passkey: Passkey, opens: Opens) -> None:
    raw = write_assertion(*passkey.answer(passkey_challenge("decision", BODY)))
    parts = json.loads(raw)
    loose = (
        json.dumps(parts, indent=1).encode(),
        json.dumps({**parts, "more": ""}, separators=(",", ":"), sort_keys=True).encode(),
        raw.replace(b'"signature":"', b'"signature":"\\n'),
        raw[:-1],
    )
    for one in loose:
        with pytest.raises(NotAuthenticatedError):
            opens(sign_by_passkey("decision", BODY, passkey.public, one))


def test_another_projects_server_agrees(passkey: Passkey, opens: Opens) -> None:
    """python-fido2 as relying party accepts the same assertion for the same challenge."""
    challenge = passkey_challenge("decision", BODY)
    authenticator, client, signature = passkey.answer(challenge)
    server = Fido2Server(PublicKeyCredentialRpEntity(id=DOMAIN, name="gateway"))
    cose = ES256.from_cryptography_key(passkey.private.public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"credential", cose)
    _, state = server.authenticate_begin(
        [credential], user_verification=UserVerificationRequirement.REQUIRED, challenge=challenge
    )
    response = AuthenticationResponse(
        raw_id=b"credential",
        response=AuthenticatorAssertionResponse(
            client_data=client, authenticator_data=authenticator, signature=signature
        ),
    )  # type: ignore[arg-type]
    assert server.authenticate_complete(state, [credential], response) == credential
    assert opens(
        sign_by_passkey("decision", BODY, passkey.public, write_assertion(authenticator, client, signature))
    )


def test_only_points_of_the_curve_are_passkeys(passkey: Passkey) -> None:
    numbers = passkey.private.public_key().public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    assert compressed(x, y) == passkey.public
    assert is_passkey(passkey.public)
    assert not is_passkey(passkey.public[:-1])
    assert not is_passkey(b"\x04" + passkey.public[1:])
    off = [b"\x02" + bytes([n]) * 32 for n in range(30)]
    assert not all(is_passkey(one) for one in off)
    with pytest.raises(ValueError, match="P-256"):
        compressed(x, generate_private_key(SECP256R1()).public_key().public_numbers().y.to_bytes(32, "big"))


@pytest.mark.parametrize("name", ["gateway.example", "localhost", "a-b.c1.example"])
def test_domains(name: str) -> None:
    assert is_relying_party(name)
    assert is_origin_of(f"https://{name}", name)


@pytest.mark.parametrize(
    "name", ["", "Gateway.example", "gateway.example.", ".example", "a b", "a/b", "-a.example"]
)
def test_no_domains(name: str) -> None:
    assert not is_relying_party(name)
