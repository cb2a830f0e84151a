"""The record holder's console: what was asked and where it stands. Its pages only read; nothing is looked up, and nobody on record is listed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from lawgate import pipeline
from lawgate.accounts.roles import ASKERS, HOLDERS, Part
from lawgate.adapters.pack_shelf import pack_text
from lawgate.domain.code import code
from lawgate.domain.errors import LedgerError, NotPermittedError, QuorumError
from lawgate.domain.finding import Outcome
from lawgate.domain.kept import WAITING, SubmissionSummary, letters_of
from lawgate.domain.steps import Json, LineState, SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.gate import Gate, reading
from lawgate.ledger.append import last_quorum
from lawgate.ledger.shard import Shard, published_head
from lawgate.oversight.chart import funnel
from lawgate.oversight.data import BY_A_PERSON, MEANINGS
from lawgate.review.docket import Entry
from lawgate.statutes.text import headings
from lawgate.web.access import EVERYBODY, SEES_COUNTS, SEES_LOG, SEES_REQUESTS, page
from lawgate.web.desk import gate
from lawgate.web.funnel import steps_of

A_PAGE = 50
"""How many rows a page shows: what one person reads at once."""
LONGEST_NUMBER = 10
"""Digits beyond which an address names no line."""
WAIT = (LineState.DOCKETED, LineState.HELD)
"""States of lines that wait for a named officer."""


@dataclass(frozen=True, slots=True)
class Group:
    """Waiting lines of one officer in one case to which the same is asked and against which the same is held."""

    officer: str
    case: str
    questions: tuple[str, ...]
    holds: tuple[str, ...]
    ordinals: tuple[int, ...]


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
        request, "console/submissions.html", {"rows": rows, "further": further, "is_first": not before}
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
            "rejected": code(known.rejected_code) if known.rejected_code else None,
            "steps": steps,
            "wide": SafeString(funnel(steps, narrow=False)),
            "narrow": SafeString(funnel(steps, narrow=True)),
            "letters": [(letter, words[letter], n) for letter, n in sorted(letters_of(letters).items())],
            "codes": [(code(c), n) for c, n in codes.items()],
            "waiting": sum(n for (state, _), n in letters.items() if state in WAIT),
            "sees_requests": bool(parts & SEES_REQUESTS),
        },
    )


@page(SEES_REQUESTS)
def docket(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """What waits for a named officer, grouped so that a person can decide well. Reading it decides nothing."""
    opened = gate()
    known = _known(opened, number)
    given = request.GET.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < LONGEST_NUMBER else 0
    found = opened.memory.ordinals_after(known.submission, after, A_PAGE + 1, *WAIT)
    shown, more = found[:A_PAGE], len(found) > A_PAGE
    entries = pipeline.docket(opened, known.submission, shown)
    return render(
        request,
        "console/docket.html",
        {
            "known": known,
            "waiting": sum(
                n for (state, _), n in opened.memory.letters(known.submission).items() if state in WAIT
            ),
            "groups": _groups(entries),
            "further": f"?after={shown[-1]}" if more else "",
            "is_first": not after,
        },
    )


@page(SEES_REQUESTS)
def request_line(request: HttpRequest, parts: frozenset[Part], number: str, ordinal: int) -> HttpResponse:
    """One waiting request beside the words of the law it is checked under, with what the machine cannot know. No record is in it."""
    opened = gate()
    known = _known(opened, number)
    entries = pipeline.docket(opened, known.submission, (ordinal,))
    received = opened.memory.received(known.submission)
    if not entries or received is None:
        raise NotPermittedError("no line of that number waits in this submission")
    pack = reading(opened, received)
    quoted = headings(pack_text(pack))
    anchors = {element.id: element.anchor for element in pack.rules}
    order = {Outcome.ASK: 0, Outcome.UNKNOWN: 1, Outcome.UNMET: 2, Outcome.MET: 3}
    findings = sorted(entries[0].findings, key=lambda f: order[f.outcome])
    return render(
        request,
        "console/request.html",
        {
            "known": known,
            "entry": entries[0],
            "pack": pack,
            "stated": _stated(entries[0].data),
            "findings": [(f, quoted.get(anchors.get(f.rule, ""), ())) for f in findings],
        },
    )


@page(SEES_COUNTS)
def standing(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """The register with its dates, history included: agencies, offices, agreements, safeguards. People by their ids, as they are cited."""
    return render(request, "console/standing.html", {"standing": gate().memory.clear_standing()})


@page(SEES_COUNTS)
def stops(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Every stop, lifted ones included. Whom a stop on a person names is not said, and its authority, which may name one, only to the holder's
    own people."""
    memory, sees_authority = gate().memory, bool(parts & HOLDERS)
    rows = [
        (stop, "a person" if stop.scope is StopScope.PERSON else stop.subject)
        for stop in reversed(memory.stops() if sees_authority else memory.clear_stops())
    ]
    return render(request, "console/stops.html", {"rows": rows, "sees_authority": sees_authority})


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


def _groups(entries: Iterable[Entry]) -> list[Group]:
    def alike(entry: Entry) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        proceeding = entry.data.get("proceeding")
        case = proceeding.get("case_number") if isinstance(proceeding, dict) else ""
        return (
            str(entry.data.get("engaged_officer") or ""),
            str(case or ""),
            tuple(ask.rule for ask in entry.asks),
            tuple(hold.code for hold in entry.holds),
        )

    sets = groupby(sorted(entries, key=alike), key=alike)
    return [Group(*same, tuple(e.ordinal for e in some)) for same, some in sets]


def _stated(data: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Set out a request field by field, exactly as stated."""
    rows: list[tuple[str, str]] = []
    for name, value in data.items():
        if isinstance(value, dict):
            rows += [(f"{name} {inner}", said) for inner, said in _stated(value)]
        elif isinstance(value, str):
            rows.append((name, value))
        elif isinstance(value, list) and all(isinstance(v, str) for v in value):
            rows.append((name, ", ".join(map(str, value))))
        else:
            rows.append((name, json.dumps(value, ensure_ascii=False)))
    return [(name.replace("_", " "), said) for name, said in rows]
