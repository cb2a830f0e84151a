"""The whole life of one submission, typed as docs/operations.md writes it, in a real home with real people's keys."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LETTERS = {"K-1": "A", "K-2": "A", "K-3": "X"}


def live(desk: Any, verify: Callable[..., Any]) -> str:
    """Type everything once, from the first key to the acknowledgement and the stop."""
    desk.make_home()
    desk("doctor", "--json")
    desk.register_people()
    desk("submission", "example")
    desk.compose()
    desk("submission", "check", "folder", "--json")
    number = desk.receive()
    desk("submission", "status", number, "--json", code=3)
    desk("review", "list", number, name="review list, text")
    desk.decide(number)
    desk("answer", "list", number, "--json")
    desk.look(number)
    desk.authorise(number)
    desk("submission", "answer", number, "--out", "outbox", "--json", code=3)
    packages = sorted(p.name for p in (desk.folder / "outbox").iterdir() if p.is_dir())
    for package in packages:
        verify(
            "package", f"outbox/{package}", "--policy", "lawgate-home/policy", "--identity", "officer.age",
            "--key", "officer.pem", "--state", "state.json", "--ack", f"{package}.json", "--json",
        )  # fmt: skip
        desk("answer", "acknowledge", f"{package}.json")
    desk(
        "stop", "order", "--scope", "agency", "--subject", "fraud-service", "--authority", "No. 26-1", "--key", "court.pem",
        "--id", "stop-1",
    )  # fmt: skip
    desk("stop", "list", "--json")
    desk("submission", "answer", number, "--out", "outbox", "--json", name="answer under a stop", code=5)
    desk("stop", "lift", "stop-1", "--authority", "No. 26-1, second order", "--key", "court.pem")
    desk("submission", "answer", number, "--out", "outbox", "--json", name="answer again", code=3)
    desk("ledger", "heartbeat")
    desk("ledger", "verify", "--json")
    desk("ledger", "prove", 1)
    desk("report", "reconcile", "--json")
    desk("report", "annual", _year(desk), "--json")
    desk("records", "info", "--json")
    desk("standing", "list", "--json")
    desk("key", "list", "--json")
    desk("pack", "list", "--json")
    desk("pack", "show", "usc26-6103-i-2", "--json")
    return number


def _year(desk: Any) -> int:
    received = desk.said["submission status"].json["received_at"]
    return int(received[:4])


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, verifier: Any, desk_in: Any) -> Iterator[Any]:
    desk = desk_in(tmp_path_factory.mktemp("life"))
    number = live(desk, verifier(desk.folder, desk.said))
    yield desk, number
    desk_in.close()


def test_every_command_of_the_page_works_as_it_is_written(life: Any) -> None:
    desk, _ = life
    assert len(desk.said) > 40


def test_each_line_got_the_letter_the_law_gives_it(life: Any) -> None:
    desk, number = life
    jsonl = (desk.folder / "outbox" / "determination.jsonl").read_text().splitlines()
    lines = [json.loads(line) for line in jsonl][1:-1]
    assert {line["request_key"]: line["disposition"] for line in lines} == LETTERS
    assert json.loads(jsonl[0])["submission"] == number


def test_the_officers_tool_opened_both_answers(life: Any) -> None:
    desk, _ = life
    opened = [
        json.loads(said.out)["payload"] for said in desk.said.values() if said.words[0] == "lawgate-verify"
    ]
    assert {o["request_key"]: o["kind"] for o in opened} == {"K-1": "C", "K-2": "R"}
    assert [o["fields"]["address"]["street"] for o in opened if o["kind"] == "R"] == ["Saffron Ct"]


def test_whatever_was_asked_as_json_is_json_and_alone_on_standard_output(life: Any) -> None:
    desk, _ = life
    asked = [said for said in desk.said.values() if "--json" in said.words]
    assert len(asked) >= 15
    for said in asked:
        assert isinstance(json.loads(said.out), (dict, list)), said.words


def test_a_command_that_ends_well_says_nothing_on_standard_error_but_progress(life: Any) -> None:
    desk, _ = life
    talking = {name for name, said in desk.said.items() if said.err}
    assert talking <= {"submission new", "report annual"}
    assert "name.surname is taken from column SURNAME" in desk.said["submission new"].err


def test_counts_agree_and_the_log_is_whole(life: Any) -> None:
    desk, _ = life
    assert desk.said["report reconcile"].json["exact"] is True
    types = desk.said["ledger verify"].json["entries_by_type"]
    assert (types["answer"], types["ack"], types["stop"], types["submission"], types["heartbeat"]) == (
        2,
        2,
        2,
        1,
        1,
    )


def test_the_annual_report_counts_the_two_disclosures(life: Any) -> None:
    desk, _ = life
    said = desk.said["report annual"].json
    assert (said["requests"], said["disclosures"], said["taxpayers"]) == (3, 2, 2)


def test_the_stop_told_what_had_left_and_kept_the_rest_back(life: Any) -> None:
    desk, _ = life
    assert "2 answers of its scope had left before" in desk.said["stop order"].out
    assert desk.said["answer under a stop"].json["kept_back"] == {"701": 2}
    assert desk.said["answer again"].json["packages"] == 2
    (stop,) = desk.said["stop list"].json
    assert (stop["stop"], stop["scope"], stop["subject"]) == ("stop-1", "agency", "fraud-service")


def test_the_list_of_batches_names_the_sample_and_no_answer(life: Any) -> None:
    desk, _ = life
    (batch,) = desk.said["answer list"].json
    assert (batch["answers"], batch["waiting"], batch["sample"], batch["state"]) == (2, 2, [1, 2], "waiting")
    assert "Saffron" not in desk.said["answer list"].out


def test_the_sample_shows_the_two_people_what_would_be_answered(life: Any) -> None:
    desk, _ = life
    shown = desk.said["answer sample, shown"].json
    assert [entry["answer"] for entry in shown] == ["C", "R"]
    assert desk.said["answer sample, counsel"].out == "passed\n"


def test_no_key_of_a_real_home_says_script(life: Any) -> None:
    desk, _ = life
    assert {key["scripted"] for key in desk.said["key list"].json} == {""}


def test_an_outsider_verifies_the_log_with_the_policy_alone(life: Any, verifier: Any, tmp_path: Path) -> None:
    desk, _ = life
    for part in ("ledger", "policy"):
        source = desk.folder / "lawgate-home" / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / part)
    said = verifier(tmp_path)("ledger", "ledger", "--policy", "policy", "--json")
    assert json.loads(said.out)["ok"] is True
    assert json.loads(said.out)["policy_as_logged"] is True


def test_an_outsider_replays_the_stop(life: Any, verifier: Any) -> None:
    desk, _ = life
    home = "lawgate-home"
    said = verifier(desk.folder)(
        "stop", f"{home}/ledger", "--stop", "stop-1", "--policy", f"{home}/policy", "--json"
    )
    answers = json.loads(said.out)["answers"]
    assert (len(answers["before"]), answers["during"], answers["after"]) == (2, [], [])


@pytest.mark.slow
def test_the_same_life_through_the_console_script(
    desk_in: Any, verifier: Any, script: Any, tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    desk.typed = script
    live(desk, verifier(desk.folder, desk.said))
    assert len(desk.said) > 40
