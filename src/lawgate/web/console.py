"""The record holder's console: what was asked and where it stands. Its pages only read; nothing is looked up, and nobody on record is listed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from lawgate import pipeline
from lawgate.accounts.roles import ASKERS, HOLDERS, Part
from lawgate.domain.code import code
from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.domain.kept import WAITING, SubmissionSummary, letters_of
from lawgate.domain.standing import Role
from lawgate.domain.steps import LineState, SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.gate import Gate
from lawgate.ledger.append import last_quorum
from lawgate.ledger.shard import Shard, published_head
from lawgate.oversight.chart import funnel
from lawgate.oversight.data import BY_A_PERSON, MEANINGS
from lawgate.portal.progress import under_way
from lawgate.web.access import EVERYBODY, SEES_COUNTS, SEES_LOG, SEES_REQUESTS, page
from lawgate.web.desk import gate
from lawgate.web.docket import WAIT
from lawgate.web.funnel import steps_of

A_PAGE = 50
"""How many rows a page shows: what one person reads at once."""


@page(EVERYBODY)
def home(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Say who one is here, and lead on."""
    return render(request, "console/home.html", {"asks": bool(parts & ASKERS)})


@page(SEES_COUNTS)
def submissions(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """All submissions, the latest first, with how many of their lines wait."""
    memory, before = gate().memory, request.GET.get("before", "")
    found = memory.latest(A_PAGE + 1, SubmissionId(before) if before else None)
    shown, more = found[:A_PAGE], len(found) > A_PAGE
    waiting = memory.on_their_way([s.submission for s in shown])
    rows = [(s, waiting.get(s.submission, 0)) for s in shown]
    further = f"?before={shown[-1].submission}" if more else ""
    return render(
        request,
        "console/submissions.html",
        {"rows": rows, "further": further, "is_first": not before, "reaches": under_way()},
    )


@page(SEES_COUNTS)
def submission(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """One submission: the nine steps, its lines by letter and by code. Counts only."""
    opened = gate()
    known = _known(opened, number)
    memory = opened.memory
    letters, codes = memory.letters(known.submission), memory.codes(known.submission)
    steps = steps_of(
        letters, sum(codes.get(c, 0) for c in BY_A_PERSON), memory.acknowledged(known.submission)
    )
    words = {letter.value: meaning for letter, meaning in MEANINGS.items()} | {WAITING: "on its way"}
    return render(
        request,
        "console/submission.html",
        {
            "known": known,
            "reach": next(iter(under_way(known.submission)), None),
            "rejected": code(known.rejected_code) if known.rejected_code else None,
            "steps": steps,
            "wide": SafeString(funnel(steps, narrow=False)),
            "narrow": SafeString(funnel(steps, narrow=True)),
            "letters": [(letter, words[letter], n) for letter, n in sorted(letters_of(letters).items())],
            "codes": [(code(c), n) for c, n in codes.items()],
            "waiting": sum(n for (state, _), n in letters.items() if state in WAIT),
            "proposed": sum(n for (state, _), n in letters.items() if state is LineState.PROPOSED),
            "batches": memory.batch_count(known.submission) if parts & SEES_REQUESTS else 0,
            "sees_requests": bool(parts & SEES_REQUESTS),
        },
    )


@page(SEES_COUNTS)
def standing(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """The register with its dates, history included: agencies, offices, agreements, safeguards. People by their ids, as they are cited."""
    return render(
        request,
        "console/standing.html",
        {"standing": gate().memory.clear_standing(), "ends": Role.COUNSEL in parts},
    )


@page(SEES_COUNTS)
def stops(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Every stop, lifted ones included. Whom a stop on a person names is not said, and its authority, which may name one, only to the holder's
    own people."""
    memory, sees_authority = gate().memory, bool(parts & HOLDERS)
    rows = [
        (stop, "a person" if stop.scope is StopScope.PERSON else stop.subject)
        for stop in reversed(memory.stops() if sees_authority else memory.clear_stops())
    ]
    return render(
        request,
        "console/stops.html",
        {"rows": rows, "sees_authority": sees_authority, "orders": Role.COUNSEL in parts},
    )


@page(SEES_LOG)
def ledger(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """The head of this year's log, and which witnesses cosigned it."""
    opened = gate()
    shard = Shard(opened.base, opened.tiles, opened.policy)
    try:
        head, wrong = published_head(shard), ""
    except (LedgerError, QuorumError) as fault:
        head, wrong = None, str(fault)
    cosigned = head.cosigners if head else ()
    return render(
        request,
        "console/ledger.html",
        {
            "origin": opened.policy.log.name,
            "head": head.checkpoint if head else None,
            "root": head.checkpoint.root.hex() if head else "",
            "wrong": wrong,
            "witnesses": [(key.name, name in cosigned) for name, key in opened.policy.witnesses.items()],
            "sequenced": opened.memory.size() - opened.base,
            "last": last_quorum(opened.tiles, opened.policy),
        },
    )


def _known(opened: Gate, number: str) -> SubmissionSummary:
    return pipeline.summary(opened, SubmissionId(number))
