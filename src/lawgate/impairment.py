"""Counsel's own determination under 26 U.S.C. 6103(i)(6): telling anything of a line would identify a confidential informant or seriously impair a
tax investigation. Whatever is authorised later, its answer says nothing.

Nothing of it is in the log: it would tell that line from the others (design section 6).
"""

from __future__ import annotations

from collections.abc import Mapping

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, LineState, Received, SubmissionId
from lawgate.evidence.envelope import unverified_payload
from lawgate.gate import Gate, open_signed
from lawgate.review.person import require_person
from lawgate.review.signed_text import lines_of, require_members, text_of

KIND = "impairment"
_BEFORE_LOGGING = (LineState.HELD, LineState.DOCKETED, LineState.APPROVED, LineState.PROPOSED)
_MEMBERS = {"type", "submission", "count", "lines", "authority", "made"}


def determine(gate: Gate, submission: SubmissionId, envelope: bytes) -> tuple[int, ...]:
    """Keep counsel's signed determination, and return the lines it is about; the same again changes nothing.

    Raises NotPermittedError for a person of another role, a submission that there is not, or a line whose answer is logged or that is final:
    a stop keeps back what has not left. MalformedRequestError for a document of another form.
    """
    with gate.alone():
        received = gate.memory.received(submission)
        if received is None:
            raise NotPermittedError("no received submission has this confirmation number")
        signed, by = open_signed(gate, KIND, envelope, gate.now())
        require_person(
            by, signed.key, (Role.COUNSEL,), received.cover, scripted_allowed=gate.scripted_allowed
        )
        lines = read(signed.payload, received)
        if not gate.memory.kept_envelope(signed.sha256):
            require_waiting(gate, submission, lines)
            # A crash before this commit: nothing was determined, and the document is given again. After it: it holds at every release.
            gate.memory.keep_impairment(submission, by, envelope)
        return lines


def impaired(gate: Gate, submission: SubmissionId) -> frozenset[int]:
    """Return the lines that counsel determined are told nothing of."""
    kept = gate.memory.impairments(submission)
    # Each was verified when it was kept, and is kept sealed: nobody but the vault could have changed it.
    return frozenset(ordinal for raw in kept for ordinal in lines_of(unverified_payload(raw, KIND)))


def read(payload: Mapping[str, Json], received: Received) -> tuple[int, ...]:
    """Return the lines a determination is about. Raises MalformedRequestError for another form, NotPermittedError for another submission."""
    if set(payload) | {"type"} != _MEMBERS:
        raise MalformedRequestError("112", "the determination does not have exactly its members")
    if text_of(payload, "submission") != received.submission:
        raise NotPermittedError("the determination is about another submission")
    if not text_of(payload, "authority").strip():
        raise MalformedRequestError("112", "the determination does not say on whose authority it is made")
    lines = lines_of(payload)
    if not lines:
        raise MalformedRequestError("112", "the determination names no line")
    for said in lines.values():
        require_members(said, ("ordinal",))
    return tuple(lines)


def require_waiting(gate: Gate, submission: SubmissionId, lines: tuple[int, ...]) -> None:
    """Pass if each of these lines is on its way to an answer and has none yet. Raises NotPermittedError."""
    waiting = frozenset(gate.memory.ordinals(submission, *_BEFORE_LOGGING))
    if not waiting.issuperset(lines):
        raise NotPermittedError(
            "a line is not there, is final, or its answer is logged; a stop keeps back what has not left"
        )
