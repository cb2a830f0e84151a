"""Step 6, second half: a second person allows exactly this answer to leave, or less of it; the only place that makes Authorised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import AnswerKind, Approved, Authorised, Json, Proposed, Received, SignedDecision
from lawgate.review.decide import REFUSED_CODE, RETURNED_CODE
from lawgate.review.person import require_person
from lawgate.review.sample import SampleState, draw_sample, sample_passed
from lawgate.review.signed_text import lines_of, number_of, require_members, text_of

STOPPED_REASON = "701"
WITHHELD_REASON = "602"
BARRED_REASON = "601"
_DETERMINATIONS = {
    "authorise": "none",
    "withhold": "informant-or-impairment",
    "refuse": "none",
    "return": "none",
}
_CLOSED = {"refuse": REFUSED_CODE, "return": RETURNED_CODE}
_MEMBERS = ("ordinal", "verdict", "determination")


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What one signed authorisation does: answers to log, and lines left as they are with the code of what no longer holds."""

    authorised: tuple[Authorised, ...]
    left: tuple[tuple[int, str], ...]


def authorise(
    proposals: Sequence[Proposed],
    payload: Mapping[str, Json],
    authorisation: SignedDecision,
    key: EnrolledKey,
    batch: Batch,
    reviews: Sequence[SampleReview],
    received: Received,
    *,
    still_good: Callable[[Approved], str | None],
    person_stopped: Callable[[Approved], bool],
    impaired: Collection[int],
    scripted_allowed: bool,
) -> Authorisation:
    """Act on a verified authorisation over proposed answers of one batch; all of it or, if anything is wrong, nothing.

    ``still_good`` gives the code of what no longer holds (I-13) and ``person_stopped`` says whether a stop reaches the line's person;
    the caller binds both to one moment. "withhold" is the (i)(6) determination: the answer says nothing; so do the ``impaired`` lines of
    counsel's own, whatever is said of them here. "refuse" and "return" close a request that found no answer (610, 611): what leaves says
    nothing, as any N does, and why stays inside. Raises NotPermittedError when this person may not authorise, the sample has not passed, a line
    is not proposed in this batch, or one that found an answer is refused or returned, since on a valid request the Secretary shall
    disclose, (i)(2)(A); MalformedRequestError for a document of another form.
    """
    roles = (Role.RELEASING_OFFICER,)
    require_person(authorisation, key, roles, received.cover, scripted_allowed=scripted_allowed)
    if (text_of(payload, "submission"), number_of(payload, "batch")) != (received.submission, batch.number):
        raise NotPermittedError("the authorisation is about another batch")
    _require_sample(batch, reviews, received)
    waiting = {p.matched.approved.line.ordinal: p for p in proposals}
    in_batch = frozenset(batch.ordinals)
    authorised: list[Authorised] = []
    left: list[tuple[int, str]] = []
    for ordinal, said in lines_of(payload).items():
        if ordinal not in waiting or ordinal not in in_batch:
            raise NotPermittedError(f"line {ordinal} is not proposed in this batch")
        proposed = waiting[ordinal]
        verdict = _verdict(said)
        if verdict in _CLOSED and proposed.kind is not AnswerKind.NO_ANSWER:
            raise NotPermittedError(f"line {ordinal}: only what found no answer is refused or returned here")
        if ordinal in impaired:
            verdict = "withhold"
        _require_second_person(proposed.matched.approved, authorisation)
        code = still_good(proposed.matched.approved)
        if code is not None:
            left.append((ordinal, code))
            continue
        least = _narrowed(proposed, verdict, person_stopped(proposed.matched.approved))
        authorised.append(Authorised(least, authorisation, batch.number))
    return Authorisation(tuple(authorised), tuple(left))


def _require_sample(batch: Batch, reviews: Sequence[SampleReview], received: Received) -> None:
    if batch.submission != received.submission:
        raise NotPermittedError("the batch is of another submission")
    if not batch.sample or batch.sample != draw_sample(batch.seed, batch.ordinals, len(batch.sample)):
        raise NotPermittedError("the batch's sample is not the one its seed draws")
    mine = [r for r in reviews if (r.submission, r.number) == (batch.submission, batch.number)]
    state = sample_passed(mine)
    if state is not SampleState.PASSED:
        raise NotPermittedError(f"the batch's sample is {state.value}; two people must find it without error")


def _require_second_person(approved: Approved, authorisation: SignedDecision) -> None:
    ordinal = approved.line.ordinal
    if authorisation.person == approved.decision.person:
        raise NotPermittedError(f"line {ordinal}: who approved a line may not release its answer")
    if approved.line.attestation is not None and authorisation.person == approved.line.attestation.person:
        raise NotPermittedError(f"line {ordinal}: the engaged officer may not release its answer")


def _verdict(said: Mapping[str, Json]) -> str:
    require_members(said, _MEMBERS)
    verdict = text_of(said, "verdict")
    if verdict not in _DETERMINATIONS:
        raise MalformedRequestError("112", "the verdict is none of authorise, withhold, refuse, return")
    # 6103(i)(6): the determination is stated for every line, never implied.
    if text_of(said, "determination") != _DETERMINATIONS[verdict]:
        raise NotPermittedError("the determination under 6103(i)(6) does not agree with the verdict")
    return verdict


def _narrowed(proposed: Proposed, verdict: str, stopped: bool) -> Proposed:
    """The proposal, or nothing of it; which of the three is told to nobody outside."""
    if stopped:
        return _nothing(proposed, STOPPED_REASON)
    if verdict == "withhold":
        return _nothing(proposed, WITHHELD_REASON)
    if verdict in _CLOSED:
        return _nothing(proposed, _CLOSED[verdict])
    if proposed.matched.verdict.bars:
        return _nothing(proposed, BARRED_REASON)
    return proposed


def _nothing(proposed: Proposed, reason: str) -> Proposed:
    return replace(proposed, kind=AnswerKind.NO_ANSWER, fields={}, reason=reason)
