"""The portal over HTTP: what an agency sends, follows and takes back, and what its officers collect, once, and acknowledge."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lawgate.adapters.key_files import load_key
from lawgate.evidence.canonical import canonical
from lawgate.intake.compose import compose
from lawgate.intake.form import Form
from lawgate.rehearsal import people
from lawgate.rehearsal.submissions import form_of
from lawgate.wiring import new_nonce, system_clock

pytestmark = pytest.mark.slow
OFFICIAL, OFFICER, OTHER_OFFICER = people.FRAUD_HEAD, people.OFFICERS[0], people.OFFICERS[1]
VERIFY = Path(sys.executable).parent / "lawgate-verify"
GIVEN, SURNAME = "Zebulon", "Quillfeather"


def line(number: int, **changes: Any) -> dict[str, Any]:
    address = {"number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702"}
    return {
        "request_key": f"key-{number:03d}", "name": {"given": GIVEN, "surname": SURNAME}, "address": address,
        "taxable_periods": ["2024"], "criminal_statute": "18 U.S.C. 1343", "statutory_authority": "28 U.S.C. 533",
        "proceeding": {"kind": "investigation", "case_number": f"CASE-{number:03d}", "opened": "2026-01-05", "status": "open"},
        "reasons": f"Exhibit {number} names a debtor of that town.", "engaged_officer": OFFICER, "items_requested": ["address"],
    } | changes  # fmt: skip


def files(scene: Any, lines: list[dict[str, Any]], official: str = OFFICIAL) -> dict[str, tuple[str, bytes]]:
    raw = b"".join(canonical(one) + b"\n" for one in lines)
    form = Form.model_validate(form_of(official, "agency-head"))
    officers = {person: load_key(scene.keys[person]) for person in people.OFFICERS[:2]}
    made = compose(
        form, raw, "requests.jsonl", load_key(scene.keys[official]), officers, system_clock(), new_nonce()
    )
    return {
        "cover": ("cover.json", made["cover.json"]), "attestations": ("attestations.jsonl", made["attestations.jsonl"]),
        "lines": ("requests.jsonl", made["requests.jsonl"]),
    }  # fmt: skip


def number_of(reply: Any) -> str:
    path = urllib.parse.urlsplit(reply.url).path.split("/")
    assert path[1] == "requests", (reply.status, reply.text)
    return path[2]


def await_(what: Callable[[], bool]) -> None:
    for _ in range(600):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def kept(scene: Any) -> set[str]:
    return {path.name for path in (scene.home / "originals").iterdir()}


def test_what_an_official_sends_is_received_by_the_worker(scene: Any, everybody: Any) -> None:
    official = everybody[OFFICIAL]
    sent = official.send_files("/requests/send/", files(scene, [line(50), line(51, reasons="")]), act="send")
    number = number_of(sent)
    await_(lambda: "The nine steps" in official.get(f"/requests/{number}/").text)
    assert number in official.get("/requests/").text
    said = official.get(f"/requests/{number}/determinations/").text
    assert "key-050" in said
    assert "226" in said
    assert "State the reason for this person." in said
    whole = official.get(f"/requests/{number}/determinations/lines/")
    assert [json.loads(one).get("ordinal") for one in whole.text.splitlines()] == [None, 1, 2, None]
    assert official.get(f"/requests/{number}/determinations/form/").status == 200
    # The same files again are the same submission.
    again = official.send_files("/requests/send/", files(scene, [line(50)]), act="send", follows=number)
    assert f'href="/requests/{number}/"' in official.get(f"/requests/{number_of(again)}/").text
    assert number_of(again) in official.get(f"/requests/{number}/").text


def test_validating_keeps_nothing_and_names_line_column_and_code(scene: Any, everybody: Any) -> None:
    official, before = everybody[OFFICIAL], kept(scene)
    lines = [line(60), line(61, reasons=""), line(62, taxable_periods="2024")]
    found = official.send_files("/requests/send/", files(scene, lines), act="validate")
    assert found.status == 200
    assert "226" in found.text
    assert "<code>taxable_periods</code>" in found.text
    table = official.send_files("/requests/send/", files(scene, lines), act="validate-file")
    assert "2,key-061,I,226" in table.text.replace("X,226", "I,226")
    assert GIVEN not in found.text + table.text
    assert kept(scene) == before


def test_an_upload_that_is_cut_short_leaves_nothing(scene: Any, everybody: Any) -> None:
    official, before = everybody[OFFICIAL], kept(scene)
    short = official.send_files("/requests/send/", files(scene, [line(70)]), most=-120, act="send")
    assert short.status in {400, 422}
    missing = {k: v for k, v in files(scene, [line(70)]).items() if k != "lines"}
    assert official.send_files("/requests/send/", missing, act="send").status == 422
    cookies = "; ".join(f"{c.name}={c.value}" for c in official.cookies)
    with socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(scene.url).port)) as gone:
        gone.sendall(
            f"POST /requests/send/ HTTP/1.1\r\nHost: {scene.url[7:]}\r\nOrigin: {scene.url}\r\nCookie: {cookies}\r\n"
            "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: 100000\r\n\r\n--limit\r\n"
            'Content-Disposition: form-data; name="lines"; filename="requests.jsonl"\r\n\r\nZebulon'.encode()
        )
        time.sleep(0.5)
    await_(lambda: kept(scene) == before)


def test_an_upload_over_the_limit_is_refused(scene: Any, everybody: Any) -> None:
    before = kept(scene)
    big = {"cover": ("cover.json", b"x" * (3 << 20))}
    try:
        reply = everybody[OFFICIAL].send_files("/requests/send/", big, act="send")
        assert reply.status == 413
    except (ConnectionError, OSError):
        pass  # the server hung up before all of it was sent
    assert kept(scene) == before


def test_no_other_page_reads_a_large_file(scene: Any, everybody: Any) -> None:
    officer = everybody[OFFICER]
    most = officer.send_files("/packages/documents/", {"documents": ("a", b"x" * (5 << 20))})
    assert most.status == 422
    assert "1 to 500 documents" in most.text


def test_two_agencies_do_not_see_each_others(scene: Any, everybody: Any, stranger: Any) -> None:
    stranger.begin(people.CLAIMS_HEAD)
    for path in (f"/requests/{scene.answered}/", f"/requests/{scene.answered}/determinations/",
                 f"/requests/{scene.answered}/determinations/lines/"):  # fmt: skip
        assert stranger.get(path).status == 404
        assert everybody[OFFICIAL].get(path).status == 200
    assert scene.answered not in stranger.get("/requests/").text
    before = kept(scene)
    refused = stranger.send_files("/requests/send/", files(scene, [line(80)]), act="send")
    assert refused.status == 422
    assert "another agency" in refused.text
    follows = stranger.send_files(
        "/requests/send/", files(scene, [line(80)]), act="send", follows=scene.answered
    )
    assert follows.status == 422
    assert kept(scene) == before


def link_of(officer: Any, number: str) -> str:
    shown = officer.fill(officer.get("/packages/"), f"/packages/{number}/link/")
    assert shown.status == 201
    return "/packages/collect/" + shown.text.partition("/packages/collect/")[2].partition('"')[0]


def test_a_link_works_once_for_its_officer_and_not_for_long(
    scene: Any, everybody: Any, stranger: Any
) -> None:
    officer = everybody[OFFICER]
    link = link_of(officer, scene.answered)
    stranger.begin(OTHER_OFFICER)
    assert stranger.get(link).status == 404
    assert everybody[OFFICIAL].get(link).status == 403
    assert officer.get(link).status == 200
    assert officer.get(link).status == 404
    late = link_of(officer, scene.answered)
    with sqlite3.connect(scene.home / "service.sqlite3", timeout=60) as service:
        service.execute("update portal_link set expires = '2026-01-01 00:00:00' where used is null")
        assert late.split("/")[3] not in "".join(service.iterdump())
    assert officer.get(late).status == 404
    assert officer.fill(officer.get("/packages/"), f"/packages/{scene.waiting}/link/").status == 404


def test_of_many_who_use_a_link_at_once_one_is_served(scene: Any, everybody: Any) -> None:
    officer = everybody[OFFICER]
    link = link_of(officer, scene.answered)
    with ThreadPoolExecutor(8) as pool:
        got = sorted(reply.status for reply in pool.map(officer.get, [link] * 8))
    assert got == [200] + [404] * 7


def test_an_officer_collects_opens_and_acknowledges(scene: Any, everybody: Any, tmp_path: Path) -> None:
    officer = everybody[OFFICER]
    got = officer.get(link_of(officer, scene.answered))
    assert got.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.raw)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        assert json.loads(archive.read("kept-back.json")) == {}
    (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    again = officer.get(link_of(officer, scene.answered))
    with zipfile.ZipFile(io.BytesIO(again.raw)) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {folder.name, "kept-back.json"}
    ack = tmp_path / "ack.json"
    assert open_package(scene, folder, ack).returncode == 0
    entered = officer.send_files("/packages/documents/", {"documents": ("ack.json", ack.read_bytes())})
    assert "1 acknowledgements" in entered.text
    assert officer.send_files("/packages/documents/", {"documents": ("ack.json", b"{}")}).status == 422


def open_package(scene: Any, folder: Path, ack: Path) -> subprocess.CompletedProcess[str]:
    """Open a package with the officer's own tool."""
    who = people.player(OFFICER).key_name
    words = [
        VERIFY, "package", folder, "--policy", scene.home / "policy", "--log", scene.home / "ledger",
        "--identity", scene.folder / f"{who}.age", "--key", scene.folder / f"{who}.pem", "--ack", ack,
        "--state", folder.parent / "state",
    ]  # fmt: skip
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
