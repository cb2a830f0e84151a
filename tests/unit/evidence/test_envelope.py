"""An envelope opens if, and only if, one enrolled valid key signed exactly these bytes for exactly this purpose."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lawgate.domain.errors import MalformedRequestError, NotAuthenticatedError, RequestFaultError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical
from lawgate.evidence.envelope import keyid_of, open_envelope, sign, unverified_payload

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BODY: dict[str, Json] = {
    "act": "order",
    "subject": "Åström & Søn",
    "count": 3,
    "lines": [{"ordinal": 1, "met": True}],
}

Finder = Callable[[str], EnrolledKey | None]


@pytest.fixture
def key_for(enrolled: EnrolledKey) -> Finder:
    return {enrolled.keyid: enrolled}.get


def code_of(raw: bytes, kind: str, key_for: Finder, at: datetime = NOW) -> str:
    with pytest.raises(RequestFaultError) as caught:
        open_envelope(raw, kind, key_for, at)
    return caught.value.code


def resigned(payload: bytes, payload_type: str, private: Ed25519PrivateKey, **changed: object) -> bytes:
    """Write an envelope by hand, from the DSSE text, so that the test shares nothing with the code."""
    pae = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
    keyid = hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()[:32]
    envelope: dict[str, object] = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(private.sign(pae)).decode()}],
    }
    return json.dumps({**envelope, **changed}, separators=(",", ":"), sort_keys=True).encode()


def test_what_was_signed_opens_to_the_same_document(
    private: Ed25519PrivateKey, enrolled: EnrolledKey, key_for: Finder
) -> None:
    raw = sign("stop", BODY, private)
    signed = open_envelope(raw, "stop", key_for, NOW)
    assert signed.payload == {**BODY, "type": "lawgate/stop/v1"}
    assert signed.key == enrolled
    assert (signed.raw, signed.sha256) == (raw, hashlib.sha256(raw).hexdigest())
    assert unverified_payload(raw, "stop") == signed.payload


def test_signing_twice_gives_the_same_bytes_as_dsse_by_hand(private: Ed25519PrivateKey) -> None:
    payload = canonical({**BODY, "type": "lawgate/stop/v1"})
    by_hand = resigned(payload, "application/vnd.lawgate.stop+json", private)
    assert sign("stop", BODY, private) == sign("stop", BODY, private) == by_hand


def test_the_key_id_is_half_the_digest_of_the_public_key() -> None:
    assert keyid_of(bytes(32)) == hashlib.sha256(bytes(32)).hexdigest()[:32]
    with pytest.raises(ValueError, match="32 bytes"):
        keyid_of(bytes(31))


def test_every_flipped_bit_is_refused(private: Ed25519PrivateKey, key_for: Finder) -> None:
    raw = sign("stop", BODY, private)
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            assert code_of(bytes(changed), "stop", key_for) in {"102", "501", "506"}


def test_every_missing_and_every_doubled_byte_is_refused(private: Ed25519PrivateKey, key_for: Finder) -> None:
    raw = sign("stop", BODY, private)
    for place in range(len(raw)):
        code_of(raw[:place] + raw[place + 1 :], "stop", key_for)
        code_of(raw[: place + 1] + raw[place:], "stop", key_for)


def test_one_final_newline_may_follow_and_its_digest_is_another(
    private: Ed25519PrivateKey, key_for: Finder
) -> None:
    raw = sign("stop", BODY, private) + b"\n"
    assert open_envelope(raw, "stop", key_for, NOW).sha256 == hashlib.sha256(raw).hexdigest()
    assert code_of(raw + b"\n", "stop", key_for) == "102"
    assert code_of(raw[:-1] + b"\r\n", "stop", key_for) == "102"


@given(st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b"null", b'{"payload":1}', b"[" * 9000]))
def test_garbage_is_one_kind_of_refusal(raw: bytes) -> None:
    with pytest.raises(MalformedRequestError) as caught:
        open_envelope(raw, "stop", lambda _: None, NOW)
    assert caught.value.code == "102"


def test_a_key_not_enrolled_revoked_or_not_yet_enrolled_is_refused(
    private: Ed25519PrivateKey, enrolled: EnrolledKey, key_for: Finder
) -> None:
    raw = sign("stop", BODY, private)
    assert code_of(raw, "stop", lambda _: None) == "501"
    assert enrolled.until is not None
    assert code_of(raw, "stop", key_for, enrolled.until) == "501"
    assert code_of(raw, "stop", key_for, datetime(2025, 12, 31, tzinfo=UTC)) == "501"
    assert open_envelope(raw, "stop", key_for, enrolled.since).key == enrolled


def test_another_keys_signature_under_an_enrolled_key_id_does_not_verify(
    private: Ed25519PrivateKey, enrolled: EnrolledKey
) -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = json.loads(sign("stop", BODY, other))
    forged["signatures"][0]["keyid"] = enrolled.keyid
    assert code_of(canonical(forged), "stop", lambda _: enrolled) == "506"


def test_a_register_whose_key_does_not_fit_its_id_is_not_believed(
    private: Ed25519PrivateKey, enrolled: EnrolledKey
) -> None:
    swapped = replace(enrolled, public=bytes(range(1, 33)).hex())
    raw = sign("stop", BODY, private)
    assert code_of(raw, "stop", lambda _: swapped) == "501"
    assert code_of(raw, "stop", lambda _: replace(enrolled, keyid="0" * 32)) == "501"


def test_a_document_of_one_kind_never_opens_as_another(private: Ed25519PrivateKey, key_for: Finder) -> None:
    raw = sign("stop", BODY, private)
    assert code_of(raw, "decision", key_for) == "102"
    payload = canonical({**BODY, "type": "lawgate/decision/v1"})
    crossed = resigned(payload, "application/vnd.lawgate.stop+json", private)
    assert code_of(crossed, "stop", key_for) == "102"
    assert code_of(crossed, "decision", key_for) == "102"


@pytest.mark.parametrize(
    "payload",
    [
        b'{"type": "lawgate/stop/v1"}',
        b'{"type":"lawgate/stop/v1","x":1.5}',
        b'{"type":"lawgate/stop/v1","type":"lawgate/stop/v1"}',
        b'{"act":"order"}',
        b'["lawgate/stop/v1"]',
        b"not json",
        b"",
    ],
)
def test_a_well_signed_payload_that_is_not_canonical_is_refused(
    payload: bytes, private: Ed25519PrivateKey, key_for: Finder
) -> None:
    assert code_of(resigned(payload, "application/vnd.lawgate.stop+json", private), "stop", key_for) == "102"


def test_other_shapes_of_envelope_are_refused(private: Ed25519PrivateKey, key_for: Finder) -> None:
    good = json.loads(sign("stop", BODY, private))
    signature = good["signatures"][0]
    for changed in (
        {**good, "comment": "x"},
        {name: value for name, value in good.items() if name != "payloadType"},
        {**good, "signatures": []},
        {**good, "signatures": [signature, signature]},
        {**good, "signatures": [{**signature, "cert": "x"}]},
        {**good, "signatures": [{"keyid": signature["keyid"]}]},
        {**good, "signatures": [[]]},
        {**good, "signatures": signature},
        {**good, "payload": 1},
        {**good, "payload": good["payload"].replace("=", "") + "*"},
        {**good, "signatures": [{**signature, "sig": "ÅÅÅÅ"}]},
        {**good, "signatures": [{**signature, "sig": signature["sig"].replace("+", "-").replace("/", "_")}]},
        {**good, "signatures": [{**signature, "keyid": 5}]},
    ):
        assert code_of(canonical(changed), "stop", key_for) == "102"
    spaced = json.dumps(good).encode()
    assert code_of(spaced, "stop", key_for) == "102"
    doubled = sign("stop", BODY, private).replace(b'{"payload":', b'{"payload":"","payload":', 1)
    assert code_of(doubled, "stop", key_for) == "102"


def test_a_kind_that_is_no_name_and_a_body_with_a_type_of_its_own_are_not_signed(
    private: Ed25519PrivateKey,
) -> None:
    for kind, body in (
        ("Stop", BODY),
        ("stop+json", BODY),
        ("", BODY),
        ("stop", {"type": "lawgate/stop/v1"}),
    ):
        with pytest.raises(ValueError, match="kind"):
            sign(kind, body, private)


def test_no_refusal_repeats_what_the_document_says(private: Ed25519PrivateKey, enrolled: EnrolledKey) -> None:
    raw = sign("stop", {"subject": "MARKER"}, private)
    for kind, finder in (
        ("decision", enrolled),
        ("stop", None),
        ("stop", replace(enrolled, role=Role.COURT, keyid="")),
    ):
        with pytest.raises((MalformedRequestError, NotAuthenticatedError)) as caught:
            open_envelope(raw, kind, lambda _, found=finder: found, NOW)  # type: ignore[misc]
        assert "MARKER" not in str(caught.value)
