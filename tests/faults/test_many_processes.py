"""Two web and three worker processes on PostgreSQL work on one home, and are killed, cut off from the database, and lose the server: nothing is lost
or done twice, and what comes of it is what one undisturbed process on SQLite comes to.

``LAWGATE_MANY_LINES`` and ``LAWGATE_MANY_BLOWS`` make it larger than the gate has time for.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

import postgres
from lawgate.adapters.key_files import load_key
from lawgate.rehearsal import people
from lawgate_client import Caller, Gateway, RefusedError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]
MANY = Path(__file__).with_name("many.py")
BLOWS = int(os.environ.get("LAWGATE_MANY_BLOWS", "16"))
WORKERS, SMALL = 3, 6
RUN = "from lawgate.cli.start import main; main()"
PATIENCE = 3600


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server of this test's own: it is restarted as after a crash."""
    if postgres.programs() is None:
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail("PostgreSQL's server is not installed")
        pytest.skip("PostgreSQL's server is not installed")
    made = postgres.Server()
    yield made
    made.stop()


class Crew:
    """The processes of one home on PostgreSQL: two web processes, three workers, and whoever decides at the moment."""

    def __init__(self, folder: Path, server: postgres.Server, rng: Random) -> None:
        self.folder, self.server, self.rng = folder, server, rng
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        with self.admin("postgres") as admin:
            admin.execute("CREATE DATABASE home TEMPLATE template0")
        self.environment = dict(os.environ) | {
            "LAWGATE_DATABASE_URL": self.account("lawgate"),
            "LAWGATE_MANY_URL": self.url,
        }
        self.environment.pop("LAWGATE_TEST_POSTGRES", None)
        self.log = (folder / "said").open("wb")
        self.number = self.child("make", capture=True).strip()
        rights = self.run("database", "rights", "--writer", "w", "--reader", "r")
        with self.admin("home") as admin:
            admin.execute(rights)
        # From here on nobody works as the owner.
        self.environment |= {
            "LAWGATE_DATABASE_URL": self.account("w"),
            "LAWGATE_DATABASE_READER_URL": self.account("r"),
        }
        self.hand: subprocess.Popen[bytes] | None = None
        self.blows: Counter[str] = Counter()
        self.web = self.start("serve", "--rehearsal", "--listen", f"127.0.0.1:{self.port}")
        self.workers = [self.start("worker", "--rehearsal") for _ in range(WORKERS)]

    def account(self, user: str) -> str:
        return f"postgresql:///home?host={self.server.folder}&user={user}"

    def admin(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(postgres.url_of(str(self.server.folder), database), autocommit=True)

    def run(self, *words: str) -> str:
        command = [sys.executable, "-c", RUN, *words]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=self.environment
        ).stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", RUN, *words, "--home", str(self.folder / "home")]
        return subprocess.Popen(
            command, stdout=self.log, stderr=self.log, env=self.environment, start_new_session=True
        )

    def child(self, verb: str, *more: str, capture: bool = False) -> str:
        """Run a verb to its end once."""
        done = subprocess.run(
            [sys.executable, str(MANY), verb, str(self.folder), *more],
            capture_output=True,
            text=True,
            env=self.environment,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout if capture else ""

    def insist(self, verb: str) -> None:
        """Start a verb again until it ends well, however often it is killed or cut off."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            command = [sys.executable, str(MANY), verb, str(self.folder), self.number]
            self.hand = subprocess.Popen(
                command, stdout=self.log, stderr=subprocess.PIPE, env=self.environment, start_new_session=True
            )
            said = self.hand.communicate()[1].decode()
            if self.hand.returncode == 0:
                return
            # Killed, or told that the database went away; never anything else.
            assert self.hand.returncode == -signal.SIGKILL or "StoreAwayError" in said, said
        raise AssertionError(f"{verb} never came to its end")

    def strike(self) -> None:
        """Kill a process, cut one off from the database, or crash the server, at random."""
        blow = self.rng.choice(["worker", "worker", "web", "hand", "hand", "cut", "cut", "cut", "server"])
        if blow == "server" and self.blows["server"] >= 2:
            blow = "cut"
        self.blows[blow] += 1
        if blow == "worker":
            which = self.rng.randrange(WORKERS)
            os.killpg(self.workers[which].pid, signal.SIGKILL)
            self.workers[which].wait()
            self.workers[which] = self.start("worker", "--rehearsal")
        elif blow == "web" and (
            serving := children(self.web.pid)
        ):  # on PostgreSQL `serve` is gunicorn itself
            os.kill(self.rng.choice(serving), signal.SIGKILL)  # gunicorn starts another
        elif blow == "hand" and self.hand is not None and self.hand.poll() is None:
            os.killpg(self.hand.pid, signal.SIGKILL)
        elif blow == "cut":
            with self.admin("home") as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'home' AND pid <> pg_backend_pid() "
                    "AND (%s OR state <> 'idle')",
                    [self.rng.random() < 0.3],
                )
        elif blow == "server":
            self.server.restart()

    def tend(self) -> None:
        """Start again what ended by itself, because the database was away when it began: as whoever runs services does."""
        if self.web.poll() is not None:
            self.web = self.start("serve", "--rehearsal", "--listen", f"127.0.0.1:{self.port}")
        self.workers = [w if w.poll() is None else self.start("worker", "--rehearsal") for w in self.workers]

    def await_received(self, numbers: Collection[str], ends: float) -> None:
        """Wait until the workers have read these submissions."""
        while time.monotonic() < ends:
            try:
                with self.admin("home") as admin:
                    question = "SELECT count(*) FROM store_submission WHERE submission = ANY(%s)"
                    found = admin.execute(question, [list(numbers)]).fetchone()
                if found == (len(numbers),):
                    return
            except psycopg.OperationalError:
                pass  # cut off, or the server is away
            time.sleep(0.5)
        raise AssertionError("the workers never came to their end")

    def end(self) -> None:
        for process in (self.web, *self.workers):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in (self.web, *self.workers):
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.log.close()


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def keep_striking(crew: Crew, done: threading.Event, faults: list[BaseException]) -> None:
    longest = float(os.environ.get("LAWGATE_MANY_PAUSE", "4"))
    try:
        for _ in range(BLOWS):
            if done.wait(crew.rng.uniform(0.3, longest)):
                return
            crew.strike()
            crew.tend()
        while not done.wait(2):
            crew.tend()
    except BaseException as fault:  # shown by the test
        faults.append(fault)


def send_small(crew: Crew, sent: dict[int, str], faults: list[BaseException]) -> None:
    """Send small submissions through the web processes, again and again until each is taken."""
    official = Gateway(
        Caller(
            crew.url, load_key(crew.folder / "demo-keys" / f"{people.player(people.FRAUD_HEAD).key_name}.pem")
        )
    )
    ends = time.monotonic() + PATIENCE
    try:
        for n in range(SMALL):
            tries = 0
            while n not in sent and time.monotonic() < ends:
                tries += 1
                try:
                    # A key of an attempt that was cut off stays taken; the same bytes under another are the same submission.
                    sent[n] = official.submit(crew.folder / f"small-{n}", f"small-{n}-{tries}")["submission"]
                except RefusedError as refused:
                    if refused.status < 500:
                        raise
                    time.sleep(1)
                except (OSError, http.client.HTTPException):
                    time.sleep(1)
            time.sleep(1)
    except BaseException as fault:
        faults.append(fault)


def undisturbed(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    environment = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("LAWGATE_DATABASE", "LAWGATE_MANY_URL", "LAWGATE_TEST_POSTGRES"))
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(MANY), *words], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("make", str(folder))
    return dict(json.loads(run("look", str(folder), run("plain", str(folder)).strip())))


def test_many_processes_under_blows_come_to_what_one_undisturbed_comes_to(
    tmp_path: Path, server: postgres.Server
) -> None:
    expected = undisturbed(tmp_path / "plain")
    (tmp_path / "many").mkdir()
    crew = Crew(tmp_path / "many", server, Random(int(os.environ.get("LAWGATE_MANY_SEED", "6103"))))
    done, faults, sent = threading.Event(), [], {}
    began = time.monotonic()
    try:
        # The queue is found by the worker that looks first: nobody told it.
        striking = threading.Thread(target=keep_striking, args=(crew, done, faults))
        sending = threading.Thread(target=send_small, args=(crew, sent, faults))
        striking.start()
        sending.start()
        crew.await_received([crew.number], began + PATIENCE)
        for verb in ("decide", "release", "collect"):
            crew.insist(verb)
        sending.join(PATIENCE)
        # The service has taken them; a worker reads them when it comes to them.
        crew.await_received(set(sent.values()), time.monotonic() + PATIENCE)
        done.set()
        striking.join()
        took = time.monotonic() - began
        found = json.loads(crew.child("look", crew.number, capture=True))
    finally:
        done.set()
        crew.end()
    print(json.dumps({"blows": dict(crew.blows), "seconds": round(took), **found}))
    assert not faults, faults
    assert len(set(sent.values())) == SMALL
    assert found == expected
    assert found["not exact"] == found["unfinished"] == []
    assert found["whole"]
    assert found["in order"]
    tally = found["tally"]
    assert (
        tally["approved"]
        == tally["lookups"]
        == tally["answers"]
        == tally["accounting_rows"]
        == found["packages"]
    )
    assert found["packages"] == found["distinct"] == found["leaves"]["answer"]
