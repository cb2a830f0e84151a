"""The queue: a worker that is killed anywhere loses nothing and repeats nothing; what it does is what the command does."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lawgate import pipeline
from lawgate.domain.kept import CHUNK_LINES
from lawgate.domain.steps import LineState, SubmissionId
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people
from lawgate.store.open import close_database

RUN = "from lawgate.cli.start import main; main()"
READY, RUNNING = "READY", "RUNNING"


@pytest.fixture
def house(prepared: Any, tmp_path: Path, clock: Any) -> Iterator[Any]:
    """A home whose clock shows today: workers have the machine's."""
    clock.at = datetime.now(UTC)
    yield prepared.house(tmp_path, clock)
    close_database()


def start(home: Path, *more: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", RUN, "worker", "--rehearsal", "--home", str(home), *more]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def work(home: Path) -> str:
    """Run a worker until the queue is empty, and return what it said."""
    with start(home, "--until-empty") as process:
        said = process.communicate(timeout=300)[1].decode()
    assert process.returncode == 0, said
    return said


def queue(home: Path) -> Counter[str]:
    with sqlite3.connect(home / "service.sqlite3", timeout=60) as service:
        return Counter(s for (s,) in service.execute("select status from django_tasks_database_dbtaskresult"))


def await_(what: Callable[[], bool]) -> None:
    for _ in range(1200):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def lines_of(house: Any, count: int) -> list[dict[str, object]]:
    who = tuple(house.neighbours)
    return [house.one(who[n % len(who)], n, people.OFFICERS[n % 2]) for n in range(1, count + 1)]


def sent(house: Any, lines: list[dict[str, object]]) -> SubmissionId:
    """Files that have arrived and that nobody has read yet: what the portal leaves for the worker."""
    from lawgate.intake.parts import manifest_sha256, submission_id

    kept = house.gate.originals.take(house.compose(lines))
    return submission_id(manifest_sha256(kept.digests))


def said_of(house: Any, number: SubmissionId) -> list[tuple[int, str, str, tuple[str, ...]]]:
    found = house.statuses(number)
    return [(s.ordinal, s.state.value, s.disposition.value, s.codes) for s in found]


def whole(house: Any) -> Counter[str]:
    house.clock.at = datetime.now(UTC)
    assert reconcile_home(house.gate).exact
    return Counter(house.log())


def kill_and_go_on(house: Any, number: SubmissionId, kills: int, rng: Random) -> None:
    """Kill the worker, and what works for it, ``kills`` times at random moments, then let one run to its end."""
    close_database()
    began = time.monotonic()
    with start(house.home, "--until-empty") as first:
        # The first is killed as soon as it has the task in hand.
        await_(lambda: (house.home / "service.sqlite3").exists())
        await_(lambda: _queue_or_nothing(house.home)[RUNNING] == 1 or first.poll() is not None)
        took = time.monotonic() - began
        os.killpg(first.pid, signal.SIGKILL)
    for _ in range(kills - 1):
        with start(house.home, "--until-empty") as process:
            try:
                process.communicate(timeout=took + rng.uniform(0, 1.5 * took))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
    work(house.home)


def _queue_or_nothing(home: Path) -> Counter[str]:
    try:
        return queue(home)
    except sqlite3.OperationalError:
        return Counter()


def test_what_arrived_is_received_by_a_worker_as_the_command_receives_it(
    house: Any, prepared: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = lines_of(house, 30)
    number = sent(house, lines)
    close_database()
    assert work(house.home) == "working\n"
    done = said_of(house, number)
    assert whole(house)["submission"] == 1
    close_database()
    other = prepared.house(tmp_path_factory.mktemp("command"), house.clock)
    assert said_of(other, other.receive(lines)) == done
    assert queue(house.home) == {"SUCCESSFUL": 1}


def test_a_worker_that_is_killed_twice_in_two_thousand_lines_loses_and_repeats_nothing(house: Any) -> None:
    number = sent(house, lines_of(house, CHUNK_LINES))
    kill_and_go_on(house, number, 2, Random(8))
    assert [ordinal for ordinal, *_ in said_of(house, number)] == list(range(1, CHUNK_LINES + 1))
    assert whole(house)["submission"] == 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_worker_that_is_killed_many_times_comes_to_what_the_command_comes_to(
    house: Any, prepared: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = lines_of(house, 12_000)  # several processes read it
    number = sent(house, lines)
    kill_and_go_on(house, number, 12, Random(8))
    done, log = said_of(house, number), whole(house)
    assert log["submission"] == 1
    close_database()
    other = prepared.house(tmp_path_factory.mktemp("command"), house.clock)
    assert said_of(other, other.receive(lines)) == done
    assert whole(other) == log


def test_requests_approved_and_not_looked_up_are_looked_up_once(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = house.receive(lines_of(house, 6))
    with monkeypatch.context() as killed:
        # The process that took the decision ended just after it was durable.
        killed.setattr(pipeline, "_look_up", lambda gate, received: None)
        approved = house.approve(number)["approved"]
    assert approved
    assert len(house.gate.memory.ordinals(number, LineState.APPROVED)) == approved
    assert house.gate.memory.unfinished() == (number,)
    close_database()
    work(house.home)
    assert house.gate.memory.unfinished() == ()
    assert len(house.gate.memory.ordinals(number, LineState.PROPOSED)) == approved
    assert house.gate.memory.tally().lookups == approved
    work(house.home)
    assert house.gate.memory.tally().lookups == approved
    assert house.gate.memory.batch_count(number) == 1


@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_leaves_its_task_to_the_next(house: Any) -> None:
    number = sent(house, lines_of(house, 2 * CHUNK_LINES))
    close_database()
    with start(house.home) as worker:
        try:
            await_(lambda: _queue_or_nothing(house.home)[RUNNING] == 1)
            worker.terminate()
            assert worker.wait(60) == 0
        finally:
            worker.kill()
    assert queue(house.home)[RUNNING] == 0
    assert house.gate.memory.summary(number) is None
    assert queue(house.home)[READY] == 1
    work(house.home)
    assert len(said_of(house, number)) == 2 * CHUNK_LINES


@pytest.mark.slow
def test_two_workers_do_nothing_twice(house: Any) -> None:
    numbers = [sent(house, lines_of(house, 40 + n)) for n in range(3)]
    close_database()
    with start(house.home, "--until-empty") as one, start(house.home, "--until-empty") as two:
        said = [process.communicate(timeout=120)[1].decode() for process in (one, two)]
    assert said == ["working\n", "working\n"]
    work(house.home)
    assert [len(said_of(house, number)) for number in numbers] == [40, 41, 42]
    assert whole(house)["submission"] == 3
    assert queue(house.home)[RUNNING] == queue(house.home)[READY] == 0


def test_what_a_fault_says_does_not_come_into_the_queue_or_the_log_of_the_worker(house: Any) -> None:
    number = sent(house, lines_of(house, 2))
    (kept,) = (house.home / "originals" / number).glob("key")
    kept.write_bytes(b"Quillfeather")  # a file that no longer opens
    close_database()
    said = work(house.home)
    assert f"{number} cannot go on" in said
    assert "Quillfeather" not in said
    with sqlite3.connect(house.home / "service.sqlite3") as service:
        assert service.execute(
            "select traceback, exception_class_path from django_tasks_database_dbtaskresult"
        ).fetchall() == [("", "")]


def test_what_was_taken_back_before_it_was_entered_is_gone_and_what_was_entered_stays(house: Any) -> None:
    work(house.home)  # makes the service's tables
    entered, number = house.receive(lines_of(house, 2)), sent(house, lines_of(house, 3))
    close_database()
    with sqlite3.connect(house.home / "service.sqlite3", timeout=60) as service:
        rows = [(n, people.FRAUD_SERVICE, "p", "", house.clock(), house.clock()) for n in (entered, number)]
        service.executemany("insert into portal_sending values (?, ?, ?, ?, ?, ?)", rows)
    work(house.home)
    assert house.gate.memory.summary(number) is None
    assert house.gate.originals.numbers() == {entered}
    assert len(said_of(house, entered)) == 2
    assert not (house.home / "vault" / f"{number}.key").exists()
