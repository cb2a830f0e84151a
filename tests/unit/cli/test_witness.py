"""``lawgate witness`` at the command line, and a home whose quorum is a witness in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgate.settings import EXAMPLE


def lawgate(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from lawgate.cli.main import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str, subprocess.Popen[str]]]:
    folder = tmp_path / "witness"
    (vkey,) = lawgate("witness", "new", folder, "--key-name", "monitor.example/w1").splitlines()
    command = "from lawgate.cli.main import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", command, "witness", "serve", str(folder), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    url = server.stdout.readline().split()[1].removesuffix("/add-checkpoint")
    yield folder, f'vkey = "{vkey}"\nurl = "{url}"\n', server
    server.kill()
    server.communicate()


def test_a_home_needs_its_witness_elsewhere(
    tmp_path: Path, served: tuple[Path, str, subprocess.Popen[str]]
) -> None:
    folder, remote, server = served
    settings, home = tmp_path / "lawgate.toml", tmp_path / "home"
    text = EXAMPLE.replace(', "inspector.example/w2"]', "]")
    settings.write_text(text.replace("[limits]", f"[[witnesses.remote]]\n{remote}\n[limits]"))
    # The witness has not been told of this log yet: the home is there, and nothing is published.
    (told, _) = lawgate("init", "--settings", settings, "--home", home).splitlines()
    lawgate("ledger", "heartbeat", "--home", home, code=75)
    assert not (home / "ledger" / "checkpoint").exists()
    assert lawgate("witness", "trust", folder, "--log", told.split()[-1]).endswith("is watched\n")
    assert lawgate("ledger", "heartbeat", "--home", home) == "3 entries\n"
    found = json.loads(lawgate("ledger", "verify", "--home", home, "--json"))
    assert found["cosigners"] == ["w1", "r1"]
    ((_, seen),) = [
        (log["origin"], log["size"])
        for log in json.loads(lawgate("witness", "list", folder, "--json"))["logs"]
    ]
    assert seen == 3

    server.kill()
    server.wait()
    lawgate("ledger", "heartbeat", "--home", home, code=75)


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("0.0.0.0:0", "--public"),
        ("localhost:1", "IP address"),
        ("127.0.0.1:70000", "65536"),
        ("x", "IP address"),
    ],
)
def test_a_witness_listens_on_loopback_unless_told(tmp_path: Path, listen: str, said: str) -> None:
    lawgate("witness", "new", tmp_path / "w", "--key-name", "w.example")
    assert said in lawgate("witness", "serve", tmp_path / "w", "--listen", listen, code=2)


def test_a_new_witness_watches_nothing_and_is_never_made_twice(tmp_path: Path) -> None:
    vkeys = lawgate("witness", "new", tmp_path / "w", "--key-name", "w.example", "--ml-dsa").splitlines()
    assert json.loads(lawgate("witness", "list", tmp_path / "w", "--json")) == {"vkeys": vkeys, "logs": []}
    lawgate("witness", "new", tmp_path / "w", "--key-name", "w.example", code=2)
    lawgate("witness", "list", tmp_path, code=2)
