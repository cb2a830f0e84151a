"""What an agency's officials do: send a submission, follow it, take it back before it is entered, link one to the one it corrects.

An agency sees its own submissions only; another's looks like none. Both the pages and the API can call these; none knows a request.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from lawgate.domain.errors import LawgateError, NotAuthenticatedError, NotPermittedError
from lawgate.domain.kept import Incoming, SubmissionSummary
from lawgate.domain.steps import Sent, SubmissionId
from lawgate.evidence.envelope import unverified_payload
from lawgate.gate import Gate
from lawgate.intake.parts import cover_of, manifest_sha256, submission_id
from lawgate.portal.models import Sending
from lawgate.portal.progress import Reach, under_way


@dataclass(frozen=True, slots=True)
class Followed:
    """One submission as its agency may see it. ``known`` is nothing until it is entered; ``follows`` and ``followed_by`` are confirmation
    numbers or empty."""

    number: SubmissionId
    at: datetime
    known: SubmissionSummary | None
    follows: str
    followed_by: tuple[str, ...]
    withdrawn: bool
    reach: Reach | None


def send(gate: Gate, incoming: Incoming, agency: str, person: str, follows: str = "") -> SubmissionId:
    """Keep a submission's files for the worker that will receive them, and return its confirmation number. The same files again change nothing.

    Raises NotAuthenticatedError if the cover names another agency than the sender's, NotPermittedError if ``follows`` is no submission of this
    agency's. The caller puts the number on the queue.
    """
    sent = incoming.sent()
    _require_of(sent, agency)
    number = submission_id(manifest_sha256(sent.digests))
    if follows and (number == follows or not _is_of(gate, follows, agency)):
        raise NotPermittedError("what this submission follows is no submission of your agency")
    known = gate.memory.summary(number)
    if known is not None and known.agency not in ("", agency):
        raise NotPermittedError("this submission is another agency's")
    # A crash after this leaves a row without files, which is shown to nobody; sending again completes it.
    Sending.objects.get_or_create(
        number=number, defaults={"agency": agency, "person": person, "follows": follows, "at": gate.now()}
    )
    Sending.objects.filter(number=number, agency=agency).exclude(withdrawn=None).update(withdrawn=None)
    incoming.keep()
    return number


def _require_of(sent: Sent, agency: str) -> None:
    """A cover that cannot be read is received, and rejected, like any other: all requests are accounted for."""
    named = agency
    with suppress(LawgateError, KeyError):
        named = str(unverified_payload(cover_of(sent), "cover")["agency"])
    if named != agency:
        raise NotAuthenticatedError(
            "501", "the cover names another agency than yours; one of its own officials sends it"
        )


def of_agency(gate: Gate, agency: str) -> tuple[Followed, ...]:
    """Return an agency's submissions, the latest first: those it is proven to have signed, and those its people sent."""
    sendings = {u.number: u for u in Sending.objects.filter(agency=agency)}
    known = {
        s.submission: s
        for s in gate.memory.summaries()
        if s.agency == agency or (not s.agency and s.submission in sendings)
    }
    kept = gate.originals.numbers() if sendings.keys() - known.keys() else frozenset()
    shown = {*known, *(n for n, u in sendings.items() if u.withdrawn or n in kept)}
    reaches = {reach.number: reach for reach in under_way()}
    after: dict[str, list[str]] = {}
    for sending in sendings.values():
        if sending.follows and sending.number in shown:
            after.setdefault(sending.follows, []).append(sending.number)
    found = [
        _followed(
            SubmissionId(n), known.get(SubmissionId(n)), sendings.get(n), reaches.get(n), after.get(n, ())
        )
        for n in shown
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def one_of(gate: Gate, number: str, agency: str) -> Followed:
    """Find one of an agency's submissions. Raises NotPermittedError for another's, as for one that there is not."""
    known, sending = _found(gate, number, agency)
    if known is None and (sending is None or not (sending.withdrawn or number in gate.originals.numbers())):
        raise _absent()
    after = Sending.objects.filter(follows=number, agency=agency).order_by("at")
    return _followed(
        SubmissionId(number),
        known,
        sending,
        next(iter(under_way(number)), None),
        [row.number for row in after],
    )


def withdraw(gate: Gate, number: str, agency: str) -> None:
    """Take back a submission that is not entered yet: a worker that reads it stops between two chunks, and nothing of it is kept.

    Raises NotPermittedError once it is entered: from then on it is accounted for, and a stop keeps back what has not left. The caller puts
    the number on the queue.
    """
    known, sending = _found(gate, number, agency)
    if known is not None:
        raise NotPermittedError(
            "the submission is entered in the log and stays accounted for; ask the record holder for a stop"
        )
    if sending is None:
        raise _absent()
    Sending.objects.filter(number=number, withdrawn=None).update(withdrawn=gate.now())


def is_withdrawn(number: str) -> bool:
    """Say whether a submission was taken back."""
    return Sending.objects.filter(number=number).exclude(withdrawn=None).exists()


def _found(gate: Gate, number: str, agency: str) -> tuple[SubmissionSummary | None, Sending | None]:
    sending = Sending.objects.filter(number=number, agency=agency).first()
    known = gate.memory.summary(SubmissionId(number))
    if known is not None and known.agency != agency and (known.agency or sending is None):
        raise _absent()
    return known, sending


def _is_of(gate: Gate, number: str, agency: str) -> bool:
    try:
        return any(_found(gate, number, agency))
    except NotPermittedError:
        return False


def _followed(
    number: SubmissionId,
    known: SubmissionSummary | None,
    sending: Sending | None,
    reach: Reach | None,
    after: list[str] | tuple[()],
) -> Followed:
    at = known.received_at if known is not None else sending.at if sending is not None else None
    assert at is not None
    withdrawn = known is None and sending is not None and sending.withdrawn is not None
    return Followed(number, at, known, sending.follows if sending else "", tuple(after), withdrawn, reach)


def _absent() -> NotPermittedError:
    return NotPermittedError("your agency has no submission with this confirmation number")
