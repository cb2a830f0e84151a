"""A document by which somebody brings in a passkey of their own: what it must say, held against the key that signed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lawgate.domain.errors import MalformedRequestError, NotPermittedError, SettingsError
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Json
from lawgate.evidence.assertion import is_passkey
from lawgate.evidence.envelope import keyid_of

_MEMBERS = {"type", "act", "public", "relying_party", "person", "agency", "role", "made"}


def vouched_body(key: EnrolledKey, public: bytes, relying_party: str) -> dict[str, Json]:
    """Return what such a document says of a passkey (33 bytes) that the holder of ``key`` brings in; ``made`` and ``type`` are added."""
    return {
        "act": "enrol",
        "public": public.hex(),
        "relying_party": relying_party,
        "person": key.person,
        "agency": key.agency,
        "role": key.role.value,
    }


def own_passkey(payload: Mapping[str, Json], voucher: EnrolledKey, now: datetime) -> EnrolledKey:
    """Return the register's entry of a passkey that ``voucher``'s holder brings in, in force from now.

    Raises NotPermittedError if it is for another person, agency or role, SettingsError if it is no passkey, MalformedRequestError for a
    document of another form.
    """
    if set(payload) != _MEMBERS or payload["act"] != "enrol":
        raise MalformedRequestError("112", "the document does not enrol a passkey")
    public, relying_party = payload["public"], payload["relying_party"]
    if not isinstance(public, str) or not isinstance(relying_party, str):
        raise MalformedRequestError("112", "the document does not state a public key and a domain")
    said = (payload["person"], payload["agency"], payload["role"])
    if said != (voucher.person, voucher.agency, voucher.role.value):
        raise NotPermittedError("a key vouches for its own holder only, and for its own role")
    return EnrolledKey(
        keyid=keyid_of(_passkey(public)),
        public=public,
        person=voucher.person,
        agency=voucher.agency,
        role=voucher.role,
        since=now,
        scripted=voucher.scripted,
        relying_party=relying_party,
    )


def _passkey(public: str) -> bytes:
    try:
        raw = bytes.fromhex(public)
    except ValueError:
        raw = b""
    if raw.hex() != public or not is_passkey(raw):
        raise SettingsError("a passkey is a compressed point of P-256: 66 lower-case hex digits")
    return raw
