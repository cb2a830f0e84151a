"""The nine steps, in order, in one file: the only place where rooms meet.

1 receive · 2 check · 3 guard · 4 decide · 5 match · 6 minimise and authorise · 7 log · 8 seal and hand over · 9 account.

Each function that changes anything takes the gate's lock, does its step for every line it can, and leaves what it did durable.
After a crash anywhere the same call again finishes it. The law is not decided here, and nothing personal is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from lawgate import entries, impairment, incident
from lawgate.arrival import Arrival
from lawgate.disclosure.account import accounting_row
from lawgate.disclosure.answer import draft, draw_salts
from lawgate.disclosure.determination import Determination, Form, Row, record_lines, rows
from lawgate.disclosure.minimise import minimise
from lawgate.disclosure.seal import package, require_leaf
from lawgate.domain.errors import NotPermittedError, QuorumError, SealerAwayError
from lawgate.domain.kept import (
    BATCH_LINES,
    CHUNK_LINES,
    SEAL_LINES,
    Ack,
    AnswerDraft,
    Batch,
    Content,
    HandedOver,
    LoggedAnswer,
    Slot,
    SubmissionSummary,
    line_ranges,
    pieces,
)
from lawgate.domain.leaving import Leaving, Outcome, Sealing
from lawgate.domain.receipt import Receipt
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import (
    Approved,
    Authorised,
    Cover,
    Disposition,
    Json,
    LineState,
    LineStatus,
    Package,
    Received,
    Rejected,
    Sent,
    SignedDecision,
    SubmissionId,
    day_of,
)
from lawgate.evidence.envelope import Signed, open_envelope
from lawgate.gate import Gate, ground, open_signed, publish, shard_of, timed
from lawgate.intake.parts import manifest_sha256, submission_id
from lawgate.intake.receive import cover_reading
from lawgate.intake.receive import receive as receive_files
from lawgate.ledger import leaves
from lawgate.ledger.append import Published, published, receipt_for
from lawgate.look import Look
from lawgate.records.verify import verify_records
from lawgate.review import authorise as release
from lawgate.review import docket as dockets
from lawgate.review.decide import decide as decide_lines
from lawgate.review.sample import batch_seed, draw_sample, review_sample, sample_passed
from lawgate.review.signed_text import lines_of

NO_QUORUM, QUORUM_LOST, POLICY_UNSIGNED, SEALER_AWAY = "903", "904", "905", "920"
"""Why an answer stays: too few witnesses have cosigned its leaf, or have for too long, or the policy lacks its roots' signatures, or the
sealer does not answer."""

PASSING = frozenset({NO_QUORUM, QUORUM_LOST, POLICY_UNSIGNED, SEALER_AWAY})
"""What keeps every answer back for a time, whatever it says."""

# -- 1 receive · 2 check · 3 guard ------------------------------------------------------------------------------------


def receive(gate: Gate, files: Mapping[str, Content]) -> SubmissionSummary:
    """Receive a submission's files, check every line against the statute, and ask guard whether it is plausible.

    A bad envelope is recorded and rejected; a bad line never loses the others. The same bytes again change nothing and
    give the same summary. Nothing here touches a record (I-2). A missing quorum does not lose a request: it is recorded.
    Other work, an order to stop above all, goes on while a large submission is read.
    """
    with gate.receiving():
        with timed(gate, "receive", 0):
            sent = gate.originals.take(files)
        return _receive(gate, sent)


def receive_kept(gate: Gate, submission: SubmissionId) -> SubmissionSummary:
    """Receive a submission whose files the originals have already, as ``receive`` does. Raises StoreError if they have not."""
    with gate.receiving():
        return _receive(gate, gate.originals.sent(submission))


def _receive(gate: Gate, sent: Sent) -> SubmissionSummary:
    number = submission_id(manifest_sha256(sent.digests))
    if gate.memory.summary(number) is None:
        standing = gate.memory.standing()
        outcome = receive_files(sent, standing, gate.now(), frozenset(gate.packs))
        if isinstance(outcome, Rejected):
            with gate.alone():
                gate.memory.keep_rejected(outcome, [entries.rejection_leaf(outcome, gate.now())])
        else:
            arrival = Arrival(gate, _under_its_reading(gate, outcome), standing)
            arrival.read(sent)
            with gate.alone():
                arrival.whole()
    with gate.alone(), suppress(QuorumError):
        publish(gate)
    return summary(gate, number)


def _under_its_reading(gate: Gate, received: Received) -> Received:
    """Name the reading of the ground that is in force on the day of receipt; it stays with the submission (docs/adr/0020)."""
    chosen = ground(gate, received.cover.pack).on(day_of(received.received_at))
    return replace(received, pack_version=chosen.version)


def summary(gate: Gate, submission: SubmissionId) -> SubmissionSummary:
    """Return one submission's summary. Raises NotPermittedError if no submission has that confirmation number."""
    found = gate.memory.summary(submission)
    if found is None:
        raise NotPermittedError("no submission has this confirmation number")
    return found


# -- 4 decide · 5 match · 6 minimise ----------------------------------------------------------------------------------


def docket(
    gate: Gate, submission: SubmissionId, within: Sequence[int] | None = None
) -> tuple[dockets.Entry, ...]:
    """Return what a named officer must decide, line by line: of all lines, or of some of them."""
    return dockets.entries(gate.memory.docket(submission, within))


def decide(gate: Gate, submission: SubmissionId, envelope: bytes) -> dict[str, int]:
    """Act on an officer's signed decision, then look up every approved request, once, and propose its least answer.

    One decision names some thousand lines at most (``review.signed_text.MOST_LINES``); a larger submission takes several. Returns counts
    of what the decision did. Raises NotPermittedError if the person, the stop in force or the lines do not allow it,
    MalformedRequestError or NotAuthenticatedError for the document; QuorumError after all of it is durable: see ``catch_up``.
    """
    with gate.alone():
        received = _received(gate, submission)
        look = Look(gate, received)
        ground(gate, received.cover.pack)
        signed, by = open_signed(gate, "decision", envelope, look.now)
        approved: tuple[Approved, ...] = ()
        closed: tuple[LineStatus, ...] = ()
        if not gate.memory.kept_envelope(signed.sha256):
            named = tuple(lines_of(signed.payload))
            with timed(gate, "decide", len(named)):
                decided = decide_lines(
                    gate.memory.docket(submission, named),
                    signed.payload,
                    by,
                    signed.key,
                    received,
                    scripted_allowed=gate.scripted_allowed,
                )
                approved, closed = decided.approved, decided.closed
                if any(look.is_stopped(a.line) for a in approved):
                    # Under a stop nothing is approved, so nothing is looked up (I-7).
                    raise NotPermittedError("a stop is in force; no line it reaches may be approved [701]")
                number = gate.memory.determination_batches(submission) + 1
                log = entries.determinations(gate, received, closed, number)
                gate.memory.keep_decision(submission, by, envelope, approved, closed, log)
        publish(gate)
    _look_up(gate, received)
    return {"approved": len(approved), "closed": len(closed)}


def catch_up(gate: Gate, submission: SubmissionId) -> None:
    """Finish what an earlier call left: approved requests not looked up yet, entries not published yet.

    A crash or a missing quorum may leave either. Raises QuorumError if too few witnesses cosign still.
    """
    with gate.alone():
        publish(gate)
        received = _received(gate, submission)
    _look_up(gate, received)


def _look_up(gate: Gate, received: Received) -> None:
    """Step 5 and the first half of 6: one look-up for each approved request, recorded once with its proposal (I-2).

    A chunk at a time, each in its turn: a stop that comes meanwhile waits for one chunk, and holds from the next (I-7).
    """
    submission = received.submission
    for some in pieces(gate.memory.ordinals(submission, LineState.APPROVED), CHUNK_LINES):
        with gate.alone():
            look = Look(gate, received)
            # Another process may have looked some of them up since.
            left = gate.memory.approved(submission, some)
            # Standing may have lapsed since the approval, or a stop come: such a line waits, and no record is touched for it (I-7, I-13).
            approved = [a for a in left if look.refusal(a, with_person=False) is None]
            if approved:
                with timed(gate, "match", len(approved)):
                    matched = verify_records(approved, gate.open_records(), gate.rule_limits)
                with timed(gate, "minimise", len(approved)):
                    gate.memory.keep_lookups([minimise(m, look.pack.provenance) for m in matched], gate.now())
    with gate.alone():
        _open_batches(gate, submission)


def _open_batches(gate: Gate, submission: SubmissionId) -> None:
    """Put proposals that are in no batch yet into new ones, each with a sample nobody could choose beforehand (I-8)."""
    for some in pieces(gate.memory.unbatched(submission), BATCH_LINES):
        number = gate.memory.batch_count(submission) + 1
        seed = batch_seed(f"{gate.memory.load_head()}{gate.random_bytes(32).hex()}", submission, number)
        sample = draw_sample(seed, some, gate.sample_size)
        gate.memory.keep_batch(Batch(submission, number, seed, tuple(some), sample))


# -- 6 authorise · 7 log ----------------------------------------------------------------------------------------------


def look_at_sample(gate: Gate, submission: SubmissionId, envelope: bytes) -> str:
    """Keep one person's signed look at a batch's sample, and return where the sample stands."""
    with gate.alone():
        now, received = gate.now(), _received(gate, submission)
        signed, by = open_signed(gate, "sample", envelope, now)
        batch = _batch(gate, submission, signed.payload.get("batch"))
        if not gate.memory.kept_envelope(signed.sha256):
            review = review_sample(
                signed.payload, by, signed.key, batch, received.cover, scripted_allowed=gate.scripted_allowed
            )
            gate.memory.keep_sample_review(review, envelope)
        return sample_passed(gate.memory.sample_reviews(submission, batch.number)).value


def authorise(gate: Gate, submission: SubmissionId, envelope: bytes) -> dict[str, int]:
    """Act on the second person's signed authorisation: accounting rows and leaves in one motion, then the cosigned checkpoint.

    Returns how many answers were logged, and how many were left by the code of what no longer holds. Raises NotPermittedError as
    ``review.authorise`` does, QuorumError if the witnesses do not cosign: the answers are then logged, and none leaves.
    """
    with gate.alone():
        received = _received(gate, submission)
        look = Look(gate, received)
        signed, by = open_signed(gate, "authorisation", envelope, look.now)
        counts = {"logged": 0}
        if not gate.memory.kept_envelope(signed.sha256):
            batch = _batch(gate, submission, signed.payload.get("batch"))
            with timed(gate, "authorise", len(batch.ordinals)):
                result = release.authorise(
                    gate.memory.proposals(submission, tuple(lines_of(signed.payload))),
                    signed.payload,
                    by,
                    signed.key,
                    batch,
                    gate.memory.sample_reviews(submission, batch.number),
                    received,
                    still_good=partial(look.refusal, with_person=False),
                    person_stopped=look.is_person_stopped,
                    impaired=impairment.impaired(gate, submission),
                    scripted_allowed=gate.scripted_allowed,
                )
            with timed(gate, "log", len(result.authorised)):
                drafts = [_draft(gate, received, look, authorised) for authorised in result.authorised]
                _log(gate, received, signed.raw, by, drafts)
            counts["logged"] = len(drafts)
            for _, code in result.left:
                counts[f"left {code}"] = counts.get(f"left {code}", 0) + 1
        with timed(gate, "log", 0):
            publish(gate)
        return counts


def _draft(gate: Gate, received: Received, look: Look, authorised: Authorised) -> AnswerDraft:
    recipient = look.recipient(authorised.proposed.matched.approved)
    row = accounting_row(
        authorised,
        received,
        recipient,
        permitted=look.pack.items,
        authority=look.pack.authority,
        purpose_code=look.pack.purpose_code,
        fingerprint=gate.fingerprint,
        at=look.now,
    )
    made = draft(authorised, row, draw_salts(gate.random_bytes), recipient, look.terms, gate.enclose)
    # An entry the log cannot publish must never be sequenced: its grammar is checked inside the transaction.
    return replace(made, build=partial(_well_formed, made.build))


def _well_formed(build: Callable[[Slot], bytes], slot: Slot) -> bytes:
    raw = build(slot)
    leaves.check_leaf(raw)
    return raw


def _log(
    gate: Gate, received: Received, envelope: bytes, by: SignedDecision, drafts: Sequence[AnswerDraft]
) -> None:
    """Step 7: no row, no leaf; no leaf, no answer. The lines become final in the same transaction."""
    number = gate.memory.determination_batches(received.submission) + 1
    final = [(d.accounting.ordinal, Disposition.ANSWERED.value, ()) for d in drafts]
    leaf = entries.final_lines_leaf(gate, received.submission, final, number)
    gate.memory.log_answers(received.submission, by, envelope, drafts, leaf)


# -- 8 seal and hand over ---------------------------------------------------------------------------------------------


def hand_over(
    gate: Gate, submission: SubmissionId, at_once: int = 1, to: Sequence[str] | None = None
) -> Iterator[Package | str]:
    """Yield a sealed package for each logged answer that may leave at this very moment, else the code of what keeps it back.

    ``at_once`` answers are taken under one lock and one look, each still held by itself against stops, standing, keys, proof and quorum
    (I-6, I-7, I-13). That they leave is durable before the first of their bytes is yielded. A stop received between two such chunks
    bites on the whole of the next; within one it is received before or after it, so keep them to a second's work. Asking again gives
    the same answers again. With ``to`` only answers sealed to one of these keys are taken.
    """
    received = _received(gate, submission)
    kept_back = _kept_back(gate)
    if to is None:
        logged = gate.memory.ordinals(submission, LineState.LOGGED, LineState.HANDED_OVER)
    else:
        logged = gate.memory.ordinals_to(submission, to)
    for some in pieces(logged, at_once):
        with gate.alone():
            outcomes = kept_back or _leaving(gate, received, some, len(logged) if at_once > 1 else 1)
        yield from [outcomes] * len(some) if isinstance(outcomes, str) else outcomes


def _kept_back(gate: Gate) -> str | None:
    """Publish what an earlier call could not, and return the code of what keeps everything back now, if anything does.

    No quorum knows this log: a restored backup has forgotten stops (I-7). If it has been so for longer than the gate's patience, that
    is an incident, and logged as one with the next entries that are cosigned.
    """
    if not gate.policy_is_signed:
        return POLICY_UNSIGNED
    with gate.alone():
        try:
            publish(gate)
        except QuorumError:
            return QUORUM_LOST if incident.witnesses_are_lost(gate) else NO_QUORUM
    return None


def _leaving(gate: Gate, received: Received, some: Sequence[int], lines: int) -> list[Package | str] | str:
    """Have the sealer seal those of some lines' answers that may leave now, and record that they do, in one durable write.

    The sealer looks at each again by itself, and may keep back what this process would let go. If it is not there, none of them leaves,
    and the code says so.
    """
    look = Look(gate, received)
    looked: list[list[_Leaving | str]] = []

    def ready() -> Iterator[Sealing]:
        proofs_for = _proofs_by_year(gate, look.now)
        for part in pieces(some, SEAL_LINES):
            answers = gate.memory.logged(received.submission, part)
            looked.append([_looked_at(look, proofs_for, answer) for answer in answers])
            leaving = tuple(each.asked for each in looked[-1] if isinstance(each, _Leaving))
            if leaving:
                yield Sealing(look.now, gate.logs, look.stops, look.spans(answers), look.terms_text, leaving)

    with timed(gate, "seal", len(some)):
        sealed: list[Outcome] = []
        try:
            for outcomes, elsewhere in gate.sealers(ready(), lines):
                sealed += outcomes
                gate.watch("seal", 0, elsewhere)
        except SealerAwayError:
            # Nothing is recorded as gone and nothing was given out: asked again, the sealer seals the same.
            return SEALER_AWAY
        coming = iter(sealed)
        found = [
            each if isinstance(each, str) else _packed(look, each, next(coming))
            for part in looked
            for each in part
        ]
        left = [each.answer for each in found if isinstance(each, Package)]
        gate.memory.keep_hand_overs(left, gate.now(), look.owed_from_now())
    return found


@dataclass(frozen=True, slots=True)
class _Leaving:
    """One answer that this process would let go, and what the sealer is handed of it."""

    logged: LoggedAnswer
    receipt: Receipt
    recipient: EnrolledKey
    asked: Leaving


def _packed(look: Look, leaving: _Leaving, sealed: Outcome) -> Package | str:
    if isinstance(sealed, str):
        return sealed
    return package(leaving.logged, leaving.receipt, leaving.recipient, sealed, look.terms_text)


def _proofs_by_year(gate: Gate, now: datetime) -> Callable[[int], Published]:
    """Give the published log that holds an entry's number; each year's is read once. Raises QuorumError as ``published`` does."""
    read: dict[int, Published] = {}

    def proofs_for(number: int) -> Published:
        shard = shard_of(gate, number)
        if shard.base not in read:
            read[shard.base] = published(shard.tiles, shard.policy, now, shard.base)
        return read[shard.base]

    return proofs_for


def _looked_at(look: Look, proofs_for: Callable[[int], Published], logged: LoggedAnswer) -> _Leaving | str:
    """Return what the sealer needs for this answer, or the code of what keeps it back at this moment."""
    refusal = look.withheld(logged)
    if refusal is not None:
        return refusal
    try:
        receipt = receipt_for(logged.index, proofs_for(logged.index))
    except QuorumError:
        return NO_QUORUM
    approved = logged.authorised.proposed.matched.approved
    recipient = look.recipient(approved)
    require_leaf(logged, receipt, recipient, look.terms)
    asked = Leaving(logged.index, receipt.proof, logged.enclosed, look.persons(approved))
    return _Leaving(logged, receipt, recipient, asked)


def determination(gate: Gate, submission: SubmissionId) -> Determination:
    """Give the determination, one line out for every line in, and the form in which the request came. Raises NotPermittedError if there
    is no such received submission."""
    cover = _received(gate, submission).cover
    ranges = tuple(line_ranges(cover.line_count))
    statuses = (status for some in ranges for status in gate.memory.statuses(submission, some))
    lines = (line for some in ranges for line in gate.memory.lines(submission, some))
    return Determination(_form(cover), record_lines(submission, cover.line_count, rows(statuses, lines)))


def determined(gate: Gate, submission: SubmissionId, within: range) -> tuple[Row, ...]:
    """Give the determination of some successive lines; of those in ``within`` that there are. Raises NotPermittedError as ``determination`` does."""
    last = _received(gate, submission).cover.line_count
    some = range(max(within.start, 1), min(within.stop, last + 1))
    found = rows(gate.memory.statuses(submission, some), gate.memory.lines(submission, some), some.start)
    return tuple(found) if some else ()


def _form(cover: Cover) -> Form:
    reading = cover_reading(cover)
    ending = cover.file_name[cover.file_name.rindex(".") :]
    if reading.layout is None:
        return Form(ending, reading.kind)
    return Form(
        ending, reading.kind, reading.layout.delimiter, reading.layout.encoding, bool(reading.header_lines)
    )


# -- 9 account (reconciliation and the reports of the year are in oversight, which only reads) ------------------------


def acknowledge(gate: Gate, envelope: bytes) -> str:
    """Enter one acknowledgement that an engaged officer's tool signed; returns the answer's id. Raises as ``acknowledge_all`` does."""
    (answer,) = acknowledge_all(gate, [envelope])
    return answer


def acknowledge_all(gate: Gate, envelopes: Sequence[bytes]) -> tuple[str, ...]:
    """Enter acknowledgements, some hundred at most, in one durable write; returns the answers' ids.

    Raises NotPermittedError, and enters none, unless each is signed by the officer to whom exactly that answer was sealed and handed over.
    """
    with gate.alone(), timed(gate, "account", len(envelopes)):
        now, standing = gate.now(), gate.memory.standing()
        signed = [open_envelope(envelope, "ack", standing.key, now) for envelope in envelopes]
        answers = [str(one.payload.get("answer")) for one in signed]
        known = gate.memory.handed_over(answers)
        acks = [_ack(one, known.get(answer), now) for one, answer in zip(signed, answers, strict=True)]
        gate.memory.keep_acks(acks, now)
        publish(gate)
        return tuple(answers)


def _ack(signed: Signed, left: HandedOver | None, now: datetime) -> Ack:
    if left is None or signed.payload.get("index") != left.index:
        raise NotPermittedError("no answer of that id and index was handed over")
    if signed.key.keyid != left.recipient_keyid:
        raise NotPermittedError("only the officer to whom it was sealed acknowledges an answer")
    leaf = leaves.ack_leaf(
        at=now,
        answer=left.answer,
        package_sha256=str(signed.payload.get("package_sha256")),
        ack_sha256=signed.sha256,
        keyid=signed.key.keyid,
    )
    return Ack(left.answer, signed.raw, leaf)


# -- what several steps need ------------------------------------------------------------------------------------------


def _received(gate: Gate, submission: SubmissionId) -> Received:
    found = gate.memory.received(submission)
    if found is None:
        raise NotPermittedError("no received submission has this confirmation number")
    return found


def _batch(gate: Gate, submission: SubmissionId, number: Json) -> Batch:
    found = gate.memory.batch(submission, number) if isinstance(number, int) else None
    if found is None:
        raise NotPermittedError("the submission has no batch of that number")
    return found
