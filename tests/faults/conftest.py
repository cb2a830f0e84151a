"""Prepared homes, made once, copied for each test; and processes that end in time whatever happens in them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).with_name("driver.py")
PREPARE_SECONDS = 120


class Actor:
    """One process of the driver that is told when to go on. It ends by itself after its alarm, so no line is waited for in vain."""

    def __init__(self, *words: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(DRIVER), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def hears(self) -> Any:
        """Return what the process says next. Fails with what it complained of if it ended instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        return json.loads(line)

    def go(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self) -> list[Any]:
        """Wait for its end, which is in order, and return whatever else it said."""
        out, errors = self.process.communicate()
        assert (self.process.returncode, errors) == (0, "")
        return [json.loads(line) for line in out.splitlines()]

    def stop(self) -> None:
        """End it, and everything it started, if it still runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()


@pytest.fixture
def actor() -> Iterator[Callable[..., Actor]]:
    """Start processes of the driver; none outlives the test."""
    started: list[Actor] = []

    def start(*words: object) -> Actor:
        started.append(Actor(*words))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of prepared homes; nothing changes it."""
    folder = tmp_path_factory.mktemp("prepared")
    subprocess.run(
        [sys.executable, "-W", "error", str(DRIVER), "prepare", str(folder)],
        check=True,
        timeout=PREPARE_SECONDS,
    )
    return folder


@pytest.fixture
def copied(prepared: Path, tmp_path: Path) -> Callable[..., Path]:
    """Copy a prepared folder into the test's own."""

    def copy(stage: str, name: str = "world") -> Path:
        shutil.copytree(prepared / stage, tmp_path / name)
        return tmp_path / name

    return copy
