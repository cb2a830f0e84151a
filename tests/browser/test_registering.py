"""Counsel and key holders take away from the register on pages, each signed; nobody else does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from invented.forms import path_of, sign_in_a_file
from lawgate.rehearsal import people

pytestmark = pytest.mark.slow
COUNSEL, OFFICER = people.COUNSEL, people.DISCLOSURE_OFFICER


def by_file(person: Any, page: Any, key: Any, folder: Any) -> Any:
    taken, out = folder / "document.json", folder / "signed.json"
    taken.write_text(person.get(f"{path_of(page)}document/").text)
    sign_in_a_file(taken, key, out)
    return person.upload(page, path_of(page), "signed", out.read_bytes())


def keyid(scene: Any, person: str) -> str:
    keys = json.loads(scene.command("key", "list", "--json"))
    return next(key["keyid"] for key in keys if key["person"] == person)


def test_counsel_ends_an_entry_and_revokes_a_key(scene: Any, everybody: Any, tmp_path: Any) -> None:
    counsel = everybody[COUNSEL]
    page = counsel.send(
        "/standing/end/", kind="office", agency=people.FRAUD_SERVICE, name=people.ASSISTANT_DIRECTOR,
        until="2099-01-01", authority="notice of today",
    )  # fmt: skip
    assert "What is in force of an agency ends" in page.text
    assert "1 entry ends on 2099-01-01" in by_file(counsel, page, scene.keys[COUNSEL], tmp_path).text
    key = keyid(scene, people.JUSTICE_OFFICER)
    page = counsel.send("/keys/revoke/", keyid=key, authority="stolen")
    assert f"The key {key} is revoked" in by_file(counsel, page, scene.keys[COUNSEL], tmp_path).text


def test_an_officer_revokes_no_key_but_an_own_one(scene: Any, everybody: Any) -> None:
    officer = everybody[OFFICER]
    reply = officer.send("/keys/revoke/", keyid=keyid(scene, people.OFFICERS[7]), authority="stolen")
    assert (reply.status, "by its own holder" in reply.text) == (422, True)
    own = officer.send("/keys/revoke/", keyid=keyid(scene, OFFICER), authority="lost")
    assert "A key is revoked" in own.text  # prepared, and left unsigned


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"until": "2025-01-01"}, "today or later"),
        ({"until": "soon"}, "not written YYYY-MM-DD"),
        ({"name": "nobody"}, "no such entry"),
        ({"authority": " "}, "on whose authority"),
    ],
)
def test_what_would_end_nothing_is_not_prepared(everybody: Any, sent: dict[str, str], words: str) -> None:
    filled = {
        "kind": "agreement",
        "agency": people.FRAUD_SERVICE,
        "name": "",
        "until": "2099-01-01",
        "authority": "x",
    }
    reply = everybody[COUNSEL].send("/standing/end/", **{**filled, **sent})
    assert (reply.status, words in reply.text) == (422, True)
