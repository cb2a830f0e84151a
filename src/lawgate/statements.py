"""What became of an answer that left: its officer's signed statements, and what an agreement says is owed of them (docs/adr/0058).

The same is stated of every answer, whatever it says, and the log tells no more than that it was: whether an answer was used stays in the
sealed document, because a use would tell an N from the others (design section 6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import HandedOver, Owed, Statement
from lawgate.domain.standing import EnrolledKey, Role, Standing
from lawgate.domain.steps import Cover, Json, SignedDecision, day_of
from lawgate.evidence.envelope import open_envelope
from lawgate.gate import Gate, publish, timed
from lawgate.ledger.leaves import statement_leaf

USE, CLOSURE = "use", "closure"
ENDS = frozenset({"return", "destruction"})
_FLAGS: Mapping[str, tuple[str, ...]] = {
    USE: ("used",),
    CLOSURE: ("used", "charged"),
    **dict.fromkeys(ENDS, ()),
}
"""What each act states besides itself, as "yes" or "no": whether the answer was used in a proceeding, whether charges were brought in its matter."""
_COMMON = {"type", "act", "answer", "made"}


def enter(gate: Gate, envelopes: Sequence[bytes]) -> tuple[str, ...]:
    """Enter signed statements (kind ``statement``), some hundred at most, in one durable write; returns the answers' ids.

    The same document again changes nothing. Raises MalformedRequestError for another form; NotPermittedError, and enters none, unless each
    is about an answer that left, by the officer to whom it was sealed (or, once that key is revoked, by an official of the same agency), and
    says what was not stated of it before; an answer ends once, returned or destroyed.
    """
    with gate.alone(), timed(gate, "account", len(envelopes)):
        now, standing = gate.now(), gate.memory.standing()
        signed = [open_envelope(envelope, "statement", standing.key, now) for envelope in envelopes]
        answers = [_answer_of(one.payload) for one in signed]
        left = gate.memory.handed_over(answers)
        stated = {answer: set(acts) for answer, acts in gate.memory.stated_acts(answers).items()}
        fresh: dict[str, Statement] = {}
        for one, answer in zip(signed, answers, strict=True):
            if one.sha256 in fresh or gate.memory.kept_envelope(one.sha256):
                continue
            before = stated.setdefault(answer, set())
            act = str(one.payload["act"])
            known = _require_statable(left.get(answer), one.key, standing, act, before)
            by = SignedDecision(one.sha256, one.key.keyid, one.key.person, now)
            leaf = statement_leaf(
                at=now, act=act, answer=answer, keyid=one.key.keyid, document_sha256=one.sha256
            )
            owed = still_owed(act, before, known, day_of(now), _last_owed(fresh, known))
            fresh[one.sha256] = Statement(answer, act, by, one.raw, leaf, owed)
            before.add(act)
        gate.memory.keep_statements(tuple(fresh.values()))
        publish(gate)
        return tuple(answers)


def still_owed(
    act: str, before: Collection[str], left: HandedOver, today: date, owed: date | None
) -> date | None:
    """Return the day by which the next statement is owed once this act is stated; ``owed`` is the day so far.

    After an end nothing is owed. After closure the end is, where the agreement sets a term for it; use, or closure where it sets none, makes
    good for the first.
    """
    if ENDS & {act, *before}:
        return None
    if act == CLOSURE:
        return None if left.end_days is None else today + timedelta(days=left.end_days)
    return owed if CLOSURE in before else None


def owed_from(standing: Standing, cover: Cover, day: date) -> Owed:
    """Return what the submission's agreement, as in force on the day its answers leave, sets for them; where none is in force, nothing."""
    agreement = standing.agreement(cover.agreement, day)
    if agreement is None:
        return Owed()
    days = agreement.statement_days
    return Owed(None if days is None else day + timedelta(days=days), agreement.end_days)


def owes(gate: Gate, standing: Standing, agency: str) -> bool:
    """Say whether the agency owes a statement whose day has passed. An agency whose agreements never set a term owes none."""
    terms = (a for a in standing.agreements if a.agency == agency)
    if all(a.statement_days is None and a.end_days is None for a in terms):
        return False
    return gate.memory.owes_statement(agency, day_of(gate.now()))


def _last_owed(fresh: Mapping[str, Statement], left: HandedOver) -> date | None:
    mine = [each.owed for each in fresh.values() if each.answer == left.answer]
    return mine[-1] if mine else left.owed


def _answer_of(payload: Mapping[str, Json]) -> str:
    said = {name: value for name, value in payload.items() if isinstance(value, str)}
    flags = _FLAGS.get(said.get("act", ""))
    if flags is None or set(payload) != {*_COMMON, *flags} or set(said) != set(payload):
        raise MalformedRequestError("112", "the statement does not have exactly its members")
    if any(said[flag] not in ("yes", "no") for flag in flags):
        raise MalformedRequestError("112", "the statement says neither yes nor no")
    return said["answer"]


def _require_statable(
    left: HandedOver | None, key: EnrolledKey, standing: Standing, act: str, before: Collection[str]
) -> HandedOver:
    if left is None or not _speaks_for(left, key, standing):
        # One sentence for both: who may not speak of an answer does not learn whether there is one.
        raise NotPermittedError("no answer of that id that left is yours to state anything of")
    if act in before or (act in ENDS and ENDS & {*before}):
        raise NotPermittedError("that was stated of this answer before")
    return left


def _speaks_for(left: HandedOver, key: EnrolledKey, standing: Standing) -> bool:
    if key.keyid == left.recipient_keyid:
        return True
    own = standing.key(left.recipient_keyid)
    revoked = own is not None and own.until is not None
    return own is not None and revoked and key.role is Role.REQUESTING_OFFICIAL and key.agency == own.agency
