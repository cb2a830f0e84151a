"""Step 6 on pages: the sample, answer by answer, and the second person's authorisation."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from lawgate import impairment, pipeline
from lawgate.accounts.models import Account
from lawgate.accounts.roles import Part
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import Batch
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import AnswerKind, Json, LineState, SignedDecision, SubmissionId
from lawgate.gate import Gate
from lawgate.review.authorise import authorise
from lawgate.review.sample import SAMPLE_ROLES, SampleState, review_sample, sample_passed
from lawgate.signing import desk
from lawgate.signing.judged import judge, judged
from lawgate.signing.shown import keep_marks, mark_of_none, shown_marks
from lawgate.statutes.precedence import conflicts
from lawgate.web.access import SEES_REQUESTS, account_of, page
from lawgate.web.desk import gate
from lawgate.web.docket import stated
from lawgate.web.words import numbers_in, spans

RELEASES = frozenset({Role.RELEASING_OFFICER})
CLOSES = ("refuse", "return")
A_PAGE = 50


@page(SEES_REQUESTS)
def answers(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """A submission's batches: how many answers wait, and where the sample stands. No answer is shown."""
    opened = gate()
    known = pipeline.summary(opened, SubmissionId(number))
    shown = Paginator(opened.memory.batches(known.submission), A_PAGE).get_page(request.GET.get("page"))
    waiting = frozenset(opened.memory.ordinals(known.submission, LineState.PROPOSED))
    rows = [(batch, len(waiting.intersection(batch.ordinals)), _state(opened, batch)) for batch in shown]
    return render(request, "console/answers.html", {"known": known, "shown": shown, "rows": rows})


@page(SEES_REQUESTS)
def batch(request: HttpRequest, parts: frozenset[Part], number: str, which: int) -> HttpResponse:
    """One batch: what one found of its sample, and the forms that prepare a signed look, or the authorisation."""
    opened, account = gate(), account_of(request)
    chosen = _batch(opened, number, which)
    reviews = opened.memory.sample_reviews(chosen.submission, which)
    found, waiting = judged(account, chosen), _waiting(opened, chosen)
    wrong = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "look":
                return redirect("sign", _prepare_look(opened, account, chosen))
            if not parts & RELEASES:
                raise PermissionDenied
            said = request.POST
            return redirect("sign", _prepare_release(opened, account, chosen, waiting, said))
        except NotPermittedError as fault:
            wrong = str(fault)
    return render(
        request,
        "console/batch.html",
        {
            "known": pipeline.summary(opened, chosen.submission),
            "batch": chosen,
            "state": sample_passed(reviews).value,
            "looked": [(r.review.person, len(r.errors)) for r in reviews],
            "sample": [(n, found.get(n)) for n in chosen.sample],
            "whole": len(found) == len(chosen.sample),
            "mine": any(r.review.person == account.person for r in reviews),
            "waiting": waiting,
            "releases": bool(parts & RELEASES) and sample_passed(reviews) is SampleState.PASSED,
            "wrong": wrong,
            "sent": request.POST,
            "impaired": spans(n for n in waiting if n in impairment.impaired(opened, chosen.submission)),
        },
        status=422 if wrong else 200,
    )


@page(SEES_REQUESTS)
def sampled(
    request: HttpRequest, parts: frozenset[Part], number: str, which: int, ordinal: int
) -> HttpResponse:
    """One sampled answer: what was asked, whether each stated part agrees or differs, what would be said. Nobody is shown a record to choose."""
    opened, account = gate(), account_of(request)
    chosen = _batch(opened, number, which)
    found = opened.memory.proposals(chosen.submission, (ordinal,)) if ordinal in chosen.sample else ()
    if not found:
        raise NotPermittedError("no proposed answer of that number is in the sample")
    if request.method == "POST" and request.POST.get("found") in ("right", "wrong"):
        judge(opened, account, chosen, ordinal, right=request.POST["found"] == "right")
        left = [n for n in chosen.sample if n not in judged(account, chosen)]
        return redirect("sampled", number, which, left[0]) if left else redirect("batch", number, which)
    (proposed,) = found
    approved = proposed.matched.approved
    return render(
        request,
        "console/sampled.html",
        {
            "known": pipeline.summary(opened, chosen.submission),
            "batch": chosen,
            "ordinal": ordinal,
            "stated": stated(approved.line.data),
            "compared": dict(proposed.matched.verdict.differs).items(),
            "kind": proposed.kind.value,
            "fields": stated(proposed.fields),
            "decider": approved.decision.person,
            "conflicts": [
                m.bar
                for m in conflicts(
                    pipeline.summary(opened, chosen.submission).pack, proposed.matched.verdict.bars
                )
            ],
            "found": judged(account, chosen).get(ordinal),
        },
    )


@page(SEES_REQUESTS)
def unanswered(request: HttpRequest, parts: frozenset[Part], number: str, which: int) -> HttpResponse:
    """The requests of a batch that found no answer: what was stated, and per part only whether it agrees or differs. Nobody is shown a record.

    Some waiting lines at a time are read; those that found an answer are passed over.
    """
    opened, account = gate(), account_of(request)
    chosen = _batch(opened, number, which)
    shown = Paginator(_waiting(opened, chosen), A_PAGE).get_page(request.GET.get("page"))
    read = opened.memory.proposals(chosen.submission, tuple(shown)) if shown else ()
    found = [p for p in read if p.kind is AnswerKind.NO_ANSWER]
    marks = {p.matched.approved.line.ordinal: mark_of_none(opened, p) for p in found}
    keep_marks(opened, account, chosen.submission, marks)
    lines = [
        (
            p.matched.approved.line.ordinal,
            stated(p.matched.approved.line.data),
            dict(p.matched.verdict.differs).items(),
        )
        for p in found
    ]
    return render(
        request,
        "console/unanswered.html",
        {
            "known": pipeline.summary(opened, chosen.submission),
            "batch": chosen,
            "shown": shown,
            "lines": lines,
        },
    )


def _prepare_look(opened: Gate, account: Account, chosen: Batch) -> str:
    found = judged(account, chosen)
    if set(found) != set(chosen.sample):
        raise NotPermittedError("look at every answer of the sample first")
    reviews = opened.memory.sample_reviews(chosen.submission, chosen.number)
    if any(r.review.person == account.person for r in reviews):
        raise NotPermittedError("you looked at this sample already; it takes another person too")
    said: dict[str, Json] = {
        "submission": chosen.submission,
        "batch": chosen.number,
        "sample": [*chosen.sample],
        "errors": [n for n in chosen.sample if not found[n]],
    }
    key, by = _by(opened, account, frozenset(SAMPLE_ROLES))
    received = opened.memory.received(chosen.submission)
    assert received is not None
    # The one function that judges says beforehand what it would refuse; nothing of it is kept.
    review_sample(said, by, key, chosen, received.cover, scripted_allowed=opened.scripted_allowed)
    return desk.prepare(opened, account, "sample", said)


def _prepare_release(
    opened: Gate, account: Account, chosen: Batch, waiting: tuple[int, ...], sent: QueryDict
) -> str:
    determined = impairment.impaired(opened, chosen.submission)
    verdicts = _verdicts(sent) | {n: "withhold" for n in waiting if n in determined}
    if sent.get("count") != str(len(waiting)) or not waiting:
        raise NotPermittedError("other answers wait now than the form speaks of; look at the batch again")
    if not set(verdicts) <= set(waiting):
        raise NotPermittedError(f"name lines only among the answers that wait: {spans(waiting)}")
    _require_shown(opened, account, chosen, [n for n, verdict in verdicts.items() if verdict in CLOSES])
    lines: list[Json] = [_released(n, verdicts.get(n, "authorise")) for n in waiting]
    said: dict[str, Json] = {
        "submission": chosen.submission,
        "batch": chosen.number,
        "count": len(lines),
        "lines": lines,
    }
    key, by = _by(opened, account, RELEASES)
    received = opened.memory.received(chosen.submission)
    assert received is not None
    # As above: what still holds, and which stops are in force, is looked at when it is signed.
    authorise(
        opened.memory.proposals(chosen.submission, waiting),
        said,
        by,
        key,
        chosen,
        opened.memory.sample_reviews(chosen.submission, chosen.number),
        received,
        still_good=lambda _: None,
        person_stopped=lambda _: False,
        impaired=determined,
        scripted_allowed=opened.scripted_allowed,
    )
    return desk.prepare(opened, account, "authorisation", said)


def _verdicts(sent: QueryDict) -> dict[int, str]:
    """Read which lines the form names for what. Raises NotPermittedError for a line named twice."""
    found: dict[int, str] = {}
    for verdict in ("withhold", *CLOSES):
        for n in numbers_in(sent.get(verdict, "")):
            if n in found:
                raise NotPermittedError(f"line {n} is named twice")
            found[n] = verdict
    return found


def _require_shown(opened: Gate, account: Account, chosen: Batch, closed: Sequence[int]) -> None:
    """Nobody refuses or returns what was not on their screen as it is now."""
    marks = {
        p.matched.approved.line.ordinal: mark_of_none(opened, p)
        for p in (opened.memory.proposals(chosen.submission, closed) if closed else ())
    }
    unseen = set(closed) - shown_marks(account, chosen.submission, marks)
    if unseen:
        raise NotPermittedError(f"look first at the requests without an answer: {spans(unseen)}")


def _released(ordinal: int, verdict: str) -> Json:
    determination = "informant-or-impairment" if verdict == "withhold" else "none"
    return {"ordinal": ordinal, "verdict": verdict, "determination": determination}


def _by(opened: Gate, account: Account, roles: frozenset[Role]) -> tuple[EnrolledKey, SignedDecision]:
    keys = desk.keys_now(opened, account, roles)
    if not keys:
        raise NotPermittedError("you have no key in force that may sign this")
    return keys[0], SignedDecision("", keys[0].keyid, keys[0].person, opened.now())


def _batch(opened: Gate, number: str, which: int) -> Batch:
    known = pipeline.summary(opened, SubmissionId(number))
    found = opened.memory.batch(known.submission, which)
    if found is None:
        raise NotPermittedError("the submission has no batch of that number")
    return found


def _waiting(opened: Gate, chosen: Batch) -> tuple[int, ...]:
    own = frozenset(chosen.ordinals)
    return tuple(n for n in opened.memory.ordinals(chosen.submission, LineState.PROPOSED) if n in own)


def _state(opened: Gate, chosen: Batch) -> str:
    return sample_passed(opened.memory.sample_reviews(chosen.submission, chosen.number)).value
