"""One's own keys: which are in force, and a passkey that becomes one of them once a key in force vouches for it."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from fido2.server import Fido2Server
from fido2.webauthn import (
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lawgate.accounts.models import Account
from lawgate.accounts.roles import HOLDERS, Part
from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.evidence.assertion import compressed
from lawgate.evidence.envelope import keyid_of
from lawgate.gate import Gate
from lawgate.signing import desk
from lawgate.signing.models import Passkey
from lawgate.vouch import vouched_body
from lawgate.web.access import account_of, page
from lawgate.web.acts import ACTS
from lawgate.web.desk import gate
from lawgate.web.signing import domain

_STATE = "lawgate.passkey"
_ES256 = -7


@page(HOLDERS)
def keys(request: HttpRequest, parts: frozenset[Part]) -> HttpResponse:
    """One's own keys, revoked ones included, and the roles for which a passkey may be added."""
    opened, account = gate(), account_of(request)
    own = [
        key
        for key in opened.memory.standing().keys
        if (key.person, key.agency) == (account.person, account.agency)
    ]
    now = opened.now()
    roles = sorted({key.role.value for key in own if key.valid_at(now) and key.role in HOLDERS})
    return render(request, "console/keys.html", {"own": own, "roles": roles})


@page(HOLDERS)
def new_passkey(request: HttpRequest, parts: frozenset[Part], role: str) -> HttpResponse:
    """Have an authenticator make a passkey, and prepare the document by which another key of one's own vouches for it."""
    if role not in {part.value for part in parts & HOLDERS}:
        raise PermissionDenied
    opened, account = gate(), account_of(request)
    voucher = _voucher(opened, account, role)
    if request.method == "POST":
        public = _made(request)
        said = vouched_body(voucher, public, domain())
        return redirect("sign", desk.prepare(opened, account, "key", said))
    return render(
        request, "console/new_passkey.html", {"role": role, "options": _options(request, opened, account)}
    )


def _voucher(opened: Gate, account: Account, role: str) -> EnrolledKey:
    found = [key for key in desk.keys_now(opened, account, ACTS["key"].roles) if key.role.value == role]
    if not found:
        raise NotPermittedError("you have no key of this role in force that could vouch for another one")
    return found[0]


def _server() -> Fido2Server:
    def is_ours(origin: str) -> bool:
        return origin == settings.ORIGIN

    party = PublicKeyCredentialRpEntity(id=domain(), name="Lawgate")
    made = Fido2Server(party, verify_origin=is_ours)
    # The one algorithm that the register takes (docs/adr/0039).
    made.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=_ES256)
    ]
    return made


def _options(request: HttpRequest, opened: Gate, account: Account) -> object:
    """Begin. The user's handle is new each time: an authenticator puts a passkey of the same handle in another's place, that for signing in too."""
    own = desk.keys_now(opened, account, frozenset(Role))
    known = Passkey.objects.filter(keyid__in=[key.keyid for key in own]).exclude(credential=b"")
    there = [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(k.credential))
        for k in known
    ]
    user = PublicKeyCredentialUserEntity(
        id=opened.random_bytes(32), name=f"{account.login}: signing key", display_name="Lawgate signing key"
    )
    options, state = _server().register_begin(
        user,
        there,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[_STATE] = state
    return dict(options)["publicKey"]


def _made(request: HttpRequest) -> bytes:
    """Finish: return the public key, and remember how its authenticator calls it."""
    state = request.session.pop(_STATE, None)
    try:
        data = _server().register_complete(state, json.loads(request.POST.get("credential", "")))
        made = data.credential_data
        assert made is not None
        public = compressed(made.public_key[-2], made.public_key[-3])
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError):
        raise MalformedRequestError(
            "112", "the authenticator's answer cannot be used; load the page again, and add a passkey anew"
        ) from None
    # A crash just here leaves the name of a passkey that nobody enrolled: it opens and signs nothing.
    Passkey.objects.update_or_create(
        keyid=keyid_of(public), defaults={"credential": bytes(made.credential_id)}
    )
    return public
