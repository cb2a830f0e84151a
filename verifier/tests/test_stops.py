"""One stop as an outsider replays it: what it reaches, what left between order and effect, and whose order it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from honest_log import COSIGNED_AT, House, jcs, keyid, private, public, sha, write_files

from lawgate_verifier.cli import main
from lawgate_verifier.dsse import sign_envelope

Out = pytest.CaptureFixture[str]
ORDER = sign_envelope("application/vnd.lawgate.stop+json", jcs({"act": "order"}), private("court"))


def court(house: House) -> None:
    """Enrol a court's key at the place of the standing entry, and let the stop be its order."""
    place = house.indexes("standing")[0]
    time = house.entries[place]["time"]
    house.entries[place] = {
        "type": "key", "v": 1, "time": time, "act": "enrol", "keyid": keyid("court"), "role": "court", "agency": "", "scripted": 1,
    }  # fmt: skip
    house.entries[house.indexes("stop")[0]]["order_sha256"] = sha(ORDER).hex()


@pytest.fixture
def desk(own_house: House, tmp_path: Path) -> Any:
    court(own_house)
    (tmp_path / "order").write_bytes(ORDER)

    def run(*more: str, house: House = own_house) -> int:
        folder = write_files(tmp_path / "log", house.log_files())
        (tmp_path / "policy").write_bytes(house.policy())
        return main(
            [
                "stop",
                str(folder),
                "--policy",
                str(tmp_path / "policy"),
                "--stop",
                "demo-stop",
                "--json",
                *more,
            ]
        )

    return run


def test_what_stands_on_each_side_of_a_stop_is_named_by_index(
    desk: Any, own_house: House, capsys: Out
) -> None:
    first, second, third = own_house.indexes("answer")
    order, lift = own_house.indexes("stop")
    assert desk("--served", own_house.entries[second]["time"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ordered"], told["lifted"], told["size"]) == (order, lift, len(own_house.entries))
    assert told["answers"] == {
        "before": [first, second],
        "between": [second],
        "during": [],
        "after": [third],
        "acknowledged_during": [],
    }


def test_an_answer_logged_while_a_programme_is_stopped_ends_with_6(
    desk: Any, own_house: House, capsys: Out
) -> None:
    last, lift = own_house.indexes("answer")[-1], own_house.indexes("stop")[1]
    for place in own_house.indexes("stop"):
        own_house.entries[place].update(scope="everything", subject="")
    own_house.entries[lift], own_house.entries[last] = own_house.entries[last], own_house.entries[lift]
    assert desk() == 6
    assert json.loads(capsys.readouterr().out)["answers"]["during"] == [lift]


def test_the_order_in_the_log_is_its_issuers(desk: Any, tmp_path: Path, capsys: Out) -> None:
    order = ("--order", str(tmp_path / "order"), "--issuer")
    assert desk(*order, public("court").hex()) == 0
    assert json.loads(capsys.readouterr().out)["order_checked"] is True
    assert desk(*order, public("other").hex()) == 6
    assert desk(*order, "00") == 2
    (tmp_path / "order").write_bytes(ORDER + b"\n")
    assert desk(*order, public("court").hex()) == 6


@pytest.mark.parametrize("role", ["engaged-officer", "disclosure-officer"])
def test_an_order_by_a_key_of_another_role_is_none(
    desk: Any, own_house: House, tmp_path: Path, role: str
) -> None:
    place = next(n for n, entry in enumerate(own_house.entries) if entry.get("keyid") == keyid("court"))
    own_house.entries[place]["role"] = role
    assert desk("--order", str(tmp_path / "order"), "--issuer", public("court").hex()) == 6


def test_an_envelope_with_any_byte_flipped_is_not_the_issuers(
    desk: Any, own_house: House, tmp_path: Path
) -> None:
    """Even if the log named the changed envelope."""
    for at in range(0, len(ORDER), 5):
        spoilt = ORDER[:at] + bytes([ORDER[at] ^ 1]) + ORDER[at + 1 :]
        (tmp_path / "order").write_bytes(spoilt)
        own_house.entries[own_house.indexes("stop")[0]]["order_sha256"] = sha(spoilt).hex()
        assert desk("--order", str(tmp_path / "order"), "--issuer", public("court").hex()) == 6


def test_a_bad_minute_is_a_bad_command(desk: Any) -> None:
    with pytest.raises(SystemExit):
        desk("--served", "yesterday")


def test_the_officers_tool_refuses_what_the_published_log_shows_stopped_or_called_back(
    own_house: House, tmp_path: Path, capsys: Out
) -> None:
    files = {
        "policy": own_house.policy(),
        "identity": own_house.identity_file(),
        "officer.pem": own_house.officer_pem(),
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    first = own_house.indexes("answer")[0]
    package = write_files(tmp_path / "package", own_house.package(first))

    def opened(*more: str) -> int:
        log = write_files(tmp_path / "log", own_house.log_files())
        words = [
            "package",
            str(package),
            "--policy",
            str(tmp_path / "policy"),
            "--identity",
            str(tmp_path / "identity"),
        ]
        words += [
            "--key",
            str(tmp_path / "officer.pem"),
            "--state",
            str(tmp_path / "state"),
            "--log",
            str(log),
        ]
        return main([*words, *more])

    held = own_house.entries.pop(own_house.indexes("stop")[1])
    own_house.entries[-1]["entries"] = len(own_house.entries) - 1
    assert opened() == 6
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "is in force and reaches this answer" in printed.err
    assert not (tmp_path / "state").exists()

    own_house.add("stop", **_again(held))
    assert opened() == 0
    answer = own_house.entries[first]["answer"]
    own_house.add("recall", act="notice", answer=answer, due="2026-12-01", document_sha256="0" * 64)
    assert opened() == 6
    assert "called back" in capsys.readouterr().err
    own_house.entries[first]["accounting"] = "0" * 64
    assert opened() == 6
    assert "does not hold this answer" in capsys.readouterr().err


def test_a_proof_cosigned_too_long_ago_is_refused_where_that_is_asked(
    house: House, tmp_path: Path, capsys: Out
) -> None:
    for name, raw in (
        ("policy", house.policy()),
        ("identity", house.identity_file()),
        ("officer.pem", house.officer_pem()),
    ):
        (tmp_path / name).write_bytes(raw)
    package = write_files(tmp_path / "package", house.package(house.indexes("answer")[0]))
    words = [
        "package",
        str(package),
        "--policy",
        str(tmp_path / "policy"),
        "--identity",
        str(tmp_path / "identity"),
    ]
    words += ["--key", str(tmp_path / "officer.pem"), "--state", str(tmp_path / "state"), "--max-age"]
    hours = int((datetime.now(UTC).timestamp() - COSIGNED_AT) // 3600)
    assert main([*words, str(hours - 1)]) == 6
    printed = capsys.readouterr()
    assert (printed.out, "too long ago" in printed.err) == ("", True)
    assert not (tmp_path / "state").exists()
    assert main([*words, str(hours + 1)]) == 0


def _again(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("type", "v", "time")}
