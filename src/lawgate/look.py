"""One look at what stands at this moment: the register, the stops, the grounds; read once, and held against line after line.

A look is taken under the gate's lock and used for one piece of work only, a chunk of lines; the next piece takes its own (I-7, I-13).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from lawgate import called_back, statements
from lawgate.disclosure.answer import AnswerTerms
from lawgate.domain.errors import LedgerError
from lawgate.domain.kept import LoggedAnswer, Owed
from lawgate.domain.leaving import BitingStop, KeySpan
from lawgate.domain.standing import EnrolledKey
from lawgate.domain.steps import Approved, Line, Received, SignedDecision, day_of
from lawgate.domain.stop import StopScope
from lawgate.evidence.canonical import sha256_hex
from lawgate.gate import Gate, grounds_in_force, reading, terms_text
from lawgate.guard import fresh, stops
from lawgate.review.authorise import STOPPED_REASON
from lawgate.statutes.pack import Pack

AWAITS_RELEASE = "902"
OWING, STATEMENT_OWED = "515", "516"


class Look:
    """What one submission's lines are held against at one moment."""

    def __init__(self, gate: Gate, received: Received) -> None:
        self.now = gate.now()
        self._gate = gate
        self._received = received
        self._standing = gate.memory.standing()
        self._stops = stops.biting(gate.memory.stops(), self.now)
        self._on_persons = any(stop.scope is StopScope.PERSON for stop in self._stops)
        self._packs = grounds_in_force(gate, received, self.now)
        self._owed = self._agency_owes()
        self._common: dict[tuple[str, SignedDecision], str | None] = {}

    @property
    def pack(self) -> Pack:
        """The reading the submission was checked under. Raises NotPermittedError if this home does not answer under its ground any more."""
        return reading(self._gate, self._received)

    @cached_property
    def terms_text(self) -> bytes:
        """The terms of use that go with every answer. Raises as ``pack`` does."""
        return terms_text(self._gate, self.pack)

    @cached_property
    def terms(self) -> AnswerTerms:
        """What is the same for every answer. Raises as ``pack`` does."""
        return AnswerTerms(frozenset(self.pack.items), sha256_hex(self.terms_text))

    def is_stopped(self, line: Line) -> bool:
        """Say whether a stop that may be shown reaches the line; one on the person shows only as an answer under seal."""
        cover = self._received.cover
        stop = stops.stops_line(
            self._stops,
            self.now,
            pack=cover.pack,
            agency=cover.agency,
            submission=self._received.submission,
            officer="" if line.attestation is None else line.attestation.keyid,
            persons=(),
        )
        return stop is not None

    def refusal(self, approved: Approved, *, with_person: bool) -> str | None:
        """Return the code of what no longer holds for this line, stops on its person included if asked, or None (I-7, I-13)."""
        if with_person and self._on_persons and self.is_person_stopped(approved):
            return "701"
        # All that differs from line to line, the person apart, is to whom the answer goes and who approved it.
        common = (approved.recipient_keyid, approved.decision)
        if common not in self._common:
            self._common[common] = (
                fresh.still_good(
                    approved,
                    self._received,
                    self._standing,
                    self._stops,
                    self.now,
                    packs=self._packs,
                    approval_age=self._gate.approval_age,
                    persons=(),
                )
                or self._owed
            )
        return self._common[common]

    def _agency_owes(self) -> str | None:
        """The code of a duty of the agency's whose day has passed: while it is owed, nothing is looked up for it, released to it or leaves."""
        agency = self._received.cover.agency
        if agency in called_back.owing(self._gate, self._standing):
            return OWING
        return STATEMENT_OWED if statements.owes(self._gate, self._standing, agency) else None

    def owed_from_now(self) -> Owed:
        """What is owed for answers that leave at this moment."""
        return statements.owed_from(self._standing, self._received.cover, day_of(self.now))

    def is_person_stopped(self, approved: Approved) -> bool:
        """Say whether any stop reaches the line, one on its person included."""
        person = self.persons(approved) if self._on_persons else ()
        return fresh.is_stopped(approved, self._received, self._stops, self.now, person)

    def withheld(self, logged: LoggedAnswer) -> str | None:
        """Return the code of what keeps a logged answer here, or None if it may leave at this moment."""
        proposed = logged.authorised.proposed
        # Logged under a stop on the person, an answer says nothing and leaves; logged before it, it stays. Never does it depend on what the
        # answer says: an N that left while an R stayed would tell them apart (ADR 0038).
        silenced = proposed.reason == STOPPED_REASON
        refusal = self.refusal(proposed.matched.approved, with_person=not silenced)
        if refusal is not None:
            return refusal
        # The releasing officer's key may have been stolen before it was revoked (I-13).
        key = self._standing.key(logged.authorised.authorisation.keyid)
        return None if key is not None and key.valid_at(self.now) else AWAITS_RELEASE

    @property
    def stops(self) -> tuple[BitingStop, ...]:
        """The stops in force, as the sealer is told of them."""
        return tuple(BitingStop(stop.scope, stop.subject) for stop in self._stops)

    def persons(self, approved: Approved) -> frozenset[str]:
        """Return the fingerprints by which a stop on a person finds the line. The sealer may know of one that the register does not."""
        return stops.persons_of(approved.line.data, self._gate.fingerprint)

    def spans(self, logged: Iterable[LoggedAnswer]) -> dict[str, KeySpan]:
        """Say how long the keys are valid that these answers rest on: the recipients', the approvers', the releasing officers'."""
        spans: dict[str, KeySpan] = {}
        for each in logged:
            approved = each.authorised.proposed.matched.approved
            for keyid in (
                approved.recipient_keyid,
                approved.decision.keyid,
                each.authorised.authorisation.keyid,
            ):
                key = None if keyid in spans else self._standing.key(keyid)
                if key is not None:
                    spans[keyid] = KeySpan(key.since, key.until)
        return spans

    def recipient(self, approved: Approved) -> EnrolledKey:
        """Return the engaged officer's key. Raises LedgerError if the register has lost it."""
        key = self._standing.key(approved.recipient_keyid)
        if key is None:
            raise LedgerError("an approved request names a recipient whom the register has lost")
        return key
