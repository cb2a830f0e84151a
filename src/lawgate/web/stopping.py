"""Counsel's orders on pages. A person is named by a line of a submission; nobody types a name, and the order holds none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from lawgate import impairment, stop_orders
from lawgate.accounts.models import Account
from lawgate.accounts.roles import Part
from lawgate.domain.errors import NotPermittedError, RequestFaultError
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, SubmissionId
from lawgate.domain.stop import StopScope
from lawgate.gate import Gate
from lawgate.guard.stops import lift_from, stop_from
from lawgate.signing import desk
from lawgate.web.access import account_of, page
from lawgate.web.desk import gate
from lawgate.web.words import numbers_in

STOPS = frozenset({Role.COUNSEL})
REACHES = {
    StopScope.EVERYTHING: "everything",
    StopScope.PACK: "one ground",
    StopScope.AGENCY: "one agency",
    StopScope.SUBMISSION: "one submission",
    StopScope.OFFICER: "one engaged officer",
    StopScope.PERSON: "the person whom one line names",
}


@page(STOPS)
def order(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Prepare an order that nothing of some scope may leave."""
    opened, wrong = gate(), ""
    if request.method == "POST":
        try:
            said = _order(opened, request.POST)
            return redirect("sign", _prepare(opened, account_of(request), said))
        except (NotPermittedError, RequestFaultError) as fault:
            wrong = str(fault)
    return render(
        request,
        "console/order.html",
        {
            "scopes": [(scope.value, words) for scope, words in REACHES.items()],
            "grounds": sorted(opened.packs),
            "sent": request.POST,
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


@page(STOPS)
def determine(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Prepare counsel's determination under 6103(i)(6) on some lines of a submission: nothing is told of them."""
    opened, wrong = gate(), ""
    if request.method == "POST":
        try:
            return redirect("sign", _determination(opened, account_of(request), request.POST))
        except (NotPermittedError, RequestFaultError) as fault:
            wrong = str(fault)
    return render(
        request,
        "console/determine.html",
        {"sent": request.POST, "wrong": wrong},
        status=422 if wrong else 200,
    )


def _determination(opened: Gate, account: Account, sent: QueryDict) -> str:
    """As ``_prepare`` does for orders."""
    keys = desk.keys_now(opened, account, STOPS)
    if not keys:
        raise NotPermittedError("you have no key in force that may sign this")
    received = opened.memory.received(SubmissionId(sent.get("submission", "").strip()))
    if received is None:
        raise NotPermittedError("no received submission has this confirmation number")
    ordinals = numbers_in(sent.get("lines", ""))
    said: dict[str, Json] = {
        "submission": received.submission,
        "count": len(ordinals),
        "lines": [{"ordinal": n} for n in ordinals],
        "authority": sent.get("authority", "").strip(),
    }
    lines = impairment.read({**said, "made": ""}, received)
    impairment.require_waiting(opened, received.submission, lines)
    return desk.prepare(opened, account, impairment.KIND, said)


@page(STOPS)
def lift(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Prepare the second order that lifts a stop."""
    opened, wrong = gate(), ""
    name = request.GET.get("stop", "")
    found = next((s for s in opened.memory.stops() if s.id == name and s.bites_at(opened.now())), None)
    if found is None:
        raise NotPermittedError("no stop of this id is in force")
    if request.method == "POST":
        said: dict[str, Json] = {"act": "lift", "stop": name, "authority": request.POST.get("authority", "")}
        try:
            return redirect("sign", _prepare(opened, account_of(request), said))
        except (NotPermittedError, RequestFaultError) as fault:
            wrong = str(fault)
    return render(
        request,
        "console/lift.html",
        {"stop": found, "reaches": REACHES[found.scope], "wrong": wrong},
        status=422 if wrong else 200,
    )


def _order(opened: Gate, sent: QueryDict) -> dict[str, Json]:
    scope = sent.get("scope", "")
    said: dict[str, Json] = {
        "act": "order",
        "stop": f"stop-{opened.random_bytes(8).hex()}",
        "scope": scope,
        "subject": sent.get(f"subject-{scope}", "").strip(),
        "authority": sent.get("authority", "").strip(),
    }
    if scope == StopScope.PERSON.value:
        ordinal = sent.get("ordinal", "")
        said["line"] = {
            "submission": sent.get("submission", "").strip(),
            "ordinal": int(ordinal) if ordinal.isdecimal() and len(ordinal) < 10 else 0,
        }
    return said


def _prepare(opened: Gate, account: Account, said: dict[str, Json]) -> str:
    """Have the functions that judge an order say beforehand what they would refuse; nothing of it is kept."""
    keys = desk.keys_now(opened, account, STOPS)
    if not keys:
        raise NotPermittedError("you have no key in force that may sign this")
    known, now = opened.memory.stops(), opened.now()
    if said["act"] == "order":
        named = stop_orders.with_person(opened, said)
        made = stop_from(named, keys[0], "", now, stops=known, fingerprint=opened.fingerprint)
        stop_orders.require_known(opened, made)
    else:
        lift_from(said, keys[0], "", now, stops=known, standing=opened.memory.standing())
    return desk.prepare(opened, account, "stop", said)
