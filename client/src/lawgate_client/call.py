"""One signed call (RFC 9421, Ed25519), sent over HTTP, and its reply."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519

TAG = "lawgate"
PIECE = 1 << 20


@dataclass(frozen=True)
class Reply:
    """What came back: status, headers and content."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Read the content as JSON."""
        return json.loads(self.content)


class RefusedError(Exception):
    """The gateway refused a call: ``problem`` is what it said (RFC 9457), with ``code``, ``citation``, ``remedy`` and ``retriable``."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        super().__init__(f"{problem.get('title', 'the call was refused')} [{self.code or status}]")


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class _Own(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key

    def resolve_public_key(self, key_id: str) -> Ed25519PrivateKey:
        raise NotImplementedError("a client checks nobody's signature")


class Caller:
    """Signs calls with one key and sends them to one gateway. ``url`` is where it is reached, without a path."""

    def __init__(self, url: str, key: Ed25519PrivateKey, timeout: float = 120) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self.keyid = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:32]
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Own(key))

    def signed(
        self, method: str, path: str, digest: bytes | None, headers: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Return the headers of a signed call; ``digest`` is SHA-256 of its content, None if it has none."""
        message = _Message(method, self.url + path, dict(headers or {}))
        covered = ["@method", "@target-uri"]
        if digest is not None:
            message.headers["Content-Digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"
            covered.append("content-digest")
        if "Idempotency-Key" in message.headers:
            covered.append("idempotency-key")
        self._signer.sign(
            message, key_id=self.keyid, nonce=secrets.token_urlsafe(24), tag=TAG, label="call", covered_component_ids=covered,
            use_existing_digest=digest is not None,
        )  # fmt: skip
        return message.headers

    def call(
        self,
        method: str,
        path: str,
        content: IO[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a call and return its reply. ``content`` may be a file, which is read twice: for its digest, and to be sent.

        Raises RefusedError for a status of 400 or more, and OSError if the gateway is not reached.
        """
        digest, length = _digest_of(content)
        sent = self.signed(method, path, digest, headers)
        if content is not None:
            sent["Content-Length"] = str(length)
        request = urllib.request.Request(self.url + path, content, sent, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as reply:  # noqa: S310
                return Reply(reply.status, dict(reply.headers), reply.read())
        except urllib.error.HTTPError as refused:
            with refused:
                said = refused.read()
            if refused.code == 304:
                return Reply(304, dict(refused.headers), b"")
            raise RefusedError(refused.code, _problem(said)) from None


def _digest_of(content: IO[bytes] | bytes | None) -> tuple[bytes | None, int]:
    if content is None:
        return None, 0
    if isinstance(content, bytes):
        return hashlib.sha256(content).digest(), len(content)
    digest, length = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(PIECE):
        digest.update(piece)
        length += len(piece)
    content.seek(0)
    return digest.digest(), length


def _problem(said: bytes) -> dict[str, Any]:
    try:
        problem = json.loads(said)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
