"""The command: exit codes, what it prints, what it keeps, and that nothing is shown before it is kept."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from pathlib import Path

import pytest
from honest_log import House, keyid, private, write_files

from lawgate_verifier import cli
from lawgate_verifier.cli import main


class Desk:
    """An officer's desk: the files a caller of the command holds."""

    def __init__(self, folder: Path, house: House) -> None:
        self.house = house
        self.folder = folder
        self.log = write_files(folder / "log", house.log_files())
        self.policy, self.state, self.ack = (folder / name for name in ("policy", "state.json", "ack.json"))
        self.policy.write_bytes(house.policy())
        (folder / "identity").write_bytes(house.identity_file())
        (folder / "officer.pem").write_bytes(house.officer_pem())

    def package(self, nth: int) -> Path:
        return write_files(
            self.folder / f"answer-{nth}", self.house.package(self.house.indexes("answer")[nth])
        )

    def open(self, package: Path, *more: str) -> int:
        own = ("--identity", str(self.folder / "identity"), "--key", str(self.folder / "officer.pem"))
        kept = ("--policy", str(self.policy), "--state", str(self.state))
        return main(["package", str(package), *own, *kept, *more])

    def ledger(self, *more: str) -> int:
        return main(["ledger", str(self.log), "--policy", str(self.policy), *more])

    def stop(self, name: str, *more: str) -> int:
        return main(["stop", str(self.log), "--policy", str(self.policy), "--stop", name, *more])


@pytest.fixture
def desk(tmp_path: Path, own_house: House) -> Desk:
    return Desk(tmp_path, own_house)


Out = pytest.CaptureFixture[str]


def test_an_honest_log_is_summed_up_with_exit_0(desk: Desk, capsys: Out) -> None:
    assert desk.ledger() == 0
    printed = capsys.readouterr().out
    assert "Everything in this log holds." in printed
    assert re.search(r"answer +3\n", printed)
    assert "note:" not in printed
    assert desk.ledger("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["size"], told["witnesses"]) == (True, 16, ["counsel", "monitor"])
    assert told["policy_as_logged"]


def test_another_comment_in_the_policy_is_noted_and_no_fault(desk: Desk, capsys: Out) -> None:
    desk.policy.write_bytes(b"# mine\n" + desk.policy.read_bytes())
    assert desk.ledger() == 0
    assert "note:" in capsys.readouterr().out


def test_faults_are_named_with_their_entry_and_exit_6(desk: Desk, capsys: Out) -> None:
    desk.house.entries[desk.house.indexes("answer")[2]]["stops"] = 0
    write_files(desk.log, desk.house.log_files())
    assert desk.ledger() == 6
    assert "FAULT entry 13: " in capsys.readouterr().out
    (desk.log / "tile/0/000.p/16").write_bytes(b"\x00" * 512)
    assert desk.ledger("--json") == 6
    assert [fault["index"] for fault in json.loads(capsys.readouterr().out)["faults"]] == [None]
    (desk.log / "checkpoint").unlink()
    assert desk.ledger("--json") == 6
    assert json.loads(capsys.readouterr().out)["refused"] == 0


@pytest.mark.parametrize("arguments", [[], ["ledger"], ["subject"], ["package", "x", "--policy", "y"]])
def test_a_wrong_command_line_ends_with_2(arguments: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_the_callers_own_bad_files_end_with_2_and_no_path_is_told(desk: Desk, capsys: Out) -> None:
    package = desk.package(0)
    for name in ("policy", "identity", "officer.pem", "state.json"):
        honest = (desk.folder / name).read_bytes() if name != "state.json" else None
        (desk.folder / name).write_bytes(b"damaged")
        assert desk.open(package) == 2
        (desk.folder / name).unlink()
        if honest is not None:
            assert desk.open(package) == 2
            (desk.folder / name).write_bytes(honest)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(desk.folder) not in printed.err


def test_a_package_opens_is_kept_and_acknowledged(desk: Desk, capsys: Out) -> None:
    assert desk.open(desk.package(0), "--ack", str(desk.ack)) == 0
    assert "Springfield" in capsys.readouterr().out
    kept = json.loads(desk.state.read_text())["logs"]["gateway.example/demo-log"]
    first = desk.house.indexes("answer")[0]
    assert kept["size"] == 16
    assert kept["recipients"] == {keyid("officer"): {"sequence": 1, "index": first, "missing": []}}
    assert kept["accepted"][str(first)]["answer"] == desk.house.entries[first]["answer"]
    envelope = json.loads(desk.ack.read_text())
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"]
    signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    private("officer").public_key().verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", json.loads(payload)["received"])
    assert sorted(path.name for path in desk.folder.iterdir() if path.name.startswith(".")) == []


def test_a_package_opens_again_and_the_next_after_it(desk: Desk, capsys: Out) -> None:
    for nth in (0, 0, 1, 0, 2):
        assert desk.open(desk.package(nth), "--json") == 0
    told = capsys.readouterr().out
    assert [part["again"] for part in map(json.loads, re.split(r"(?<=\n\})\n", told)[:-1])] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_a_refused_package_shows_nothing_keeps_nothing_and_ends_with_6(desk: Desk, capsys: Out) -> None:
    package = desk.package(1)
    assert desk.open(package, "--ack", str(desk.ack)) == 6
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "REFUSED: check 7: " in printed.err
    assert desk.open(package, "--json") == 6
    assert json.loads(capsys.readouterr().out)["refused"] == 7
    assert not desk.state.exists()
    assert not desk.ack.exists()


def test_nothing_is_shown_while_the_state_cannot_be_written(
    desk: Desk, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(cli, "save_state", fails)
    assert desk.open(desk.package(0), "--ack", str(desk.ack)) == 2
    assert capsys.readouterr().out == ""
    assert not desk.ack.exists()


def zipped(desk: Desk, names: list[tuple[str, str]]) -> Path:
    folder, target = desk.package(0), desk.folder / "answer.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in names:
            archive.writestr(name, (folder / source).read_bytes())
    return target


FOUR = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")


def test_a_zip_is_as_good_as_a_folder(desk: Desk) -> None:
    assert desk.open(zipped(desk, [(name, name) for name in reversed(FOUR)])) == 0


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("extra", ["terms.txt", "more.txt", "../terms.txt", "folder/"])
def test_a_zip_with_more_than_the_four_files_is_refused_by_check_1(
    desk: Desk, extra: str, capsys: Out
) -> None:
    assert desk.open(zipped(desk, [*((name, name) for name in FOUR), (extra, "terms.txt")])) == 6
    assert "check 1" in capsys.readouterr().err


def test_links_folders_large_files_and_no_package_are_refused_by_check_1(desk: Desk, capsys: Out) -> None:
    package = desk.package(0)
    terms = package / "terms.txt"
    terms.rename(desk.folder / "elsewhere")
    terms.symlink_to(desk.folder / "elsewhere")
    assert desk.open(package) == 6
    terms.unlink()
    terms.mkdir()
    assert desk.open(package) == 6
    terms.rmdir()
    terms.write_bytes(b"x" * ((1 << 20) + 1))
    assert desk.open(package) == 6
    assert desk.open(desk.policy) == 6
    assert desk.open(desk.folder / "absent") == 6
    assert capsys.readouterr().err.count("check 1") == 5


def test_a_stop_is_replayed_with_the_answers_on_both_sides(desk: Desk, capsys: Out) -> None:
    assert desk.stop("demo-stop", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    order, lift = desk.house.indexes("stop")
    before, after = desk.house.indexes("answer")[:2], desk.house.indexes("answer")[2:]
    assert (told["ordered"], told["lifted"]) == (order, lift)
    sides = {side: told["answers"][side] for side in ("before", "during", "after")}
    assert sides == {"before": before, "during": [], "after": after}
    assert desk.stop("demo-stop") == 0
    assert f"entry {order}" in capsys.readouterr().out
    assert desk.stop("never-ordered") == 6


def test_answers_that_left_while_a_stop_held_are_listed_with_exit_6(desk: Desk, capsys: Out) -> None:
    del desk.house.entries[desk.house.indexes("stop")[1]]
    write_files(desk.log, desk.house.log_files())
    assert desk.stop("demo-stop", "--json") == 6
    told = json.loads(capsys.readouterr().out)
    assert (told["lifted"], told["answers"]["during"]) == (None, [12])
    assert desk.stop("demo-stop") == 6
    assert "lifted     no" in capsys.readouterr().out


def test_what_others_wrote_does_not_steer_the_terminal(desk: Desk, capsys: Out) -> None:
    from honest_log import FIELDS, commit, salt_of

    entry = desk.house.entries[desk.house.indexes("answer")[0]]
    payload = desk.house.payloads[entry["answer"]]
    payload["sentence"] = "quiet\x9b2J\u202etext"
    entry["commitments"] = {f: commit(salt_of(entry["answer"], f), f, payload[f]) for f in FIELDS}
    assert desk.open(desk.package(0)) == 0
    printed = capsys.readouterr().out
    assert "quiet\\u009b2J\\u202etext" in printed
