"""What the relational memory keeps beside the step types, and the promises the gateway needs of it.

A *fingerprint* is an HMAC under a secret of this home: equal things have equal fingerprints, and nobody outside can compute one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from lawgate.domain.past import PastLine
from lawgate.domain.standing import Agency, Agreement, EnrolledKey, OfficeHolder, Safeguard, Standing
from lawgate.domain.steps import (
    Admitted,
    AnswerKind,
    Approved,
    Authorised,
    Disposition,
    Line,
    LineState,
    LineStatus,
    Proposed,
    Received,
    Rejected,
    Sent,
    SignedDecision,
    SubmissionId,
)
from lawgate.domain.stop import Stop

StandingEntry = Agency | OfficeHolder | Agreement | Safeguard


@dataclass(frozen=True, slots=True)
class Trace:
    """So many ``lines`` of a submission left one keyed fingerprint (``mark``, 16 bytes). ``kind`` is one of those ``guard.traces`` names."""

    kind: str
    mark: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class MatterTrace:
    """One line's trace on one matter: ``said`` holds 8 bytes for each corroborating field, all zero where the line does not state it."""

    mark: bytes
    ordinal: int
    said: bytes


@dataclass(frozen=True, slots=True)
class EarlierMatter:
    """What lines of earlier submissions left on one matter: ``lines`` oldest first, and ``said`` of each as ``MatterTrace`` has it."""

    lines: tuple[EarlierLine, ...]
    said: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A line of an earlier submission that left some fingerprint, by confirmation number, with the letter it has now."""

    submission: SubmissionId
    ordinal: int
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class Slot:
    """The places an answer gets inside the transaction that logs it: its leaf index, the recipient's sequence number, the index
    of the recipient's answer before (None for the first) and how many ``stop`` entries stand before it."""

    index: int
    sequence: int
    previous: int | None
    stops: int


@dataclass(frozen=True, slots=True)
class Accounting:
    """The row of 6103(p)(3)(A): who asked, when, on what authority, who decided, which fields left; values never.

    ``subject`` is a keyed fingerprint of the record, or empty where no record matched.
    """

    answer: str
    submission: SubmissionId
    ordinal: int
    agency: str
    office: str
    official: str
    pack: str
    authority: str
    requested_at: datetime
    disclosed_at: datetime
    recipient_keyid: str
    recipient_location: str
    approver: str
    authoriser: str
    items: tuple[str, ...]
    fields_released: tuple[str, ...]
    periods: tuple[int, ...]
    reasons_sha256: str
    subject: str
    purpose_code: str


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An authorised answer about to be logged. ``enclosed`` is what it says, with its salts, for the sealer alone; ``accounting_salt`` is
    that of the accounting row's commitment, 32 bytes.

    ``build`` turns the slot into the leaf's bytes; it is called once, inside the transaction.
    """

    answer: str
    authorised: Authorised
    enclosed: bytes
    accounting_salt: bytes
    accounting: Accounting
    build: Callable[[Slot], bytes]


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An answer as kept after step 7's transaction: with the sealer's key everything needed to seal it, again and again the same."""

    answer: str
    authorised: Authorised
    enclosed: bytes
    accounting_salt: bytes
    accounting: Accounting
    index: int
    sequence: int
    handed_over_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An answer that left: its entry, its number among those sealed to one officer's key, and when. An acknowledgement is held against it.

    ``owed`` is the day by which a statement about it is owed, and ``end_days`` the agreement's other term; both as ``Owed`` has them.
    """

    answer: str
    index: int
    sequence: int
    recipient_keyid: str
    at: datetime
    owed: date | None = None
    end_days: int | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What an agreement sets for answers on the day they leave: the day ``by`` which a statement is owed, and how many days after one of
    closure the next; None where it sets no such term."""

    by: date | None = None
    end_days: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What was signed about what became of one answer (``act``), the entry that says so or none, and the day by which the next is owed."""

    answer: str
    act: str
    signed: SignedDecision
    envelope: bytes
    leaf: bytes
    owed: date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One submission's answers that are sealed to some keys: how many are logged, have left, and were acknowledged; ``oldest`` is when the
    first of those left that nobody has acknowledged."""

    submission: SubmissionId
    logged: int
    left: int
    acknowledged: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Ack:
    """An officer's signed acknowledgement of one answer, and the entry that says so."""

    answer: str
    envelope: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Proposed answers of one submission that are authorised together; ``sample`` are the ordinals two people look at first."""

    submission: SubmissionId
    number: int
    seed: str
    ordinals: tuple[int, ...]
    sample: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SampleReview:
    """One person's signed look at a batch's sample: ``errors`` are the ordinals found wrong; one stops the batch."""

    submission: SubmissionId
    number: int
    review: SignedDecision
    errors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """One submission as an operator may see it: no personal data."""

    submission: SubmissionId
    manifest_sha256: str
    agency: str
    pack: str
    received_at: datetime
    rejected_code: str
    line_count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts that must agree (I-2, I-10); ``by_disposition`` counts lines by letter, waiting lines under ``W``; ``kept`` says the
    same as it is kept for whoever looks, and ``acknowledged_kept`` beside ``acknowledged``."""

    submissions: int
    lines: int
    by_disposition: Mapping[str, int]
    approved: int
    lookups: int
    answers: int
    accounting_rows: int
    handed_over: int
    acknowledged: int
    entries: int
    kept: Mapping[str, int]
    acknowledged_kept: int


CHUNK_LINES = 2000
"""How many lines a step takes at a time: what is in memory, in one durable transaction and under one look at stops and standing."""
HAND_OVER_LINES = 500
"""How many answers are handed over under one lock and one look where many are asked for: some tenths of a second of work, so that a stop
that is received meanwhile waits no longer than that, and bites on all the rest."""
SEAL_LINES = 125
"""How many answers of such a chunk are sealed in one go, by this process or another."""
BATCH_LINES = 5000
"""The most answers that are authorised together, on one sample that two people looked at."""


def line_ranges(line_count: int, most: int = CHUNK_LINES) -> Iterator[range]:
    """Cut the ordinals 1 to ``line_count`` into ranges of at most ``most``."""
    return (range(start, min(start + most, line_count + 1)) for start in range(1, line_count + 1, most))


def pieces(ordinals: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Cut ordinals into runs of at most ``most``."""
    return (ordinals[start : start + most] for start in range(0, len(ordinals), most))


Content = bytes | Iterable[bytes]
"""A file's bytes, or for a large one its bytes in pieces, which are read once."""


class Incoming(Protocol):
    """The files of one submission while they come; nothing can be read of them by anybody else until they are kept."""

    def begin(self, name: str) -> None:
        """Begin the next file; the one before it is whole."""
        ...

    def write(self, piece: bytes) -> None:
        """Add to the file that was begun last."""
        ...

    def sent(self) -> Sent:
        """Return the files that have come, to be looked at before they are kept or thrown away."""
        ...

    def keep(self) -> Sent:
        """Keep the files durably under their confirmation number; the same files again change nothing."""
        ...


class Originals(Protocol):
    """The files of submissions exactly as they came, sealed under each submission's data key: they can be read back, and erased."""

    def take(self, files: Mapping[str, Content]) -> Sent:
        """Copy the files of a submission durably, and return them as kept. The same bytes again change nothing."""
        ...

    def sent(self, submission: SubmissionId) -> Sent:
        """Find the files of a submission as they came. Raises StoreError if they are not there, or their data key is gone."""
        ...

    def incoming(self) -> AbstractContextManager[Incoming]:
        """Make room for files that come piece by piece. What was not kept at the end of the block is gone."""
        ...

    def forget(self, submission: SubmissionId) -> None:
        """Destroy the files of a submission that was never received; again changes nothing."""
        ...

    def numbers(self) -> frozenset[SubmissionId]:
        """Return the confirmation numbers of the submissions whose files are kept, received ones and those that wait for it."""
        ...


class Memory(Protocol):
    """The relational memory. Every ``keep_*`` and ``log_*`` is one durable transaction and safe to repeat:

    a line moves only from the state the method names, and what has already moved is left as it is. ``leaves`` are
    appended to the sequenced entries of the log in the same transaction. A crash before the commit leaves nothing of the call; a
    crash after it leaves all of it.

    Methods with ``within`` read all lines of a submission, or only a ``range`` of ordinals, or only the ordinals named. A submission may
    have more lines than fit into memory: ``line_ranges`` cuts it into pieces.
    """

    # -- the register -----------------------------------------------------------------------------------------------
    def standing(self) -> Standing:
        """Read the whole register, history included."""
        ...

    def clear_standing(self) -> Standing:
        """Read the register without what is sealed in it or needed by the steps alone: names of office-holders; of keys the public part,
        custody and recipient. Those are empty."""
        ...

    def keep_standing(self, entry: StandingEntry, leaves: Sequence[bytes]) -> None:
        """Add an entry; the same entry again changes nothing."""
        ...

    def end_standing(self, entry: StandingEntry, until: date, leaves: Sequence[bytes]) -> None:
        """End an entry on a day (suspension); it stays in the history."""
        ...

    def keep_key(self, key: EnrolledKey, leaves: Sequence[bytes]) -> None:
        """Enrol a key. Raises StoreError if the keyid is enrolled already with other particulars."""
        ...

    def keep_keys(self, keys: Sequence[tuple[EnrolledKey, Sequence[bytes]]]) -> None:
        """Enrol several keys, each with its leaves, in one transaction: all or none of them. Raises what ``keep_key`` raises."""
        ...

    def revoke_key(self, keyid: str, at: datetime, leaves: Sequence[bytes]) -> None:
        """Revoke a key from that moment; an earlier revocation stands."""
        ...

    def stops(self) -> tuple[Stop, ...]:
        """Read all stops, lifted ones included, oldest first."""
        ...

    def clear_stops(self) -> tuple[Stop, ...]:
        """Read all stops without their authority and without the fingerprints of persons, which are empty."""
        ...

    def keep_stop(self, stop: Stop, envelope: bytes, leaves: Sequence[bytes]) -> None:
        """Keep a stop; it bites from its commit on, whether or not its leaf is published yet (I-7)."""
        ...

    def lift_stop(self, stop: str, at: datetime, envelope: bytes, leaves: Sequence[bytes]) -> None:
        """Lift a stop by a second order."""
        ...

    def keep_document(
        self, kind: str, document: SignedDecision, envelope: bytes, leaves: Sequence[bytes], ends: str = ""
    ) -> None:
        """Keep a signed document that is nobody's submission's, with its leaves; the same envelope again changes nothing. ``ends`` is the
        answer that it says is destroyed: nothing more is owed on that one."""
        ...

    def leaves_of(self, kind: str) -> tuple[bytes, ...]:
        """Read every entry of one type, oldest first."""
        ...

    def erase(self, submission: SubmissionId) -> None:
        """Destroy a submission's key, and with it its data, its original files and its salts; again changes nothing."""
        ...

    # -- steps 1 to 3 -----------------------------------------------------------------------------------------------
    def summary(self, submission: SubmissionId) -> SubmissionSummary | None:
        """Find one submission, or None."""
        ...

    def summaries(self) -> tuple[SubmissionSummary, ...]:
        """All submissions, oldest first."""
        ...

    def latest(self, count: int, before: SubmissionId | None = None) -> tuple[SubmissionSummary, ...]:
        """At most so many submissions, the last received first; ``before`` names the one they came before."""
        ...

    def keep_rejected(self, rejected: Rejected, leaves: Sequence[bytes]) -> None:
        """Keep that a submission was rejected."""
        ...

    def unfinished(self) -> tuple[SubmissionId, ...]:
        """Submissions with lines that are approved and not looked up, or proposed and in no batch: what no person is waited for."""
        ...

    def begin_arrival(self) -> None:
        """Make room for the chunks of one submission: one at a time arrives, and what a crash left of another is forgotten."""
        ...

    def keep_arriving(self, ordinal: int, stated: Sequence[bytes], found: bytes) -> None:
        """Keep one chunk, sealed already: what its lines state, from ``ordinal`` on, and what was found about them. Nobody sees it yet."""
        ...

    def arrived(self, submission: SubmissionId) -> Iterator[tuple[int, bytes]]:
        """Read back, opened, what was found about each chunk, by the ordinal of its first line, in order."""
        ...

    def keep_received(
        self,
        received: Received,
        statuses: Iterable[LineStatus],
        traces: Callable[[], Iterable[Trace]],
        matters: Callable[[], Iterable[MatterTrace]],
        leaves: Callable[[], Sequence[bytes]],
    ) -> None:
        """Make a submission whole whose chunks are kept: from now on it is seen, with where every line stands, in line order.

        What is called is called when all statuses are taken.
        """
        ...

    def count_traces(
        self, kind: str, marks: Sequence[bytes], agency: str | None, since: datetime
    ) -> Mapping[bytes, int]:
        """Count earlier lines that left each mark since a moment, of one agency or (None) of all; a mark nobody left is not in it."""
        ...

    def matters_before(self, marks: Sequence[bytes], agency: str) -> Mapping[bytes, EarlierMatter]:
        """Find what an agency's lines left on each matter, oldest first; a matter nobody asked about is not in it."""
        ...

    def received(self, submission: SubmissionId) -> Received | None:
        """Read a received submission back, without its lines."""
        ...

    def lines(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Line, ...]:
        """Lines as received, in line order."""
        ...

    def statuses(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[LineStatus, ...]:
        """Statuses in line order."""
        ...

    def ordinals(self, submission: SubmissionId, *states: LineState) -> Sequence[int]:
        """Ordinals of the lines in any of the states, in line order."""
        ...

    def ordinals_after(
        self, submission: SubmissionId, after: int, count: int, *states: LineState
    ) -> tuple[int, ...]:
        """Ordinals of at most so many of the next lines in any of the states, in line order."""
        ...

    def codes(self, submission: SubmissionId) -> Mapping[str, int]:
        """Say how many of a submission's lines have which code. Counts are kept as lines move, so this takes no longer for a million."""
        ...

    def letters(self, submission: SubmissionId) -> Mapping[tuple[LineState, Disposition], int]:
        """Say how many of a submission's lines are in which state with which letter; kept, as ``codes`` says."""
        ...

    def on_their_way(self, submissions: Sequence[SubmissionId]) -> Mapping[SubmissionId, int]:
        """Say how many lines of each are not final; one without such lines is left out."""
        ...

    def acknowledged(self, submission: SubmissionId) -> int:
        """Say how many of a submission's answers were acknowledged."""
        ...

    def kept_envelope(self, sha256: str) -> bool:
        """Say whether this very signed envelope was kept before (a decision, look at a sample, authorisation, order or ack)."""
        ...

    def envelope(self, sha256: str) -> bytes | None:
        """Return the signed envelope of that digest, byte for byte as it was received; None if there is none. Raises StoreError once its
        submission was erased."""
        ...

    def determination_batches(self, submission: SubmissionId) -> int:
        """Count the ``determinations`` entries of one submission so far."""
        ...

    # -- step 4 -----------------------------------------------------------------------------------------------------
    def docket(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Admitted, ...]:
        """Lines DOCKETED or HELD, in line order."""
        ...

    def keep_decision(
        self,
        submission: SubmissionId,
        decision: SignedDecision,
        envelope: bytes,
        approved: Sequence[Approved],
        closed: Sequence[LineStatus],
        leaves: Sequence[bytes],
    ) -> None:
        """Keep a signed decision: DOCKETED or HELD lines become APPROVED, or FINAL as ``closed`` says. The same envelope again
        changes nothing. Raises StoreError if a named line is in another state."""
        ...

    # -- steps 5 and 6 ----------------------------------------------------------------------------------------------
    def approved(self, submission: SubmissionId, within: Sequence[int] | None = None) -> tuple[Approved, ...]:
        """Lines APPROVED and not yet looked up, in line order."""
        ...

    def keep_lookups(self, proposed: Sequence[Proposed], at: datetime) -> None:
        """Record each look-up once, with its verdict and proposal: APPROVED to PROPOSED."""
        ...

    def proposals(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[Proposed, ...]:
        """Lines PROPOSED, in line order."""
        ...

    def unbatched(self, submission: SubmissionId) -> Sequence[int]:
        """Ordinals of lines PROPOSED that are in no batch, in line order."""
        ...

    def batches(self, submission: SubmissionId) -> tuple[Batch, ...]:
        """All batches of a submission, in order."""
        ...

    def batch(self, submission: SubmissionId, number: int) -> Batch | None:
        """Find one batch."""
        ...

    def batch_count(self, submission: SubmissionId) -> int:
        """Count a submission's batches."""
        ...

    def keep_batch(self, batch: Batch) -> None:
        """Open a batch over PROPOSED lines that are in none yet."""
        ...

    def keep_sample_review(self, review: SampleReview, envelope: bytes) -> None:
        """Keep one person's look at a sample; the same person twice on one batch raises StoreError."""
        ...

    def sample_reviews(self, submission: SubmissionId, number: int) -> tuple[SampleReview, ...]:
        """All looks at one batch's sample."""
        ...

    # -- step 7 -----------------------------------------------------------------------------------------------------
    def log_answers(
        self,
        submission: SubmissionId,
        authorisation: SignedDecision,
        envelope: bytes,
        drafts: Sequence[AnswerDraft],
        leaves: Sequence[bytes],
    ) -> None:
        """Accounting row and leaf in one motion: for each draft, in order, take the next slot, build the leaf, keep both, move
        PROPOSED to LOGGED. ``leaves`` follow. A draft whose line has moved on is skipped whole."""
        ...

    def logged(
        self, submission: SubmissionId, within: Sequence[int] | None = None
    ) -> tuple[LoggedAnswer, ...]:
        """Answers LOGGED or HANDED_OVER, in line order."""
        ...

    def past(
        self, submission: SubmissionId, within: Sequence[int] | None = None, *, stated: bool = False
    ) -> tuple[PastLine, ...]:
        """All lines with what was found and what became of them, in line order; with what they state only if asked for."""
        ...

    def answer(self, answer: str) -> LoggedAnswer | None:
        """Find one answer by its id."""
        ...

    # -- step 8 -----------------------------------------------------------------------------------------------------
    def keep_hand_overs(self, answers: Sequence[str], at: datetime, owed: Owed) -> None:
        """Record that answers leave, before their bytes do: LOGGED to HANDED_OVER. The first moment stands, and what is owed from then."""
        ...

    def handed_over(self, answers: Sequence[str]) -> Mapping[str, HandedOver]:
        """Find those of the answers that were handed over."""
        ...

    def deliveries(self, keyids: Sequence[str]) -> tuple[Delivery, ...]:
        """Count the answers that are sealed to these keys, submission by submission, in the order of their confirmation numbers."""
        ...

    def ordinals_to(self, submission: SubmissionId, keyids: Sequence[str]) -> Sequence[int]:
        """Ordinals of a submission's lines whose answers are sealed to one of these keys, in line order."""
        ...

    def keep_acks(self, acks: Sequence[Ack], at: datetime) -> None:
        """Keep officers' acknowledgements; a second one of an answer changes nothing."""
        ...

    # -- step 9 -----------------------------------------------------------------------------------------------------
    def stated_acts(self, answers: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Say which acts were stated of these answers; one of which nothing was is left out."""
        ...

    def keep_statements(self, statements: Sequence[Statement]) -> None:
        """Keep statements with their leaves, all or none. Raises StoreError for an answer that has not left, or an act stated twice."""
        ...

    def owes_statement(self, agency: str, day: date) -> bool:
        """Say whether a statement was owed by the agency's officers before that day and has not come."""
        ...

    def owed_statements(self, most: int, keyids: Sequence[str] | None = None) -> tuple[HandedOver, ...]:
        """At most so many of the answers about which a statement is owed, the first due first: of all, or those sealed to some keys."""
        ...

    # -- the log's sequenced entries and head -----------------------------------------------------------------------
    def size(self) -> int:
        """How many entries are sequenced."""
        ...

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Read entries ``start <= index < end``."""
        ...

    def append(self, leaves: Sequence[bytes]) -> None:
        """Sequence entries that belong to no other transaction (policy, heartbeat)."""
        ...

    def load_head(self) -> str | None:
        """Read the last signed checkpoint (the log's own signature only), or None before the first."""
        ...

    def swap_head(self, old: str | None, new: str) -> bool:
        """Replace the last signed checkpoint if it is still ``old``; say whether it was. This is the log's commit point."""
        ...

    # -- counting ---------------------------------------------------------------------------------------------------
    def tally(self) -> Tally:
        """Count everything, from the rows themselves."""
        ...

    def accounting(self, within: range | None = None) -> tuple[Accounting, ...]:
        """Accounting rows in leaf order: all, or those whose leaf has an index in the range."""
        ...

    def kinds(self, answers: Sequence[str]) -> Mapping[str, AnswerKind]:
        """What these answers say, as far as their submissions' data was not erased."""
        ...


def letters_of(counts: Mapping[tuple[LineState, Disposition], int], waiting: str = "W") -> dict[str, int]:
    """Sum up ``Memory.letters`` as ``letter_counts`` does."""
    found: dict[str, int] = {}
    for (state, disposition), number in counts.items():
        letter = disposition.value if _is_final(state, disposition) else waiting
        found[letter] = found.get(letter, 0) + number
    return found


WAITING = "W"
"""Stands in counts for lines that are not final."""


def letter_counts(statuses: Iterable[LineStatus], waiting: str = WAITING) -> dict[str, int]:
    """Count lines by disposition letter; lines that wait for a person, a look-up or a release count under ``waiting``."""
    counts: dict[str, int] = {}
    for status in statuses:
        letter = status.disposition.value if is_final(status) else waiting
        counts[letter] = counts.get(letter, 0) + 1
    return counts


def is_final(status: LineStatus) -> bool:
    """Say whether a line has its final disposition: refused in some way on the request side, or answered and logged."""
    return _is_final(status.state, status.disposition)


def _is_final(state: LineState, disposition: Disposition) -> bool:
    return state is LineState.FINAL or (
        state in (LineState.LOGGED, LineState.HANDED_OVER) and disposition is Disposition.ANSWERED
    )


def all_accounting(memory: Memory) -> Iterator[Accounting]:
    """Read every accounting row in leaf order, those of a chunk of entries at a time."""
    size = memory.size()
    for start in range(0, size, CHUNK_LINES):
        yield from memory.accounting(range(start, start + CHUNK_LINES))
