"""Incidents: what went wrong is logged when it is found, and closed by a named person's signed report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.gate import Gate, open_signed, publish
from lawgate.ledger.append import last_quorum
from lawgate.ledger.leaves import check_leaf, incident_leaf, minute

NO_QUORUM = "no-quorum"
KINDS = ("no-quorum", "key-compromise", "wrong-release", "restore", "other")
REPORTERS = (Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL, Role.COURT)


@dataclass(frozen=True, slots=True)
class Incident:
    """``closed`` is the minute of its closing, or nothing."""

    id: str
    kind: str
    opened: str
    closed: str


def incidents(gate: Gate) -> tuple[Incident, ...]:
    """Replay the log's incidents, oldest first."""
    found: dict[str, Incident] = {}
    for leaf in map(check_leaf, gate.memory.leaves_of("incident")):
        name, kind, time = str(leaf["incident"]), str(leaf["kind"]), str(leaf["time"])
        if leaf["act"] == "open":
            found[name] = Incident(name, kind, time, "")
        else:
            found[name] = Incident(name, kind, found[name].opened, time)
    return tuple(found.values())


def witnesses_are_lost(gate: Gate) -> bool:
    """Say whether no quorum has cosigned for longer than the gate's patience, and open an incident if so. The caller holds the lock."""
    last = last_quorum(gate.tiles, gate.policy)
    if last is not None and gate.now() - last <= gate.patience:
        return False
    if not any(i.kind == NO_QUORUM and not i.closed for i in incidents(gate)):
        since = "" if last is None else minute(last)
        digest = sha256_hex(canonical({"kind": NO_QUORUM, "since": since, "found": minute(gate.now())}))
        gate.memory.append(
            [
                incident_leaf(
                    at=gate.now(), act="open", incident=digest[:32], kind=NO_QUORUM, document_sha256=digest
                )
            ]
        )
    return True


def report(gate: Gate, envelope: bytes) -> Incident:
    """Act on a signed report (``act`` open or close, ``incident``, ``kind``, ``text``): log it, and return where the incident stands.

    An ``incident`` that is opened may be named by nobody yet; it is then named by the report's digest. Raises NotPermittedError for a
    person of another role or an incident that is not open, MalformedRequestError for another document; QuorumError after it is durable.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "incident", envelope, now)
        if signed.key.role not in REPORTERS:
            raise NotPermittedError("incidents are reported by the holder's own people, counsel or a court")
        act, kind = signed.payload.get("act"), str(signed.payload.get("kind"))
        named = _named(signed.payload, signed.sha256)
        if act not in ("open", "close") or kind not in KINDS:
            raise MalformedRequestError("102", "a report opens or closes an incident of a known kind")
        if not gate.memory.kept_envelope(signed.sha256):
            known = {i.id: i for i in incidents(gate)}.get(named)
            is_open = known is not None and not known.closed and known.kind == kind
            if is_open != (act == "close") or (act == "open" and known is not None):
                raise NotPermittedError("no incident of this id and kind is open, or one is already")
            leaf = incident_leaf(
                at=now, act=str(act), incident=named, kind=kind, document_sha256=signed.sha256
            )
            gate.memory.keep_document("incident", by, envelope, [leaf])
        publish(gate)
        return {i.id: i for i in incidents(gate)}[named]


def _named(payload: Mapping[str, Json], sha256: str) -> str:
    return str(payload["incident"]) if payload.get("incident") else sha256[:32]
