"""Who gets in, and who sees which page: every page, every role, both ways, over HTTP and without JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from lawgate.rehearsal import people

FORGETFUL = Path(__file__).with_name("forgetful.py")
POSTS = ("operator", "overseer", "auditor")
pytestmark = pytest.mark.slow
PASSWORD = "a long enough phrase for rehearsals"
COUNTS = {people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL, "overseer", "auditor"}
REQUESTS = {people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER}
HOLDERS = {people.DISCLOSURE_OFFICER, people.RELEASING_OFFICER, people.COUNSEL}
PERSONAL = ("Zebulon", "Quillfeather", "Marzipan", "Wire", "CASE-01")
MAY = {
    "submissions": COUNTS, "answered": COUNTS, "waiting": COUNTS, "rejected": COUNTS, "docket": REQUESTS, "request": REQUESTS,
    "requests": {people.FRAUD_HEAD}, "send": {people.FRAUD_HEAD}, "sent": {people.FRAUD_HEAD}, "determinations": {people.FRAUD_HEAD},
    "packages": {people.OFFICERS[0]},
    "group": REQUESTS, "keys": HOLDERS, "passkey": {people.DISCLOSURE_OFFICER},
    "answers": REQUESTS, "batch": REQUESTS, "unanswered": REQUESTS, "determine": {people.COUNSEL}, "end": {people.COUNSEL}, "revoke": HOLDERS,
    "order": {people.COUNSEL}, "lift": {people.COUNSEL},
    "standing": COUNTS, "stops": COUNTS, "ledger": COUNTS | {"operator"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MAY))
def test_a_page_opens_to_its_roles_and_to_nobody_else(scene: Any, everybody: Any, name: str) -> None:
    path = scene.pages()[name]
    opened = {login for login, person in everybody.items() if person.get(path).status == 200}
    assert opened == MAY[name]
    refused = [person.get(path).status for login, person in everybody.items() if login not in MAY[name]]
    assert set(refused) == {403}


def test_an_agency_that_asks_sees_nothing_of_the_console(scene: Any, everybody: Any) -> None:
    for login in (people.FRAUD_HEAD, people.OFFICERS[0]):
        home = everybody[login].get("/")
        assert home.status == 200
        assert not any(path in home.text for path in ('href="/submissions', 'href="/ledger', 'href="/stops'))


def test_only_the_two_who_decide_see_what_a_request_says_of_a_person(scene: Any, everybody: Any) -> None:
    for login, person in everybody.items():
        for name, path in scene.pages().items():
            said = [word for word in PERSONAL if word in person.get(path).text]
            assert bool(said) == (login in REQUESTS and name in {"request", "docket", "group"}), (login, name)


def test_a_page_that_forgets_itself_is_refused_by_the_database(scene: Any, everybody: Any) -> None:
    """Who holds a post reads through a connection that cannot write or see a line, even where our code would let it."""
    copied = scene.folder / "forgetful"
    shutil.copytree(scene.home, copied)
    done = subprocess.run(
        [sys.executable, FORGETFUL, scene.waiting, *POSTS, people.DISCLOSURE_OFFICER],
        env={**scene.environment, "LAWGATE_HOME": str(copied), "LAWGATE_REHEARSAL": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    *posts, officer = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(posts) == len(POSTS)
    for said in posts:
        assert all("the database reports" in what for what in said), said
    assert officer == ["done"] * 3


def test_the_authority_of_a_stop_is_for_the_holder_alone(scene: Any, everybody: Any) -> None:
    seen = {login for login in COUNTS if "No. 26-1" in everybody[login].get(scene.pages()["stops"]).text}
    assert seen == COUNTS - set(POSTS)


def test_without_signing_in_every_page_leads_to_the_door(scene: Any, stranger: Any) -> None:
    for path in scene.pages().values():
        reply = stranger.get(path)
        assert urllib.parse.urlsplit(reply.url).path == "/account/login/", path


def test_a_password_alone_opens_nothing(scene: Any, stranger: Any) -> None:
    link = scene.command("account", "add", "second-counsel", "--post", "auditor")
    reply = stranger.send(link, new_password1=PASSWORD, new_password2=PASSWORD)
    assert "/account/factors/" in reply.url
    for path in scene.pages().values():
        assert "/account/factors/" in stranger.get(path).url
    stranger.cookies.clear()
    left = stranger.send("/account/login/", login="second-counsel", password=PASSWORD)
    assert left.status == 403
    assert "no second factor" in left.text
    assert "/account/login/" in stranger.get("/").url


def test_a_weak_password_is_refused(scene: Any, stranger: Any) -> None:
    link = scene.command("account", "add", "weak", "--post", "auditor")
    assert "12 characters" in stranger.send(link, new_password1="short", new_password2="short").text
    assert (
        "too common" in stranger.send(link, new_password1="qwerty123456", new_password2="qwerty123456").text
    )
    assert stranger.get(link).status == 200


def test_a_link_works_once(scene: Any, stranger: Any) -> None:
    link = scene.command("account", "add", "once", "--post", "auditor")
    stranger.send(link, new_password1=PASSWORD, new_password2=PASSWORD)
    stranger.cookies.clear()
    assert stranger.get(link).status == 404


def test_who_signs_in_needs_the_second_factor(scene: Any, everybody: Any, stranger: Any) -> None:
    auditor = everybody["auditor"]
    halfway = stranger.send("/account/login/", login="auditor", password=PASSWORD)
    assert "/account/factors/authenticate/" in halfway.url
    assert "/account/" in stranger.get("/submissions/").url
    stranger.cookies.clear()
    stranger.send("/account/login/", login="auditor", password=PASSWORD)
    assert stranger.send("/account/factors/authenticate/", code="000000").status == 200
    stranger.send("/account/factors/authenticate/", code=auditor.code())
    assert stranger.get("/submissions/").status == 200


def test_whom_the_register_gives_nothing_gets_no_account(scene: Any) -> None:
    for person, agency in (
        (people.COURT, "court"),
        ("nobody", people.HOLDER),
        (people.OFFICERS[1], people.HOLDER),
    ):
        with pytest.raises(subprocess.CalledProcessError) as refused:
            scene.command("account", "add", person, "--person", person, "--agency", agency)
        assert refused.value.returncode == 2
        assert "no key of that person and agency is in force" in refused.value.stderr


def test_a_role_ends_with_the_key(scene: Any, stranger: Any) -> None:
    """A revoked key closes the console with the next request, signed in or not."""
    person = people.CLAIMS_HEAD
    stranger.begin(person)
    assert "requesting official" in stranger.get("/").text
    keys = json.loads(scene.command("key", "list", "--json"))
    keyid = next(key["keyid"] for key in keys if key["person"] == person)
    scene.command("key", "revoke", keyid)
    assert stranger.get("/").status == 403


def test_a_closed_account_is_shut_out_at_once(scene: Any, stranger: Any) -> None:
    link = scene.command("account", "add", "leaving", "--post", "auditor")
    stranger.follow(link, "leaving")
    assert stranger.get("/submissions/").status == 200
    scene.command("account", "close", "leaving")
    assert "/account/login/" in stranger.get("/submissions/").url


def test_every_answer_bears_the_headers_that_protect_it(scene: Any, everybody: Any) -> None:
    for path in (*scene.pages().values(), "/no-such-page/", "/static/lawgate/service.css"):
        headers = everybody[people.DISCLOSURE_OFFICER].get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        if not path.startswith("/static/"):
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Frame-Options"] == "DENY"
    cookies = list(everybody["auditor"].cookies)
    assert {cookie.name for cookie in cookies} == {"__Host-session", "__Host-csrf"}
    for cookie in cookies:
        assert cookie.secure
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "Strict"


def test_no_page_has_script_or_style_of_its_own(scene: Any, everybody: Any) -> None:
    for path in (*scene.pages().values(), "/account/factors/", "/account/factors/webauthn/add/"):
        text = everybody[people.DISCLOSURE_OFFICER].get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
        assert all(
            "src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text)
        ), path


def test_a_form_from_elsewhere_is_refused(scene: Any, everybody: Any) -> None:
    assert everybody["auditor"].get("/account/logout/", b"csrfmiddlewaretoken=x").status == 403
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', everybody["auditor"].get("/account/logout/").text
    )
    assert token is not None
    sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    elsewhere = everybody["auditor"].get("/account/logout/", sent, origin="https://elsewhere.example")
    assert elsewhere.status == 403
    assert everybody["auditor"].get("/").status == 200


def test_the_log_of_the_server_names_nobody(scene: Any, everybody: Any, stranger: Any) -> None:
    everybody[people.DISCLOSURE_OFFICER].get(scene.pages()["request"])
    link = scene.command("account", "add", "unread", "--post", "auditor")
    assert stranger.get(link, b"csrfmiddlewaretoken=x").status == 403
    said = (scene.folder / "served.log").read_text()
    assert not any(word in said for word in (*PERSONAL, *everybody, link.rsplit("/", 2)[1]))
