"""People in real browsers: an account begun with a passkey, a signing key enrolled, a page looked at, and everything done by keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).parent / "lawgate"
PASSWORD = "a long enough phrase for rehearsals"
MOST_STEPS = 200
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


def begun(browser: Any, scene: Any, login: str, said: list[str], link: str = "") -> Any:
    """Somebody's own browser, with an authenticator in it: the account begins here (at a link that was made, if one was), and is signed
    out and in again by passkey."""
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
    page.goto(link or scene.link(login))
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


def signed_in(browser: Any, scene: Any, person: Any) -> Any:
    """A browser of somebody who signed in without one."""
    context = browser.new_context(accept_downloads=True)
    url = scene.url.replace("http:", "https:")
    context.add_cookies(
        [
            {"name": c.name, "value": c.value, "url": url, "secure": True, "httpOnly": True}
            for c in person.cookies
        ]
    )
    return context.new_page()


def enrol(page: Any, scene: Any, role: str, key: Path, folder: Path) -> None:
    """Have the authenticator make a passkey, and vouch for it with the key in a file."""
    page.goto(f"{scene.url}/keys/")
    page.get_by_role("link", name=f"As {role}").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/signing/*/")
    sign_by_file(page, key, folder)
    page.wait_for_url(f"{scene.url}/keys/")
    assert "in force as one of your signing keys" in page.inner_text("main")


def sign_by_file(page: Any, key: Path, folder: Path) -> None:
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the document").click()
    taken.value.save_as(folder / "document.json")
    signed = folder / "signed.json"
    words = ("key", "sign", folder / "document.json", "--key", key, "--out", signed, "--yes")
    subprocess.run([COMMAND, *words], check=True, capture_output=True)
    page.get_by_label("The signed document").set_input_files(signed)
    page.get_by_role("button", name="Send the signed document").click()


def seen(page: Any, address: str | None, name: str, look: str) -> list[str]:
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


WORDS = "e => (e.labels && e.labels.length ? e.labels[0] : e).textContent.trim()"


def by_keyboard(page: Any, words: str, then: str, *, exactly: bool = False) -> None:
    """Go on with the Tab key to what bears these words; press Enter or the space bar there, or write."""
    page.wait_for_load_state()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        said = page.evaluate(f"({WORDS})(document.activeElement)")
        if said == words if exactly else words in said:
            break
    else:
        raise AssertionError(f"the Tab key does not lead to {words!r}")
    if then != "Enter":
        page.keyboard.press("Space") if then == " " else page.keyboard.type(then)
        return
    before = page.url
    page.keyboard.press("Enter")
    if "passkey" not in words:
        page.wait_for_function(
            "before => location.href !== before || document.readyState !== 'complete'", arg=before
        )
        page.wait_for_load_state()
