"""The portal of engaged officers: collect over a link that works once, acknowledge, certify destruction, state what became of an answer. What these pages do stands in ``portal.delivery``."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from lawgate.accounts.models import Account
from lawgate.accounts.roles import Part
from lawgate.domain.errors import NotPermittedError, RequestFaultError
from lawgate.domain.standing import Role
from lawgate.portal import delivery
from lawgate.web.access import page
from lawgate.web.desk import gate

OFFICERS: frozenset[Part] = frozenset({Role.ENGAGED_OFFICER})


@page(OFFICERS)
def packages(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """What is sealed to this officer, and what the officer owes."""
    return _page(request)


@require_POST
@page(OFFICERS)
def link(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """Make a link by which the packages of one submission are collected, once."""
    token = delivery.make_link(gate(), _account(request), number)
    minutes = int(delivery.LINK_AGE.total_seconds()) // 60
    return render(
        request, "portal/link.html", {"number": number, "token": token, "minutes": minutes}, status=201
    )


@require_GET
@page(OFFICERS)
def collect(request: HttpRequest, parts: frozenset[Part], token: str) -> HttpResponse:
    """Use a link up: seal and hand over what may leave at this moment."""
    account = _account(request)
    number = delivery.use_link(gate(), account, token)
    response = StreamingHttpResponse(delivery.packages(gate(), account, number), "application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.zip"'
    response.headers["Accept-Ranges"] = "none"
    return cast(HttpResponse, response)


@require_POST
@page(OFFICERS)
def documents(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """Enter what the officer's tool signed."""
    try:
        raw = [file.read() for file in request.FILES.getlist("documents")]
        entered = delivery.enter_documents(gate(), raw)
    except (RequestFaultError, NotPermittedError) as fault:
        return _page(request, said=str(fault), status=422)
    return _page(request, entered=entered)


def _page(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    opened, account = gate(), _account(request)
    return render(
        request,
        "portal/packages.html",
        {
            "deliveries": delivery.deliveries(opened, account),
            "duties": delivery.duties(opened, account),
            "days": delivery.ACK_AGE.days,
            "most_owed": delivery.MOST_OWED,
            **more,
        },
        status=status,
    )


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)
