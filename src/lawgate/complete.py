"""What the record system counts, held against what the gateway counts; records that nobody has reason to ask for; answers called back.

None of it shows what sender and receiver do outside the system; it shows what was done through it and not told.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from lawgate.called_back import Recall, recalls
from lawgate.domain.errors import MalformedRequestError, NotPermittedError, StoreError
from lawgate.domain.kept import CHUNK_LINES, all_accounting, pieces
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, LineState
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.gate import Gate, open_signed, publish
from lawgate.ledger.leaves import recall_leaf, source_leaf
from lawgate.subject import SUBJECT

COUNTERS = (Role.DISCLOSURE_OFFICER, Role.COUNSEL, Role.COURT)
RECALLERS = (Role.DISCLOSURE_OFFICER, Role.COUNSEL, Role.COURT)


@dataclass(frozen=True, slots=True)
class SourceCount:
    """``rows``: reads that the record system's own audit counts for this gateway's account, since its beginning."""

    rows: int
    lookups: int

    @property
    def agrees(self) -> bool:
        """Say whether every read was a look-up, and every look-up a read."""
        return self.rows == self.lookups


def count_source(gate: Gate, envelope: bytes) -> SourceCount:
    """Log the record system's signed count (``rows``) beside the gateway's own; whether they agree is for everybody to see.

    Raises NotPermittedError for a person of another role, MalformedRequestError for another document.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "source", envelope, now)
        rows = signed.payload.get("rows")
        if signed.key.role not in COUNTERS:
            raise NotPermittedError(
                "the record system's count is brought by the holder's officer, counsel or a court"
            )
        if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
            raise MalformedRequestError("102", "a count is a number of rows")
        found = SourceCount(rows, gate.memory.tally().lookups)
        leaf = source_leaf(at=now, rows=rows, lookups=found.lookups, document_sha256=signed.sha256)
        gate.memory.keep_document("source", by, envelope, [leaf])
        publish(gate)
    return found


def canaries_asked_for(gate: Gate, records: Collection[str]) -> tuple[str, ...]:
    """Return the answers about records that were invented to be asked for by nobody: who asks for one has seen the records elsewhere."""
    planted = {gate.fingerprint(SUBJECT, record) for record in records}
    return tuple(row.answer for row in all_accounting(gate.memory) if row.subject in planted)


def unacknowledged(gate: Gate, older_than: timedelta) -> tuple[str, ...]:
    """Return the answers that left longer ago than that and whose officer's tool has not said that they came.

    Answers of erased submissions are not among them: they cannot be read any more.
    """
    before = gate.now() - older_than
    missing: list[str] = []
    for summary in gate.memory.summaries():
        gone = gate.memory.ordinals(summary.submission, LineState.HANDED_OVER)
        with suppress(StoreError):
            for some in pieces(gone, CHUNK_LINES):
                missing += [
                    logged.answer
                    for logged in gate.memory.logged(summary.submission, some)
                    if logged.handed_over_at is not None
                    and logged.handed_over_at < before
                    and logged.acknowledged_at is None
                ]
    return tuple(missing)


def recall(gate: Gate, envelope: bytes) -> dict[str, Json]:
    """Call an answer back by a signed order (``answer``, ``due``, ``reason``). Returns the notice for its recipient.

    Raises NotPermittedError for a person of another role, an answer that never left, or one called back before; MalformedRequestError
    for a day that is none.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "recall", envelope, now)
        if signed.key.role not in RECALLERS:
            raise NotPermittedError("answers are called back by the holder's officer, counsel or a court")
        logged = gate.memory.answer(str(signed.payload.get("answer")))
        due = str(signed.payload.get("due"))
        try:
            date.fromisoformat(due)
        except ValueError:
            raise MalformedRequestError("102", "a recall names a day, YYYY-MM-DD, as its deadline") from None
        if logged is None or logged.handed_over_at is None:
            raise NotPermittedError("no answer of that id has left; a stop keeps back what has not")
        notice: dict[str, Json] = {
            "type": "lawgate/recall-notice/v1",
            "answer": logged.answer,
            "index": logged.index,
            "recipient_keyid": logged.authorised.proposed.matched.approved.recipient_keyid,
            "due": due,
            "order_sha256": signed.sha256,
        }
        if not gate.memory.kept_envelope(signed.sha256):
            if any(known.answer == logged.answer for known in recalls(gate)):
                raise NotPermittedError("this answer was called back before")
            leaf = recall_leaf(
                at=now,
                act="notice",
                answer=logged.answer,
                due=due,
                document_sha256=sha256_hex(canonical(notice)),
            )
            gate.memory.keep_document("recall", by, envelope, [leaf])
        publish(gate)
    return notice


def certify_destroyed(gate: Gate, envelope: bytes) -> Recall:
    """Enter the recipient's signed certificate (kind ``destruction``, ``answer``) that an answer and all copies of it are destroyed.

    Raises NotPermittedError unless it is signed by the officer who received it, and the answer was called back.
    """
    with gate.alone():
        now = gate.now()
        signed, by = open_signed(gate, "destruction", envelope, now)
        named = str(signed.payload.get("answer"))
        known = {each.answer: each for each in recalls(gate)}.get(named)
        logged = gate.memory.answer(named)
        if known is None or logged is None:
            raise NotPermittedError("no answer of that id was called back")
        if by.keyid != logged.authorised.proposed.matched.approved.recipient_keyid:
            raise NotPermittedError("only the officer who received an answer certifies its destruction")
        if not known.destroyed:
            leaf = recall_leaf(
                at=now, act="destroyed", answer=named, due=known.due, document_sha256=signed.sha256
            )
            gate.memory.keep_document("destruction", by, envelope, [leaf], ends=named)
        publish(gate)
        return {each.answer: each for each in recalls(gate)}[named]
