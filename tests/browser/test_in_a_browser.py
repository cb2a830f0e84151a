"""A real browser: signing in with a passkey, and every page in light, dark and narrow, held against WCAG 2.2 AA by axe-core.

Screenshots go to the folder that LAWGATE_SCREENSHOTS names, if it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from invented.browsing import LOOKS, begun, by_keyboard, enrol, seen

SECOND = "scripted-second-officer"

pytestmark = pytest.mark.slow
PASSWORD = "a long enough phrase for rehearsals"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def officer(browser: Any, scene: Any) -> Iterator[Any]:
    """A disclosure officer's own browser."""
    said: list[str] = []
    page = begun(browser, scene, SECOND, said)
    yield page
    assert [text for text in said if "Content Security Policy" in text] == []
    page.context.close()


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
    faults = {name: seen(officer, scene.url + path, name, look) for name, path in named.items()}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_the_pages_before_the_door_can_be_used_by_everybody(browser: Any, scene: Any, look: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    login = f"door-{look}"
    link = scene.command("account", "add", login, "--post", "overseer")
    faults = {
        "login": seen(page, f"{scene.url}/account/login/", "login", look),
        "subjects": seen(page, f"{scene.url}/about-you/en/", "subjects-en", look),
        "sujetos": seen(page, f"{scene.url}/about-you/es/", "subjects-es", look),
        "begin": seen(page, link, "begin", look),
    }
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    for name, path in {"factors": "", "app": "totp/activate/", "passkey": "webauthn/add/"}.items():
        faults[f"first {name}"] = seen(page, f"{scene.url}/account/factors/{path}", f"first-{name}", look)
    context.clear_cookies()
    page.goto(f"{scene.url}/account/login/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="second factor").click()
    assert "no second factor" in page.inner_text("h1")
    faults["unfinished"] = seen(page, None, "unfinished", look)
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_passkey_becomes_a_signing_key_and_decides(officer: Any, scene: Any, tmp_path: Path) -> None:
    """The same authenticator, another passkey: it signs exactly what the page shows, and the page says that it did."""
    officer.set_viewport_size({"width": 1280, "height": 900})
    enrol(officer, scene, "disclosure-officer", scene.keys[SECOND], tmp_path)
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
        assert seen(officer, None, "sign", look) == []
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


# -- one whole release, by three people in three browsers, without a mouse ---------------------------------------------------


@pytest.fixture(scope="module")
def releasing(browser: Any, scene: Any) -> Iterator[Any]:
    """A releasing officer's own browser."""
    yield from _own(browser, scene, "scripted-second-releasing-officer")


@pytest.fixture(scope="module")
def counsel(browser: Any, scene: Any) -> Iterator[Any]:
    """Counsel's own browser."""
    yield from _own(browser, scene, "scripted-second-counsel")


def _own(browser: Any, scene: Any, login: str) -> Iterator[Any]:
    said: list[str] = []
    page = begun(browser, scene, login, said)
    yield page
    assert [text for text in said if "Content Security Policy" in text] == []
    page.context.close()


def test_a_whole_release_by_keyboard_and_a_stop(
    officer: Any, releasing: Any, counsel: Any, scene: Any, tmp_path: Path
) -> None:
    """Decide, look, authorise, order and lift a stop, each signed by passkey in its person's browser; no mouse after the keys are enrolled."""
    faults: dict[str, list[str]] = {}

    def look_at(page: Any, name: str) -> None:
        for look in sorted(LOOKS):
            if found := seen(page, None, name, look):
                faults[f"{name} {look}"] = found
        page.set_viewport_size({"width": 1280, "height": 900})

    enrol(releasing, scene, "releasing-officer", scene.keys["scripted-second-releasing-officer"], tmp_path)
    enrol(counsel, scene, "counsel", scene.keys["scripted-second-counsel"], tmp_path)
    keys = officer.goto(f"{scene.url}/keys/")
    assert keys.ok
    if "passkey of localhost" not in officer.inner_text("main"):
        enrol(officer, scene, "disclosure-officer", scene.keys[SECOND], tmp_path)

    # 4 decide: the group's three lines, alike
    officer.goto(scene.url)
    for words in ("Submissions", scene.walking, "for a named officer", "3 lines: 1–3"):
        by_keyboard(officer, words, "Enter")
    look_at(officer, "group-of-three")
    _answer(officer)
    look_at(officer, "sign-decision")
    by_keyboard(officer, "Sign with your passkey", "Enter")
    officer.wait_for_url("**/docket/")
    assert "3 approved and looked up" in officer.inner_text("main")

    # 6 the sample, by two people
    for page in (officer, releasing):
        page.goto(scene.url)
        for words in ("Submissions", scene.walking, "for a second person", "batch 1"):
            by_keyboard(page, words, "Enter")
        look_at(page, "batch-before")
        by_keyboard(page, "line 1", "Enter")
        look_at(page, "sampled")
        for _ in range(3):
            by_keyboard(page, "Right", "Enter")
        page.wait_for_url("**/answers/1/")
        by_keyboard(page, "Go on to sign", "Enter")
        page.wait_for_url("**/signing/*/")
        look_at(page, "sign-look")
        by_keyboard(page, "Sign with your passkey", "Enter")
        page.wait_for_url("**/answers/1/")
    assert "The sample is passed" in releasing.inner_text("main")
    look_at(releasing, "batch-passed")

    # 6 and 7: the second person authorises
    by_keyboard(releasing, "Go on to what you would sign", "Enter")
    releasing.wait_for_url("**/signing/*/")
    look_at(releasing, "sign-authorisation")
    by_keyboard(releasing, "Sign with your passkey", "Enter")
    releasing.wait_for_url("**/answers/1/")
    assert "3 logged" in releasing.inner_text("main")

    # what counsel alone may open
    for name, path in {
        "register-of-counsel": "/standing/",
        "end": "/standing/end/",
        "revoke-of-counsel": "/keys/revoke/",
    }.items():
        counsel.goto(scene.url + path)
        look_at(counsel, name)

    # counsel stops the next one, and lifts it
    counsel.goto(scene.url)
    for words in ("Stops", "Order a stop"):
        by_keyboard(counsel, words, "Enter")
    look_at(counsel, "order")
    by_keyboard(counsel, "Everything", " ")
    for _ in range(2):
        counsel.keyboard.press("ArrowUp")
        counsel.keyboard.press("ArrowDown")
    by_keyboard(counsel, "Everything", " ")
    by_keyboard(counsel, "Authority", "No. 26-77")
    by_keyboard(counsel, "Go on to what you would sign", "Enter")
    counsel.wait_for_url("**/signing/*/")
    look_at(counsel, "sign-stop")
    by_keyboard(counsel, "Sign with your passkey", "Enter")
    counsel.wait_for_url("**/stops/")
    assert "is in force" in counsel.inner_text("main")
    look_at(counsel, "stops-of-counsel")
    officer.goto(f"{scene.url}/submissions/{scene.deciding}/docket/12/")
    _answer(officer)
    officer.get_by_role("button", name="Sign with your passkey").click()
    officer.wait_for_load_state()
    officer.get_by_text("a stop is in force").wait_for()
    counsel.goto(f"{scene.url}/stops/")
    by_keyboard(counsel, "lift", "Enter")
    look_at(counsel, "lift")
    by_keyboard(counsel, "Authority", "No. 26-77, second order")
    by_keyboard(counsel, "Go on to what you would sign", "Enter")
    counsel.wait_for_url("**/signing/*/")
    by_keyboard(counsel, "Sign with your passkey", "Enter")
    counsel.wait_for_url("**/stops/")
    assert "is lifted" in counsel.inner_text("main")
    assert faults == {}


def _answer(page: Any) -> None:
    """Answer everything that a form asks with yes and a reason, by keyboard, and go on."""
    for _ in page.locator("textarea").all():
        by_keyboard(page, "Met", " ", exactly=True)
        by_keyboard(page, "Why", "It is plain from the request.", exactly=True)
    if page.get_by_label("release the hold").count():
        by_keyboard(page, "release the hold", " ")
    by_keyboard(page, "Approve:", " ")
    by_keyboard(page, "Go on to what you would sign", "Enter")
    page.wait_for_url("**/signing/*/")
