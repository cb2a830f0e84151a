"""Steps 1 to 3 of a submission of any size: chunk by chunk, twice, and then whole in one motion.

First every chunk is read (``lawgate.reading``), kept where nobody sees it, and counted. Then, all of it being counted, every line gets its holds
and its place. The submission appears with its entries in the log in the last transaction, or not at all: after a crash the same call begins anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from lawgate import entries
from lawgate.domain.finding import Finding
from lawgate.domain.kept import CHUNK_LINES, WAITING, is_final
from lawgate.domain.standing import Standing
from lawgate.domain.steps import LineState, LineStatus, Received, Sent, day_of
from lawgate.gate import Gate
from lawgate.guard import stops, traces
from lawgate.guard.admit import Earlier, Guard
from lawgate.guard.packed import COUNTED
from lawgate.guard.seen import Seen
from lawgate.guard.traces import Tracer, Traces
from lawgate.intake.attest import cut_attestations, packed
from lawgate.intake.lines import cut_lines
from lawgate.intake.parts import ATTESTATIONS
from lawgate.intake.receive import cover_reading
from lawgate.ledger.leaves import LinesRoot
from lawgate.ledger.tree import HASH_BYTES
from lawgate.reading import Order, Reader, Reading, Task, notes_of
from lawgate.review.place import place_line


class Arrival:
    """One received submission on its way into the memory."""

    def __init__(self, gate: Gate, received: Received, standing: Standing) -> None:
        self._gate = gate
        self._received = received
        self._standing = standing
        self._seen = Seen()
        self._root = LinesRoot()
        self._findings: dict[int, list[tuple[Finding, ...]]] = {}
        self._distinct: dict[tuple[Finding, ...], tuple[Finding, ...]] = {}
        self._common = Tracer(received.cover, gate.mark).common

    def read(self, sent: Sent) -> None:
        """Read, attest, check and trace every line, and keep what comes of it, chunk by chunk."""
        gate, received = self._gate, self._received
        cover = received.cover
        gate.memory.begin_arrival()
        task = Task(received, self._standing)
        task = Task(received, self._standing, packed(self._attestations(task, sent)))
        taken: set[bytes] = set()
        waiting: deque[Order] = deque()
        reader: Reader | None = None

        def orders() -> Iterator[Order]:
            for chunk in cut_lines(cover_reading(cover), sent.records(cover.file_name), CHUNK_LINES):
                waiting.append(Order(chunk))
                yield waiting[-1]

        for reading in gate.spread(task, Reader.lines, orders()):
            order = waiting.popleft()
            again = frozenset(taken.intersection(reading.keys))
            if again:
                # A key of an earlier chunk makes its line a bad one (111), which no other process could know.
                reader = reader or gate.reader(task)
                reading = reader.lines(Order(order.chunk, again))
            taken.update(reading.keys)
            self._keep(reading)

    def _attestations(self, task: Task, sent: Sent) -> Iterator[bytes]:
        chunks = cut_attestations(sent.read(ATTESTATIONS), CHUNK_LINES)
        for entries_found, seconds in self._gate.spread(task, Reader.attestations, chunks):
            self._gate.watch("receive", 0, seconds)
            yield entries_found

    def whole(self) -> None:
        """Give every line its holds and its place, and make the submission whole."""
        gate, received = self._gate, self._received
        begun = gate.ticks()
        agreement = self._standing.agreement(received.cover.agreement, day_of(received.received_at))
        self._seen.settle(lambda marks: gate.memory.matters_before(marks, received.cover.agency))
        common = {kind: self._count(kind, [mark]) for kind, mark in self._common.items()}
        guard = Guard(self._seen, gate.limits, agreement, self._common, common)
        placed = _Placed(gate, received)
        gate.memory.keep_received(
            received,
            self._statuses(guard, placed),
            lambda: self._seen.traces(self._common),
            lambda: self._seen.matter_traces(placed.went_on),
            lambda: [
                entries.submission_leaf(gate, received, self._root.hex(), placed.letters),
                *placed.determinations.leaf(),
            ],
        )
        gate.watch("guard", received.cover.line_count, gate.ticks() - begun)

    def _keep(self, reading: Reading) -> None:
        gate = self._gate
        gate.memory.keep_arriving(reading.ordinal, reading.stated, reading.found)
        self._findings[reading.ordinal] = [self._distinct.setdefault(one, one) for one in reading.findings]
        for n in range(0, len(reading.commitments), HASH_BYTES):
            self._root.add(reading.commitments[n : n + HASH_BYTES])
        self._seen.add(reading.count, reading.unusable, reading.entries)
        for step, seconds in reading.seconds.items():
            gate.watch(step, reading.count, seconds)

    def _statuses(self, guard: Guard, placed: _Placed) -> Iterator[LineStatus]:
        """Place every line, in order; what follows from the places is gathered on the way."""
        gate, received = self._gate, self._received
        stopped = self._stopped()
        for first, found in gate.memory.arrived(received.submission):
            notes, left = notes_of(first, found)
            earlier = self._earlier(left)
            repeated = guard.duplicates(left, earlier)
            considered = guard.admit(left, earlier)
            findings = self._findings[first]
            for note, one, (holds, hints) in zip(notes, left, considered, strict=True):
                status = place_line(
                    received.submission,
                    one.ordinal,
                    note.request_key,
                    faults=note.faults,
                    findings=None if note.findings is None else findings[note.findings],
                    holds=holds,
                    hints=hints,
                    duplicate=one.ordinal in repeated,
                    stopped=stopped(note.keyid),
                )
                placed.add(status)
                if status.state is not LineState.FINAL and one.line:
                    self._seen.keep_line(one.line)
                yield status

    def _earlier(self, left: Sequence[Traces]) -> Earlier:
        """Ask the memory how often each mark was left before, within guard's window, by this agency or by all."""
        asked = {kind: [mark for one in left for mark in one.marks(kind)] for kind in COUNTED}
        return {kind: self._count(kind, marks) for kind, marks in asked.items()}

    def _count(self, kind: str, marks: Sequence[bytes]) -> Mapping[bytes, int]:
        cover, received_at = self._received.cover, self._received.received_at
        return self._gate.memory.count_traces(
            kind,
            marks,
            None if kind in traces.ACROSS_AGENCIES else cover.agency,
            traces.counted_since(kind, received_at, self._gate.limits.window_days),
        )

    def _stopped(self) -> Callable[[str], bool]:
        """Return a function that says whether a stop that may be shown reaches the lines of an officer's key; one on the person shows
        only as an answer under seal."""
        now, cover = self._gate.now(), self._received.cover
        in_force = stops.biting(self._gate.memory.stops(), now)
        return cache(
            lambda keyid: (
                stops.stops_line(
                    in_force,
                    now,
                    pack=cover.pack,
                    agency=cover.agency,
                    submission=self._received.submission,
                    officer=keyid,
                    persons=(),
                )
                is not None
            )
        )


class _Placed:
    """What follows from where the lines of a submission stand."""

    def __init__(self, gate: Gate, received: Received) -> None:
        self.letters: dict[str, int] = {}
        self.went_on = bytearray(received.cover.line_count + 1)
        self.determinations = entries.Determinations(gate, received.submission, 1)

    def add(self, status: LineStatus) -> None:
        """Take the next line's place."""
        final = is_final(status)
        letter = status.disposition.value if final else WAITING
        self.letters[letter] = self.letters.get(letter, 0) + 1
        if final:
            self.determinations.add(status.ordinal, letter, status.codes)
        self.went_on[status.ordinal] = status.state is not LineState.FINAL
