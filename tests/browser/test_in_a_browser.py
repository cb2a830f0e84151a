"""A real browser: signing in with a passkey, and every page in light, dark and narrow, held against WCAG 2.2 AA by axe-core.

Screenshots go to the folder that LAWGATE_SCREENSHOTS names, if it does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).parent / "lawgate"
SECOND = "scripted-second-officer"

pytestmark = pytest.mark.slow
PASSWORD = "a long enough phrase for rehearsals"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def _begun(browser: Any, scene: Any, login: str, said: list[str]) -> Any:
    """Somebody's own browser, with an authenticator in it: the account begins here, and is signed out and in again by passkey."""
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    page.goto(scene.link(login))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()
    page.goto(f"{scene.url}/account/factors/webauthn/add/")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto(scene.url)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(f"{scene.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{scene.url}/")
    return page


@pytest.fixture(scope="module")
def officer(browser: Any, scene: Any) -> Iterator[Any]:
    """A disclosure officer's own browser."""
    said: list[str] = []
    page = _begun(browser, scene, SECOND, said)
    yield page
    assert [text for text in said if "Content Security Policy" in text] == []
    page.context.close()


def _enrol(page: Any, scene: Any, role: str, key: Path, folder: Path) -> None:
    """Have the authenticator make a passkey, and vouch for it with the key in a file."""
    page.goto(f"{scene.url}/keys/")
    page.get_by_role("link", name=f"As {role}").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/signing/*/")
    _sign_by_file(page, key, folder)
    page.wait_for_url(f"{scene.url}/keys/")
    assert "in force as one of your signing keys" in page.inner_text("main")


def _sign_by_file(page: Any, key: Path, folder: Path) -> None:
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the document").click()
    taken.value.save_as(folder / "document.json")
    signed = folder / "signed.json"
    words = ("key", "sign", folder / "document.json", "--key", key, "--out", signed, "--yes")
    subprocess.run([COMMAND, *words], check=True, capture_output=True)
    page.get_by_label("The signed document").set_input_files(signed)
    page.get_by_role("button", name="Send the signed document").click()


def test_a_passkey_signs_in(officer: Any, scene: Any) -> None:
    officer.goto(scene.url)
    assert "disclosure officer" in officer.inner_text("main")


def test_the_last_passkey_is_not_taken_away(officer: Any, scene: Any) -> None:
    officer.goto(f"{scene.url}/account/factors/webauthn/")
    (way,) = set(re.findall(r'href="([^"]+/remove/)"', officer.content()))
    gone = officer.goto(scene.url + way)
    assert gone.status == 403
    officer.goto(f"{scene.url}/account/factors/webauthn/")
    assert way in officer.content()


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_every_page_of_the_console_can_be_used_by_everybody(officer: Any, scene: Any, look: str) -> None:
    named = scene.pages() | {"factors": "/account/factors/", "nowhere": "/no-such-page/"}
    faults = {name: _seen(officer, scene.url + path, name, look) for name, path in named.items()}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_the_pages_before_the_door_can_be_used_by_everybody(browser: Any, scene: Any, look: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    login = f"door-{look}"
    link = scene.command("account", "add", login, "--post", "overseer")
    faults = {
        "login": _seen(page, f"{scene.url}/account/login/", "login", look),
        "begin": _seen(page, link, "begin", look),
    }
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    for name, path in {"factors": "", "app": "totp/activate/", "passkey": "webauthn/add/"}.items():
        faults[f"first {name}"] = _seen(page, f"{scene.url}/account/factors/{path}", f"first-{name}", look)
    context.clear_cookies()
    page.goto(f"{scene.url}/account/login/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="second factor").click()
    assert "no second factor" in page.inner_text("h1")
    faults["unfinished"] = _seen(page, None, "unfinished", look)
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_passkey_becomes_a_signing_key_and_decides(officer: Any, scene: Any, tmp_path: Path) -> None:
    """The same authenticator, another passkey: it signs exactly what the page shows, and the page says that it did."""
    officer.set_viewport_size({"width": 1280, "height": 900})
    _enrol(officer, scene, "disclosure-officer", scene.keys[SECOND], tmp_path)
    officer.goto(f"{scene.url}/submissions/{scene.deciding}/docket/11/")
    for name in ("Met", "Why"):
        for field in officer.get_by_label(name, exact=True).all():
            if name == "Met":
                field.check()
            else:
                field.fill("It is plain from the request.")
    if officer.get_by_label("release the hold").count():
        officer.get_by_label("release the hold").check()
    officer.get_by_label("Approve:").check()
    officer.get_by_role("button", name="Go on").click()
    officer.wait_for_url("**/signing/*/")
    for look in sorted(LOOKS):
        assert _seen(officer, None, "sign", look) == []
    officer.get_by_role("button", name="Sign with your passkey").click()
    officer.wait_for_url("**/docket/")
    assert "1 approved and looked up" in officer.inner_text("main")
    officer.goto(f"{scene.url}/account/factors/")
    assert officer.get_by_role("button", name="Sign out").count()


def test_the_keyboard_alone_leads_to_a_request(officer: Any, scene: Any) -> None:
    officer.set_viewport_size({"width": 1280, "height": 900})
    officer.goto(scene.url)
    for words in ("Submissions", scene.waiting, "for a named officer", "line 1"):
        for _ in range(40):
            officer.keyboard.press("Tab")
            if words in officer.evaluate("document.activeElement.textContent"):
                break
        with officer.expect_navigation():
            officer.keyboard.press("Enter")
    assert officer.url.endswith("/docket/1/")


def _seen(page: Any, address: str | None, name: str, look: str) -> list[str]:
    """Look at a page, as it lies there or at an address; return what axe finds, and whether it is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
    page.set_viewport_size(LOOKS[look]["viewport"])
    if address is not None:
        page.goto(address)
    folder = os.environ.get("LAWGATE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{look}.png", full_page=True)
    found = Axe().run(page, options=RULES).response["violations"]
    faults = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return faults + (["wider than the screen"] if wide else [])
