"""No page goes unseen: every address of the service is looked at in light, dark and narrow, and so is what it says when something is wrong.

What other modules look at in passing (a document to sign, a sampled answer) is named here with them; what shows no page is named with its reason.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lawgate.web
from invented.browsing import LOOKS, PASSWORD, begun, seen, signed_in
from lawgate.rehearsal import people

pytestmark = pytest.mark.slow
ADDRESSES = Path(__file__).with_name("addresses.py")
OFFICIAL, OFFICER = people.FRAUD_HEAD, people.OFFICERS[0]
WALK = {
    people.COUNSEL: ("home", "order", "lift", "determine", "end", "revoke"),
    people.RELEASING_OFFICER: ("answers", "batch", "unanswered"),
    OFFICIAL: ("home", "requests", "send", "sent", "determinations"),
    OFFICER: ("home", "packages"),
    "operator": ("home", "ledger"),
    "overseer": ("home", "submissions", "answered", "rejected", "standing", "stops", "ledger"),
}
"""Who looks at which of ``scene.pages()``. A disclosure officer looks at the rest in ``test_in_a_browser``."""
OF_AN_OFFICER = ("waiting", "docket", "request", "group", "keys", "passkey")
FACTORS = ("", "reauthenticate/", "totp/deactivate/", "totp/activate/", "webauthn/", "webauthn/add/")
ACCOUNT = ("login/", "logout/", "again/", "inactive/", *(f"factors/{name}" for name in FACTORS))
ELSEWHERE = {
    "about-you/<str:language>/", "begin/<int:number>/<str:token>/", "signing/<str:number>/",
    "submissions/<str:number>/answers/<int:which>/sample/<int:ordinal>/",  # test_in_a_browser
    "packages/<str:number>/link/",  # test_portal_in_a_browser
    "account/factors/authenticate/", "account/factors/webauthn/reauthenticate/", "packages/documents/",
    "packages/collect/<str:token>/", "account/factors/webauthn/keys/<int:pk>/edit/",
    "account/factors/webauthn/keys/<int:pk>/remove/",  # below
}  # fmt: skip
NO_PAGE = {
    "account/provider/": "sends to the provider",
    "account/provider/back/": "sends on; tests/oidc",
    "account/factors/webauthn/login/": "JSON for a script",
    "requests/<str:number>/determinations/<str:which>/": "a file",
    "requests/<str:number>/withdraw/": "sends on",
    "signing/<str:number>/document/": "a file",
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def walker(browser: Any, scene: Any, request: Any) -> Iterator[Any]:
    """A browser of an overseer of its own, who began with a passkey."""
    login = f"walker-{request.node.name}"[:40]
    page = begun(browser, scene, login, [], link=scene.command("account", "add", login, "--post", "overseer"))
    yield page
    page.context.close()


def looked_at(page: Any, name: str, *, said: str = "") -> list[str]:
    """Look at a page as it lies there, in every way; ``said`` must stand on it. Return its faults."""
    assert said in page.inner_text("main"), page.inner_text("main")
    faults = [f"{name} {look}: {fault}" for look in sorted(LOOKS) for fault in seen(page, None, name, look)]
    page.set_viewport_size(LOOKS["light"]["viewport"])
    return faults


def test_every_address_is_looked_at(scene: Any) -> None:
    """Whoever adds an address says here who looks at it."""
    named = scene.pages()
    paths = [named[name].partition("?")[0] for names in (*WALK.values(), OF_AN_OFFICER) for name in names]
    paths += [f"/account/{name}" for name in ACCOUNT]
    done = subprocess.run(
        [sys.executable, ADDRESSES], input=json.dumps(paths), capture_output=True, text=True, check=True,
        env={**os.environ, "LAWGATE_HOME": ""},
    )  # fmt: skip
    found = json.loads(done.stdout)
    pages = {route for route in found["known"] if not route.startswith("api/")} - set(NO_PAGE)
    assert pages == {*found["looked_at"].values(), *ELSEWHERE}
    assert set(named) == {*(name for names in WALK.values() for name in names), *OF_AN_OFFICER}


@pytest.mark.parametrize("login", sorted(WALK))
def test_the_pages_of_each_role(browser: Any, scene: Any, everybody: Any, login: str) -> None:
    page = signed_in(browser, scene, everybody[login])
    faults = []
    for name in WALK[login]:
        assert page.goto(scene.url + scene.pages()[name]).status == 200, name
        faults += looked_at(page, f"{login}-{name}")
    page.context.close()
    assert faults == []


def test_the_pages_of_an_account(walker: Any, scene: Any) -> None:
    """Signing out, confirming who one is, and one's second factors: adding, naming and removing them."""
    faults = []
    app = f"{scene.url}/account/factors/totp/activate/"
    walker.goto(app)
    faults += looked_at(walker, "account-again", said="Confirm that it is you")
    walker.get_by_placeholder("Password").fill(PASSWORD)
    walker.get_by_role("button", name="Confirm").click()
    walker.get_by_label("Authenticator code").fill("000000")
    walker.get_by_role("button", name="Add it").click()
    faults += looked_at(walker, "app-wrong-code", said="Incorrect code")
    for name in ACCOUNT[1:]:
        walker.goto(f"{scene.url}/account/{name}")
        faults += looked_at(walker, f"account-{name.strip('/').replace('/', '-')}")
    walker.goto(f"{scene.url}/account/factors/webauthn/")
    ways = set(re.findall(r'href="([^"]+/(?:edit|remove)/)"', walker.content()))
    for way in sorted(ways):
        walker.goto(scene.url + way)
        faults += looked_at(walker, f"passkey-{way.split('/')[-2]}")
    assert len(ways) == 2
    walker.goto(f"{scene.url}/account/factors/webauthn/reauthenticate/")
    faults += looked_at(walker, "account-again-by-passkey")
    assert faults == []


def test_the_door_to_somebody_who_errs(browser: Any, scene: Any, everybody: Any) -> None:
    page = browser.new_context().new_page()
    faults = []
    page.goto(f"{scene.url}/account/login/")
    for password, name in (("not the password", "wrong-password"), (PASSWORD, "second-factor")):
        page.get_by_label("Login").fill("overseer")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="second factor").click()
        faults += looked_at(page, name)
    page.get_by_placeholder("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    faults += looked_at(page, "wrong-code", said="Incorrect code")
    page.context.close()
    assert faults == []


def test_what_is_said_when_something_is_wrong(
    browser: Any, walker: Any, scene: Any, everybody: Any, tmp_path: Path
) -> None:
    """400, 403, 404, 413, 422, 429 and 500: each says what to do, in the same frame as everything else."""
    faults = []

    def led(page: Any, path: str, status: int, name: str, said: str) -> None:
        assert page.goto(scene.url + path).status == status
        faults.extend(looked_at(page, name, said=said))

    def sent(page: Any, button: str, status: int, name: str, said: str) -> None:
        with page.expect_navigation() as coming:
            page.get_by_role("button", name=button, exact=True).click()
        assert coming.value.status == status
        faults.extend(looked_at(page, name, said=said))

    led(walker, f"/submissions/{scene.waiting}/docket/", 403, "fault-403", "Not open to you")
    led(walker, "/no-such-page/", 404, "fault-404", "no such page")
    elsewhere = walker.goto(scene.url.replace("localhost", "127.0.0.1"))
    assert elsewhere.status == 400
    faults += looked_at(walker, "fault-400", said="Not understood")

    walker.goto(f"{scene.url}/account/again/")
    for _ in range(10):
        walker.get_by_placeholder("Password").fill("not the password")
        walker.get_by_role("button", name="Confirm").click()
    faults += looked_at(walker, "again-wrong-password")
    walker.get_by_placeholder("Password").fill("not the password")
    sent(walker, "Confirm", 429, "fault-429", "Too many tries")

    officer = signed_in(browser, scene, everybody[OFFICER])
    led(officer, "/packages/collect/no-such-link/", 404, "fault-of-ours-404", "")
    officer.goto(f"{scene.url}/packages/")
    (tmp_path / "not-signed.json").write_text("{}")
    officer.get_by_label("Signed documents").set_input_files(tmp_path / "not-signed.json")
    sent(officer, "Enter them", 422, "packages-422", "Nothing was entered")
    officer.context.close()

    official = signed_in(browser, scene, everybody[OFFICIAL])
    for name, raw in {"cover.json": b"{}", "attestations.jsonl": b"", "requests.jsonl": b"x"}.items():
        (tmp_path / name).write_bytes(raw)

    def chosen(lines: Path) -> None:
        official.goto(f"{scene.url}/requests/send/")
        official.get_by_label("Cover").set_input_files(tmp_path / "cover.json")
        official.get_by_label("Attestations").set_input_files(tmp_path / "attestations.jsonl")
        official.get_by_label("Line file").set_input_files(lines)

    chosen(tmp_path / "requests.jsonl")
    sent(official, "Validate only", 200, "validation-rejected", "rejected as a whole")
    (tmp_path / "large.jsonl").write_bytes(b"x" * (3 << 20))
    chosen(tmp_path / "large.jsonl")
    sent(official, "Send", 413, "fault-413", "too large")
    official.goto(f"{scene.url}/account/logout/")
    official.context.clear_cookies()
    with official.expect_navigation() as refused:
        official.locator("main button").click()
    assert refused.value.status == 403
    faults += looked_at(official, "fault-csrf", said="did not come from this service")

    page_500 = (Path(lawgate.web.__file__).parent / "templates" / "500.html").read_text(encoding="utf-8")
    official.route(
        "**/broken/", lambda route: route.fulfill(status=500, content_type="text/html", body=page_500)
    )
    led(official, "/broken/", 500, "fault-500", "Nothing was released")
    official.context.close()
    assert faults == []
