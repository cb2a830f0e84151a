"""Every kind of log entry (docs/ledger-format.md §2 and §4): refused here if it is anything else, and built here but for answers.

An ``answer`` is built by the disclosure room, which knows what it commits to. No builder takes a name, an address, a taxpayer number, a reason or a record-side outcome, and no entry has room for one (I-9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lawgate.domain.errors import LedgerError
from lawgate.domain.steps import Json
from lawgate.ledger.entry import parse_entry, write_entry
from lawgate.ledger.leaf_grammar import COMMITTED, GRAMMAR, agrees, is_time
from lawgate.ledger.tree import HASH_BYTES, Frontier, leaf_hash

__all__ = [
    "COMMITTED",
    "GRAMMAR",
    "LinesRoot",
    "ack_leaf",
    "check_leaf",
    "determinations_leaf",
    "erasure_leaf",
    "heartbeat_leaf",
    "incident_leaf",
    "key_leaf",
    "lines_root",
    "minute",
    "policy_leaf",
    "preservation_leaf",
    "recall_leaf",
    "shard_leaf",
    "source_leaf",
    "standing_leaf",
    "statement_leaf",
    "stop_leaf",
    "submission_leaf",
    "tag_leaf",
    "timestamp_leaf",
]

VERSION = 1
_MEMBERS = {kind: {"type", "v", "time", *members} for kind, members in GRAMMAR.items()}


def check_leaf(raw: bytes) -> dict[str, Json]:
    """Read an entry and return its members. Raises LedgerError for another type, other members, or a member of a wrong kind."""
    leaf = parse_entry(raw)
    members = GRAMMAR.get(str(leaf.get("type")))
    if members is None:
        raise LedgerError("an entry is of no known type")
    if leaf.keys() != _MEMBERS[str(leaf["type"])]:
        raise LedgerError("an entry lacks a member or has one that its type has not")
    if leaf["v"] != VERSION or not is_time(leaf["time"]):
        raise LedgerError("an entry's version or time is wrong")
    for name, is_kind in members.items():
        if not is_kind(leaf[name]):
            raise LedgerError(f"an entry's member {name} is of the wrong kind")
    if not agrees(leaf):
        raise LedgerError("an entry's members contradict one another")
    return leaf


class LinesRoot:
    """The RFC 6962 root over one 32-byte commitment per line, in line order, of which none but the tree's edge is held."""

    def __init__(self) -> None:
        self._edge = Frontier()

    def add(self, commitment: bytes) -> None:
        """Add the next line's commitment."""
        if len(commitment) != HASH_BYTES:
            raise LedgerError("a commitment has 32 bytes")
        self._edge.append(leaf_hash(commitment))

    def hex(self) -> str:
        """Return the root so far (hex); no lines give the empty tree's."""
        return self._edge.root().hex()


def lines_root(commitments: Iterable[bytes]) -> str:
    """Return the root (hex) over one commitment per line, in line order."""
    root = LinesRoot()
    for commitment in commitments:
        root.add(commitment)
    return root.hex()


def minute(at: datetime) -> str:
    """Write a moment as entries do, to the minute in UTC. Raises ValueError if ``at`` has no time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def policy_leaf(*, at: datetime, origin: str, policy_sha256: str, terms_sha256: str) -> bytes:
    """Say which policy file and terms of use are in force. Entry 0 of every log."""
    return _leaf("policy", at, origin=origin, policy_sha256=policy_sha256, terms_sha256=terms_sha256)


def key_leaf(*, at: datetime, act: str, keyid: str, role: str, agency: str, scripted: bool) -> bytes:
    """Log that a key was enrolled or revoked (``act``: ``enrol``, ``revoke``)."""
    return _leaf("key", at, act=act, keyid=keyid, role=role, agency=agency, scripted=int(scripted))


def standing_leaf(*, at: datetime, act: str, kind: str, agency: str, entry_sha256: str) -> bytes:
    """Log a change of the register (``act``: ``add``, ``suspend``)."""
    return _leaf("standing", at, act=act, kind=kind, agency=agency, entry_sha256=entry_sha256)


def stop_leaf(*, at: datetime, act: str, stop: str, scope: str, subject: str, order_sha256: str) -> bytes:
    """Log a stop or its lifting; a person is named by keyed fingerprint only, ``everything`` by an empty subject."""
    return _leaf("stop", at, act=act, stop=stop, scope=scope, subject=subject, order_sha256=order_sha256)


def submission_leaf(
    *,
    at: datetime,
    submission: str,
    agency: str,
    pack: str,
    manifest_sha256: str,
    lines: int,
    lines_root: str,
    counts: Mapping[str, int],
    code: str,
) -> bytes:
    """Log a submission as received; ``code`` is empty unless it was rejected whole."""
    return _leaf(
        "submission",
        at,
        submission=submission,
        agency=agency,
        pack=pack,
        manifest_sha256=manifest_sha256,
        lines=lines,
        lines_root=lines_root,
        counts=dict(counts),
        code=code,
    )


def determinations_leaf(
    *, at: datetime, submission: str, batch: int, lines: int, lines_root: str, counts: Mapping[str, int]
) -> bytes:
    """Log that lines became final; ``lines_root`` is over their commitments, in line order."""
    return _leaf(
        "determinations",
        at,
        submission=submission,
        batch=batch,
        lines=lines,
        lines_root=lines_root,
        counts=dict(counts),
    )


def ack_leaf(*, at: datetime, answer: str, package_sha256: str, ack_sha256: str, keyid: str) -> bytes:
    """Log that the engaged officer acknowledged an answer."""
    return _leaf("ack", at, answer=answer, package_sha256=package_sha256, ack_sha256=ack_sha256, keyid=keyid)


def heartbeat_leaf(*, at: datetime, entries: int) -> bytes:
    """Log that nothing happened; ``entries`` is the size of the log before it."""
    return _leaf("heartbeat", at, entries=entries)


def erasure_leaf(*, at: datetime, submission: str, order_sha256: str) -> bytes:
    """Log that a submission's data is to be destroyed, before it is."""
    return _leaf("erasure", at, submission=submission, order_sha256=order_sha256)


def preservation_leaf(
    *, at: datetime, act: str, preservation: str, submission: str, order_sha256: str
) -> bytes:
    """Log that nothing of a submission (or, empty, of any) may be destroyed, or that it may again (``act``: ``order``, ``lift``)."""
    return _leaf(
        "preservation",
        at,
        act=act,
        preservation=preservation,
        submission=submission,
        order_sha256=order_sha256,
    )


def incident_leaf(*, at: datetime, act: str, incident: str, kind: str, document_sha256: str) -> bytes:
    """Log that something went wrong, or that it was dealt with (``act``: ``open``, ``close``)."""
    return _leaf("incident", at, act=act, incident=incident, kind=kind, document_sha256=document_sha256)


def tag_leaf(*, at: datetime, answer: str, tag: str) -> bytes:
    """Log by what its subject, and nobody else, finds an answer."""
    return _leaf("tag", at, answer=answer, tag=tag)


def source_leaf(*, at: datetime, rows: int, lookups: int, document_sha256: str) -> bytes:
    """Log how many reads the record system counts for this gateway, and how many look-ups the gateway counts itself."""
    return _leaf("source", at, rows=rows, lookups=lookups, document_sha256=document_sha256)


def recall_leaf(*, at: datetime, act: str, answer: str, due: str, document_sha256: str) -> bytes:
    """Log that an answer is called back until a day, or that its recipient certified its destruction (``act``: ``notice``, ``destroyed``)."""
    return _leaf("recall", at, act=act, answer=answer, due=due, document_sha256=document_sha256)


def statement_leaf(*, at: datetime, act: str, answer: str, keyid: str, document_sha256: str) -> bytes:
    """Log that somebody of the agency stated what became of an answer (``act``: ``use``, ``closure``, ``return``, ``destruction``)."""
    return _leaf("statement", at, act=act, answer=answer, keyid=keyid, document_sha256=document_sha256)


def shard_leaf(*, at: datetime, predecessor: str, size: int, root: str, base: int) -> bytes:
    """Commit to the last cosigned head of the log before this one; ``base`` is how many entries all logs before hold."""
    return _leaf("shard", at, predecessor=predecessor, size=size, root=root, base=base)


def timestamp_leaf(*, at: datetime, size: int, root: str, stamp_sha256: str) -> bytes:
    """Log that an authority elsewhere stamped a checkpoint of this log (RFC 3161)."""
    return _leaf("timestamp", at, size=size, root=root, stamp_sha256=stamp_sha256)


def _leaf(leaf_type: str, at: datetime, /, **members: Json) -> bytes:
    raw = write_entry({"type": leaf_type, "v": VERSION, "time": minute(at), **members})
    check_leaf(raw)
    return raw
