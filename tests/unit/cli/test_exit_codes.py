"""How commands end: the codes of design section 6, data on standard output alone, and no surprise when one is typed again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lawgate.adapters.local_witness import LocalWitness
from lawgate.ledger.witness import WitnessReply


def ended(said: Any) -> tuple[int, str]:
    """The code, and what a person then reads; nothing that went wrong may stand on standard output."""
    if said.code not in (0, 3, 5):
        assert said.out == "" or "rejected" in said.out, said
    return said.code, " ".join(said.err.split())


# -- 0, 3, 4: what became of a submission ---------------------------------------------------------------------------------


def test_receiving_lines_that_all_wait_ends_with_0(busy: Any, tmp_path: Path) -> None:
    desk, _ = busy
    header, *lines = (desk.folder / "lines.csv").read_text().splitlines(keepends=True)
    desk.compose("fine", header + lines[0].replace("K-1", "K-9").replace("2022;2023", "2023"))
    said = desk("submission", "receive", "fine", "--json", code=0)
    assert said.json["dispositions"] == {"W": 1}


def test_receiving_and_asking_about_refused_lines_ends_with_3(busy: Any) -> None:
    desk, number = busy
    assert desk("submission", "receive", "folder", code=3).out.startswith(number)
    assert desk("submission", "status", number, "--json", code=3).json["codes"]["223"] == 1


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_rejected_submission_ends_with_4_everywhere(busy: Any, as_json: tuple[str, ...]) -> None:
    desk, _ = busy
    shutil.copytree(desk.folder / "folder", desk.folder / "changed")
    lines = desk.folder / "changed" / "lines.csv"
    lines.write_text(lines.read_text() + "\n")
    assert desk("submission", "check", "changed", code=4).err.count("[103]") == 1
    received = desk("submission", "receive", "changed", "--json", code=4).json
    assert (received["rejected_code"], received["lines"]) == ("103", 0)
    number = received["submission"]
    assert number in desk("submission", "status", number, *as_json, code=4).out
    assert number in desk("submission", "answer", number, "--out", "outbox", *as_json, code=4).out
    assert not (desk.folder / "outbox").exists()


def test_what_is_no_submission_at_all_ends_with_4(busy: Any) -> None:
    desk, _ = busy
    (desk.folder / "empty").mkdir()
    code, text = ended(desk("submission", "check", "empty", code=None))
    assert (code, "101" in text) == (4, True)
    # Received is received: what cannot be read is a request too, and is recorded as rejected.
    for sent in ("empty", "lines.csv"):
        said = desk("submission", "receive", sent, "--json", code=4)
        assert said.json["rejected_code"] == "101"
        assert desk("submission", "status", said.json["submission"], "--json", code=4).json == said.json


def test_a_zip_is_received_like_the_folder(busy: Any) -> None:
    desk, number = busy
    with zipfile.ZipFile(desk.folder / "it.zip", "w") as archive:
        for path in (desk.folder / "folder").iterdir():
            archive.write(path, path.name)
    assert desk.receive("it.zip") == number


def test_checking_names_lines_that_cannot_be_read_and_ends_with_3(desk: Any, stocked: Any) -> None:
    for name in ("head.pem", "officer.pem", "form.toml", "lines.csv"):
        shutil.copy2(stocked[0] / name, desk.folder / name)
    desk.compose("bad", (desk.folder / "lines.csv").read_text().replace("K-2", "K-1"))
    said = desk("submission", "check", "bad", "--json", code=3)
    assert [(f["ordinal"], f["code"]) for f in said.json["faults"]] == [(2, "111")]
    assert "cannot be read: lines 2" in desk.said["submission new"].err
    assert not (desk.folder / "lawgate-home").exists()


# -- 2: usage -------------------------------------------------------------------------------------------------------------

WRONG: tuple[tuple[str, ...], ...] = (
    ("no-such-command",),
    ("submission", "status"),
    ("submission", "status", "0000000000000000"),
    ("submission", "answer", "0000000000000000", "--out", "o"),
    (
        "submission",
        "new",
        "lines.csv",
        "--form",
        "form.toml",
        "--key",
        "head.pem",
        "--out",
        "f",
        "--officer-key",
        "p-officer",
    ),
    ("submission", "new", "lines.csv", "--form", "form.toml", "--key", "head.pem", "--out", "folder"),
    ("review", "list", "0000000000000000"),
    ("review", "decide", "0000000000000000", "--decisions", "lines.csv", "--key", "disclosure.pem"),
    ("answer", "list", "0000000000000000"),
    ("answer", "sample", "NUMBER", "--batch", "7"),
    ("answer", "authorise", "NUMBER", "--batch", "1", "--count", "0", "--key", "releasing.pem"),
    ("answer", "authorise", "NUMBER", "--batch", "1", "--count", "1", "--key", "no-such.pem"),
    ("stop", "order", "--scope", "agency", "--authority", "No. 1", "--key", "court.pem"),
    ("stop", "order", "--scope", "person", "--authority", "No. 1", "--key", "court.pem"),
    ("stop", "order", "--scope", "everything", "--authority", "No. 1", "--key", "head.pem"),
    ("stop", "order", "--scope", "nonsense", "--authority", "No. 1", "--key", "court.pem"),
    ("stop", "lift", "no-such-stop", "--authority", "No. 1", "--key", "court.pem"),
    ("standing", "add", "lines.csv"),
    ("standing", "suspend", "agreement", "fraud-service", "--until", "tomorrow"),
    ("key", "new", "head.pem"),
    ("key", "enrol", "--public", "xyz", "--person", "p", "--agency", "a", "--role", "court"),
    ("key", "enrol", "--public", "0" * 64, "--person", "p", "--agency", "a", "--role", "engaged-officer"),
    (
        "key",
        "enrol",
        "--public",
        "0" * 64,
        "--person",
        "p",
        "--agency",
        "a",
        "--role",
        "court",
        "--location",
        "here",
    ),
    ("key", "revoke", "0" * 32),
    ("pack", "show", "no-such-pack"),
    ("init",),
    ("init", "--settings", "lawgate.toml"),
    ("init", "--settings", "lines.csv", "--home", "other"),
    ("ledger", "prove", "-1"),
    ("report", "annual", "this-year"),
)


@pytest.mark.parametrize("words", WRONG, ids=lambda words: " ".join(words)[:50])
def test_what_was_typed_wrongly_ends_with_2_says_why_and_changes_nothing(
    busy: Any, words: tuple[str, ...]
) -> None:
    desk, number = busy
    before = desk("ledger", "verify", "--json").json["size"]
    code, text = ended(desk(*(w.replace("NUMBER", number) for w in words), code=None))
    assert code == 2
    assert text
    assert "unexpected" not in text
    assert desk("ledger", "verify", "--json").json["size"] == before


def test_without_a_home_every_command_that_needs_one_says_so_and_ends_with_2(desk: Any) -> None:
    for words in (
        ("stop", "list"),
        ("ledger", "verify"),
        ("report", "reconcile"),
        ("review", "list"),
        ("standing", "list"),
    ):
        code, text = ended(desk(*words, code=None))
        assert (code, "lawgate init" in text) == (2, True)
    assert desk("doctor", "--json", code=1).json[2] == {
        "what": "a home at lawgate-home", "present": False, "needed": True,
        "note": "make one with `lawgate init`; only `demo`, `submission new` and `submission check` work without",
    }  # fmt: skip


def test_settings_that_lack_something_name_it(desk: Any) -> None:
    text = desk("init", "--example").out
    desk.write("lawgate.toml", text.replace("quorum = 2", "# quorum").replace("sample_size", "sample"))
    code, said = ended(desk("init", "--settings", "lawgate.toml", code=None))
    assert code == 2
    for part in ("witnesses.quorum", "release.sample_size", "release.sample"):
        assert part in said
    assert not (desk.folder / "lawgate-home").exists()


# -- documents of people --------------------------------------------------------------------------------------------------

BAD_DECISIONS = (
    '{"ordinal": 1}',
    "[1]",
    '[{"ordinal": 1, "verdict": "maybe", "answers": {}}]',
    '[{"ordinal": 1, "verdict": "approve", "answers": {}, "note": "x"}]',
    '[{"ordinal": 1, "verdict": "approve", "answers": {}}]',
    '[{"ordinal": 3, "verdict": "approve", "answers": {}}]',
    '[{"ordinal": 99, "verdict": "refuse", "answers": {}}]',
)


@pytest.mark.parametrize("decisions", BAD_DECISIONS)
def test_decisions_that_cannot_be_acted_on_end_with_2_and_decide_nothing(busy: Any, decisions: str) -> None:
    desk, number = busy
    desk.write("decisions.json", decisions)
    code, _ = ended(
        desk(
            "review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", code=None
        )
    )
    assert code == 2
    assert len(desk("review", "list", number, "--json").json[number]) == 2


@pytest.mark.parametrize("key", ["head.pem", "officer.pem", "releasing.pem", "counsel.pem", "court.pem"])
def test_a_decision_with_anothers_key_ends_with_2(busy: Any, key: str) -> None:
    desk, number = busy
    desk.decisions(number)
    code, _ = ended(
        desk("review", "decide", number, "--decisions", "decisions.json", "--key", key, code=None)
    )
    assert code == 2


def test_a_key_file_that_others_can_read_is_not_used(busy: Any) -> None:
    desk, number = busy
    desk.decisions(number)
    (desk.folder / "disclosure.pem").chmod(0o644)
    said = desk(
        "review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", code=2
    )
    assert "0600" in said.err


def test_a_wrong_count_authorises_nothing_and_the_right_one_is_named(busy: Any) -> None:
    desk, number = busy
    desk.decide(number)
    desk.look(number)
    assert "2 answers of this batch wait" in " ".join(desk.authorise(number, count=3, code=2).err.split())
    assert desk("answer", "list", number, "--json").json[0]["waiting"] == 2
    desk.authorise(number, count=2)


def test_an_error_found_in_the_sample_stops_the_batch(busy: Any) -> None:
    desk, number = busy
    desk.decide(number)
    said = desk("answer", "sample", number, "--batch", 1, "--key", "counsel.pem", "--error", 2)
    assert said.out == "failed\n"
    assert "sample is failed" in desk.authorise(number, code=2).err


def test_withheld_answers_leave_like_the_others(busy: Any) -> None:
    desk, number = busy
    desk.decide(number)
    desk.look(number)
    desk("answer", "authorise", number, "--batch", 1, "--count", 2, "--withhold", 2, "--key", "releasing.pem")
    assert desk("submission", "answer", number, "--out", "o", "--json", code=3).json["packages"] == 2


def test_a_decision_may_narrow_what_is_answered(busy: Any) -> None:
    desk, number = busy
    desk.decisions(number, periods=["2022"], items=["address"])
    desk("review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem")
    shown = desk("answer", "sample", number, "--batch", 1).json
    assert [entry["answer"] for entry in shown] == ["N", "R"]


# -- 5: stopped -----------------------------------------------------------------------------------------------------------


def test_a_person_is_named_in_a_file_and_never_among_the_arguments_or_in_the_list(busy: Any) -> None:
    desk, number = busy
    person = {
        "name": {"given": "Zebulon", "surname": "Quillfeather"},
        "address": {"number": "12", "street": "Marzipan Row", "city": "Boise", "state": "ID", "zip": "83702"},
    }
    desk.write("person.json", json.dumps(person))
    desk(
        "stop",
        "order",
        "--scope",
        "person",
        "--person",
        "person.json",
        "--authority",
        "No. 2",
        "--key",
        "court.pem",
    )
    desk.decide(number)
    desk.look(number)
    desk.authorise(number)
    said = desk("submission", "answer", number, "--out", "o", "--json", code=3)
    assert (said.json["packages"], said.json["kept_back"]) == (2, {})
    assert "(a person)" in desk("stop", "list").out


def test_nothing_is_decided_under_a_stop(busy: Any) -> None:
    desk, number = busy
    desk.decisions(number)
    desk(
        "stop", "order", "--scope", "everything", "--authority", "No. 3", "--key", "counsel.pem", "--id", "s"
    )
    said = desk(
        "review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", code=2
    )
    assert "701" in said.err
    desk("stop", "lift", "s", "--authority", "No. 4", "--key", "counsel.pem")
    desk("review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem")


def test_the_same_order_typed_again_is_one_stop_and_a_wider_one_under_its_id_is_refused(busy: Any) -> None:
    desk, _ = busy
    words = ("stop", "order", "--authority", "No. 3", "--key", "court.pem")
    for _ in range(2):
        desk(*words, "--scope", "agency", "--subject", "fraud-service")
    desk(*words, "--scope", "officer", "--subject", "0" * 32, code=2)
    (stop,) = desk("stop", "list", "--json").json
    desk(*words, "--scope", "everything", "--id", stop["stop"], code=2)
    assert [s["scope"] for s in desk("stop", "list", "--json").json] == ["agency"]


# -- 6 and 75: the log ----------------------------------------------------------------------------------------------------


def test_a_log_that_was_tampered_with_ends_with_6_and_nothing_is_signed(busy: Any) -> None:
    desk, number = busy
    bundles = [
        p for p in (desk.folder / "lawgate-home" / "ledger" / "tile" / "entries").rglob("*") if p.is_file()
    ]
    largest = max(bundles, key=lambda p: p.stat().st_size)
    largest.write_bytes(largest.read_bytes().replace(b"fraud-service", b"fraud-sirvice", 1))
    for words in (("ledger", "verify"), ("ledger", "heartbeat")):
        code, text = ended(desk(*words, code=None))
        assert code == 6, text
    desk.decisions(number)
    desk("review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", code=6)


def test_a_witness_that_lost_its_memory_ends_with_6(busy: Any) -> None:
    desk, _ = busy
    (desk.folder / "lawgate-home" / "witnesses" / "2" / "last-seen").unlink()
    desk("ledger", "heartbeat", code=6)


def test_with_too_few_witnesses_commands_end_with_75_and_the_same_command_goes_on_later(
    busy: Any,
) -> None:
    desk, number = busy
    desk.decide(number)
    desk.look(number)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LocalWitness, "add_checkpoint", _unreachable)
        desk.authorise(number, code=75)
        desk("ledger", "heartbeat", code=75)
        said = desk("submission", "answer", number, "--out", "o", "--json", code=75)
        assert said.json["kept_back"] == {"903": 2}
        desk.authorise(number, code=75)
    assert desk.authorise(number).json == {"logged": 0}
    assert desk("submission", "answer", number, "--out", "o", "--json", code=3).json["packages"] == 2
    assert desk("report", "reconcile", "--json").json["exact"] is True


def _unreachable(*_: object) -> WitnessReply:
    raise ConnectionRefusedError("nobody there")


def test_a_submission_is_received_even_while_no_witness_answers(busy: Any) -> None:
    desk, _ = busy
    header, *lines = (desk.folder / "lines.csv").read_text().splitlines(keepends=True)
    desk.compose("fine", header + lines[0].replace("K-1", "K-9").replace("2022;2023", "2023"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LocalWitness, "add_checkpoint", _unreachable)
        desk("submission", "receive", "fine", code=0)


# -- typing the same again ------------------------------------------------------------------------------------------------


def test_a_decision_typed_again_after_the_index_was_missing_looks_the_lines_up(busy: Any) -> None:
    desk, number = busy
    index = desk.folder / "lawgate-home" / "records" / "index"
    kept = index.read_bytes()
    index.unlink()
    desk.decisions(number)
    words = ("review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", "--json")
    assert "records index" in desk(*words, code=1).err
    assert "records index" in desk(*words, code=1).err
    index.write_bytes(kept)
    said = desk(*words, code=0)
    assert (said.json, "decided before" in said.err) == ({"approved": 0, "closed": 0}, True)
    assert desk("answer", "list", number, "--json").json[0]["waiting"] == 2


def test_commands_that_change_nothing_the_second_time(busy: Any) -> None:
    desk, number = busy
    desk("standing", "add", "register.toml")
    desk.receive()
    desk("records", "index", "records.csv")
    desk.decide(number)
    desk.look(number)
    desk.authorise(number)
    desk("submission", "answer", number, "--out", "o", code=3)
    first = {p: p.read_bytes() for p in sorted((desk.folder / "o").rglob("*.age"))}
    size = desk("ledger", "verify", "--json").json["size"]
    desk("standing", "add", "register.toml")
    desk("submission", "answer", number, "--out", "o", code=3)
    assert {p: p.read_bytes() for p in sorted((desk.folder / "o").rglob("*.age"))} == first
    assert desk("ledger", "verify", "--json").json["size"] == size


def test_a_key_once_revoked_is_listed_with_its_end_and_signs_nothing(busy: Any) -> None:
    desk, number = busy
    (officer,) = [k for k in desk("key", "list", "--json").json if k["person"] == "p-disclosure"]
    desk("key", "revoke", officer["keyid"])
    (officer,) = [k for k in desk("key", "list", "--json").json if k["person"] == "p-disclosure"]
    assert officer["until"]
    desk.decisions(number)
    desk("review", "decide", number, "--decisions", "decisions.json", "--key", "disclosure.pem", code=2)


def test_a_suspended_agreement_is_listed_with_its_end_and_keeps_answers_back(busy: Any) -> None:
    desk, number = busy
    desk.decide(number)
    desk.look(number)
    desk.authorise(number)
    desk("standing", "suspend", "agreement", "fraud-service", "--until", "2026-01-01", "--id", "agreement-1")
    (entry,) = [e for e in desk("standing", "list", "--json").json if e["kind"] == "agreement"]
    assert entry["until"] == "2026-01-01"
    said = desk("submission", "answer", number, "--out", "o", "--json", code=3)
    assert (said.json["packages"], said.json["kept_back"]) == (0, {"503": 2})


# -- the program itself ---------------------------------------------------------------------------------------------------


def test_the_console_script_writes_data_to_standard_output_alone(script: Any, tmp_path: Path) -> None:
    said = script(tmp_path, {}, ["pack", "list", "--json"])
    assert (said.code, said.err) == (0, "")
    assert [pack["id"] for pack in json.loads(said.out) if pack["applied"] == "yes"] == [
        "usc26-6103-i-2", "usc26-6103-i-5", "usc26-6103-m-2", "usc5-552a-b-7", "usc38-5701-f-2", "usc13-9",
    ]  # fmt: skip
    said = script(tmp_path, {}, ["stop", "list"])
    assert (said.code, said.out) == (2, "")
    assert "lawgate init" in said.err


def test_the_console_scripts_help_names_every_group(script: Any, tmp_path: Path) -> None:
    said = script(tmp_path, {}, ["--help"])
    groups = (
        "init", "doctor", "demo", "version", "submission", "review", "answer", "stop", "standing", "key", "records", "ledger",
        "pack", "report",
    )  # fmt: skip
    assert all(group in said.out for group in groups)


WITHOUT_DJANGO = """
import sys
from lawgate.cli.main import app
from lawgate.cli.frame import run
sys.argv = ["lawgate", *sys.argv[1:]]
code = run(app)
print(sorted(m for m in sys.modules if m.partition(".")[0] in ("django", "sqlite3")), code, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ("submission", "check", "folder"), ("pack", "list"), ("pack", "show", "usc26-6103-i-2"), ("submission", "example"),
        ("init", "--example"), ("key", "new", "another.pem"), ("version",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_needs_no_home_never_loads_django(stocked: Any, tmp_path: Path, words: tuple[str, ...]) -> None:
    shutil.copytree(stocked[0] / "folder", tmp_path / "folder")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[] 0"


def test_unexpected_faults_are_told_without_their_text(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from lawgate import wiring

    def explode(*_: object) -> None:
        raise ValueError("Zebulon Quillfeather")

    monkeypatch.setattr(wiring, "open_home", explode)
    said = desk("stop", "list", code=1)
    assert "ValueError" in said.err
    assert "Zebulon" not in said.err + said.out


def test_the_doctor_finds_a_home_in_order(busy: Any) -> None:
    desk, _ = busy
    needed = [row for row in desk("doctor", "--json").json if row["needed"]]
    assert all(row["present"] for row in needed)
    (desk.folder / "lawgate-home" / "records" / "index").write_bytes(b"damaged")
    rows = {row["what"]: row["present"] for row in desk("doctor", "--json", code=1).json}
    assert (rows["the home opens"], rows["index of records"]) == (True, False)
