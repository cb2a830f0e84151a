"""The docket's pages: groups of waiting lines, a group's lines in full, one line beside the law; and the forms that prepare a decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lawgate import pipeline
from lawgate.accounts.models import Account
from lawgate.accounts.roles import Part
from lawgate.adapters.pack_shelf import pack_text
from lawgate.domain.errors import NotPermittedError, RequestFaultError
from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.kept import SubmissionSummary
from lawgate.domain.steps import Json, LineState, Received, SubmissionId
from lawgate.gate import Gate, reading
from lawgate.intake.fields import ORDER, PARTS
from lawgate.review.docket import Ask, Entry
from lawgate.signing.shown import keep_shown, shown_of
from lawgate.statutes.pack import Pack
from lawgate.statutes.text import headings
from lawgate.web.access import SEES_REQUESTS, account_of, page
from lawgate.web.deciding import DECIDES, prepare_decision
from lawgate.web.desk import gate
from lawgate.web.groups import Group, groups_of
from lawgate.web.words import spans

TOGETHER = 200
"""How many waiting lines one page of the docket puts into groups."""
IN_FULL = 10
"""How many lines of a group are shown in full on one page: what one person reads at once."""
LONGEST_NUMBER = 10
"""Digits beyond which an address names no line."""
WAIT = (LineState.DOCKETED, LineState.HELD)
"""States of lines that wait for a named officer."""
_PLACES = {name: n for n, name in enumerate((*ORDER, *(part for parts in PARTS.values() for part in parts)))}
"""In which order people read a request's fields, and the parts of a field."""


@dataclass(frozen=True, slots=True)
class Words:
    """The law as quoted for a submission's reading."""

    pack: Pack
    quoted: Mapping[str, tuple[str, ...]]
    anchors: Mapping[str, str]

    def beside(self, findings: Sequence[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
        """Put the words beside each finding, what is open first."""
        order = {Outcome.ASK: 0, Outcome.UNKNOWN: 1, Outcome.UNMET: 2, Outcome.MET: 3}
        known = sorted(findings, key=lambda f: order[f.outcome])
        return [(f, self.quoted.get(self.anchors.get(f.rule, ""), ())) for f in known]

    def asked(self, asks: Sequence[Ask]) -> list[tuple[Ask, tuple[str, ...]]]:
        """Put the words beside each question."""
        return [(a, self.quoted.get(self.anchors.get(a.rule, ""), ())) for a in asks]


@page(SEES_REQUESTS)
def docket(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """What waits for a named officer, grouped so that a person can decide well. Reading it decides nothing."""
    opened = gate()
    known = pipeline.summary(opened, SubmissionId(number))
    given = request.GET.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < LONGEST_NUMBER else 0
    found = opened.memory.ordinals_after(known.submission, after, TOGETHER + 1, *WAIT)
    shown, more = found[:TOGETHER], len(found) > TOGETHER
    entries = pipeline.docket(opened, known.submission, shown)
    seen = shown_of(opened, account_of(request), known.submission, entries)
    letters = opened.memory.letters(known.submission)
    return render(
        request,
        "console/docket.html",
        {
            "known": known,
            "waiting": sum(n for (state, _), n in letters.items() if state in WAIT),
            "groups": [
                (g, spans(g.ordinals), len(seen.intersection(g.ordinals)))
                for g in groups_of(entries, opened.mark)
            ],
            "after": after,
            "further": f"?after={shown[-1]}" if more else "",
            "is_first": not after,
        },
    )


@page(SEES_REQUESTS)
def group(request: HttpRequest, parts: frozenset[Part], number: str, after: int, first: int) -> HttpResponse:
    """One group's lines in full, some at a time; a form answers alike for those of them that were shown, and for no other."""
    opened, account = gate(), account_of(request)
    known = pipeline.summary(opened, SubmissionId(number))
    found, entries = _group(opened, known.submission, after, first)
    shown = Paginator(entries, IN_FULL).get_page(request.GET.get("page"))
    if request.method == "GET":
        keep_shown(opened, account, known.submission, shown.object_list)
    seen = shown_of(opened, account, known.submission, entries)
    mine = [entry for entry in entries if entry.ordinal in seen]
    wrong = ""
    if request.method == "POST":
        number_or_wrong = _prepared(request, parts, opened, account, known, mine)
        if isinstance(number_or_wrong, HttpResponse):
            return number_or_wrong
        wrong = number_or_wrong
    received = _received(opened, known)
    return render(
        request,
        "console/group.html",
        {
            "known": known,
            "group": found,
            "shown": shown,
            "lines": [(e, stated(e.data)) for e in shown.object_list],
            "law": words_for(opened, received),
            "answers": spans(seen),
            "count": len(mine),
            "unseen": len(entries) - len(mine),
            **_form(parts, entries, words_for(opened, received), request, wrong),
        },
        status=422 if wrong else 200,
    )


@page(SEES_REQUESTS)
def request_line(request: HttpRequest, parts: frozenset[Part], number: str, ordinal: int) -> HttpResponse:
    """One waiting request beside the words of the law it is checked under, with what the machine cannot know. No record is in it."""
    opened, account = gate(), account_of(request)
    known = pipeline.summary(opened, SubmissionId(number))
    entries = pipeline.docket(opened, known.submission, (ordinal,))
    if not entries:
        raise NotPermittedError("no line of that number waits in this submission")
    wrong = ""
    if request.method == "POST":
        number_or_wrong = _prepared(request, parts, opened, account, known, entries)
        if isinstance(number_or_wrong, HttpResponse):
            return number_or_wrong
        wrong = number_or_wrong
    keep_shown(opened, account, known.submission, entries)
    law = words_for(opened, _received(opened, known))
    found = law.beside(entries[0].findings)
    return render(
        request,
        "console/request.html",
        {
            "known": known,
            "entry": entries[0],
            "pack": law.pack,
            "stated": stated(entries[0].data),
            "open": [(f, words) for f, words in found if f.outcome is not Outcome.MET],
            "met": [(f, words) for f, words in found if f.outcome is Outcome.MET],
            "count": 1,
            "answers": str(ordinal),
            **_form(parts, entries, law, request, wrong),
        },
        status=422 if wrong else 200,
    )


def words_for(opened: Gate, received: Received) -> Words:
    """Read the words of the law that a submission was checked under."""
    pack = reading(opened, received)
    return Words(pack, headings(pack_text(pack)), {element.id: element.anchor for element in pack.rules})


def stated(data: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Set out a request field by field, exactly as stated: who, where, and then the matter, however it was written."""
    rows: list[tuple[str, str]] = []
    for name, value in sorted(data.items(), key=lambda field: _PLACES.get(field[0], len(_PLACES))):
        if isinstance(value, dict):
            rows += [(f"{name} {inner}", said) for inner, said in stated(value)]
        elif isinstance(value, str):
            rows.append((name, value))
        elif isinstance(value, list) and all(isinstance(v, str) for v in value):
            rows.append((name, ", ".join(map(str, value))))
        else:
            rows.append((name, json.dumps(value, ensure_ascii=False)))
    return [(name.replace("_", " "), said) for name, said in rows]


def _received(opened: Gate, known: SubmissionSummary) -> Received:
    received = opened.memory.received(known.submission)
    assert received is not None, "a submission with waiting lines was received"
    return received


def _group(opened: Gate, number: SubmissionId, after: int, first: int) -> tuple[Group, tuple[Entry, ...]]:
    """Find the group that holds a line, among the lines that the page of the docket after another line puts together."""
    shown = opened.memory.ordinals_after(number, after, TOGETHER, *WAIT)
    if first not in shown:
        raise NotPermittedError("this line does not wait any more, or not there; begin from the docket")
    entries = pipeline.docket(opened, number, shown)
    found = next(g for g in groups_of(entries, opened.mark) if first in g.ordinals)
    return found, tuple(e for e in entries if e.ordinal in found.ordinals)


def _prepared(
    request: HttpRequest,
    parts: frozenset[Part],
    opened: Gate,
    account: Account,
    known: SubmissionSummary,
    entries: Sequence[Entry],
) -> HttpResponse | str:
    """Lead on to the page that signs, or say what keeps the answers from being a decision."""
    if not parts & DECIDES:
        raise PermissionDenied
    try:
        if request.POST.get("lines") != spans(e.ordinal for e in entries):
            raise NotPermittedError("other lines wait, or were shown to you, than the form speaks of")
        return redirect("sign", prepare_decision(opened, account, known.submission, entries, request.POST))
    except (NotPermittedError, RequestFaultError) as fault:
        return str(fault)


def _form(
    parts: frozenset[Part], entries: Sequence[Entry], law: Words, request: HttpRequest, wrong: str
) -> dict[str, object]:
    """What the form of answers shows; what was sent, if it has to be sent again. Only what is asked alike of all lines can be narrowed."""
    sent, entry = request.POST, entries[0]
    choices = [
        (name, label, [(str(v), not sent or str(v) in sent.getlist(name)) for v in offered])
        for name, label, asked in (
            ("items", "Items asked for", "items_requested"),
            ("periods", "Periods asked for", "taxable_periods"),
        )
        if isinstance(offered := entry.data.get(asked), list)
        and len(offered) > 1
        and all(e.data.get(asked) == offered for e in entries)
    ]
    return {
        "decides": bool(parts & DECIDES),
        "wrong": wrong,
        "holds": entry.holds,
        "asked": [
            (a, quoted, sent.get(f"met-{a.rule}", ""), sent.get(f"reason-{a.rule}", ""))
            for a, quoted in law.asked(entry.asks)
        ],
        "choices": choices,
        "verdict": sent.get("verdict", ""),
        "released": sent.get("release_hold", ""),
    }
