"""People sign in at a real identity provider; whatever is not exactly right signs nobody in, and nothing is made by signing in."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from joserfc import jwt
from joserfc.jwk import RSAKey

from lawgate.rehearsal import people

PASSWORD = "a long enough phrase for rehearsals"
STEP = 30
pytestmark = pytest.mark.slow
HELD = "The provider&#x27;s token does not hold."


@pytest.fixture(autouse=True)
def _honest(site: Any) -> Iterator[None]:
    yield
    site.wire.tamper = None


@pytest.fixture(scope="session")
def auditor(site: Any) -> str:
    site.command("account", "add", "auditor", "--post", "auditor")
    site.command("account", "bind", "auditor", "--subject", "alice")
    return "alice"


def code_of(secret: str, later: int) -> str:
    """What an authenticator app shows, so many steps later: each code works once."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    if later:
        time.sleep(STEP - time.time() % STEP + 0.2)
    step = int(time.time()) // STEP * STEP
    return TOTP(key, 6, SHA1(), STEP, enforce_key_length=False).generate(step).decode()


def home(site: Any, browser: Any) -> str:
    return str(browser.get(f"{site.url}/").text)


def is_in(site: Any, browser: Any) -> bool:
    return browser.get(f"{site.url}/submissions/").status == 200


def altered(url: str, **changed: str | None) -> str:
    """The same address with parameters changed, or taken out."""
    parts = urllib.parse.urlsplit(url)
    said = dict(urllib.parse.parse_qsl(parts.query)) | {k: v for k, v in changed.items() if v is not None}
    kept = {k: v for k, v in said.items() if k not in changed or changed[k] is not None}
    return parts._replace(query=urllib.parse.urlencode(kept)).geturl()


def test_a_bound_person_with_a_second_factor_there_is_in(site: Any, auditor: str, browser: Any) -> None:
    reply = site.signed_in(browser, auditor, amr="pwd mfa")
    assert reply.status == 200, reply.text
    assert "Go on" in reply.text
    assert is_in(site, browser)
    assert "auditor" in home(site, browser)
    assert not [cookie for cookie in browser.cookies if cookie.name == "__Host-sign-in"]
    other = site.browser()
    site.signed_in(other, auditor, acr="urn:two")
    assert is_in(site, other)


def test_the_provider_is_asked_with_pkce_state_nonce_and_a_signed_assertion(
    site: Any, auditor: str, browser: Any
) -> None:
    url = site.begun(browser)
    said = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    assert said["code_challenge_method"] == "S256"
    assert said["response_type"] == "code"
    assert len({said["state"], said["nonce"], said["code_challenge"]}) == 3
    assert all(len(said[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    del site.wire.asked[:]
    browser.get(site.at_provider(browser, url, auditor, amr="mfa"))
    body = next(dict(urllib.parse.parse_qsl(body)) for path, body in site.wire.asked if path == "/token")
    assert "client_secret" not in body
    assert body["code_verifier"]
    assertion = jwt.decode(body["client_assertion"], site.own_key, algorithms=["ES256"])
    assert (assertion.claims["iss"], assertion.claims["aud"]) == ("lawgate", site.issuer)


def test_without_a_second_factor_there_one_is_asked_for_here(site: Any, auditor: str, browser: Any) -> None:
    """This account has none of its own: it is not let in."""
    reply = site.signed_in(browser, auditor, amr="pwd")
    assert reply.status == 403
    assert "no second factor" in reply.text
    assert not is_in(site, browser)
    other = site.browser()
    assert site.signed_in(other, auditor).status == 403
    assert not is_in(site, other)


def test_who_decides_needs_a_second_factor_there_or_a_passkey_here(site: Any, browser: Any) -> None:
    """An authenticator app beside a provider that asserts nothing is not enough for a desk of the holder's."""
    person = people.DISCLOSURE_OFFICER
    site.command("account", "add", person, "--person", person, "--agency", people.HOLDER)
    site.command("account", "bind", person, "--subject", "dora")
    site.signed_in(browser, "dora", amr="mfa")
    assert is_in(site, browser)
    link = site.command("account", "renew", person)

    own = site.browser()
    own.fill(own.get(link), new_password1=PASSWORD, new_password2=PASSWORD)
    shown = own.get(f"{site.url}/account/factors/totp/activate/")
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", shown.text)
    assert found is not None
    own.fill(shown, code=code_of(found[1], 0))
    assert is_in(site, own)

    weak = site.browser()
    reply = site.signed_in(weak, "dora", amr="pwd")
    assert (reply.status, "/account/factors/authenticate/" in reply.text) == (200, True)
    assert not is_in(site, weak)
    weak.fill(weak.get(f"{site.url}/account/factors/authenticate/"), code=code_of(found[1], 1))
    assert "A passkey is needed" in weak.get(f"{site.url}/submissions/").text
    assert not is_in(site, weak)


def test_a_second_factor_here_stands_in_where_nothing_is_decided(site: Any, browser: Any) -> None:
    link = site.command("account", "add", "overseer", "--post", "overseer")
    site.command("account", "bind", "overseer", "--subject", "otto")
    own = site.browser()
    own.fill(own.get(link), new_password1=PASSWORD, new_password2=PASSWORD)
    shown = own.get(f"{site.url}/account/factors/totp/activate/")
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", shown.text)
    assert found is not None
    own.fill(shown, code=code_of(found[1], 0))
    assert site.signed_in(browser, "otto", amr="pwd").status == 200
    assert not is_in(site, browser)
    browser.fill(browser.get(f"{site.url}/account/factors/authenticate/"), code=code_of(found[1], 1))
    assert is_in(site, browser)


def test_nobody_gets_an_account_or_a_part_by_signing_in(site: Any, auditor: str, browser: Any) -> None:
    before = site.command("account", "list")
    reply = site.signed_in(browser, "mallory", amr="mfa")
    assert (reply.status, "No account here is bound to you" in reply.text) == (403, True)
    assert not is_in(site, browser)
    assert site.command("account", "list") == before
    person, agency = people.FRAUD_HEAD, people.player(people.FRAUD_HEAD).agency
    site.command("account", "add", "head", "--person", person, "--agency", agency)
    site.command("account", "bind", "head", "--subject", "heather")
    site.signed_in(browser, "heather", amr="mfa")
    assert "requesting official" in home(site, browser)
    assert not is_in(site, browser)


def test_a_closed_account_and_one_that_is_bound_no_more_are_shut_out(site: Any, browser: Any) -> None:
    site.command("account", "add", "leaving", "--post", "auditor")
    site.command("account", "bind", "leaving", "--subject", "leo")
    site.signed_in(browser, "leo", amr="mfa")
    assert is_in(site, browser)
    site.command("account", "unbind", "leaving")
    assert not is_in(site, browser)
    assert site.signed_in(browser, "leo", amr="mfa").status == 403
    site.command("account", "bind", "leaving", "--subject", "leo")
    site.command("account", "close", "leaving")
    assert site.signed_in(browser, "leo", amr="mfa").status == 403


def test_a_return_works_once_and_in_its_own_browser(site: Any, auditor: str, browser: Any) -> None:
    back = site.at_provider(browser, site.begun(browser), auditor, amr="mfa")
    stranger = site.browser()
    assert stranger.get(back).status == 403
    assert not is_in(site, stranger)
    handle = [c for c in browser.cookies if c.name == "__Host-sign-in"]
    assert browser.get(back).status == 200
    for cookie in handle:
        browser.cookies.set_cookie(cookie)
    assert browser.get(back).status == 403


def test_a_code_is_redeemed_once(site: Any, auditor: str, browser: Any) -> None:
    """A code that was used, or stolen, put into somebody's own fresh return: the provider does not redeem it."""
    back = site.at_provider(browser, site.begun(browser), auditor, amr="mfa")
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]
    thief = site.browser()
    own = site.at_provider(thief, site.begun(thief), "mallory", amr="mfa")
    stolen = thief.get(altered(own, code=code))
    assert (stolen.status, "did not redeem" in stolen.text) == (403, True)
    other = site.browser()
    used = site.at_provider(other, site.begun(other), auditor, amr="mfa")
    assert other.get(used).status == 200
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(used).query))["code"]
    again = site.browser()
    own = site.at_provider(again, site.begun(again), auditor, amr="mfa")
    assert "did not redeem" in again.get(altered(own, code=code)).text


@pytest.mark.parametrize(
    "changed",
    [{"state": "other"}, {"state": None}, {"iss": "https://other.example"}, {"iss": None}, {"code": None}],
)
def test_a_return_that_was_changed_signs_nobody_in(
    site: Any, auditor: str, browser: Any, changed: dict[str, Any]
) -> None:
    back = site.at_provider(browser, site.begun(browser), auditor, amr="mfa")
    assert browser.get(altered(back, **changed)).status == 403
    assert not is_in(site, browser)


def test_a_changed_nonce_signs_nobody_in(site: Any, auditor: str, browser: Any) -> None:
    back = site.at_provider(browser, altered(site.begun(browser), nonce="n" * 43), auditor, amr="mfa")
    assert HELD in browser.get(back).text


def test_without_pkce_nothing_is_given(site: Any, auditor: str, browser: Any) -> None:
    """The provider demands it; and were a challenge another's, its code would not be redeemed."""
    reply = browser.get(altered(site.begun(browser), code_challenge=None, code_challenge_method=None))
    assert "error=invalid_request" in reply.location
    assert browser.get(reply.location).status == 403
    back = site.at_provider(
        browser, altered(site.begun(browser), code_challenge="c" * 43), auditor, amr="mfa"
    )
    assert "did not redeem" in browser.get(back).text


def test_a_code_for_another_client_is_not_redeemed(site: Any, auditor: str, browser: Any) -> None:
    back = site.at_provider(
        browser, altered(site.begun(browser), client_id="somebody-else"), auditor, amr="mfa"
    )
    assert "did not redeem" in browser.get(back).text


def _resigned(site: Any, **changed: Any) -> Any:
    """Have the wire put another token in place, signed by the provider's own key."""

    def tamper(reply: dict[str, Any]) -> dict[str, Any]:
        key = RSAKey.import_key(site.keys["first"])
        claims = jwt.decode(reply["id_token"], key, algorithms=["RS256"]).claims
        claims = {k: v for k, v in {**claims, **changed}.items() if v is not None}
        return {**reply, "id_token": jwt.encode({"alg": "RS256", "kid": "first"}, claims, key)}

    return tamper


def test_the_wires_own_tokens_hold_if_nothing_is_changed(site: Any, auditor: str, browser: Any) -> None:
    """So that what the next tests see is seen for its own reason."""
    site.wire.tamper = _resigned(site)
    assert site.signed_in(browser, auditor, amr="mfa").status == 200
    assert is_in(site, browser)


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("another audience", {"aud": "somebody-else"}),
        ("one audience more, and no party", {"aud": ["lawgate", "somebody-else"], "azp": None}),
        ("another authorised party", {"aud": ["lawgate", "somebody-else"], "azp": "somebody-else"}),
        ("another issuer", {"iss": "https://other.example"}),
        ("no issuer", {"iss": None}),
        ("no audience", {"aud": None}),
        ("expired", {"exp": int(time.time()) - 120}),
        ("no end", {"exp": None}),
        ("of the future", {"iat": int(time.time()) + 3600, "nbf": int(time.time()) + 3600}),
        ("another nonce", {"nonce": "n" * 43}),
        ("no nonce", {"nonce": None}),
        ("another access token's", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
        ("nobody", {"sub": None}),
    ],
)
def test_a_token_that_says_something_else_signs_nobody_in(
    site: Any, auditor: str, browser: Any, what: str, changed: dict[str, Any]
) -> None:
    site.wire.tamper = _resigned(site, **changed)
    reply = site.signed_in(browser, auditor, amr="mfa")
    assert (reply.status, HELD in reply.text or "is for somebody else" in reply.text) == (403, True), what
    assert not is_in(site, browser)


def test_a_token_signed_by_nobody_by_a_shared_secret_or_another_key_signs_nobody_in(
    site: Any, auditor: str, browser: Any
) -> None:
    real = RSAKey.import_key(site.keys["first"])
    stranger = RSAKey.generate_key(2048, private=True)

    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def unchecked(header: dict[str, Any], claims: dict[str, Any]) -> str:
        return ".".join(text(json.dumps(part).encode()) for part in (header, claims))

    def none(claims: dict[str, Any]) -> str:
        return unchecked({"alg": "none"}, claims) + "."

    def unsigned(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, real).rsplit(".", 1)[0] + "."

    def confused(claims: dict[str, Any]) -> str:
        said = unchecked({"alg": "HS256", "kid": "first"}, claims)
        return f"{said}.{text(hmac.digest(real.as_pem(private=False), said.encode(), 'sha256'))}"

    def strange(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, stranger)

    def carried(claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "jwk": stranger.as_dict(private=False)}
        return jwt.encode(header, claims, stranger)

    for forge in (none, unsigned, confused, strange, carried):

        def tamper(reply: dict[str, Any], forge: Any = forge) -> dict[str, Any]:
            claims = jwt.decode(reply["id_token"], real, algorithms=["RS256"]).claims
            return {**reply, "id_token": forge(claims)}

        site.wire.tamper = tamper
        reply = site.signed_in(browser, auditor, amr="mfa")
        assert (reply.status, HELD in reply.text) == (403, True), forge.__name__
        assert not is_in(site, browser)


def test_no_token_at_all_signs_nobody_in(site: Any, auditor: str, browser: Any) -> None:
    site.wire.tamper = lambda reply: {k: v for k, v in reply.items() if k != "id_token"}
    assert site.signed_in(browser, auditor, amr="mfa").status == 403


def test_what_an_operator_cannot_bind(site: Any, auditor: str) -> None:
    import subprocess

    site.command("account", "add", "second", "--post", "auditor")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        site.command("account", "bind", "second", "--subject", "alice")
    assert "bound to another account" in refused.value.stderr
    with pytest.raises(subprocess.CalledProcessError):
        site.command("account", "bind", "nobody", "--subject", "nora")


def test_the_log_of_the_server_names_nobody(site: Any) -> None:
    said = (site.folder / "served.log").read_text(encoding="utf-8")
    assert not any(word in said for word in ("alice", "mallory", "code=", "Traceback"))


def test_keys_rotate_without_a_word_to_the_gateway(
    site: Any, auditor: str, browser: Any, new_key: Any
) -> None:
    """The last test: from here on the provider signs with another key."""
    site.stop()
    site.keys.clear()
    site.keys["second"] = new_key("second")
    site.start()
    time.sleep(11)  # so soon after the last time the gateway does not ask again
    assert site.signed_in(browser, auditor, amr="mfa").status == 200
    assert is_in(site, browser)
