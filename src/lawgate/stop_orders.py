"""Orders that nothing of some scope may leave, and their lifting: each is durable, and logged, before the call returns.

A stop bites from the moment its transaction commits, even if too few witnesses cosign its leaf just then (I-7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from lawgate.domain.errors import (
    MalformedRequestError,
    NotPermittedError,
    QuorumError,
    StoreError,
)
from lawgate.domain.kept import CHUNK_LINES, HandedOver, LoggedAnswer, pieces
from lawgate.domain.standing import (
    Role,
)
from lawgate.domain.steps import Json, LineState, Received, SubmissionId
from lawgate.domain.stop import Stop, StopScope
from lawgate.gate import Gate, open_signed, publish
from lawgate.guard import stops
from lawgate.guard.fresh import is_stopped
from lawgate.ledger import leaves

_PERSON = ("name", "address")


def order_stop(gate: Gate, envelope: bytes) -> tuple[Stop, tuple[HandedOver, ...]]:
    """Receive a signed stop order; one on a person states name and address, or the ``line`` that names them. Returns the stop and the answers of its scope that had left before it took effect."""
    with gate.alone():
        now = gate.now()
        signed, _ = open_signed(gate, "stop", envelope, now)
        stop = stops.stop_from(
            with_person(gate, signed.payload),
            signed.key,
            signed.sha256,
            now,
            stops=gate.memory.stops(),
            fingerprint=gate.fingerprint,
        )
        require_known(gate, stop)
        gate.memory.keep_stop(stop, envelope, [_stop_leaf(gate, "order", stop, stop.envelope_sha256)])
        left = tuple(_left(gate, stop))
        with suppress(QuorumError):  # it bites already; the next command that publishes brings its leaf along
            publish(gate)
    return stop, left


def with_person(gate: Gate, payload: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return an order with the person whom its ``line`` (submission, ordinal) names, where it has one: such an order holds no name itself.

    Raises MalformedRequestError for another form, NotPermittedError if there is no such line.
    """
    line = payload.get("line")
    if line is None:
        return payload
    if not isinstance(line, dict) or set(line) != {"submission", "ordinal"} or "person" in payload:
        raise MalformedRequestError(
            "112", "the order names its line otherwise than by submission and ordinal"
        )
    number, ordinal = line["submission"], line["ordinal"]
    if not isinstance(number, str) or not isinstance(ordinal, int):
        raise MalformedRequestError(
            "112", "the order names its line otherwise than by submission and ordinal"
        )
    known = gate.memory.received(SubmissionId(number))
    found = gate.memory.lines(known.submission, (ordinal,)) if known and ordinal > 0 else ()
    if not found:
        raise NotPermittedError("no submission here has that line")
    person: dict[str, Json] = {part: found[0].data[part] for part in _PERSON if part in found[0].data}
    return {**payload, "person": person}


def lift_stop(gate: Gate, envelope: bytes) -> Stop:
    """Receive a signed second order that lifts a stop."""
    with gate.alone():
        now = gate.now()
        signed, _ = open_signed(gate, "stop", envelope, now)
        lifted = stops.lift_from(
            signed.payload,
            signed.key,
            signed.sha256,
            now,
            stops=gate.memory.stops(),
            standing=gate.memory.standing(),
        )
        gate.memory.lift_stop(lifted.id, now, envelope, [_stop_leaf(gate, "lift", lifted, signed.sha256)])
        publish(gate)
    return lifted


def require_known(gate: Gate, stop: Stop) -> None:
    """Refuse an order on an officer nobody knows: it would look obeyed and reach nobody. Other scopes may name what is yet to come."""
    officers = {k.keyid for k in gate.memory.standing().keys if k.role is Role.ENGAGED_OFFICER}
    if stop.scope is StopScope.OFFICER and stop.subject not in officers:
        raise NotPermittedError(
            "no engaged officer's key of that id is enrolled; an officer is named by keyid"
        )


def _stop_leaf(gate: Gate, act: str, stop: Stop, order_sha256: str) -> bytes:
    return leaves.stop_leaf(
        at=gate.now(),
        act=act,
        stop=stop.id,
        scope=stop.scope.value,
        subject=stop.subject,
        order_sha256=order_sha256,
    )


def _left(gate: Gate, stop: Stop) -> Iterator[HandedOver]:
    """Name the answers of a stop's scope that were handed over, reading a chunk of lines at a time."""
    for summary in gate.memory.summaries():
        received = None if summary.rejected_code else _unless_erased(gate, summary.submission)
        if received is None:
            continue
        gone = gate.memory.ordinals(summary.submission, LineState.HANDED_OVER)
        for some in pieces(gone, CHUNK_LINES):
            for answer in gate.memory.logged(summary.submission, some):
                if answer.handed_over_at is not None and _reaches(gate, stop, received, answer):
                    keyid = answer.accounting.recipient_keyid
                    yield HandedOver(
                        answer.answer, answer.index, answer.sequence, keyid, answer.handed_over_at
                    )


def _unless_erased(gate: Gate, submission: SubmissionId) -> Received | None:
    # Whose data was erased cannot be read, and so not be said to be reached; the log still shows that there was an answer.
    try:
        return gate.memory.received(submission)
    except StoreError:
        return None


def _reaches(gate: Gate, stop: Stop, received: Received, answer: LoggedAnswer) -> bool:
    approved = answer.authorised.proposed.matched.approved
    on_person = stop.scope is StopScope.PERSON
    person = stops.persons_of(approved.line.data, gate.fingerprint) if on_person else ()
    return is_stopped(approved, received, (stop,), stop.received_at, person)
