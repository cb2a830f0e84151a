"""Who may open which page: every view says so in its first line, and what an account may be is read from the register each time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lawgate.accounts.models import Account
from lawgate.accounts.roles import HOLDERS, Part, Post, parts_of
from lawgate.domain.errors import StoreAwayError
from lawgate.domain.standing import Role
from lawgate.store.reader import only_reading
from lawgate.web.desk import gate
from lawgate.web.sign_in import client, factor_at_provider, needs_passkey

SEES_COUNTS: frozenset[Part] = frozenset({*HOLDERS, Post.OVERSEER, Post.AUDITOR})
"""Who sees submissions by counts and codes, the register and the stops."""
POSTS: frozenset[Part] = frozenset(Post)
"""Who has no key, and so neither asks nor decides."""
SEES_REQUESTS: frozenset[Part] = frozenset({Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER})
"""Who sees what a request says of a person."""
SEES_LOG: frozenset[Part] = SEES_COUNTS | {Post.OPERATOR}
EVERYBODY: frozenset[Part] = frozenset({*Role, *Post})

Menu = tuple[tuple[str, str, frozenset[Part]], ...]
MENU: Menu = (
    ("submissions", "Submissions", SEES_COUNTS),
    ("standing", "Register", SEES_COUNTS),
    ("stops", "Stops", SEES_COUNTS),
    ("ledger", "Ledger", SEES_LOG),
    ("keys", "Your keys", frozenset(HOLDERS)),
    ("portal_requests", "Requests", frozenset({Role.REQUESTING_OFFICIAL})),
    ("portal_packages", "Packages", frozenset({Role.ENGAGED_OFFICER})),
)


_PARTS = "lawgate.parts"
"""Under this a request remembers what its sender may be, which was read for it once."""

View = Callable[..., HttpResponse]


def page(allowed: Collection[Part]) -> Callable[[View], View]:
    """Open a view to these roles and posts only, after a second factor; the view's second argument is what the visitor may be at this moment."""

    def guarded(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            account = request.user
            if not isinstance(account, Account):
                return redirect_to_login(request.path)
            if not is_whole(request, account):
                return redirect("mfa_index")
            parts = request.META[_PARTS] = parts_now(account)
            if parts & HOLDERS and needs_passkey(request, account):
                return render(request, "account/passkey.html", status=403)
            if not parts.intersection(allowed):
                raise PermissionDenied
            with way_of(parts):
                return view(request, parts, *args, **kwargs)

        return opened

    return guarded


def account_of(request: HttpRequest) -> Account:
    """Return whose request it is; ``page`` has made sure that there is somebody."""
    assert isinstance(request.user, Account)
    return request.user


def way_of(parts: frozenset[Part]) -> AbstractContextManager[None]:
    """Choose the way into the memory of somebody who is all of ``parts``: who holds a post and nothing else only reads, and no database lets
    that account write or see what is sealed."""
    return only_reading() if parts <= POSTS else nullcontext()


def has_factor(account: Account) -> bool:
    """Say whether the account has a passkey or an authenticator app. Without one nobody gets past the page that adds one."""
    return bool(Authenticator.objects.filter(user_id=account.pk).exists())


def is_whole(request: HttpRequest, account: Account) -> bool:
    """Say whether a second factor stands behind a session: the account's own, or one that its identity provider asserted."""
    return has_factor(account) or factor_at_provider(request, account)


def parts_now(account: Account) -> frozenset[Part]:
    """Read from the register what the account may be now."""
    opened = gate()
    with only_reading():
        return parts_of(account, opened.memory.clear_standing(), opened.holder, opened.now())


def frame(request: HttpRequest) -> dict[str, object]:
    """Give every template what its frame shows: the pages open to the visitor, and whether this is a rehearsal."""
    account = getattr(request, "user", None)
    parts: frozenset[Part] | None = request.META.get(_PARTS)
    if parts is None:
        parts = frozenset()
        if isinstance(account, Account) and is_whole(request, account):
            # The page that says that the memory does not answer has no menu.
            with suppress(StoreAwayError):
                parts = parts_now(account)
    match = request.resolver_match
    here = match.url_name if match else ""
    return {
        "menu": [(name, words, bool(here) and here == name) for name, words, who in MENU if parts & who],
        "parts": sorted(part.value.replace("-", " ") for part in parts),
        "rehearsal": gate().scripted_allowed,
        "provider": client() is not None,
    }
