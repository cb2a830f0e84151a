"""Step 4: a named officer answers every ASK. People may narrow what was asked, never widen it; the only place that makes Approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import (
    Admitted,
    Approved,
    Disposition,
    Json,
    Line,
    LineState,
    LineStatus,
    Received,
    SignedDecision,
)
from lawgate.review.person import require_person
from lawgate.review.signed_text import flag_of, lines_of, object_of, require_members, text_of

REFUSED_CODE = "610"
RETURNED_CODE = "611"
_MEMBERS = ("ordinal", "verdict", "answers", "items", "periods", "release_hold")


@dataclass(frozen=True, slots=True)
class Decided:
    """What one signed decision does: lines that may be looked up, and lines that are final without a look-up."""

    approved: tuple[Approved, ...]
    closed: tuple[LineStatus, ...]


def decide(
    admitted: Sequence[Admitted],
    payload: Mapping[str, Json],
    decision: SignedDecision,
    key: EnrolledKey,
    received: Received,
    *,
    scripted_allowed: bool,
) -> Decided:
    """Act on a verified decision over lines of the docket; all of it or, if anything is wrong, nothing.

    ``admitted`` is the docket of the submission. "approve" with every ASK answered met → Approved; with one answered not met → X with that
    rule's code; "refuse" → X 610; "return" → I 611. Raises NotPermittedError when this person may not decide, a line is not on the
    docket or named twice, an ASK is unanswered, an element is UNMET or UNKNOWN, a hold is not released, or more is approved than was
    asked; MalformedRequestError for a document of another form.
    """
    roles = (Role.DISCLOSURE_OFFICER,)
    require_person(decision, key, roles, received.cover, scripted_allowed=scripted_allowed)
    if text_of(payload, "submission") != received.submission:
        raise NotPermittedError("the decision is about another submission")
    docket = {a.checked.line.ordinal: a for a in admitted}
    answered = _Answered()
    approved: list[Approved] = []
    closed: list[LineStatus] = []
    for ordinal, said in lines_of(payload).items():
        if ordinal not in docket:
            raise NotPermittedError(f"line {ordinal} is not on the docket")
        outcome = _decide_line(docket[ordinal], said, answered, decision, received)
        if isinstance(outcome, Approved):
            approved.append(outcome)
        else:
            closed.append(outcome)
    return Decided(tuple(approved), tuple(closed))


def _decide_line(
    admitted: Admitted,
    said: Mapping[str, Json],
    all_answered: _Answered,
    decision: SignedDecision,
    received: Received,
) -> Approved | LineStatus:
    line = admitted.checked.line
    require_members(said, _MEMBERS)
    if line.attestation is not None and line.attestation.person == decision.person:
        raise NotPermittedError(f"line {line.ordinal}: the engaged officer may not decide it")
    answered = all_answered.of(admitted.checked.findings, object_of(said, "answers"))
    verdict = text_of(said, "verdict")
    failed = tuple(f.code for f in answered if f.outcome is Outcome.UNMET)
    if verdict == "refuse":
        return _closed(admitted, received, Disposition.REFUSED, (REFUSED_CODE, *failed), answered)
    if verdict == "return":
        return _closed(admitted, received, Disposition.RETURNED, (RETURNED_CODE, *failed), answered)
    if verdict != "approve":
        raise MalformedRequestError("112", "the verdict is none of approve, refuse, return")
    _require_approvable(admitted, answered, said)
    if failed:
        return _closed(admitted, received, Disposition.REFUSED, failed, answered)
    return _approved(line, answered, said, decision, received)


class _Answered:
    """Findings with each answered ASK turned into MET or UNMET; nothing but an answer does that (I-1).

    The lines of one decision share few tuples of findings, and few ways to answer them: what comes of the same ones is the same tuple again.
    """

    def __init__(self) -> None:
        self._known: dict[object, tuple[tuple[Finding, ...], tuple[Finding, ...]]] = {}

    def of(self, findings: tuple[Finding, ...], answers: Mapping[str, Json]) -> tuple[Finding, ...]:
        """Raises NotPermittedError for an answer to what is not asked, and what ``_outcome`` raises."""
        outcomes = {rule: _outcome(answer) for rule, answer in answers.items()}
        # The findings are held beside what comes of them, so that no other tuple can come to have their identity.
        case = id(findings), *outcomes.items()
        if case not in self._known:
            self._known[case] = findings, _with(findings, outcomes)
        return self._known[case][1]


def _with(findings: tuple[Finding, ...], outcomes: Mapping[str, Outcome]) -> tuple[Finding, ...]:
    if not set(outcomes) <= {f.rule for f in findings if f.outcome is Outcome.ASK}:
        raise NotPermittedError("an answer is given to what is not asked")
    return tuple(
        replace(f, outcome=outcomes[f.rule]) if f.outcome is Outcome.ASK and f.rule in outcomes else f
        for f in findings
    )


def _outcome(answer: Json) -> Outcome:
    if not isinstance(answer, dict) or answer.keys() != {"met", "reason"}:
        raise MalformedRequestError("112", "an answer states met and reason and nothing else")
    if not isinstance(answer["met"], bool):
        raise MalformedRequestError("112", "an answer's met is true or false")
    if not text_of(answer, "reason").strip():
        raise NotPermittedError("an answer without a reason does not count")
    return Outcome.MET if answer["met"] else Outcome.UNMET


def _require_approvable(admitted: Admitted, answered: Sequence[Finding], said: Mapping[str, Json]) -> None:
    ordinal = admitted.checked.line.ordinal
    if any(f.outcome is Outcome.ASK for f in answered):
        raise NotPermittedError(f"line {ordinal}: a question is left unanswered")
    if not answered or admitted.checked.line.faults:
        raise NotPermittedError(f"line {ordinal}: the line was not checked")
    # Defence in depth: such lines are never docketed, and no person can make up for an element (I-1).
    if admitted.checked.having(Outcome.UNMET) or admitted.checked.having(Outcome.UNKNOWN):
        raise NotPermittedError(f"line {ordinal}: an element is not met or not known")
    if admitted.holds and not flag_of(said, "release_hold"):
        raise NotPermittedError(f"line {ordinal}: the line is held, and the hold is not released")


def _approved(
    line: Line,
    findings: tuple[Finding, ...],
    said: Mapping[str, Json],
    decision: SignedDecision,
    received: Received,
) -> Approved:
    if line.attestation is None:
        raise NotPermittedError(f"line {line.ordinal}: no engaged officer to whom an answer could be sealed")
    return Approved(
        submission=received.submission,
        line=line,
        findings=findings,
        items=_narrowed(line, said, "items", _texts(line.data.get("items_requested"))),
        periods=tuple(
            int(p) for p in _narrowed(line, said, "periods", _years(line.data.get("taxable_periods")))
        ),
        recipient_keyid=line.attestation.keyid,
        decision=decision,
    )


def _narrowed(line: Line, said: Mapping[str, Json], name: str, asked: tuple[str, ...]) -> tuple[str, ...]:
    """What was asked, or that part of it which the officer names, in the order asked; never more and never nothing."""
    chosen = asked
    if name in said:
        chosen = _years(said[name]) if name == "periods" else _texts(said[name])
    if not set(chosen) <= set(asked):
        raise NotPermittedError(f"line {line.ordinal}: {name} has more than was asked")
    if not chosen:
        raise NotPermittedError(f"line {line.ordinal}: {name} is empty; refuse the line instead")
    return tuple(value for value in dict.fromkeys(asked) if value in chosen)


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(v for v in value if isinstance(v, str) and v.strip())


def _years(value: Json) -> tuple[str, ...]:
    """Years as four digits; a decision may write them as numbers. What is no year widens nothing: it is not there."""
    written = [str(v) for v in value if not isinstance(v, bool)] if isinstance(value, list) else []
    return tuple(v for v in written if len(v) == 4 and v.isascii() and v.isdigit())


def _closed(
    admitted: Admitted,
    received: Received,
    disposition: Disposition,
    codes: Sequence[str],
    findings: tuple[Finding, ...],
) -> LineStatus:
    line = admitted.checked.line
    return LineStatus(
        submission=received.submission,
        ordinal=line.ordinal,
        request_key=line.request_key,
        state=LineState.FINAL,
        disposition=disposition,
        codes=tuple(dict.fromkeys(codes)),
        findings=findings,
        holds=admitted.holds,
        hints=admitted.hints,
    )
