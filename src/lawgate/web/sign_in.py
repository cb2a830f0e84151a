"""Signing in at an identity provider: there and back, and what is still asked for here."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from lawgate.accounts import oidc
from lawgate.accounts.models import Account
from lawgate.settings import load_settings
from lawgate.web.desk import gate

COOKIE = "__Host-sign-in"
METHOD = "provider"
"""Under it a session's record of how somebody signed in says that it was at the provider, and whether with a second factor."""


@cache
def client() -> oidc.Client | None:
    """Return this gateway as the provider of the settings knows it; None if they name none. Raises SettingsError for its key."""
    home = Path(os.environ["LAWGATE_HOME"])
    found = load_settings(home / "lawgate.toml").oidc
    if found is None:
        return None
    return oidc.Client(
        issuer=found.issuer,
        client_id=found.client_id,
        key=oidc.read_key((home / found.key).read_bytes()),
        claim=found.claim,
        acr=tuple(found.acr),
        amr=tuple(found.amr),
        redirect=f"{settings.CSRF_TRUSTED_ORIGINS[0]}{reverse('provider_back')}",
    )


@require_GET
def there(request: HttpRequest) -> HttpResponse:
    """Send a browser to the provider."""
    known = client()
    if known is None:
        raise Http404
    opened = gate()
    try:
        url, handle = oidc.begin(known, opened.now(), opened.random_bytes)
    except oidc.SignInRefusedError as fault:
        return _refused(request, fault)
    response = redirect(url)
    # Lax, because it must come along from the provider's page; the session's own cookie is Strict and does not.
    response.set_cookie(
        COOKIE, handle, max_age=int(oidc.PATIENCE.total_seconds()), secure=True, httponly=True, samesite="Lax"
    )
    return response


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider named: at once with a second factor there, else after one here."""
    known = client()
    if known is None:
        raise Http404
    said = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    try:
        found = oidc.finish(known, request.COOKIES.get(COOKIE, ""), said, gate().now())
    except oidc.SignInRefusedError as fault:
        response = _refused(request, fault)
    else:
        response = _entered(request, found)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def factor_at_provider(request: HttpRequest, account: Account) -> bool:
    """Say whether this session began at the provider, which asserted a second factor."""
    return any(
        record.get("method") == METHOD and record.get("factor") for record in _records(request, account)
    )


def needs_passkey(request: HttpRequest, account: Account) -> bool:
    """Say whether somebody signed in at the provider without a second factor there, and used no passkey here."""
    records = _records(request, account)
    at_provider = any(record.get("method") == METHOD for record in records)
    passkey = any(record.get("method") == "mfa" and record.get("type") == "webauthn" for record in records)
    return at_provider and not passkey and not factor_at_provider(request, account)


def _records(request: HttpRequest, account: Account) -> list[dict[str, object]]:
    return list(get_authentication_records(request, account))


def _entered(request: HttpRequest, found: oidc.SignedIn) -> HttpResponse:
    account = found.account
    # Nothing of a session that was there before is taken over.
    request.session.flush()
    record_authentication(request, account, METHOD, factor=found.second_factor)
    if found.second_factor:
        login(request, account)
        target = reverse("home")
    else:
        response: HttpResponse = perform_login(request, Login(user=account))
        if "Location" not in response.headers:
            return response
        target = response.headers["Location"]
    # Not a redirect: that would still come from the provider's page, and the session's Strict cookie would stay behind.
    return render(request, "account/entered.html", {"target": target})


def _refused(request: HttpRequest, fault: oidc.SignInRefusedError) -> HttpResponse:
    return render(request, "account/refused.html", {"said": str(fault)}, status=403)
