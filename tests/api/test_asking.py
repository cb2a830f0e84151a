"""Requesters submit, validate and follow by machine: the same outcomes as by command, for their own agency alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lawgate.rehearsal import people
from lawgate_client import RefusedError

pytestmark = pytest.mark.slow
PERSONAL = ("Zebulon", "Quillfeather", "Marzipan", "CASE-")


def test_what_validation_says_and_that_it_keeps_nothing(served: Any, official: Any, shared: Any) -> None:
    lines = [
        shared["asked"](100),
        shared["asked"](101, address={"street": "Failed to Provide", "zip": "83702"}),
        shared["asked"](102, request_key=""),
    ]
    folder = served.submission(lines)
    before = _kept(served.home)
    found = official.validate(folder)
    assert _kept(served.home) == before
    assert (found["acceptable"], found["lines"], found["asks"]) == (True, 3, 1)
    assert found["dispositions"] == {"E": 1, "X": 1}
    assert [(line["ordinal"], line["disposition"]) for line in found["lacking"]] == [(2, "X"), (3, "E")]
    assert "223" in {reason["code"] for reason in found["lacking"][0]["reasons"]}
    assert not any(word in json.dumps(found) for word in PERSONAL)
    with pytest.raises(RefusedError) as refused:
        official.status(found["submission"])
    assert refused.value.code == "513"


def test_validation_and_receipt_agree(served: Any, official: Any, shared: Any) -> None:
    lines = [
        shared["asked"](110),
        shared["asked"](111, taxable_periods=[]),
        shared["asked"](112, reasons=""),
        shared["asked"](113, name={"given": "", "surname": ""}),
    ]
    folder = served.submission(lines)
    before = official.validate(folder)
    status = shared["settle"](official, folder)
    assert status["submission"] == before["submission"]
    final = {letter: n for letter, n in status["dispositions"].items() if letter in "EXI"}
    assert final == before["dispositions"]
    said = {line["ordinal"]: line for line in official.determinations(status["submission"])}
    for lacking in before["lacking"]:
        assert said[lacking["ordinal"]]["disposition"] == lacking["disposition"]
        assert said[lacking["ordinal"]]["reasons"] == lacking["reasons"]


def test_what_is_no_submission_is_kept_and_rejected(official: Any, shared: Any, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip at all")
    assert official.validate(tmp_path / "x.zip")["rejected"]["code"] == "101"
    status = shared["settle"](official, tmp_path / "x.zip")
    assert status["rejected"]["code"] == "101"
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("../cover.json", "{}")
    assert shared["settle"](official, tmp_path / "y.zip")["rejected"]["code"] == "101"


def test_sending_again_changes_nothing(served: Any, official: Any, shared: Any) -> None:
    folder = served.submission([shared["asked"](120)])
    first = official.submit(folder, "key-of-120")
    assert official.submit(folder, "key-of-120") == first
    assert official.submit(folder)["submission"] == first["submission"]


def test_an_idempotency_key_stands_for_one_call(served: Any, official: Any, shared: Any) -> None:
    official.submit(served.submission([shared["asked"](130)]), "key-of-130")
    other = served.submission([shared["asked"](131)])
    with pytest.raises(RefusedError) as refused:
        official.submit(other, "key-of-130")
    assert (refused.value.status, refused.value.code) == (422, "907")
    assert shared["settle"](official, other, "key-of-131")["lines"] == 1


def test_determinations_come_by_pages_and_hide_what_is_personal(
    served: Any, official: Any, shared: Any
) -> None:
    lines = [shared["asked"](n, reasons="" if n % 2 else f"Only this one, {n}.") for n in range(140, 147)]
    number = shared["settle"](official, served.submission(lines))["submission"]
    path = f"/api/v1/submissions/{number}/determinations?limit=3"
    pages, cursor = [], ""
    while True:
        page = official.caller.call("GET", path + (f"&cursor={cursor}" if cursor else "")).json()
        pages.append(page["lines"])
        cursor = page.get("next", "")
        if not cursor:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    found = [line for page in pages for line in page]
    assert [line["ordinal"] for line in found] == list(range(1, 8))
    assert found == list(official.determinations(number))
    assert {line["name"] for line in found} == {"Z*** Q***"}
    assert not any(word in json.dumps(found) for word in PERSONAL)
    for wrong in ("AAAA", "-1", "MQ==", "%00"):
        with pytest.raises(RefusedError) as refused:
            official.caller.call("GET", f"{path}&cursor={wrong}")
        assert (refused.value.status, refused.value.code) == (422, "514")


def test_another_agencys_submission_looks_like_none(served: Any, official: Any, shared: Any) -> None:
    number = shared["settle"](official, served.submission([shared["asked"](150)]))["submission"]
    other = served.gateway(people.CLAIMS_HEAD)
    for asks in (other.status, lambda n: list(other.determinations(n))):
        with pytest.raises(RefusedError) as refused:
            asks(number)
        assert (refused.value.status, refused.value.code) == (404, "513")


def test_status_says_when_to_ask_again_and_whether_anything_changed(
    served: Any, official: Any, shared: Any
) -> None:
    number = shared["settle"](official, served.submission([shared["asked"](160)]))["submission"]
    path = f"/api/v1/submissions/{number}"
    first = official.caller.call("GET", path)
    assert first.json()["dispositions"] == {"W": 1}
    assert first.headers["Retry-After"] == "60"
    same = official.caller.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status, same.content) == (304, b"")


def test_the_log_of_the_server_names_nobody(served: Any) -> None:
    said = served.log.read_text(encoding="utf-8")
    assert not any(word in said for word in PERSONAL)
    assert "Traceback" not in said


def _kept(home: Path) -> dict[str, int]:
    """What of a home validation could have touched: originals, ledger and the memory's lines."""
    return {
        str(path.relative_to(home)): path.stat().st_size
        for part in ("originals", "ledger", "vault")
        for path in sorted((home / part).rglob("*"))
        if path.is_file()
    }
