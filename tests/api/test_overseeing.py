"""Overseers read counts, stops and the log by machine; nothing of a person is in any of it, and nobody else reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.key_files import load_key
from lawgate.domain.stop import StopScope
from lawgate.evidence.envelope import keyid_of
from lawgate.rehearsal import people
from lawgate_client import Caller, RefusedError

pytestmark = pytest.mark.slow
PERSONAL = ("Zebulon", "Quillfeather", "Marzipan", "CASE-", "Z***")
COUNTS = (
    "/oversight/submissions", "/oversight/annual/2026", "/oversight/stops", "/oversight/recalls", "/oversight/incidents",
)  # fmt: skip
LOG = "/oversight/log/checkpoint"


@pytest.fixture(scope="session")
def posts(served: Any) -> dict[str, Caller]:
    """A machine for each post."""
    made = {}
    for post in ("overseer", "auditor", "operator"):
        key = Ed25519PrivateKey.generate()
        served.command("account", "add", f"api-{post}", "--post", post)
        public = key.public_key().public_bytes_raw().hex()
        served.command("account", "add-machine", f"api-{post}", "--public", public)
        made[post] = Caller(served.url, key)
    return made


def said(caller: Caller, path: str) -> Any:
    return caller.call("GET", f"/api/v1{path}").json()


def test_each_address_opens_to_its_parts_and_to_nobody_else(served: Any, posts: dict[str, Caller]) -> None:
    callers = {
        "overseer": posts["overseer"], "auditor": posts["auditor"], "operator": posts["operator"],
        "counsel": served.caller(people.COUNSEL), "official": served.caller(people.FRAUD_HEAD), "officer": served.caller(people.OFFICERS[0]),
    }  # fmt: skip
    for path in (*COUNTS, LOG):
        for who, caller in callers.items():
            may = who in ("overseer", "auditor", "counsel") or (who == "operator" and path == LOG)
            if may:
                assert caller.call("GET", f"/api/v1{path}").status == 200, (who, path)
            else:
                with pytest.raises(RefusedError) as refused:
                    caller.call("GET", f"/api/v1{path}")
                assert refused.value.code == "512", (who, path)


def test_an_overseer_asks_for_nothing(posts: dict[str, Caller]) -> None:
    for path in (
        "/api/v1/submissions/0000000000000000",
        "/api/v1/submissions/0000000000000000/determinations",
    ):
        with pytest.raises(RefusedError) as refused:
            posts["overseer"].call("GET", path)
        assert refused.value.code == "512"


def test_counts_are_the_consoles(served: Any, official: Any, posts: dict[str, Caller], shared: Any) -> None:
    lines = [shared["asked"](200), shared["asked"](201, taxable_periods=[])]
    number = shared["settle"](official, served.submission(lines))["submission"]
    found = said(posts["overseer"], f"/oversight/submissions/{number}")
    assert found["status"]["dispositions"] == {"W": 1, "X": 1}
    assert [step["lines"] for step in found["steps"]] == [2, 2, 1, 1, 0, 0, 0, 0, 0]
    pages, cursor = [], ""
    while True:
        page = said(
            posts["auditor"], "/oversight/submissions?limit=1" + (f"&cursor={cursor}" if cursor else "")
        )
        pages += page["submissions"]
        cursor = page.get("next", "")
        if not cursor:
            break
    assert number in {each["submission"] for each in pages}
    assert len(pages) == len({each["submission"] for each in pages})
    everything = json.dumps([found, pages, *(said(posts["overseer"], path) for path in COUNTS)])
    assert not any(word in everything for word in PERSONAL)


def test_a_stop_is_seen_and_whom_it_names_is_not(served: Any, posts: dict[str, Caller]) -> None:
    officer = keyid_of(load_key(served.key(people.OFFICERS[1])).public_key().public_bytes_raw())
    person = served.folder / "person.json"
    person.write_text(json.dumps({"name": {"given": "Zebulon", "surname": "Quillfeather"}, "address": {
        "number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702"}}))  # fmt: skip
    key = str(served.key(people.COUNSEL))
    served.command(
        "stop",
        "order",
        "--scope",
        "officer",
        "--subject",
        officer,
        "--authority",
        "No. 26-7",
        "--key",
        key,
        "--id",
        "stop-7",
    )
    served.command(
        "stop",
        "order",
        "--scope",
        "person",
        "--person",
        str(person),
        "--authority",
        "No. 26-8",
        "--key",
        key,
        "--id",
        "stop-8",
    )
    found = {each["stop"]: each for each in said(posts["auditor"], "/oversight/stops")["stops"]}
    assert found["stop-7"]["subject"] == officer
    assert found["stop-8"]["scope"] == StopScope.PERSON.value
    assert "subject" not in found["stop-8"]
    served.command(
        "stop", "lift", "stop-7", "--authority", "No. 26-9", "--key", str(served.key(people.COURT))
    )
    served.command(
        "stop", "lift", "stop-8", "--authority", "No. 26-9", "--key", str(served.key(people.COURT))
    )
    again = {each["stop"]: each for each in said(posts["auditor"], "/oversight/stops")["stops"]}
    assert "lifted_at" in again["stop-7"]


def test_the_log_is_the_homes_byte_for_byte_and_nothing_else_of_it(
    served: Any, posts: dict[str, Caller]
) -> None:
    ledger = served.home / "ledger"
    files = [path.relative_to(ledger).as_posix() for path in ledger.rglob("*") if path.is_file()]
    assert "checkpoint" in files
    for path in files:
        if path == "checkpoint" or path.startswith("tile/"):
            reply = posts["operator"].call("GET", f"/api/v1/oversight/log/{path}")
            assert reply.content == (ledger / path).read_bytes(), path
    for path in (
        "tile/../../lawgate.toml",
        "lawgate.toml",
        "tile/0/999",
        "tile//0",
        "checkpoint/x",
        "tile/%2e%2e/x",
    ):
        with pytest.raises(RefusedError) as refused:
            posts["operator"].call("GET", f"/api/v1/oversight/log/{path}")
        assert refused.value.code in ("513", "514"), path


def test_the_authority_of_a_stop_is_for_the_holder_alone(served: Any, posts: dict[str, Caller]) -> None:
    served.command(
        "stop", "order", "--scope", "agency", "--subject", "nobody", "--authority", "No. 26-11", "--id", "stop-11", "--key", str(served.key(people.COURT))
    )  # fmt: skip
    seen = {
        who
        for who, caller in posts.items()
        if who != "operator" and "No. 26-11" in json.dumps(said(caller, "/oversight/stops"))
    }
    assert seen == set()
    assert "No. 26-11" in json.dumps(said(served.caller(people.COUNSEL), "/oversight/stops"))
