"""Changes to who may ask and decide: each is durable, and logged, before the call returns."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime

from lawgate.domain.errors import (
    NotPermittedError,
    SettingsError,
)
from lawgate.domain.kept import StandingEntry
from lawgate.domain.standing import (
    Agency,
    Agreement,
    EnrolledKey,
    OfficeHolder,
    Role,
    Safeguard,
    Standing,
    in_force,
)
from lawgate.domain.steps import Json
from lawgate.domain.stop import StopScope
from lawgate.evidence.assertion import is_passkey, is_relying_party
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.evidence.envelope import keyid_of
from lawgate.evidence.key_check import is_recipient, is_signing_key
from lawgate.gate import Gate, open_signed, publish
from lawgate.guard import stops
from lawgate.ledger import leaves
from lawgate.narrowing import Ending, ending, revoked
from lawgate.vouch import own_passkey

KINDS: dict[type[StandingEntry], str] = {
    Agency: "agency",
    OfficeHolder: "office",
    Agreement: "agreement",
    Safeguard: "safeguard",
}
HOLDERS_DESKS = (Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL)


def add_standing(gate: Gate, entry: StandingEntry) -> None:
    """Add an entry to the register and to the log; the same entry again changes nothing."""
    with gate.alone():
        gate.memory.keep_standing(entry, [_standing_leaf(gate, "add", entry)])
        publish(gate)


def suspend_standing(gate: Gate, kind: str, agency: str, name: str, until: date) -> int:
    """End an agency's open entries of a kind on a day; ``name`` narrows to an agreement's id or an office's person.

    Returns how many were ended. Answers not yet handed over then see it (I-13).
    """
    with gate.alone():
        ended = _end(gate, kind, agency, name, until)
        publish(gate)
    return ended


def end_by_order(gate: Gate, envelope: bytes) -> int:
    """End entries as the holder's counsel says in a signed document (``standing``, act "end"); returns how many were ended.

    The same document again changes nothing more. Raises what ``narrowing.ending`` raises, and NotPermittedError if nothing of that
    description is in force on that day: such an order would look obeyed.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "standing", envelope, now)
        wanted = ending(signed.payload, signed.key, gate.holder, now)
        require_entries(gate, wanted)
        # A crash between the two leaves a document and open entries; the same document again then ends them.
        gate.memory.keep_document("standing", by, envelope, [])
        ended = _end(gate, wanted.kind, wanted.agency, wanted.name, wanted.until)
        publish(gate)
    return ended


def require_entries(gate: Gate, wanted: Ending) -> None:
    """Pass if something that an order would end is in force on its day. Raises NotPermittedError."""
    known = _entries(gate.memory.standing(), wanted.kind, wanted.until)
    if not any(_is_named(entry, wanted.agency, wanted.name) for entry in known):
        raise NotPermittedError("no such entry of that agency is in force on that day")


def _end(gate: Gate, kind: str, agency: str, name: str, until: date) -> int:
    chosen = [e for e in _entries(gate.memory.standing(), kind, until) if _is_named(e, agency, name)]
    for entry in chosen:
        gate.memory.end_standing(entry, until, [_standing_leaf(gate, "suspend", entry)])
    return len(chosen)


def enrol_key(gate: Gate, key: EnrolledKey) -> str:
    """Enrol a person's key and return its id.

    The same key with the same particulars again changes nothing. Raises SettingsError for a malformed key, or particulars that do not
    fit the role; NotPermittedError for a script's key in a home that allows none, a holder's desk for somebody of another agency (I-8), a
    key that was revoked, a second key of an engaged officer, or another key of one whom a stop names (I-7).
    """
    enrol_keys(gate, [key])
    return key.keyid


def enrol_keys(gate: Gate, keys: Sequence[EnrolledKey]) -> None:
    """Enrol the keys of many people at once, all or none of them. Raises what ``enrol_key`` raises."""
    with gate.alone():
        _enrol(gate, keys)
        publish(gate)


def enrol_own_passkey(gate: Gate, envelope: bytes) -> EnrolledKey:
    """Enrol a passkey for which its holder vouches by a document (``key``, act "enrol"), signed with another key of the same person,
    agency and role that is in force. Whoever holds no such key has an operator enrol the first one (``lawgate key enrol``).

    What a script vouches for is a script's. The same document again changes nothing. Raises NotPermittedError for a document about
    somebody else or another role, MalformedRequestError for another form, and what ``enrol_key`` raises.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "key", envelope, now)
        key = own_passkey(signed.payload, signed.key, now)
        # A crash between the two leaves a document and no key; the same document again then enrols it.
        gate.memory.keep_document("key", by, envelope, [])
        _enrol(gate, [key])
        publish(gate)
    return key


def _enrol(gate: Gate, keys: Sequence[EnrolledKey]) -> None:
    """Keep keys, all or none of them, in one durable write. The caller holds the lock."""
    own: dict[tuple[str, str, Role], list[EnrolledKey]] = {}
    known = gate.memory.standing().keys
    for key in known:
        own.setdefault((key.person, key.agency, key.role), []).append(key)
    by_id = {key.keyid: key for key in known}
    now = gate.now()
    named = {s.subject for s in stops.biting(gate.memory.stops(), now) if s.scope is StopScope.OFFICER}
    fresh: list[EnrolledKey] = []
    for key in keys:
        if key.keyid in by_id:
            _enrolled_before(by_id[key.keyid], key)
            continue
        _require_enrolable(gate, key)
        mine = own.setdefault((key.person, key.agency, key.role), [])
        _require_no_way_around(key, mine, named, now)
        # Signed documents state their moment to the second: a key enrolled within it is valid for them.
        fresh.append(dataclasses.replace(key, since=key.since.replace(microsecond=0)))
        mine.append(fresh[-1])
        by_id[key.keyid] = fresh[-1]
    gate.memory.keep_keys([(key, [_key_leaf(gate, "enrol", key)]) for key in fresh])


def revoke_key(gate: Gate, keyid: str) -> None:
    """Revoke a key from now on. Raises NotPermittedError if there is no such key."""
    key = gate.memory.standing().key(keyid)
    if key is None:
        raise NotPermittedError("no key of that id is enrolled")
    with gate.alone():
        gate.memory.revoke_key(keyid, gate.now(), [_key_leaf(gate, "revoke", key)])
        publish(gate)


def revoke_by_order(gate: Gate, envelope: bytes) -> str:
    """Revoke a key as its holder, or the holder's counsel, says in a signed document (``key``, act "revoke"); returns the key's id.

    Raises what ``narrowing.revoked`` raises. A key that was revoked stays revoked from then.
    """
    with gate.alone():
        now, standing = gate.now(), gate.memory.standing()
        signed, by = open_signed(gate, "key", envelope, now)
        keyid = revoked(signed.payload, signed.key, gate.holder, standing)
        key = standing.key(keyid)
        assert key is not None
        # A crash between the two leaves a document and a key in force; the same document again then revokes it.
        gate.memory.keep_document("key", by, envelope, [])
        if key.until is None:
            gate.memory.revoke_key(keyid, now, [_key_leaf(gate, "revoke", key)])
        publish(gate)
    return keyid


def _key_leaf(gate: Gate, act: str, key: EnrolledKey) -> bytes:
    """Made under the lock, so that no other process logs a later minute before it."""
    return leaves.key_leaf(
        at=gate.now(), act=act, keyid=key.keyid, role=key.role.value, agency=key.agency, scripted=key.scripted
    )


def public_key(public: str) -> str:
    """Return the keyid of a public key in hex. Raises SettingsError if it is not 64 hex digits, or a passkey's 66."""
    with suppress(ValueError):
        raw = bytes.fromhex(public)
        if raw.hex() == public:
            return keyid_of(raw)
    raise SettingsError("a public key is 64 lower-case hex digits, a passkey's 66")


def _enrolled_before(known: EnrolledKey, key: EnrolledKey) -> None:
    if dataclasses.replace(key, since=known.since, until=known.until) != known:
        raise SettingsError("this key is enrolled already with other particulars")
    if known.until is not None:
        raise NotPermittedError("this key was revoked; a revoked key is never enrolled again")


def _require_no_way_around(
    key: EnrolledKey, own: Sequence[EnrolledKey], named: Collection[str], now: datetime
) -> None:
    """An order names an officer by key, so that outsiders can follow it; a second key must be no way around it."""
    if key.role is not Role.ENGAGED_OFFICER:
        return
    if any(k.keyid in named for k in own):
        raise NotPermittedError("a stop names this officer; no other key is enrolled until it is lifted")
    if any(k.valid_at(now) for k in own):
        raise NotPermittedError("this officer has a key; revoke it before another one is enrolled")


def _require_enrolable(gate: Gate, key: EnrolledKey) -> None:
    if public_key(key.public) != key.keyid:
        raise SettingsError("the key id is not the public key's")
    public = bytes.fromhex(key.public)
    if key.relying_party is not None:
        _require_passkey(key, public)
    elif not is_signing_key(public):
        raise SettingsError(
            "the public key is no point of the prime-order group; programs could judge its signatures differently"
        )
    if key.scripted and not gate.scripted_allowed:
        raise NotPermittedError("this home enrols no scripts; only a rehearsal's does")
    if key.role in HOLDERS_DESKS and key.agency != gate.holder:
        raise NotPermittedError("the holder's own people decide, release and advise; nobody else's")
    place = (key.recipient, key.custodian, key.location)
    if key.role is Role.ENGAGED_OFFICER:
        if not all(place):
            raise SettingsError("an engaged officer's key names its age recipient, custodian and location")
        if not is_recipient(str(key.recipient)):
            raise SettingsError("the recipient is no age X25519 recipient to which anything can be sealed")
    elif any(place):
        raise SettingsError(
            "only an engaged officer's key has a recipient: answers are sealed to nobody else"
        )


def _require_passkey(key: EnrolledKey, public: bytes) -> None:
    """People decide with passkeys. Covers, attestations and acknowledgements are signed by the requester's own tools, outside any browser."""
    if not is_passkey(public) or not is_relying_party(str(key.relying_party)):
        raise SettingsError("a passkey is a compressed point of P-256 (66 hex digits) bound to a domain")
    if key.role in (Role.REQUESTING_OFFICIAL, Role.ENGAGED_OFFICER):
        raise SettingsError("this role signs with a key of its own tool, not with a passkey")


def _entries(standing: Standing, kind: str, until: date) -> Sequence[StandingEntry]:
    registers: dict[str, Sequence[StandingEntry]] = {
        "agency": standing.agencies,
        "office": standing.offices,
        "agreement": standing.agreements,
        "safeguard": standing.safeguards,
    }
    return in_force(registers[kind], until)


def _is_named(entry: StandingEntry, agency: str, name: str) -> bool:
    if isinstance(entry, Agency):
        return entry.id == agency
    own = (
        entry.person if isinstance(entry, OfficeHolder) else entry.id if isinstance(entry, Agreement) else ""
    )
    return entry.agency == agency and (not name or own == name)


def _standing_leaf(gate: Gate, act: str, entry: StandingEntry) -> bytes:
    agency = entry.id if isinstance(entry, Agency) else entry.agency
    said: dict[str, Json] = {k: _plain(v) for k, v in dataclasses.asdict(entry).items()}
    return leaves.standing_leaf(
        at=gate.now(),
        act=act,
        kind=KINDS[type(entry)],
        agency=agency,
        entry_sha256=sha256_hex(canonical(said)),
    )


def _plain(value: object) -> Json:
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(getattr(value, "value", value))
