"""Only a call that is signed, whole, new and of this minute is let in, and what it may see follows from whose key it is."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import subprocess
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519

from lawgate.adapters.key_files import load_key
from lawgate.rehearsal import people
from lawgate_client import Caller, RefusedError
from lawgate_client.call import _Message, _Own

pytestmark = pytest.mark.slow
SOMEWHERE = "/api/v1/submissions/0000000000000000"
ABSENT, NOT_ALLOWED, UNKNOWN_KEY, UNSIGNED, AGAIN, CLOCK, FORM = (
    "513",
    "512",
    "501",
    "509",
    "510",
    "511",
    "514",
)


def sent(served: Any, method: str, path: str, headers: dict[str, str], content: bytes = b"") -> Any:
    """Send exactly these bytes, as no well-behaved client would; return status, problem and headers."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(served.url).netloc, timeout=30)
    connection.request(method, path, content or None, headers)
    reply = connection.getresponse()
    said = reply.read()
    connection.close()
    return reply.status, json.loads(said) if said else {}, reply.headers


def signed(
    served: Any, path: str = SOMEWHERE, person: str = people.FRAUD_HEAD, **changed: Any
) -> dict[str, str]:
    """The headers of a call signed with whatever is changed."""
    key = load_key(served.key(person))
    caller = Caller(served.url, key)
    message = _Message(
        changed.pop("method", "GET"), changed.pop("url", served.url + path), changed.pop("headers", {})
    )
    said = {
        "key_id": caller.keyid, "nonce": secrets.token_urlsafe(24), "tag": "lawgate", "label": "call", "use_existing_digest": "Content-Digest" in message.headers,
        "covered_component_ids": ["@method", "@target-uri"],
    } | changed  # fmt: skip
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Own(key)).sign(message, **said)
    return message.headers


def test_a_call_as_it_must_be_is_let_in(served: Any) -> None:
    status, problem, headers = sent(served, "GET", SOMEWHERE, signed(served))
    assert (status, problem["code"]) == (404, ABSENT)
    assert headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("what", "changed", "code"),
    [
        ("no nonce", {"nonce": None}, UNSIGNED),
        ("a short nonce", {"nonce": "x"}, UNSIGNED),
        ("another purpose", {"tag": "other"}, UNSIGNED),
        ("no purpose", {"tag": None}, UNSIGNED),
        ("method not covered", {"covered_component_ids": ["@target-uri"]}, UNSIGNED),
        ("address not covered", {"covered_component_ids": ["@method", "@path"]}, UNSIGNED),
        ("another method", {"method": "DELETE"}, UNSIGNED),
        ("another address", {"url": "http://localhost/api/v1/submissions/0000000000000001"}, UNSIGNED),
        ("an unknown key", {"key_id": "0" * 32}, UNKNOWN_KEY),
        ("too old", {"created": datetime.now(UTC) - timedelta(minutes=3)}, CLOCK),
        ("of the future", {"created": datetime.now(UTC) + timedelta(minutes=3)}, CLOCK),
        ("expired", {"expires": datetime.now(UTC) - timedelta(minutes=3)}, CLOCK),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_call_that_is_signed_otherwise_is_refused(
    served: Any, what: str, changed: dict[str, Any], code: str
) -> None:
    status, problem, headers = sent(served, "GET", SOMEWHERE, signed(served, **changed))
    assert (status, problem["code"]) == (401, code), what
    assert headers["WWW-Authenticate"] == "Signature"


def test_no_signature_and_a_broken_one_are_refused(served: Any) -> None:
    good = signed(served)
    for headers in (
        {},
        {"Signature": good["Signature"]},
        {"Signature-Input": good["Signature-Input"]},
        good | {"Signature": "call=:AAAA:"},
        good | {"Signature-Input": good["Signature-Input"].replace("created=", "created=1")},
        good | {"Signature-Input": 'call=("@method" "@target-uri" "@nothing");created=1'},
    ):
        status, problem, _ = sent(served, "GET", SOMEWHERE, headers)
        assert status == 401, headers
        assert problem["code"] in (UNSIGNED, CLOCK)


def test_another_persons_signature_under_ones_key_id_is_refused(served: Any) -> None:
    headers = signed(
        served,
        person=people.CLAIMS_HEAD,
        key_id=Caller(served.url, load_key(served.key(people.FRAUD_HEAD))).keyid,
    )
    assert sent(served, "GET", SOMEWHERE, headers)[1]["code"] == UNSIGNED


def test_the_same_call_is_let_in_once(served: Any) -> None:
    headers = signed(served)
    with ThreadPoolExecutor(8) as together:
        replies = list(together.map(lambda _: sent(served, "GET", SOMEWHERE, headers), range(8)))
    codes = sorted(problem["code"] for _, problem, _ in replies)
    assert codes == [AGAIN] * 7 + [ABSENT]


def test_a_nonce_is_remembered_by_every_process_and_for_each_key_apart(served: Any) -> None:
    nonce = secrets.token_urlsafe(24)
    assert sent(served, "GET", SOMEWHERE, signed(served, nonce=nonce))[1]["code"] == ABSENT
    for _ in range(6):
        again = sent(served, "GET", SOMEWHERE, signed(served, nonce=nonce))[1]["code"]
        assert again == AGAIN
    other = signed(served, person=people.CLAIMS_HEAD, nonce=nonce)
    assert sent(served, "GET", SOMEWHERE, other)[1]["code"] == ABSENT


@pytest.mark.parametrize("path", ["/api/v1/validations", "/api/v1/submissions"])
def test_content_is_the_one_that_was_signed(served: Any, path: str) -> None:
    stated = f"sha-256=:{base64.b64encode(hashlib.sha256(b'signed').digest()).decode()}:"
    covered = ["@method", "@target-uri", "content-digest"]
    headers = signed(
        served, path, method="POST", headers={"Content-Digest": stated}, covered_component_ids=covered
    )
    assert sent(served, "POST", path, headers, b"other")[1]["code"] == UNSIGNED
    uncovered = signed(served, path, method="POST", headers={"Content-Digest": stated})
    assert sent(served, "POST", path, uncovered, b"signed")[1]["code"] == UNSIGNED
    without = signed(served, path, method="POST")
    assert sent(served, "POST", path, without, b"signed")[1]["code"] == UNSIGNED


def test_an_idempotency_key_must_be_signed(served: Any) -> None:
    headers = signed(served) | {"Idempotency-Key": "one"}
    assert sent(served, "GET", SOMEWHERE, headers)[1]["code"] == UNSIGNED


def test_a_revoked_key_calls_nothing(served: Any) -> None:
    from lawgate.evidence.envelope import keyid_of

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    agency = people.player(people.FRAUD_HEAD).agency
    served.command(
        "key", "enrol", "--public", public.hex(), "--person", "leaving", "--agency", agency, "--role", "requesting-official"
    )  # fmt: skip
    caller = Caller(served.url, key)

    def code(_: int) -> str:
        with pytest.raises(RefusedError) as refused:
            caller.call("GET", SOMEWHERE)
        return refused.value.code

    # Every thread of every process has read the register with the key in force, and keeps its connection to it.
    with ThreadPoolExecutor(16) as together:
        assert set(together.map(code, range(64))) == {ABSENT}
        served.command("key", "revoke", keyid_of(public))
        assert code(0) == UNKNOWN_KEY, "the very next call"
        assert set(together.map(code, range(64))) == {UNKNOWN_KEY}


def test_the_holders_people_and_officers_do_not_ask(served: Any) -> None:
    for person in (people.DISCLOSURE_OFFICER, people.COUNSEL, people.OFFICERS[0]):
        with pytest.raises(RefusedError) as refused:
            served.caller(person).call("GET", SOMEWHERE)
        assert (refused.value.status, refused.value.code) == (403, NOT_ALLOWED), person
    with pytest.raises(RefusedError) as refused:
        served.caller(people.COURT).call("GET", SOMEWHERE)
    assert refused.value.code == UNKNOWN_KEY


def test_every_refusal_is_a_problem(served: Any) -> None:
    for path in ("/api/v1/nothing", "/api/nothing", "/api/v1/submissions/not-a-number"):
        status, problem, headers = sent(served, "GET", path, signed(served, path))
        assert headers["Content-Type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["code"] in (ABSENT, FORM)
        assert problem["type"] == f"urn:lawgate:code:{problem['code']}"


def test_a_machines_key_calls_for_its_account_until_it_is_removed_or_the_account_closed(served: Any) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    person, agency = people.FRAUD_HEAD, people.player(people.FRAUD_HEAD).agency
    served.command("account", "add", "the-head", "--person", person, "--agency", agency)
    caller = Caller(served.url, key)

    def code() -> str:
        with pytest.raises(RefusedError) as refused:
            caller.call("GET", SOMEWHERE)
        return refused.value.code

    assert code() == UNKNOWN_KEY
    keyid = served.command("account", "add-machine", "the-head", "--public", public)
    assert keyid == caller.keyid
    assert code() == ABSENT
    served.command("account", "close", "the-head")
    assert code() == UNKNOWN_KEY
    served.command("account", "renew", "the-head")
    assert code() == ABSENT
    served.command("account", "remove-machine", keyid)
    assert code() == UNKNOWN_KEY


def test_a_machines_key_is_nobodys_in_the_register_and_signs_no_cover(served: Any, shared: Any) -> None:
    from lawgate.evidence.envelope import keyid_of

    own = load_key(served.key(people.FRAUD_HEAD)).public_key().public_bytes_raw()
    served.command("account", "add", "an-auditor", "--post", "auditor")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        served.command("account", "add-machine", "an-auditor", "--public", own.hex())
    assert "has one of its own" in refused.value.stderr
    with pytest.raises(subprocess.CalledProcessError):
        served.command("account", "add-machine", "an-auditor", "--public", "00" * 32)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    served.command("account", "add-machine", "an-auditor", "--public", public.hex())
    keys = json.loads(served.command("key", "list", "--json"))
    assert keyid_of(public) not in {each["keyid"] for each in keys}
    with pytest.raises(RefusedError) as cannot:
        Caller(served.url, key).call("GET", SOMEWHERE)
    assert cannot.value.code == NOT_ALLOWED


def test_too_many_calls_of_one_key_wait(served: Any) -> None:
    """600 a minute for each key; others are not held up by it."""
    key = Ed25519PrivateKey.generate()
    served.command("account", "add", "busy", "--post", "overseer")
    served.command("account", "add-machine", "busy", "--public", key.public_key().public_bytes_raw().hex())
    caller = Caller(served.url, key)

    def code(_: int) -> str:
        return str(sent(served, "GET", SOMEWHERE, caller.signed("GET", SOMEWHERE, None))[1]["code"])

    with ThreadPoolExecutor(8) as together:
        codes = list(together.map(code, range(620)))
    assert codes.count("906") == 20
    status, _, headers = sent(served, "GET", SOMEWHERE, caller.signed("GET", SOMEWHERE, None))
    assert (status, headers["Retry-After"]) == (429, "60")
    assert sent(served, "GET", SOMEWHERE, signed(served))[1]["code"] == ABSENT
