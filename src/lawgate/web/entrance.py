"""The way in: a one-time link, a password and a second factor. Nobody signs up, and no password is enough by itself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from lawgate.accounts.box import box
from lawgate.accounts.models import Account
from lawgate.web.access import has_factor

_APPS = "authenticator apps"


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes what allauth would open: sign-up, and an account whose owner never added a second factor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account but an operator."""
        return False

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Let nobody in by a password alone; an account that was left half made needs a new link."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None and not has_factor(user):
            return render(request, "account/unfinished.html", status=403)
        return response


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the authenticator apps' secrets encrypted, and the last factor where it is."""

    def encrypt(self, text: str) -> str:
        """Seal a secret under the home's own."""
        return box(_APPS).encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open one."""
        return box(_APPS).decrypt(encrypted_text.encode("ascii")).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A last factor is replaced, never taken away."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exists())


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one's passkey unless it is the last factor: allauth asks ``can_delete_authenticator`` of authenticator apps alone."""
    one = Authenticator.objects.filter(pk=pk, user_id=request.user.pk).first()
    if one is not None and not get_adapter().can_delete_authenticator(one):
        raise PermissionDenied
    response: HttpResponse = remove_webauthn(request, pk=pk)
    return response


@sensitive_post_parameters()
def begin(request: HttpRequest, number: int, token: str) -> HttpResponse:
    """Let an account's owner choose a password, once, and then add a second factor."""
    account = Account.objects.filter(pk=number, is_active=True).first()
    if account is None or not default_token_generator.check_token(account, token):
        raise Http404
    form = SetPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        login(request, account)
        record_authentication(request, account, method="password", reauthenticated=True)
        return redirect("mfa_index")
    return render(request, "account/begin.html", {"form": form, "login": account.login})
