"""Signs people in at their agency's identity provider: OpenID Connect, authorization code with PKCE (S256) and ``private_key_jwt``.

The provider says who somebody is, and whether a second factor was used. It makes no account and gives no role: an operator binds an identity
to an account, and what that account may is read from the register.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from django.db import transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from requests import RequestException, Session

from lawgate.accounts.models import Account, Identity, SignIn
from lawgate.accounts.router import SERVICE
from lawgate.domain.errors import SettingsError

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
"""Signatures by a key of which the provider alone has the private half: never ``none``, never a shared secret."""
PATIENCE = timedelta(minutes=10)
"""How long a browser may stay at the provider."""
LEEWAY = 30  # seconds that the two clocks may differ
TIMEOUT = 10  # seconds for each call to the provider
LARGEST = 1 << 18  # bytes of anything the provider says
FRESH = 600.0  # seconds that its description and keys are believed
AGAIN = 10.0  # seconds before keys are fetched again for a token that names another


class SignInRefusedError(Exception):
    """Nobody is signed in. The text says why, and nothing that the provider said."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the settings say, with the key they name: this gateway as the provider knows it."""

    issuer: str
    client_id: str
    key: ECKey | RSAKey
    claim: str
    acr: tuple[str, ...]
    amr: tuple[str, ...]
    redirect: str

    @property
    def algorithm(self) -> str:
        """What it signs with."""
        return "ES256" if isinstance(self.key, ECKey) else "RS256"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom the provider named; ``second_factor`` if it asserted one as the settings say."""

    account: Account
    second_factor: bool


@dataclass(slots=True)
class _Said:
    """What the provider says of itself, and when this process was told (seconds that never run backwards)."""

    description: dict[str, Any] = field(default_factory=dict)
    keys: KeySet | None = None
    described: float = 0.0
    keyed: float = 0.0


_SAID: dict[str, _Said] = {}


def read_key(pem: bytes) -> ECKey | RSAKey:
    """Read the private key that signs to the provider. Raises SettingsError for another than P-256 or RSA."""
    for kind in (ECKey, RSAKey):
        try:
            key = kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
        if key.is_private and (not isinstance(key, ECKey) or key.curve_name == "P-256"):
            return key
    raise SettingsError("[oidc] key is no private key of P-256 or RSA in PEM")


def begin(client: Client, now: datetime, random_bytes: Callable[[int], bytes]) -> tuple[str, str]:
    """Return the provider's address for one sign-in, and the handle that this browser alone keeps. Raises SignInRefusedError.

    A crash after the commit leaves a row that nobody comes back for; it goes with a later sign-in.
    """
    state, nonce, verifier, handle = (_text(random_bytes(32)) for _ in range(4))
    extra = {"acr_values": " ".join(client.acr)} if client.acr else {}
    with _session(client) as session:
        url, _ = session.create_authorization_url(
            str(_described(client)["authorization_endpoint"]),
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **extra,
        )
    with transaction.atomic(using=SERVICE):
        SignIn.objects.filter(at__lt=now - PATIENCE).delete()
        SignIn.objects.create(handle=_digest(handle), state=state, nonce=nonce, verifier=verifier, at=now)
    return str(url), handle


def finish(client: Client, handle: str, said: Mapping[str, str], now: datetime) -> SignedIn:
    """Take what a browser brought back, once, redeem its code and hold the identity token against everything it must say.

    Raises SignInRefusedError: for a return that was not begun here, another issuer, a code that is not redeemed, a token that is not this
    one's, or somebody whom no operator bound to an account that is open.
    """
    begun = _begun(handle, now)
    if begun is None or not hmac.compare_digest(begun.state, said.get("state", "")):
        raise SignInRefusedError("This sign-in was not begun in this browser, or was used or too old.")
    # RFC 9207: a code of another provider must not be redeemed here.
    stated = said.get("iss")
    wants = _described(client).get("authorization_response_iss_parameter_supported") is True
    if (wants and stated is None) or (stated is not None and stated != client.issuer):
        raise SignInRefusedError("The answer is another provider's.")
    if not said.get("code"):
        raise SignInRefusedError("The provider signed nobody in.")
    token = _redeemed(client, said["code"], begun.verifier)
    claims = claims_of(token, client, begun.nonce, lambda again: _keys(client, again=again), now)
    subject = claims.get(client.claim)
    if not isinstance(subject, str) or not subject:
        raise SignInRefusedError("The provider's token does not say by what this gateway knows people.")
    bound = Identity.objects.select_related("account").filter(
        issuer=client.issuer, subject=subject, account__is_active=True
    )
    identity = bound.first()
    if identity is None:
        raise SignInRefusedError("No account here is bound to you. An operator binds one.")
    return SignedIn(identity.account, _second_factor(client, claims))


def claims_of(
    token: Mapping[str, Any], client: Client, nonce: str, keys: Callable[[bool], KeySet], now: datetime
) -> CodeIDToken:
    """Return the claims of the identity token in a token response, once they hold: signature by a key of the provider's, issuer, audience,
    authorised party, times, nonce, hash of the access token. ``keys`` gives the provider's keys, and with True asks for them again.

    Raises SignInRefusedError.
    """
    raw = token.get("id_token")
    if not isinstance(raw, str):
        raise SignInRefusedError("The provider gave no identity token.")
    try:
        opened = _opened(raw, keys)
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            {
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
            },
            {"nonce": nonce, "client_id": client.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client.client_id:
            raise SignInRefusedError("The provider's token is for somebody else.")
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError):
        raise SignInRefusedError("The provider's token does not hold.") from None
    return claims


def _opened(raw: str, keys: Callable[[bool], KeySet]) -> jwt.Token:
    try:
        return jwt.decode(raw, keys(False), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        # It may name a key that the provider has had since it was last asked.
        return jwt.decode(raw, keys(True), algorithms=ALGORITHMS)


def _second_factor(client: Client, claims: Mapping[str, Any]) -> bool:
    amr = claims.get("amr")
    methods = {m for m in amr if isinstance(m, str)} if isinstance(amr, list) else set()
    return claims.get("acr") in client.acr or bool(methods.intersection(client.amr))


def _begun(handle: str, now: datetime) -> SignIn | None:
    """Take a sign-in that was begun; whoever deletes its row has it, and nobody else. A crash after the commit: it is begun anew."""
    with transaction.atomic(using=SERVICE):
        found = SignIn.objects.filter(handle=_digest(handle), at__gte=now - PATIENCE).first()
        mine = SignIn.objects.filter(handle=_digest(handle)).delete()[0]
    return found if mine else None


def _redeemed(client: Client, code: str, verifier: str) -> Mapping[str, Any]:
    endpoint = str(_described(client)["token_endpoint"])
    try:
        with _session(client) as session:
            # The audience is the issuer, by which no other endpoint could be meant.
            session.register_client_auth_method(
                PrivateKeyJWT(client.issuer, alg=client.algorithm, headers={"kid": client.key.thumbprint()})
            )
            token: Mapping[str, Any] = session.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=client.redirect,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
    except (AuthlibBaseError, RequestException, ValueError):
        raise SignInRefusedError("The provider did not redeem the sign-in.") from None
    return token


def _session(client: Client) -> OAuth2Session:
    return OAuth2Session(
        client.client_id,
        client.key,
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106  # a method's name
        scope="openid",
        redirect_uri=client.redirect,
        code_challenge_method="S256",
    )


def _described(client: Client) -> dict[str, Any]:
    said = _SAID.setdefault(client.issuer, _Said())
    if not said.description or time.monotonic() - said.described > FRESH:
        found = _fetched(f"{client.issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != client.issuer or not all(_is_safe(found.get(name)) for name in needed):
            raise SignInRefusedError("The provider does not describe itself as the settings name it.")
        said.description, said.described = found, time.monotonic()
    return said.description


def _keys(client: Client, *, again: bool) -> KeySet:
    said = _SAID.setdefault(client.issuer, _Said())
    age = time.monotonic() - said.keyed
    if said.keys is None or age > FRESH or (again and age > AGAIN):
        try:
            said.keys = KeySet.import_key_set(_fetched(str(_described(client)["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise SignInRefusedError("The provider's keys cannot be read.") from None
        said.keyed = time.monotonic()
    return said.keys


def _fetched(url: str) -> dict[str, Any]:
    try:
        with (
            Session() as session,
            session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as reply,
        ):
            raw = reply.raw.read(LARGEST + 1, decode_content=True)
            if reply.status_code != 200 or len(raw) > LARGEST:
                raise SignInRefusedError("The provider cannot be asked now.")
            reply._content = raw
            found = reply.json()
    except (RequestException, OSError, ValueError):
        raise SignInRefusedError("The provider cannot be asked now.") from None
    if not isinstance(found, dict):
        raise SignInRefusedError("The provider cannot be asked now.")
    return found


def _is_safe(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("https://", "http://localhost:", "http://localhost/"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _digest(handle: str) -> str:
    return hashlib.sha256(handle.encode()).hexdigest()
