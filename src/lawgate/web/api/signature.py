"""Opens a call's HTTP message signature (RFC 9421): Ed25519, over method, target address and content digest, once, and lately.

The moment is held against this machine's clock by the library; the caller's key is looked up by its id, and nothing else of the call is
believed before the signature is good.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519

from lawgate.accounts.calls import SKEW, Caller
from lawgate.web.api.problem import CallRefusedError

TAG = "lawgate"
"""What a call's signature is for, in its own parameters: a signature made for something else is none here."""
ALWAYS = ("@method", "@target-uri")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_NONCE = re.compile(r"[\x21-\x7e]{16,128}")


@dataclass(frozen=True, slots=True)
class Message:
    """A call as far as its signature reaches; ``url`` is where the settings say the service is reached, and the target as it was sent."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """A call whose signature is good: ``digest`` is SHA-256 of its content, still to be held against the content; None if it has none."""

    caller: Caller
    nonce: str
    digest: bytes | None


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = SKEW

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        try:
            super().validate_created_and_expires(sig_input, max_age)  # type: ignore[no-untyped-call]
        except InvalidSignature:
            raise CallRefusedError("511") from None


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, known: Callable[[str], Caller | None]) -> None:
        self._known = known
        self.caller: Caller | None = None
        self.fault: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        try:
            self.caller = self._known(key_id)
        except Exception as fault:  # the library would call it a bad signature
            self.fault = fault
            raise
        if self.caller is None:
            self.fault = CallRefusedError("501", status=401)
            raise self.fault
        return Ed25519PublicKey.from_public_bytes(self.caller.public)

    def resolve_private_key(self, key_id: str) -> Ed25519PublicKey:
        raise NotImplementedError("the gateway signs no calls")


def open_call(message: Message, known: Callable[[str], Caller | None], *, has_content: bool) -> Signed:
    """Open a call's one signature; ``known`` finds a caller by key id.

    Covered must be the method, the target address, the content digest if there is content, and an idempotency key if one is sent. Raises
    CallRefusedError: 501 for a key nobody knows, 511 for another moment, 509 for anything else.
    """
    headers = {name.lower() for name in message.headers}
    needed = [*ALWAYS, *(name for name in ("content-digest", "idempotency-key") if name in headers)]
    if has_content and "content-digest" not in headers:
        raise CallRefusedError("509", "the call has content and no Content-Digest")
    keys = _Keys(known)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        (result,) = verifier.verify(
            message, max_age=timedelta(0), expect_tag=TAG, require_components=tuple(needed)
        )
    except (HTTPMessageSignaturesException, ValueError):
        raise keys.fault or CallRefusedError("509") from None
    if keys.caller is None or result.nonce is None or not _NONCE.fullmatch(result.nonce):
        raise CallRefusedError("509", "a nonce has 16 to 128 visible signs")
    return Signed(keys.caller, result.nonce, _digest_of(message) if "content-digest" in headers else None)


def _digest_of(message: Message) -> bytes:
    stated = next(value for name, value in message.headers.items() if name.lower() == "content-digest")
    found = _DIGEST.fullmatch(stated.strip())
    if found is None:
        raise CallRefusedError("509", "Content-Digest has one member, sha-256")
    return base64.b64decode(found[1])
