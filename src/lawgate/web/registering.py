"""What the holder's people take away from the register on pages: entries end, keys are revoked. What is added stays the operator's command."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lawgate import register
from lawgate.accounts.models import Account
from lawgate.accounts.roles import HOLDERS, Part
from lawgate.domain.errors import NotPermittedError, RequestFaultError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import Json, day_of
from lawgate.gate import Gate
from lawgate.narrowing import ENDED, ending, revoked
from lawgate.signing import desk
from lawgate.signing.check import document
from lawgate.web.access import account_of, page
from lawgate.web.acts import ACTS
from lawgate.web.desk import gate

COUNSEL = frozenset({Role.COUNSEL})
Said = dict[str, Json]


@page(COUNSEL)
def end(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Prepare the document by which entries of an agency end."""
    opened, sent = gate(), request.POST
    said: Said = {
        "act": "end",
        **{name: sent.get(name, "").strip() for name in ("kind", "agency", "name", "until", "authority")},
    }

    def would(key: EnrolledKey, whole: Said) -> None:
        register.require_entries(opened, ending(whole, key, opened.holder, opened.now()))

    wrong = ""
    if request.method == "POST":
        answer = _prepared(opened, account_of(request), "standing", said, would)
        if isinstance(answer, HttpResponse):
            return answer
        wrong = answer
    agencies = sorted({agency.id for agency in opened.memory.clear_standing().agencies})
    return render(
        request,
        "console/end.html",
        {"kinds": ENDED, "agencies": agencies, "today": day_of(opened.now()), "sent": sent, "wrong": wrong},
        status=422 if wrong else 200,
    )


@page(HOLDERS)
def revoke(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Prepare the document by which a key is revoked: one's own, or by counsel anybody's."""
    opened = gate()
    keyid = request.POST.get("keyid", request.GET.get("keyid", "")).strip()
    said: Said = {"act": "revoke", "keyid": keyid, "authority": request.POST.get("authority", "").strip()}

    def would(key: EnrolledKey, whole: Said) -> None:
        revoked(whole, key, opened.holder, opened.memory.standing())

    wrong = ""
    if request.method == "POST":
        answer = _prepared(opened, account_of(request), "key", said, would)
        if isinstance(answer, HttpResponse):
            return answer
        wrong = answer
    return render(
        request,
        "console/revoke.html",
        {"keyid": keyid, "counsel": bool(parts & COUNSEL), "wrong": wrong},
        status=422 if wrong else 200,
    )


def _prepared(
    opened: Gate, account: Account, kind: str, said: Said, would: Callable[[EnrolledKey, Said], None]
) -> HttpResponse | str:
    """Lead on to the page that signs, or say what the function that acts would refuse."""
    # Counsel's key first: it may do whatever any other may.
    keys = sorted(desk.keys_now(opened, account, ACTS[kind].roles), key=lambda k: k.role is not Role.COUNSEL)
    try:
        if not keys:
            raise NotPermittedError("you have no key in force that may sign this")
        made = document(kind, said, opened.now())
        would(keys[0], {**made.said, "type": f"lawgate/{kind}/v1"})
        return redirect("sign", desk.prepare(opened, account, kind, said))
    except (NotPermittedError, RequestFaultError) as fault:
        return str(fault)
