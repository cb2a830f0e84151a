"""The nine steps, in order, in one file: the only place where rooms meet.

1 receive · 2 check · 3 guard · 4 decide · 5 match · 6 minimise and authorise · 7 log · 8 seal and hand over · 9 account.

Each function that changes anything takes the gate's lock, does its step for every line it can, and leaves what it did durable.
After a crash anywhere the same call again finishes it. The law is not decided here, and nothing personal is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from lawgate import entries
from lawgate.disclosure.account import accounting_row
from lawgate.disclosure.answer import AnswerTerms, draft, draw_salts
from lawgate.disclosure.minimise import minimise
from lawgate.disclosure.seal import seal
from lawgate.domain.errors import LawgateError, LedgerError, NotPermittedError, QuorumError
from lawgate.domain.kept import AnswerDraft, Batch, LoggedAnswer, Slot, SubmissionSummary, Trace
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import (
    AnswerKind,
    Approved,
    Authorised,
    Checked,
    Disposition,
    Json,
    Line,
    LineState,
    LineStatus,
    Package,
    Received,
    Rejected,
    SignedDecision,
    SubmissionId,
    day_of,
)
from lawgate.domain.stop import Stop
from lawgate.evidence.canonical import sha256_hex
from lawgate.gate import Gate, ground, open_signed, publish, shard_of
from lawgate.guard import fresh, stops, traces
from lawgate.guard.admit import Counts, admit
from lawgate.intake.receive import receive as receive_bytes
from lawgate.ledger import leaves
from lawgate.ledger.append import receipt_for
from lawgate.ledger.policy import Policy
from lawgate.ledger.proof import parse_proof, verify_proof
from lawgate.records.verify import verify_record
from lawgate.review import authorise as release
from lawgate.review import docket as dockets
from lawgate.review.decide import decide as decide_lines
from lawgate.review.place import place_line
from lawgate.review.sample import batch_seed, draw_sample, review_sample, sample_passed
from lawgate.statutes.check import check_request, disposition, prepare

AWAITS_RELEASE = "902"
NO_QUORUM = "903"
"""Why an answer stays: too few witnesses have cosigned its leaf."""

# -- 1 receive · 2 check · 3 guard ------------------------------------------------------------------------------------


def receive(gate: Gate, files: Mapping[str, bytes]) -> SubmissionSummary:
    """Receive a submission's files, check every line against the statute, and ask guard whether it is plausible.

    A bad envelope is recorded and rejected; a bad line never loses the others. The same bytes again change nothing and
    give the same summary. Nothing here touches a record (I-2). A missing quorum does not lose a request: it is recorded.
    """
    with gate.alone():
        outcome = receive_bytes(files, gate.memory.standing(), gate.now(), frozenset(gate.packs))
        if gate.memory.summary(outcome.submission) is None:
            if isinstance(outcome, Rejected):
                gate.memory.keep_rejected(outcome, files, [entries.rejection_leaf(outcome)])
            else:
                _check_and_guard(gate, outcome, files)
        with suppress(QuorumError):
            publish(gate)
        return summary(gate, outcome.submission)


def summary(gate: Gate, submission: SubmissionId) -> SubmissionSummary:
    """Return one submission's summary. Raises NotPermittedError if no submission has that confirmation number."""
    found = gate.memory.summary(submission)
    if found is None:
        raise NotPermittedError("no submission has this confirmation number")
    return found


def _check_and_guard(gate: Gate, received: Received, files: Mapping[str, bytes]) -> None:
    now, standing, cover = gate.now(), gate.memory.standing(), received.cover
    prepared = prepare(ground(gate, cover.pack), received, standing, now)
    checked = {line.ordinal: check_request(prepared, line) for line in received.lines if not line.faults}

    left = traces.traces(received, gate.fingerprint)
    earlier = _earlier(gate, received, left)
    before = gate.memory.lines_with_trace("matter", traces.asked_before(left, earlier), cover.agency)
    counts = Counts(earlier, before)
    repeated = traces.duplicates(received, left, counts.earlier)
    agreement = standing.agreement(cover.agreement, day_of(now))
    admitted = {
        a.checked.line.ordinal: a for a in admit(list(checked.values()), counts, left, gate.limits, agreement)
    }

    in_force = stops.biting(gate.memory.stops(), now)
    statuses = [
        place_line(
            received.submission,
            line,
            checked=checked.get(line.ordinal),
            admitted=admitted.get(line.ordinal) if _goes_on(checked.get(line.ordinal)) else None,
            duplicate=line.ordinal in repeated,
            stopped=_is_stopped(in_force, received, line, now),
        )
        for line in received.lines
    ]
    waiting = {s.ordinal for s in statuses if s.state is not LineState.FINAL}
    gate.memory.keep_received(
        received,
        files,
        list(admitted.values()),
        statuses,
        traces.lasting(left, waiting),
        [
            entries.submission_leaf(gate, received, statuses),
            *entries.determinations(gate, received, statuses, 1),
        ],
    )


def _goes_on(checked: Checked | None) -> bool:
    return checked is not None and disposition(checked) is None


def _earlier(gate: Gate, received: Received, left: Sequence[Trace]) -> dict[str, Mapping[str, int]]:
    """Ask the memory how often each fingerprint was left before, within guard's window, by this agency or by all."""
    return {
        kind: gate.memory.count_traces(
            kind,
            fingerprints,
            None if kind in traces.ACROSS_AGENCIES else received.cover.agency,
            traces.counted_since(kind, received.received_at, gate.limits.window_days),
        )
        for kind, fingerprints in traces.questions(left).items()
    }


def _is_stopped(in_force: Sequence[Stop], received: Received, line: Line, now: datetime) -> bool:
    """Say whether a stop that may be shown reaches the line; one on the person shows only as an answer under seal."""
    stop = stops.stops_line(
        in_force,
        now,
        pack=received.cover.pack,
        agency=received.cover.agency,
        submission=received.submission,
        officer="" if line.attestation is None else line.attestation.keyid,
        persons=(),
    )
    return stop is not None


# -- 4 decide · 5 match · 6 minimise ----------------------------------------------------------------------------------


def docket(gate: Gate, submission: SubmissionId) -> tuple[dockets.Entry, ...]:
    """Return what a named officer must decide, line by line."""
    return dockets.entries(gate.memory.docket(submission))


def decide(gate: Gate, submission: SubmissionId, envelope: bytes) -> dict[str, int]:
    """Act on an officer's signed decision, then look up every approved request, once, and propose its least answer.

    Returns counts of what the decision did. Raises NotPermittedError if the person, the stop in force or the lines do not allow it,
    MalformedRequestError or NotAuthenticatedError for the document; QuorumError after all of it is durable: see ``catch_up``.
    """
    with gate.alone():
        now, received = gate.now(), _received(gate, submission)
        ground(gate, received.cover.pack)
        signed, by = open_signed(gate, "decision", envelope, now)
        approved: tuple[Approved, ...] = ()
        closed: tuple[LineStatus, ...] = ()
        if not gate.memory.kept_envelope(signed.sha256):
            decided = decide_lines(
                gate.memory.docket(submission),
                signed.payload,
                by,
                signed.key,
                received,
                scripted_allowed=gate.scripted_allowed,
            )
            approved, closed = decided.approved, decided.closed
            _require_no_stop(gate, received, approved, now)
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
        _look_up(gate, _received(gate, submission))


def _require_no_stop(gate: Gate, received: Received, approved: Sequence[Approved], now: datetime) -> None:
    """Under a stop nothing is approved, so nothing is looked up (I-7)."""
    in_force = stops.biting(gate.memory.stops(), now)
    if any(_is_stopped(in_force, received, a.line, now) for a in approved):
        raise NotPermittedError("a stop is in force; no line it reaches may be approved [701]")


def _look_up(gate: Gate, received: Received) -> None:
    """Step 5 and the first half of 6: one look-up for each approved request, recorded once with its proposal (I-2)."""
    now = gate.now()
    left = gate.memory.approved(received.submission)
    # Standing may have lapsed since the approval, or a stop come: such a line waits, and no record is touched for it (I-7, I-13).
    approved = [a for a in left if _refusal(gate, received, a, now=now, with_person=False) is None]
    if approved:
        provenance = ground(gate, received.cover.pack).provenance
        records = gate.open_records()
        proposed = [minimise(verify_record(a, records, gate.rule_limits), provenance) for a in approved]
        gate.memory.keep_lookups(proposed, gate.now())
    _open_batch(gate, received.submission)


def _open_batch(gate: Gate, submission: SubmissionId) -> None:
    """Put proposals that are in no batch yet into a new one, with a sample nobody could choose beforehand (I-8)."""
    batches = gate.memory.batches(submission)
    known = {ordinal for batch in batches for ordinal in batch.ordinals}
    waiting = (p.matched.approved.line.ordinal for p in gate.memory.proposals(submission))
    fresh_ones = tuple(ordinal for ordinal in waiting if ordinal not in known)
    if not fresh_ones:
        return
    number = len(batches) + 1
    seed = batch_seed(f"{gate.memory.load_head()}{gate.random_bytes(32).hex()}", submission, number)
    sample = draw_sample(seed, fresh_ones, gate.sample_size)
    gate.memory.keep_batch(Batch(submission, number, seed, fresh_ones, sample))


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
        now, received = gate.now(), _received(gate, submission)
        signed, by = open_signed(gate, "authorisation", envelope, now)
        counts = {"logged": 0}
        if not gate.memory.kept_envelope(signed.sha256):
            batch = _batch(gate, submission, signed.payload.get("batch"))
            result = release.authorise(
                gate.memory.proposals(submission),
                signed.payload,
                by,
                signed.key,
                batch,
                gate.memory.sample_reviews(submission, batch.number),
                received,
                still_good=partial(_refusal, gate, received, now=now, with_person=False),
                person_stopped=partial(_is_person_stopped, gate, received, now),
                scripted_allowed=gate.scripted_allowed,
            )
            drafts = [_draft(gate, received, authorised, now) for authorised in result.authorised]
            _log(gate, received, signed.raw, by, drafts)
            counts["logged"] = len(drafts)
            for _, code in result.left:
                counts[f"left {code}"] = counts.get(f"left {code}", 0) + 1
        publish(gate)
        return counts


def _draft(gate: Gate, received: Received, authorised: Authorised, now: datetime) -> AnswerDraft:
    pack = ground(gate, received.cover.pack)
    recipient = _recipient(gate, authorised.proposed.matched.approved)
    row = accounting_row(
        authorised,
        received,
        recipient,
        permitted=pack.items,
        authority=pack.authority,
        purpose_code=pack.purpose_code,
        fingerprint=gate.fingerprint,
        at=now,
    )
    made = draft(authorised, row, draw_salts(gate.random_bytes), recipient, _terms(gate, received))
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


def hand_over(gate: Gate, submission: SubmissionId) -> Iterator[Package | str]:
    """Yield a sealed package for each logged answer that may leave at this very moment, else the code of what keeps it back.

    Every answer is looked at by itself, just before it leaves: stops, standing, keys, proof and quorum (I-6, I-7, I-13).
    That it leaves is durable before its bytes are yielded; asking again gives the same answer again.
    """
    received = _received(gate, submission)
    confirmed = _is_confirmed(gate)
    for logged in gate.memory.logged(submission):
        with gate.alone():
            outcome = _sealed(gate, received, logged) if confirmed else NO_QUORUM
            if isinstance(outcome, Package):
                gate.memory.keep_hand_over(logged.answer, gate.now())
        yield outcome


def _is_confirmed(gate: Gate) -> bool:
    """Publish what an earlier call could not, and say whether a quorum knows this log now: a restored backup has forgotten stops (I-7)."""
    try:
        with gate.alone():
            publish(gate)
    except QuorumError:
        return False
    return True


def _sealed(gate: Gate, received: Received, logged: LoggedAnswer) -> Package | str:
    now = gate.now()
    approved = logged.authorised.proposed.matched.approved
    # A person's stop already made this answer say nothing, or else keeps it back whole; only the latter is a refusal here.
    told = logged.authorised.proposed.kind is not AnswerKind.NO_ANSWER
    refusal = _refusal(gate, received, approved, now=now, with_person=told) or _release_refusal(
        gate, logged, now
    )
    if refusal is not None:
        return refusal
    try:
        shard = shard_of(gate, logged.index)
        receipt = receipt_for(logged.index - shard.base, shard.tiles, shard.policy, now, shard.base)
    except QuorumError:
        return NO_QUORUM
    return seal(
        logged,
        receipt,
        proof_holds=partial(_proof_holds, shard.policy),
        recipient=_recipient(gate, approved),
        terms=_terms(gate, received),
        terms_text=gate.terms,
        refusal=refusal,
    )


def _proof_holds(policy: Policy, proof: str) -> bool:
    try:
        verify_proof(parse_proof(proof), policy)
    except LawgateError:
        return False
    return True


# -- 9 account (reconciliation and the reports of the year are in oversight, which only reads) ------------------------


def acknowledge(gate: Gate, envelope: bytes) -> str:
    """Enter the acknowledgement that the engaged officer's tool signed; returns the answer's id.

    Raises NotPermittedError unless it is signed by the officer to whom exactly that answer was sealed and handed over.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "ack", envelope, now)
        logged = gate.memory.answer(str(signed.payload.get("answer")))
        if logged is None or logged.handed_over_at is None or signed.payload.get("index") != logged.index:
            raise NotPermittedError("no answer of that id and index was handed over")
        if by.keyid != logged.authorised.proposed.matched.approved.recipient_keyid:
            raise NotPermittedError("only the officer to whom it was sealed acknowledges an answer")
        leaf = leaves.ack_leaf(
            at=now,
            answer=logged.answer,
            package_sha256=str(signed.payload.get("package_sha256")),
            ack_sha256=signed.sha256,
            keyid=by.keyid,
        )
        gate.memory.keep_ack(logged.answer, now, envelope, [leaf])
        publish(gate)
        return logged.answer


# -- what several steps need ------------------------------------------------------------------------------------------


def _received(gate: Gate, submission: SubmissionId) -> Received:
    found = gate.memory.received(submission)
    if found is None:
        raise NotPermittedError("no received submission has this confirmation number")
    return found


def _batch(gate: Gate, submission: SubmissionId, number: Json) -> Batch:
    for batch in gate.memory.batches(submission):
        if batch.number == number:
            return batch
    raise NotPermittedError("the submission has no batch of that number")


def _recipient(gate: Gate, approved: Approved) -> EnrolledKey:
    key = gate.memory.standing().key(approved.recipient_keyid)
    if key is None:
        raise LedgerError("an approved request names a recipient whom the register has lost")
    return key


def _terms(gate: Gate, received: Received) -> AnswerTerms:
    return AnswerTerms(frozenset(ground(gate, received.cover.pack).items), sha256_hex(gate.terms))


def _refusal(
    gate: Gate, received: Received, approved: Approved, *, now: datetime, with_person: bool
) -> str | None:
    """Return the code of what no longer holds at ``now``, everything read anew (I-7, I-13)."""
    return fresh.still_good(
        approved,
        received,
        gate.memory.standing(),
        gate.memory.stops(),
        now,
        packs=frozenset(gate.packs),
        approval_age=gate.approval_age,
        persons=stops.persons_of(approved.line.data, gate.fingerprint) if with_person else (),
    )


def _release_refusal(gate: Gate, logged: LoggedAnswer, now: datetime) -> str | None:
    """Return the code for an answer whose releasing officer's key was revoked since: it may have been stolen before (I-13)."""
    key = gate.memory.standing().key(logged.authorised.authorisation.keyid)
    return None if key is not None and key.valid_at(now) else AWAITS_RELEASE


def _is_person_stopped(gate: Gate, received: Received, now: datetime, approved: Approved) -> bool:
    person = stops.persons_of(approved.line.data, gate.fingerprint)
    return fresh.person_stopped(approved, received, gate.memory.stops(), now, person)
