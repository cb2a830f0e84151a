"""The sealer under a user of its own: the real command at a Unix socket, its peers, its end and return, several gateways, two real users."""

from __future__ import annotations

import functools
import http.server
import io
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lawgate import pipeline, wiring
from lawgate.adapters import sealer_server
from lawgate.adapters.key_files import load_sealer_key
from lawgate.adapters.sealer_desk import KEY, PUBLIC, SEEN, begin_sealer
from lawgate.adapters.sealer_lines import SealerLines
from lawgate.adapters.sealer_socket import SealerConnection, sealer_key
from lawgate.cli.frame import run
from lawgate.cli.main import app
from lawgate.domain.errors import LedgerError, SealerAwayError, SettingsError
from lawgate.domain.leaving import Sealing
from lawgate.domain.steps import Package
from lawgate.gate import heartbeat

LAWGATE = [sys.executable, "-c", "from lawgate.cli.main import main; main()"]
GATEWAY, SEALER = 64001, 64002
"""Two users whom no machine has, each with a group of the same number."""


@dataclass
class Apart:
    """A sealer's folder and socket in a folder of their own, and what runs there."""

    place: Path
    logs: str = ""
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.place / "sealer"

    @property
    def socket(self) -> Path:
        return self.place / "run" / "socket"

    def start(self, *peers: int | str, logs: str = "") -> subprocess.Popen[str]:
        words = [str(self.folder), "--socket", str(self.socket), "--logs", logs or self.logs]
        for peer in peers or (os.getuid(),):
            words += ["--peer", str(peer)]
        process = subprocess.Popen([*LAWGATE, "sealer", "serve", *words], stderr=subprocess.PIPE, text=True)
        self.running.append(process)
        assert process.stderr is not None
        first = process.stderr.readline()
        assert "serving" in first, first
        return process

    def kill(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()
        self.running.clear()


@pytest.fixture
def apart() -> Iterator[Apart]:
    # Of its own, because the name of a socket is short and the folders of the tests are closed to other users.
    place = Path(tempfile.mkdtemp(prefix="lawgate-"))
    place.chmod(0o755)
    (place / "run").mkdir()
    found = Apart(place)
    yield found
    found.kill()
    shutil.rmtree(place)


def move(house: Any, apart: Apart, home: Path | None = None) -> Any:
    """As docs/deploy.md has it for a home that was made without: the folder goes to the sealer's user, the public half stays."""
    home = home or house.home
    apart.logs = str(home)
    if not apart.folder.exists():
        shutil.copytree(house.home / wiring.SEALER, apart.folder)
        apart.folder.chmod(0o700)
    for each in (home / wiring.SEALER).iterdir():
        if each.name != PUBLIC:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    settings = home / wiring.SETTINGS_FILE
    settings.write_text(f'{settings.read_text()}\n[sealer]\nsocket = "{apart.socket}"\n')
    gate = wiring.open_home(home, house.clock)
    return replace(house, home=home, gate=replace(gate, open_records=house.gate.open_records))


def three(house: Any) -> list[Any]:
    return [house.one(who, number) for number, who in enumerate(("confirmed", "released", "nobody"), 1)]


def asked_of(house: Any, submission: Any) -> Sealing:
    """What the gateway hands the sealer for these answers."""
    noted: list[Sealing] = []

    def sealers(given: Any, lines: int) -> Any:
        each = list(given)
        noted.extend(each)
        return house.gate.sealers(each, lines)

    list(pipeline.hand_over(replace(house.gate, sealers=sealers), submission, 10))
    (asked,) = noted
    return asked


# -- there, away, back ---------------------------------------------------------------------------------------------------


def test_answers_leave_through_a_sealer_at_a_socket_and_wait_while_it_is_away(
    house: Any, apart: Apart
) -> None:
    house = move(house, apart)
    submission = house.logged(*three(house))
    assert house.hand_over(submission) == ["920"] * 3, "it was never started"
    with pytest.raises(SealerAwayError, match="does not answer"):
        wiring.require_sealer(house.home)
    apart.start()
    wiring.require_sealer(house.home)
    wiring.try_sealer(house.gate)
    packages = house.packages(submission)
    assert len(packages) == 3
    apart.kill()
    assert house.hand_over(submission) == ["920"] * 3, "asked again while it is gone"
    apart.start()
    again = house.packages(submission)
    assert [house.read(each) for each in again] == [house.read(each) for each in packages]


def test_a_sealer_killed_amid_a_chunk_lets_nothing_of_it_out_and_comes_back_at_the_same_socket(
    house: Any, apart: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "SEAL_LINES", 1)
    house = move(house, apart)
    submission = house.logged(*three(house))
    apart.start()

    def killing(given: Any, lines: int) -> Any:
        for number, each in enumerate(house.gate.sealers(given, lines), 1):
            yield each
            if number == 1:
                apart.kill()

    broken = replace(house.gate, sealers=killing)
    assert list(pipeline.hand_over(broken, submission, 3)) == ["920"] * 3
    assert house.gate.memory.tally().handed_over == 0
    assert apart.socket.exists(), "what a killed one leaves"
    apart.start()
    handed = list(pipeline.hand_over(house.gate, submission, 3))
    assert [each.sequence for each in handed if isinstance(each, Package)] == [1, 2, 3]


def test_the_processes_that_serve_end_with_the_one_that_listens(house: Any, apart: Apart) -> None:
    house = move(house, apart)
    process = apart.start()
    wiring.try_sealer(house.gate)
    (serving,) = children_of(process.pid)
    apart.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{serving}/stat").exists() and time.monotonic() < deadline:
        # A process whose parent is gone may stay as a zombie of whoever took it over.
        if Path(f"/proc/{serving}/stat").read_text().split(") ")[1][0] == "Z":
            return
        time.sleep(0.02)
    assert not Path(f"/proc/{serving}/stat").exists()


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_log_may_be_read_from_where_it_is_published(house: Any, apart: Apart) -> None:
    """The sealer on another machine: it reads the log at an address, and believes it for its hashes."""
    handler = functools.partial(QuietFiles, directory=str(house.home))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, args=(0.01,), daemon=True).start()
        house = move(house, apart)
        apart.start(logs=f"http://127.0.0.1:{host.server_address[1]}")
        submission = house.logged(*three(house))
        assert len(house.packages(submission)) == 3
        host.shutdown()


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


# -- who may ask ---------------------------------------------------------------------------------------------------------


def test_another_user_than_the_named_one_is_turned_away_and_told_so(house: Any, apart: Apart) -> None:
    house = move(house, apart)
    process = apart.start(os.getuid() + 1)
    submission = house.logged(*three(house))
    with pytest.raises(LedgerError, match="this user may not ask"):
        house.hand_over(submission)
    assert house.gate.memory.tally().handed_over == 0
    assert process.stderr is not None
    assert f"user {os.getuid()} asked" in process.stderr.readline()


def test_a_sealer_with_another_key_is_noticed_before_anything_is_handed_to_it(
    house: Any, apart: Apart
) -> None:
    begin_sealer(apart.folder, None)
    house = move(house, apart)
    apart.start()
    with pytest.raises(SettingsError, match="not the one"):
        wiring.require_sealer(house.home)
    submission = house.logged(*three(house))
    with pytest.raises(SettingsError, match="not the one"):
        house.hand_over(submission)


def test_it_does_not_serve_a_folder_that_others_can_open_nor_a_socket_that_is_taken(apart: Apart) -> None:
    apart.logs = str(apart.place)
    public = begin_sealer(apart.folder, None)
    apart.start()
    assert sealer_key(apart.socket) == public
    refused = functools.partial(
        sealer_server.SealerServer, folder=apart.folder, logs=apart.logs, peers=[os.getuid()], report=str
    )
    with pytest.raises(SettingsError, match="listens at this socket already"):
        refused(apart.socket)
    (apart.place / "file").write_text("not to be removed")
    with pytest.raises(SettingsError, match="something else"):
        refused(apart.place / "file")
    assert (apart.place / "file").exists()
    with pytest.raises(SettingsError, match="cannot be made there"):
        refused(apart.place / "nowhere" / "socket")
    apart.folder.chmod(0o750)
    with pytest.raises(SettingsError, match="0700"):
        refused(apart.place / "other")
    with pytest.raises(SettingsError, match="no key is ever overwritten"):
        begin_sealer(apart.folder, None)


def test_more_than_it_serves_at_one_time_are_told_to_come_back(apart: Apart) -> None:
    public = begin_sealer(apart.folder, None)
    small = (
        "import sys; from lawgate.adapters import sealer_server as s; s.AT_ONCE = 2; s.main(*sys.argv[1:])"
    )
    words = [str(apart.socket), str(apart.folder), str(apart.place), str(os.getuid())]
    process = subprocess.Popen([sys.executable, "-c", small, *words], stderr=subprocess.PIPE, text=True)
    apart.running.append(process)
    assert process.stderr is not None
    assert "serving" in process.stderr.readline()
    one, two = (SealerConnection(apart.socket, public) for _ in range(2))
    with pytest.raises(LedgerError, match="as many are connected"):
        SealerConnection(apart.socket, public)
    one.end()
    deadline = time.monotonic() + 10
    while len(children_of(process.pid)) > 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    three = SealerConnection(apart.socket, public)
    two.end()
    three.end()


# -- several gateways, one memory ----------------------------------------------------------------------------------------


def test_a_connection_that_saw_less_does_not_go_back_behind_what_another_has_seen(
    house: Any, apart: Apart, tmp_path: Path
) -> None:
    house = move(house, apart)
    apart.start()
    asked = asked_of(house, house.logged(*three(house)))
    one, other = (SealerLines(lambda: reach(house, apart), lambda lines: 1) for _ in range(2))
    assert len(list(one([asked], 3))) == len(list(other([asked], 3))) == 1
    old = shutil.copytree(house.home / "ledger", tmp_path / "old")
    heartbeat(house.gate)
    assert len(list(one([replace(asked, answers=())], 0))) == 1, "one has seen the newer head"
    shutil.rmtree(house.home / "ledger")
    shutil.copytree(old, house.home / "ledger")
    with pytest.raises(LedgerError, match="older than one"):
        list(other([asked], 3))
    one.end()
    other.end()


def test_many_gateways_at_once_leave_one_memory(house: Any, apart: Apart) -> None:
    house = move(house, apart)
    apart.start()
    asked = asked_of(house, house.logged(*three(house)))
    (apart.folder / SEEN).unlink()
    faults: list[BaseException] = []

    def gateway() -> None:
        try:
            lines = SealerLines(lambda: reach(house, apart), lambda lines: 2)
            for _ in range(3):
                for outcomes, _ in lines([asked] * 4, 12):
                    assert not any(isinstance(each, str) for each in outcomes)
            lines.end()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=gateway) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    size = int((house.home / "ledger" / "checkpoint").read_text().split("\n")[1])
    assert f'"{house.gate.policy.log.name}":"{size} ' in (apart.folder / SEEN).read_text()


def reach(house: Any, apart: Apart) -> SealerConnection:
    return SealerConnection(apart.socket, (house.home / wiring.SEALER / PUBLIC).read_text().strip())


# -- two users -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users")
def test_under_two_users_the_gateways_cannot_open_the_sealers_folder_and_answers_leave(
    house: Any, apart: Apart
) -> None:
    """Two real users: what the one holds the other cannot read, in both directions, and the nine steps go through."""
    submission = house.logged(*three(house))
    # What this process has loaded its forks have too: the interpreter's own folder may be closed to those users.
    assert len(house.packages(submission)) == 3
    home = apart.place / "home"
    shutil.copytree(house.home, home)
    house = move(house, apart, home)
    give(home, GATEWAY)
    home.chmod(0o755)
    give(apart.folder, SEALER)
    give(apart.socket.parent, SEALER)
    os.chown(apart.socket.parent, SEALER, GATEWAY)
    apart.socket.parent.chmod(0o750)
    fork = multiprocessing.get_context("fork")
    sealer = fork.Process(
        target=as_user, args=(SEALER, GATEWAY, lambda: serve_there(apart, home)), daemon=True
    )
    sealer.start()
    deadline = time.monotonic() + 20
    while not apart.socket.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert os.stat(apart.socket).st_mode & 0o777 == 0o660
    result = fork.Queue()

    def gateway() -> None:
        with_key, with_seen = (
            tried(lambda: load_sealer_key(apart.folder / KEY)),
            tried(lambda: (apart.folder / SEEN).read_bytes()),
        )
        listed = tried(lambda: list(apart.folder.iterdir()))
        packages = len(list(pipeline.hand_over(house.gate, submission, 3)))
        result.put((with_key, with_seen, listed, packages))

    def stranger() -> None:
        result.put(tried(lambda: sealer_key(apart.socket)))

    def thief() -> None:
        result.put([tried(path.read_bytes) for path in sorted((home / "keys").iterdir())])

    try:
        assert run_as(fork, GATEWAY, GATEWAY, gateway, result) == (
            "SettingsError", "PermissionError", "PermissionError", 3,
        )  # fmt: skip
        assert run_as(fork, 64003, 64003, stranger, result) == "SealerAwayError", "the socket's own rights"
        assert run_as(fork, 64003, GATEWAY, stranger, result) == "LedgerError", (
            "of the group, and not the user named"
        )
        secrets = run_as(fork, SEALER, GATEWAY, thief, result)
        assert set(secrets) == {"PermissionError"}, "the sealer reads none of the gateway's keys"
    finally:
        os.kill(sealer.pid or 0, signal.SIGKILL)
        sealer.join()


def serve_there(apart: Apart, home: Path) -> None:
    server = sealer_server.SealerServer(apart.socket, apart.folder, str(home), [GATEWAY], lambda said: None)
    server.serve_forever()


def give(folder: Path, user: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, user)


def as_user(user: int, group: int, act: Callable[[], None]) -> None:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    act()


def run_as(fork: Any, user: int, group: int, act: Callable[[], None], result: Any) -> Any:
    process = fork.Process(target=as_user, args=(user, group, act))
    process.start()
    found = result.get(timeout=60)
    process.join()
    return found


def tried(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as fault:
        return type(fault).__name__
    return ""


# -- set up by its commands ----------------------------------------------------------------------------------------------


def test_a_home_is_made_for_a_sealer_that_is_there_and_told_which_policy_to_believe(apart: Apart) -> None:
    from lawgate.rehearsal.stage import rehearsal_settings

    home, settings = apart.place / "home", apart.place / "lawgate.toml"
    settings.write_text(f'{rehearsal_settings()}\n[sealer]\nsocket = "{apart.socket}"\n')
    public = typed("sealer", "new", str(apart.folder)).strip()
    assert typed("init", "--settings", str(settings), "--home", str(home), code=75) == ""
    assert not home.exists(), "without the sealer there is no home"
    apart.logs = str(home)
    apart.start()
    assert "until the sealer trusts" in typed("init", "--settings", str(settings), "--home", str(home))
    assert [each.name for each in (home / wiring.SEALER).iterdir()] == [PUBLIC]
    assert (home / wiring.SEALER / PUBLIC).read_text().strip() == public
    gate = wiring.open_home(home)
    with pytest.raises(LedgerError, match="none that the sealer believes"):
        wiring.try_sealer(gate)
    typed("sealer", "trust", str(apart.folder), "--policy", str(home / "policy"))
    wiring.try_sealer(gate)
    said = typed("ledger", "succeed", "--origin", "next.example/log", "--home", str(home))
    assert "until the sealer trusts" in said
    gate = wiring.open_home(home)
    with pytest.raises(LedgerError, match="none that the sealer believes"):
        wiring.try_sealer(gate)
    typed("sealer", "trust", str(apart.folder), "--policy", str(home / "shards" / "0002" / "policy"))
    wiring.try_sealer(gate)


def test_its_commands_say_what_is_wrong(apart: Apart) -> None:
    (apart.place / "junk").write_text("junk")
    typed("sealer", "new", str(apart.folder), "--roots", str(apart.place / "junk"), code=2)
    typed("sealer", "new", str(apart.folder))
    typed("sealer", "new", str(apart.folder), code=2)
    typed("sealer", "trust", str(apart.folder), "--policy", str(apart.place / "junk"), code=2)
    words = ["sealer", "serve", str(apart.folder), "--socket", str(apart.socket), "--logs", str(apart.place)]
    typed(*words, "--peer", "nobody-of-this-name", code=2)
    (apart.folder / KEY).chmod(0o644)
    typed(*words, "--peer", "0", code=2)


def typed(*words: str, code: int = 0) -> str:
    """Run a command in this process, or where another is to take its place in one of its own; return what it says."""
    if words[:2] == ("sealer", "serve"):
        done = subprocess.run([*LAWGATE, *words], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == code, done.stderr
        return done.stdout
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["lawgate", *words]), redirect_stdout(out), redirect_stderr(err):
        ended = run(app)
    assert ended == code, err.getvalue()
    return out.getvalue()


def test_a_line_that_says_anything_unasked_is_not_there_any_more(apart: Apart) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(apart.socket))
        listener.listen()
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(tried(lambda: sealer_key(apart.socket))))
        thread.start()
        other, _ = listener.accept()
        other.sendall(b"\x00")
        other.close()
        thread.join()
        assert found == ["SealerAwayError"]
