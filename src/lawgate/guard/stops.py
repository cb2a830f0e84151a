"""Stop orders: who may give and lift them, and which lines they reach from the moment they are received (I-7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.steps import Json
from lawgate.domain.stop import Stop, StopScope
from lawgate.guard.matter import named_at, person_texts
from lawgate.identity.normal import normal_name

Fingerprint = Callable[[str, str], str]
"""``fingerprint(kind, text)``: an HMAC (hex) under a secret of this home; the same kind and text, the same fingerprint."""

MARK_DIGITS = 32
"""Hex digits of a person's fingerprint in a stop's subject; several stand there, separated by spaces."""


def stop_from(
    payload: Mapping[str, Json],
    key: EnrolledKey,
    envelope_sha256: str,
    received_at: datetime,
    *,
    stops: Sequence[Stop],
    fingerprint: Fingerprint,
) -> Stop:
    """Return the stop that a verified order (``act`` "order") makes; the same envelope again is the same stop.

    ``issuer`` is the key id of who signed. Raises NotPermittedError if the key is neither a court's nor counsel's or the id is taken,
    MalformedRequestError for an order that does not say whom it reaches.
    """
    _require_issuer(key)
    if payload.get("act") != "order":
        raise MalformedRequestError("112", "the document is not a stop order")
    name = _text(payload, "stop")
    known = next((s for s in stops if s.id == name), None)
    if known is not None and known.envelope_sha256 == envelope_sha256:
        return known
    if known is not None:
        raise NotPermittedError("a stop of this id is known from another order")
    scope = _scope(payload)
    return Stop(
        id=name,
        scope=scope,
        subject=_subject(payload, scope, fingerprint),
        authority=_text(payload, "authority"),
        issuer=key.keyid,
        envelope_sha256=envelope_sha256,
        received_at=received_at,
    )


def lift_from(
    payload: Mapping[str, Json],
    key: EnrolledKey,
    envelope_sha256: str,
    received_at: datetime,
    *,
    stops: Sequence[Stop],
    standing: Standing,
) -> Stop:
    """Return the stop as it is once a verified second order (``act`` "lift") was received; the same envelope again is the same.

    Raises NotPermittedError if the key is neither a court's nor counsel's, if counsel would lift what a court ordered, if no such stop is in
    force, or if the order is the first one again; MalformedRequestError for a document that is not a lift.
    """
    _require_issuer(key)
    if payload.get("act") != "lift":
        raise MalformedRequestError("112", "the document does not lift a stop")
    name = _text(payload, "stop")
    _text(payload, "authority")
    stop = next((s for s in stops if s.id == name), None)
    if stop is not None and stop.lift_sha256 == envelope_sha256:
        return stop
    if stop is None or not stop.bites_at(received_at):
        raise NotPermittedError("no stop of this id is in force")
    if stop.envelope_sha256 == envelope_sha256:
        raise NotPermittedError("a stop is lifted by a second order, not by the first one")
    issuer = standing.key(stop.issuer)
    # A court's order stands until a court lifts it; an issuer the register no longer knows counts as a court.
    if key.role is not Role.COURT and (issuer is None or issuer.role is Role.COURT):
        raise NotPermittedError("only a court lifts what a court ordered")
    return replace(stop, lifted_at=received_at, lift_sha256=envelope_sha256)


def person_subject(payload: Mapping[str, Json], fingerprint: Fingerprint) -> str:
    """Return the fingerprint of the person an order names under ``person`` (``name`` and ``address`` parts).

    Raises MalformedRequestError unless both are sufficient: an order that reaches nobody would look obeyed.
    """
    person = payload.get("person")
    found = named_at(person) if isinstance(person, dict) else None
    if found is None or len(normal_name(found[0]).given) < 2:
        raise MalformedRequestError(
            "112", "the order does not state a sufficient name, given name in full, and address"
        )
    return " ".join(sorted(_marks(person_texts(*found, order=True), fingerprint)))


def persons_of(data: Mapping[str, Json], fingerprint: Fingerprint) -> frozenset[str]:
    """Return the fingerprints by which a person stop finds a request line's data; none if it names nobody sufficiently.

    A stop finds whomever step 5 could take the line to mean: nickname, initial, one surname of two, ZIP or city, no unit. Middle
    name and suffix are left out: it rather reaches a namesake at that address than misses its person.
    """
    person = named_at(data)
    return frozenset() if person is None else _marks(person_texts(*person, order=False), fingerprint)


def _marks(texts: Collection[str], fingerprint: Fingerprint) -> frozenset[str]:
    return frozenset(fingerprint("person", text)[:MARK_DIGITS] for text in texts)


def biting(stops: Sequence[Stop], now: datetime) -> tuple[Stop, ...]:
    """Return the stops in force at a moment, in their order."""
    return tuple(stop for stop in stops if stop.bites_at(now))


def stops_line(
    stops: Sequence[Stop],
    now: datetime,
    *,
    pack: str,
    agency: str,
    submission: str,
    officer: str,
    persons: Collection[str],
) -> Stop | None:
    """Return a stop that reaches this line now, or None; one that reaches more than the person comes first.

    ``officer`` is the id of the engaged officer's key, as the log names recipients, so that outsiders can follow. Only a PERSON stop is hidden as an answer under seal, so a visible one wins.
    """
    names = {
        StopScope.PACK: pack,
        StopScope.AGENCY: agency,
        StopScope.SUBMISSION: submission,
        StopScope.OFFICER: officer,
    }
    reaching = [
        s
        for s in biting(stops, now)
        if s.scope is StopScope.EVERYTHING
        or s.subject == names.get(s.scope)
        or (s.scope is StopScope.PERSON and not set(s.subject.split()).isdisjoint(persons))
    ]
    return min(reaching, key=lambda s: s.scope is StopScope.PERSON, default=None)


def _require_issuer(key: EnrolledKey) -> None:
    if key.role not in (Role.COURT, Role.COUNSEL):
        raise NotPermittedError("only a court or counsel orders and lifts stops")


def _scope(payload: Mapping[str, Json]) -> StopScope:
    try:
        return StopScope(_text(payload, "scope"))
    except ValueError:
        raise MalformedRequestError("112", "the order's scope is none of the known ones") from None


def _subject(payload: Mapping[str, Json], scope: StopScope, fingerprint: Fingerprint) -> str:
    if scope is StopScope.PERSON:
        return person_subject(payload, fingerprint)
    if scope is not StopScope.EVERYTHING:
        return _text(payload, "subject")
    if payload.get("subject", "") != "":
        raise MalformedRequestError("112", "an order on everything names no subject")
    return ""


def _text(payload: Mapping[str, Json], field: str) -> str:
    value = payload.get(field)
    if not isinstance(value, str) or not value.strip():
        raise MalformedRequestError("112", f"the order does not state its {field}")
    return value
