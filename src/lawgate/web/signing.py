"""Signing on a page: the person sees in full what they sign; the passkey signs exactly those bytes, or a key in a file does elsewhere."""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lawgate.accounts.models import Account
from lawgate.accounts.roles import HOLDERS, Part
from lawgate.domain.errors import MalformedRequestError, QuorumError, StoreError
from lawgate.gate import Gate
from lawgate.signing import desk
from lawgate.signing.check import Assertion
from lawgate.signing.models import Passkey
from lawgate.web.access import account_of, page
from lawgate.web.acts import ACTS
from lawgate.web.desk import gate
from lawgate.web.words import words_of
from lawgate.work import advance

MOST_BYTES = 8 << 20
"""The largest signed document that is read: 5,000 lines with a reason each stay well below it."""
_PARTS = ("authenticator_data", "client_data", "signature")


@page(HOLDERS)
def sign(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """Show a document that waits for one's signature; take the signature and act on it."""
    opened, account = gate(), account_of(request)
    waiting = desk.waiting(account, number, opened.now())
    if request.method == "POST":
        return _act(request, opened, account, waiting)
    keys = desk.keys_now(opened, account, ACTS[waiting.asked.kind].roles)
    passkeys = [key.keyid for key in keys if key.relying_party is not None]
    known = Passkey.objects.filter(keyid__in=passkeys).exclude(credential=b"")
    return render(
        request,
        "console/sign.html",
        {
            "waiting": waiting,
            "said": words_of(opened, waiting.asked.kind, waiting.asked.said),
            "bytes": waiting.asked.payload.decode(),
            "challenge": base64.urlsafe_b64encode(waiting.asked.challenge).rstrip(b"=").decode(),
            "domain": domain(),
            "credentials": " ".join(base64.urlsafe_b64encode(bytes(k.credential)).decode() for k in known),
            "has_passkey": bool(passkeys),
            "has_file": any(key.relying_party is None for key in keys),
        },
    )


@page(HOLDERS)
def prepared(request: HttpRequest, parts: frozenset[Part], number: str) -> HttpResponse:
    """Hand over the prepared bytes, for signing with a key in a file (``lawgate key sign``)."""
    waiting = desk.waiting(account_of(request), number, gate().now())
    response = HttpResponse(waiting.asked.payload, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{waiting.asked.kind}.json"'
    return response


def domain() -> str:
    """Return the domain on whose pages passkeys sign here."""
    return settings.ALLOWED_HOSTS[0]


def _act(request: HttpRequest, opened: Gate, account: Account, waiting: desk.Waiting) -> HttpResponse:
    act = ACTS[waiting.asked.kind]
    sent = request.FILES.get("signed")
    if sent is not None:
        raw = sent.read(MOST_BYTES)
        envelope = desk.sign_with_file(opened, account, waiting, act.roles, raw)
    else:
        given = _assertion(request)
        envelope = desk.sign_with_passkey(opened, account, waiting, act.roles, given, settings.ORIGIN)
    try:
        words, where, of = act.does(opened, waiting.asked.said, envelope)
        messages.success(request, words)
    except QuorumError as fault:
        # What was signed is durable already; the next thing that is published brings it along.
        messages.warning(request, f"Recorded, but not published yet: {fault}.")
        where, of = "home", ()
    if isinstance(number := waiting.asked.said.get("submission"), str):
        with suppress(StoreError):  # a worker that looks by itself finds what there is to do
            advance(number)
    return redirect(where, *of)


def _assertion(request: HttpRequest) -> Assertion:
    try:
        given = [base64.b64decode(request.POST.get(name, ""), validate=True) for name in _PARTS]
    except (binascii.Error, ValueError):
        given = [b""]
    if not all(given):
        raise MalformedRequestError("112", "neither a passkey's signature nor a signed file was sent")
    return Assertion(*given)
