"""What steps 1 to 3 do to one chunk of a submission, whatever came before it: read, attest, check, trace, seal. Pure, and the same in any process.

What depends on other chunks (a key used twice, counts, holds, places) is decided where all of them come together: ``lawgate.arrival``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeVar

from lawgate.domain.finding import Finding
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Checked, Line, Received, SubmissionId
from lawgate.evidence.commitment import commit
from lawgate.guard.matter import address_of, name_of
from lawgate.guard.packed import Entries, pack, unpack
from lawgate.guard.traces import Mark, Tracer, Traces
from lawgate.identity.address import AddressReading
from lawgate.identity.name import NameReading
from lawgate.intake.attest import Attested, attest, read_attestations
from lawgate.intake.lines import key_digest, read_chunk
from lawgate.intake.receive import cover_reading
from lawgate.intake.rows import Chunk
from lawgate.statutes.check import check_facts, disposition, prepare
from lawgate.statutes.facts import line_facts
from lawgate.statutes.pack import Ground

TRACED = frozenset({"line.name", "line.address"})
"""Facts of a line that guard looks at, whether or not a rule of the ground does."""

C = TypeVar("C")
R = TypeVar("R")


class Sealer(Protocol):
    """Seals under one submission's data key."""

    def line(self, line: Line) -> bytes:
        """Seal what a line states."""
        ...

    def found(self, ordinal: int, clear: bytes) -> bytes:
        """Seal what was found about the chunk whose first line has that ordinal."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What of a home is needed to read chunks. ``ticks`` are seconds of processor time that never run backwards."""

    packs: Mapping[str, Ground]
    mark: Mark
    sealer: Callable[[SubmissionId], AbstractContextManager[Sealer]]
    line_salts: Callable[[SubmissionId], Callable[[str], bytes]]
    ticks: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Task:
    """What of a submission is needed to read its chunks: the envelope, the register as it was then, the attestations (``Attested.packed``)."""

    received: Received
    standing: Standing
    attested: bytes = b""


@dataclass(frozen=True, slots=True)
class Order:
    """A chunk to read, and the digests of those of its keys that lines before it have, as far as that is known."""

    chunk: Chunk
    taken: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """One chunk read: ``stated`` and ``found`` are sealed (see ``notes``), ``commitments`` has 32 bytes a line for the log, ``seconds`` are by step.

    ``keys`` are the digests of the keys that its good lines have; ``entries`` are what guard counts; ``findings`` are the distinct ones.
    """

    ordinal: int
    count: int
    unusable: int
    keys: tuple[bytes, ...]
    stated: tuple[bytes, ...]
    found: bytes
    commitments: bytes
    entries: Mapping[str, Entries]
    findings: tuple[tuple[Finding, ...], ...]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Note:
    """What is needed of one line to place it: its key, the codes of its faults, which of the chunk's findings it has, its officer's key id."""

    request_key: str
    faults: tuple[str, ...]
    findings: int | None
    keyid: str


class Spread(Protocol):
    """Does a piece of work for each item, in as many processes as are worth it, and yields the results in order."""

    def __call__(self, task: Task, work: Callable[[Reader, C], R], items: Iterator[C]) -> Iterator[R]:
        """``work`` is a function by its full name; items are taken as they are needed."""
        ...


class Reader:
    """Reads the chunks of one submission."""

    def __init__(self, desk: Desk, task: Task) -> None:
        received = task.received
        self._desk = desk
        self._task = task
        self._attested = Attested(task.attested, task.standing)
        self._tracer = Tracer(received.cover, desk.mark)
        pack = desk.packs[received.cover.pack].version(received.pack_version)
        self._prepared = prepare(pack, received, task.standing, received.received_at)
        self._wanted = self._prepared.wanted | TRACED

    def attestations(self, chunk: bytes) -> tuple[bytes, float]:
        """Open the envelopes of a chunk of attestations (see ``read_attestations``), and say how many seconds it took."""
        received, begun = self._task.received, self._desk.ticks()
        found = read_attestations(chunk, received.cover.nonce, self._task.standing, received.received_at)
        return found, self._desk.ticks() - begun

    def lines(self, order: Order) -> Reading:
        """Read one chunk of lines."""
        ticks, chunk, submission = self._desk.ticks, order.chunk, self._task.received.submission
        times = [ticks()]
        lines = tuple(
            attest(read_chunk(cover_reading(self._task.received.cover), chunk, order.taken), self._attested)
        )
        times.append(ticks())
        checked = [self._check(line) for line in lines]
        times.append(ticks())
        left = [self._trace(line, *one) for line, one in zip(lines, checked, strict=True)]
        packed = pack(left)
        times.append(ticks())
        findings, notes = _notes(lines, checked)
        salt = self._desk.line_salts(submission)
        commitments = b"".join(request_commitment(salt, line) for line in lines)
        with self._desk.sealer(submission) as sealer:
            stated = tuple([sealer.line(line) for line in lines])
            found = sealer.found(chunk.ordinal, len(notes).to_bytes(4, "big") + notes + packed.left)
        times.append(ticks())
        receive, check, guard, rest = (later - one for one, later in pairwise(times))
        return Reading(
            ordinal=chunk.ordinal,
            count=len(lines),
            unusable=packed.unusable,
            keys=tuple([key_digest(line.request_key) for line in lines if not line.faults]),
            stated=stated,
            found=found,
            commitments=commitments,
            entries=packed.entries,
            findings=findings,
            seconds={"receive": receive + rest, "check": check, "guard": guard},
        )

    def _check(self, line: Line) -> tuple[Checked | None, Mapping[str, object]]:
        """Check a line that has no faults; what it says of name and address is read once, here."""
        if line.faults:
            return None, {}
        facts = line_facts(line, self._prepared.offence, self._wanted)
        return check_facts(self._prepared, line, facts), facts

    def _trace(self, line: Line, checked: Checked | None, facts: Mapping[str, object]) -> Traces:
        if checked is None:
            return self._tracer.of(line, name_of(line.data), address_of(line.data), goes_on=False)
        name, address = facts.get("line.name"), facts.get("line.address")
        return self._tracer.of(
            line,
            name.parts if isinstance(name, NameReading) and name.sufficient else None,
            address.parts if isinstance(address, AddressReading) and address.sufficient else None,
            goes_on=disposition(checked) is None,
        )


def request_commitment(salt: Callable[[str], bytes], line: Line) -> bytes:
    """Return the commitment to one line of a submission as received, for the entry about the submission."""
    # Derived, not drawn (docs/adr/0005); batch 0 is the submission's entry, the determinations count from 1.
    return commit(salt(f"0/{line.ordinal}"), "request", {"ordinal": line.ordinal, "digest": line.digest})


def notes_of(first: int, found: bytes) -> tuple[list[Note], list[Traces]]:
    """Read back what was found about the lines of a chunk, of which the first has that ordinal."""
    size = int.from_bytes(found[:4], "big")
    notes = [Note(key, tuple(faults), n, keyid) for key, faults, n, keyid in json.loads(found[4 : 4 + size])]
    return notes, list(unpack(found[4 + size :], first))


def _notes(
    lines: Sequence[Line], checked: Sequence[tuple[Checked | None, object]]
) -> tuple[tuple[tuple[Finding, ...], ...], bytes]:
    places: dict[tuple[int, ...], int] = {}
    distinct: list[tuple[Finding, ...]] = []
    notes = []
    for line, (one, _) in zip(lines, checked, strict=True):
        place = None
        if one is not None:
            # A rule has few Finding objects, which all lines share: comparing which they are is quicker than what they say.
            identity = tuple(map(id, one.findings))
            place = places.setdefault(identity, len(distinct))
            if place == len(distinct):
                distinct.append(one.findings)
        keyid = "" if line.attestation is None else line.attestation.keyid
        notes.append((line.request_key, [fault.code for fault in line.faults], place, keyid))
    return tuple(distinct), json.dumps(notes, separators=(",", ":")).encode("ascii")
