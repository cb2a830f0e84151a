"""How an account begins: an operator makes it and hands over a link that works once; its owner chooses a password and a second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction

from lawgate.accounts.models import Account, Identity
from lawgate.accounts.roles import Post, parts_of
from lawgate.accounts.router import SERVICE
from lawgate.domain.errors import NotPermittedError
from lawgate.gate import Gate


def add_account(gate: Gate, login: str, person: str, agency: str) -> str:
    """Make an account of a person with a valid key; return the path of its one-time link.

    Raises NotPermittedError if the register gives that person nothing to do here, or there is such an account.
    """
    account = Account(login=login, person=person, agency=agency)
    if not parts_of(account, gate.memory.standing(), gate.holder, gate.now()):
        raise NotPermittedError(
            "no key of that person and agency is in force; enrol one first, and register the agency"
        )
    return _keep(account)


def add_post(login: str, post: Post) -> str:
    """Make an account of an operator, overseer or auditor; return the path of its one-time link. Raises NotPermittedError if there is one."""
    return _keep(Account(login=login, post=post.value))


def renew_account(login: str) -> str:
    """Forget an account's password and second factors, end its sessions, and return the path of a new one-time link."""
    account = _find(login)
    with transaction.atomic(using=SERVICE):
        Authenticator.objects.filter(user=account).delete()
        account.set_unusable_password()
        account.is_active = True
        account.save()
    return link_of(account)


def close_account(login: str) -> None:
    """Let nobody in with an account any more; open sessions end with their next request."""
    account = _find(login)
    account.is_active = False
    account.save()


def bind(login: str, issuer: str, subject: str) -> None:
    """Let whom the provider calls ``subject`` sign in to an account. Raises NotPermittedError if that somebody is bound to another."""
    account = _find(login)
    known, _ = Identity.objects.get_or_create(issuer=issuer, subject=subject, defaults={"account": account})
    if known.account_id != account.pk:
        raise NotPermittedError("this identity is bound to another account; unbind it first")


def unbind(login: str) -> None:
    """Forget who may sign in to an account by a provider, and end its sessions: a new password hash ends them all.

    Its password is forgotten with them: `account renew` gives a new link. Raises NotPermittedError if there is no such account.
    """
    account = _find(login)
    with transaction.atomic(using=SERVICE):
        Identity.objects.filter(account=account).delete()
        account.set_unusable_password()
        account.save()


def link_of(account: Account) -> str:
    """Return the path that begins an account. It holds no name, and works until it is used or a day has passed."""
    return f"/begin/{account.pk}/{default_token_generator.make_token(account)}/"


def rows_of(gate: Gate) -> list[tuple[str, str, str]]:
    """List the accounts: login, whether one can get in, and what the register lets it do now."""
    standing = gate.memory.standing()
    return [
        (
            account.login,
            "" if account.is_active else "closed",
            ", ".join(sorted(p.value for p in parts_of(account, standing, gate.holder, gate.now()))),
        )
        for account in Account.objects.order_by("login")
    ]


def _keep(account: Account) -> str:
    account.set_unusable_password()
    try:
        account.save()
    except IntegrityError:
        raise NotPermittedError(
            "that login, or that person, has an account; `lawgate account renew` gives it a new link"
        ) from None
    return link_of(account)


def _find(login: str) -> Account:
    try:
        return Account.objects.get(login=login)
    except Account.DoesNotExist:
        raise NotPermittedError("there is no account of that login") from None
