"""Erasure: first the log says that it will be, cosigned; then the key goes, and with it the data and the salts. The log stays valid.

A stop or a preservation order that may reach the submission blocks it. After a restore, every erasure of the log is done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import SubmissionSummary
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, LineState, SubmissionId
from lawgate.domain.stop import Stop, StopScope
from lawgate.gate import Gate, open_signed, publish
from lawgate.guard import stops
from lawgate.ledger.leaves import check_leaf, erasure_leaf, preservation_leaf

ERASERS = (Role.DISCLOSURE_OFFICER,)
PRESERVERS = (Role.COURT, Role.COUNSEL)
ENDED = (LineState.FINAL, LineState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Preservation:
    """An order that nothing of a submission, or (empty) of any, be destroyed; ``lifted`` is a minute or nothing."""

    id: str
    submission: str
    ordered: str
    lifted: str


def erase(gate: Gate, envelope: bytes) -> SubmissionId:
    """Act on a signed order of erasure (``submission``, ``ground``). What is erased stays counted, and its leaves stay in the log.

    Raises NotPermittedError for a person of another role, an unknown submission, lines that are not ended, or while a stop or a
    preservation may reach it; QuorumError, with nothing destroyed, until the leaf is cosigned.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "erasure", envelope, now)
        if signed.key.role not in ERASERS:
            raise NotPermittedError("erasures are ordered by a disclosure officer of the holder")
        summary = gate.memory.summary(SubmissionId(str(signed.payload.get("submission"))))
        if summary is None or not signed.payload.get("ground"):
            raise NotPermittedError("an order of erasure names a submission that there is, and its ground")
        _require_unblocked(gate, summary)
        if summary.submission not in erased(gate):
            if not summary.rejected_code:
                _require_ended(gate, summary.submission)
            leaf = erasure_leaf(at=now, submission=summary.submission, order_sha256=signed.sha256)
            gate.memory.keep_document("erasure", by, envelope, [leaf])
        publish(gate)
        # Only what witnesses have seen to be ordered is destroyed. A crash before this line: replaying does it.
        gate.memory.erase(summary.submission)
        return summary.submission


def erased(gate: Gate) -> frozenset[SubmissionId]:
    """Return every submission whose erasure the log orders."""
    leaves = map(check_leaf, gate.memory.leaves_of("erasure"))
    return frozenset(SubmissionId(str(leaf["submission"])) for leaf in leaves)


def replay(gate: Gate, more: frozenset[SubmissionId] = frozenset()) -> int:
    """Do every erasure of the log again, and of ``more`` (read from a published log that knows more), and return how many there are.

    A backup brings keys back; none survives this.
    """
    all_erased = erased(gate) | more
    for submission in all_erased:
        gate.memory.erase(submission)
    return len(all_erased)


def preserve(gate: Gate, envelope: bytes) -> Preservation:
    """Act on a signed preservation order or its lifting (``act``, ``preservation``, ``submission``, ``authority``).

    Raises NotPermittedError for anybody but a court or counsel, for an id given out before, or if counsel would lift what is not there;
    QuorumError after it is durable: it blocks from then on.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "preservation", envelope, now)
        if signed.key.role not in PRESERVERS:
            raise NotPermittedError("preservations are ordered and lifted by a court or counsel")
        act, named, subject = (_text(signed.payload, m) for m in ("act", "preservation", "submission"))
        if act not in ("order", "lift") or not named or not _text(signed.payload, "authority"):
            raise MalformedRequestError("112", "the document is no preservation order")
        if not gate.memory.kept_envelope(signed.sha256):
            known = {p.id: p for p in preservations(gate)}.get(named)
            holds = known is not None and not known.lifted and known.submission == subject
            if holds != (act == "lift") or (act == "order" and known is not None):
                raise NotPermittedError("no such preservation holds, or its id was given out before")
            leaf = preservation_leaf(
                at=now, act=act, preservation=named, submission=subject, order_sha256=signed.sha256
            )
            gate.memory.keep_document("preservation", by, envelope, [leaf])
        publish(gate)
        return {p.id: p for p in preservations(gate)}[named]


def preservations(gate: Gate) -> tuple[Preservation, ...]:
    """Replay the log's preservation orders, oldest first."""
    found: dict[str, Preservation] = {}
    for leaf in map(check_leaf, gate.memory.leaves_of("preservation")):
        name, subject, time = (str(leaf[m]) for m in ("preservation", "submission", "time"))
        before = found.get(name)
        ordered = time if before is None else before.ordered
        found[name] = Preservation(name, subject, ordered, time if leaf["act"] == "lift" else "")
    return tuple(found.values())


def _require_unblocked(gate: Gate, summary: SubmissionSummary) -> None:
    if any(not p.lifted and p.submission in ("", summary.submission) for p in preservations(gate)):
        raise NotPermittedError("a preservation order is in force; nothing it reaches is erased")
    if any(_may_reach(stop, summary) for stop in stops.biting(gate.memory.stops(), gate.now())):
        raise NotPermittedError("a stop is in force that may reach this submission; it is not erased")


def _may_reach(stop: Stop, summary: SubmissionSummary) -> bool:
    """Whom a stop on an officer or a person reaches is not looked up for this: it may reach any submission."""
    reached = {
        StopScope.PACK: summary.pack,
        StopScope.AGENCY: summary.agency,
        StopScope.SUBMISSION: summary.submission,
    }
    return stop.scope not in reached or stop.subject == reached[stop.scope]


def _require_ended(gate: Gate, submission: SubmissionId) -> None:
    waiting = (state for state in LineState if state not in ENDED)
    if len(gate.memory.ordinals(submission, *waiting)):
        raise NotPermittedError("lines of this submission still wait; it is not erased")


def _text(payload: Mapping[str, Json], member: str) -> str:
    value = payload.get(member, "")
    if not isinstance(value, str):
        raise MalformedRequestError("112", "a member of the document is not a text")
    return value
