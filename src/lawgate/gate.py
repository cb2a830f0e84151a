"""The gate: everything the nine steps need from outside, handed in once by wiring; and the one way to publish the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from lawgate.domain.errors import LedgerError, NotPermittedError
from lawgate.domain.kept import Memory, Originals
from lawgate.domain.leaving import KeptLog, Sealers
from lawgate.domain.steps import Received, SignedDecision, SubmissionId, day_of
from lawgate.evidence.canonical import sha256_hex as _digest
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.guard.limits import Limits
from lawgate.guard.traces import Mark
from lawgate.ledger import append, leaves
from lawgate.ledger.note import Signer
from lawgate.ledger.policy import Policy
from lawgate.ledger.shard import OneYear, Shard, first_leaves
from lawgate.reading import Reader, Spread, Task
from lawgate.records.engine import RecordEngine
from lawgate.records.rule import RuleLimits
from lawgate.statutes.pack import Ground, Pack


@dataclass(frozen=True, slots=True)
class Gate:
    """One home, opened. Nothing in it decides anything; nothing protective in it has a default.

    ``open_records`` opens the index when the first look-up needs it. ``line_salts`` gives 32-byte salts that die with the
    submission's vault key. ``tiles``, ``signer`` and ``policy`` are of this year's log, which begins with entry number ``base``; ``earlier``
    are the logs before it, and ``superseded`` says whether another process has begun the next. ``patience`` is how long the witnesses may
    be silent before that is an incident. ``policy_is_signed`` is False where the home has offline roots and two of them have not signed the
    policy in force. ``subject_key`` gives the random key of the subject with a fingerprint, kept apart from everything else and made when
    first asked for. ``alone`` is the home's inter-process lock, ``receiving`` another that one process holds while it reads a submission.
    ``reader`` makes what reads chunks in this process, ``spread`` has them read in several where that is worth it. ``now`` is UTC-aware.
    ``ticks`` are seconds that never run backwards, and ``watch`` is told of each piece of work: which step, how many lines, how many of
    those seconds. ``enclose`` encrypts what an answer (by its id) says to the sealer alone; ``sealers`` are the sealer's processes, and
    ``logs`` are all years' logs as they are named to them.
    """

    holder: str
    packs: Mapping[str, Ground]
    memory: Memory
    open_records: Callable[[], RecordEngine]
    tiles: append.TileStore
    signer: Signer
    witnesses: Sequence[append.Witness]
    policy: Policy
    base: int
    earlier: Sequence[Shard]
    superseded: Callable[[], bool]
    patience: timedelta
    policy_is_signed: bool
    subject_key: Callable[[str], bytes]
    terms: bytes
    limits: Limits
    rule_limits: RuleLimits
    sample_size: int
    approval_age: timedelta
    scripted_allowed: bool
    fingerprint: Callable[[str, str], str]
    mark: Mark
    originals: Originals
    reader: Callable[[Task], Reader]
    spread: Spread
    receiving: Callable[[], AbstractContextManager[None]]
    line_salts: Callable[[SubmissionId], Callable[[str], bytes]]
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    alone: Callable[[], AbstractContextManager[None]]
    ticks: Callable[[], float]
    watch: Callable[[str, int, float], None]
    enclose: Callable[[str, bytes], bytes]
    logs: tuple[KeptLog, ...]
    sealers: Sealers


@contextmanager
def timed(gate: Gate, step: str, lines: int) -> Iterator[None]:
    """Tell the gate's ``watch`` how long one step took for so many lines: receive, check, guard, decide, match, minimise, authorise,
    log, seal or account."""
    begun = gate.ticks()
    yield
    gate.watch(step, lines, gate.ticks() - begun)


def publish(gate: Gate) -> str:
    """Bring everything sequenced into a checkpoint that the witnesses cosigned, and return it.

    Raises QuorumError if too few cosign (nothing is lost, nothing may leave), LedgerError if the past is not what it was.
    """
    if gate.superseded():
        raise LedgerError("a successor of this log has begun; open the home again")
    predecessor = gate.earlier[-1].policy.log.name if gate.earlier else ""
    # The memory is both the source of the sequenced entries and the keeper of the signed head.
    return append.publish(
        OneYear(gate.memory, gate.base),
        gate.tiles,
        gate.memory,
        gate.signer,
        gate.witnesses,
        gate.policy,
        gate.now(),
        predecessor,
    )


def shard_of(gate: Gate, number: int) -> Shard:
    """Return the log that holds the entry of that number."""
    this_year = Shard(gate.base, gate.tiles, gate.policy)
    return next(shard for shard in (this_year, *reversed(gate.earlier)) if shard.base <= number)


def open_signed(gate: Gate, kind: str, envelope: bytes, now: datetime) -> tuple[Signed, SignedDecision]:
    """Open a document that an enrolled person signed, and say who signed it. Raises what ``open_envelope`` raises."""
    signed = open_envelope(envelope, kind, gate.memory.standing().key, now)
    return signed, SignedDecision(
        sha256=signed.sha256, keyid=signed.key.keyid, person=signed.key.person, at=now
    )


def begin_log(gate: Gate) -> None:
    """Write the log's first entries, which name the policy, the terms of use and the head of the log before, and publish.

    Does nothing to a log that has begun.
    """
    with gate.alone():
        begin_sequence(gate)
        publish(gate)


def begin_sequence(gate: Gate) -> None:
    """Sequence the log's first entries unless they are there. The caller holds the lock."""
    if gate.memory.size() > gate.base:
        return
    policy_sha256, terms_sha256 = _digest(gate.policy.text.encode()), _digest(gate.terms)
    origin, at = gate.policy.log.name, gate.now()
    if gate.earlier:
        both = first_leaves(
            gate.earlier[-1], at=at, origin=origin, policy_sha256=policy_sha256, terms_sha256=terms_sha256
        )
        gate.memory.append(both)
    else:
        gate.memory.append(
            [leaves.policy_leaf(at=at, origin=origin, policy_sha256=policy_sha256, terms_sha256=terms_sha256)]
        )


def heartbeat(gate: Gate) -> int:
    """Append a heartbeat, publish, and return the size of the log."""
    with gate.alone():
        gate.memory.append([leaves.heartbeat_leaf(at=gate.now(), entries=gate.memory.size())])
        publish(gate)
        return gate.memory.size()


def ground(gate: Gate, pack: str) -> Ground:
    """Return a ground this home answers under. Raises NotPermittedError for any other."""
    if pack not in gate.packs:
        raise NotPermittedError("this gateway does not answer under that ground")
    return gate.packs[pack]


def reading(gate: Gate, received: Received) -> Pack:
    """Return the reading a submission was checked under, which is kept with it. Raises NotPermittedError for another ground."""
    return ground(gate, received.cover.pack).version(received.pack_version)


def grounds_in_force(gate: Gate, received: Received, now: datetime) -> frozenset[str]:
    """Return the submission's ground if the reading it was checked under is the one in force now, else nothing (I-13)."""
    pack = received.cover.pack
    known = gate.packs.get(pack)
    held = known is not None and any(
        p.version == received.pack_version and p.in_force(day_of(now)) for p in known.versions
    )
    return frozenset({pack}) if held else frozenset()


def terms_text(gate: Gate, pack: Pack) -> bytes:
    """Return the terms of use that go with an answer: the home's, which hold for all, and the ground's."""
    return gate.terms + f"\nUnder {pack.citation} ({pack.name}):\n\n{pack.terms}\n".encode()
