"""schemathesis calls every operation of the described API with what it makes up: nothing fails inside, and every answer is as described."""

from __future__ import annotations

import hashlib
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSignaturesException
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from lawgate.rehearsal import people
from lawgate_client import Caller

pytestmark = pytest.mark.slow
# Signatures are made by ``Signed``; it would leave them out and find them there.
CONFIG = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
DESCRIBED = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs" / "openapi.json", config=CONFIG)
CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
    negative_data_rejection, unsupported_method,
)  # fmt: skip
KEYS = 8  # so that no key's calls are too many within a minute


class Signed(requests.auth.AuthBase):
    """Signs each call as it is about to be sent, with one key after the other."""

    def __init__(self, callers: list[Caller]) -> None:
        self._callers = cycle(callers)
        self.could = True

    def __call__(self, call: requests.PreparedRequest) -> requests.PreparedRequest:
        caller = next(self._callers)
        content = call.body if isinstance(call.body, bytes) else (call.body or "").encode()
        call.prepare_body(content, None)
        path = str(call.url).removeprefix(caller.url)
        said = {k: v for k, v in call.headers.items() if k.lower() == "idempotency-key"}
        digest = hashlib.sha256(content).digest() if content else None
        try:
            call.headers.update(caller.signed(str(call.method), path, digest, said))
        except HTTPMessageSignaturesException:
            self.could = False  # a header of control signs cannot be signed; the call is refused for that
        else:
            self.could = True
        return call


@pytest.fixture(scope="session")
def machines(served: Any) -> dict[str, Signed]:
    """Machines for an official and for an overseer."""
    agency = people.player(people.CLAIMS_HEAD).agency
    served.command("account", "add", "fuzzed-official", "--person", people.CLAIMS_HEAD, "--agency", agency)
    served.command("account", "add", "fuzzed-overseer", "--post", "overseer")
    made: dict[str, Signed] = {}
    for login, tag in (("fuzzed-official", "requesters"), ("fuzzed-overseer", "overseers")):
        callers = []
        for _ in range(KEYS):
            key = Ed25519PrivateKey.generate()
            served.command(
                "account", "add-machine", login, "--public", key.public_key().public_bytes_raw().hex()
            )
            callers.append(Caller(served.url, key))
        made[tag] = Signed(callers)
    return made


@DESCRIBED.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Any, served: Any, machines: dict[str, Signed]) -> None:
    tag = case.operation.tags[0]
    reply = case.call(base_url=served.url, auth=machines[tag])
    if reply.status_code == 414:
        return  # the server before the application: an address is too long to be read at all
    case.validate_response(reply, checks=CHECKS)
    assert reply.status_code != 429
    assert (reply.status_code != 401) == machines[tag].could, reply.text


def test_the_server_failed_nowhere(served: Any) -> None:
    said = served.log.read_text(encoding="utf-8")
    assert "a call failed" not in said
    assert "Traceback" not in said
