"""Whether a person signed exactly one prepared document, now, with a key of theirs: by passkey on our page, or by a key in a file."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lawgate.domain.errors import NotAuthenticatedError
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.steps import Json
from lawgate.evidence.assertion import write_assertion
from lawgate.evidence.canonical import canonical, parse_canonical, sha256_hex
from lawgate.evidence.envelope import open_envelope, passkey_challenge, sign_by_passkey

_CLIENT_HEAD = b'{"type":"webauthn.get","challenge":"'
_COUNT = slice(33, 37)


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be signed: ``payload`` is canonical JSON with its ``type``, the very bytes that an envelope will hold."""

    kind: str
    payload: bytes

    @property
    def said(self) -> dict[str, Json]:
        """All it says but its type."""
        said = parse_canonical(self.payload)
        del said["type"]
        return said

    @property
    def digest(self) -> str:
        """SHA-256 of the payload, as the page and the command show it."""
        return sha256_hex(self.payload)

    @property
    def challenge(self) -> bytes:
        """What a passkey is given: SHA-256 of the DSSE pre-authentication encoding of type and payload (docs/adr/0039)."""
        return passkey_challenge(self.kind, self.said)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a browser gave back for the challenge."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    @property
    def count(self) -> int:
        """The authenticator's signature counter; zero where it keeps none."""
        return int.from_bytes(self.authenticator_data[_COUNT], "big")


def document(kind: str, said: dict[str, Json], made: datetime) -> Document:
    """Write a document of that kind, made at that moment, as ``evidence.envelope.sign`` would."""
    stamped: dict[str, Json] = {**said, "made": made.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return Document(kind, canonical({**stamped, "type": f"lawgate/{kind}/v1"}))


def keys_of(
    standing: Standing, person: str, agency: str, roles: Collection[Role], now: datetime
) -> tuple[EnrolledKey, ...]:
    """Return a person's keys of any of the roles that are enrolled and in force at that moment."""
    return tuple(
        k
        for k in standing.keys
        if (k.person, k.agency) == (person, agency) and k.role in roles and k.valid_at(now)
    )


def by_passkey(
    asked: Document, given: Assertion, keys: Sequence[EnrolledKey], origin: str, now: datetime
) -> tuple[bytes, EnrolledKey]:
    """Return the envelope, and which of these keys signed it.

    Raises NotAuthenticatedError unless the assertion was made for this document's challenge, on a page of exactly this origin, by one of
    these passkeys, whose holder the authenticator recognised.
    """
    head = _CLIENT_HEAD + _base64url(asked.challenge) + b'","origin":"' + origin.encode() + b'"'
    if not given.client_data.startswith(head):
        raise _refused("the passkey signed another document, or on another page")
    raw = write_assertion(given.authenticator_data, given.client_data, given.signature)
    for key in keys:
        if key.relying_party is None:
            continue
        envelope = sign_by_passkey(asked.kind, asked.said, bytes.fromhex(key.public), raw)
        try:
            open_envelope(envelope, asked.kind, {key.keyid: key}.get, now)
        except NotAuthenticatedError:
            continue  # another passkey of the same person may have signed
        return envelope, key
    raise _refused(
        "none of your passkeys that may sign this signed it, or your authenticator did not recognise you"
    )


def by_file(asked: Document, envelope: bytes, keys: Sequence[EnrolledKey], now: datetime) -> EnrolledKey:
    """Return which of these keys signed the envelope over exactly this document.

    Raises MalformedRequestError for anything that is no envelope of its kind, NotAuthenticatedError for another key or document.
    """
    by_id = {key.keyid: key for key in keys}
    signed = open_envelope(envelope, asked.kind, by_id.get, now)
    if canonical(signed.payload) != asked.payload:
        raise _refused("what was signed is another document than this page prepared")
    return signed.key


def next_count(known: int, given: int) -> int:
    """Return the counter to remember (WebAuthn Level 2, §7.2, step 21). Raises NotAuthenticatedError if it did not go on.

    An authenticator that keeps none always says zero.
    """
    if (known or given) and given <= known:
        raise _refused(
            "the authenticator's counter went back: there may be a copy of it; have the key revoked"
        )
    return given


def _base64url(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _refused(message: str) -> NotAuthenticatedError:
    return NotAuthenticatedError("506", message)
