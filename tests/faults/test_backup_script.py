"""deploy/backup.sh: a copy made beside a running home is whole, and a home restored from it answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest

import postgres
from lawgate import pipeline, wiring
from lawgate.domain.steps import Package
from lawgate.gate import heartbeat, publish
from lawgate.ledger.audit import verify_log
from lawgate.store.open import close_database

MANY = Path(__file__).with_name("many.py")
SCRIPT = Path(__file__).parents[2] / "deploy" / "backup.sh"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Copy = Callable[..., Path]

pytestmark = pytest.mark.skipif(shutil.which("flock") is None, reason="missing: flock")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def back_up(home: Path, target: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LAWGATE_PYTHON": sys.executable}
    environment.pop("LAWGATE_DATABASE_URL", None)
    return subprocess.Popen([str(SCRIPT), str(home), str(target)], env=environment)


@pytest.mark.skipif(bool(os.environ.get("LAWGATE_DATABASE_URL")), reason="the script's SQLite half")
def test_a_home_restored_from_a_backup_answers_what_was_logged(copied: Copy, tmp_path: Path) -> None:
    home, target = copied("logged") / "home", tmp_path / "target"
    gate = wiring.open_home(home, lambda: NOW)
    number = gate.memory.summaries()[-1].submission
    # While somebody holds the home, the copy waits; and nothing goes between its parts.
    with gate.alone():
        script = back_up(home, target)
        time.sleep(0.5)
        assert script.poll() is None
    assert script.wait(60) == 0
    close_database()
    (kept,), (secret,) = (list((target / part).iterdir()) for part in ("kept", "secret"))
    assert {each.name for each in secret.iterdir()} <= {"keys", "vault", "subjects"}
    assert not any((kept / name).exists() for name in ("keys", "vault", "witnesses"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in (kept, secret))

    # Everything but the folders of those who remember: the sealer's, the witnesses', and the index, which is built again.
    for each in list(home.iterdir()):
        if each.name not in ("sealer", "witnesses", "records"):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for part in (kept, secret):
        shutil.copytree(part, home, dirs_exist_ok=True)
    gate = wiring.open_home(home, lambda: NOW)
    publish(gate)
    verify_log(gate.tiles, gate.policy)
    packages = list(pipeline.hand_over(gate, number, 10))
    assert packages
    assert all(isinstance(each, Package) for each in packages)


@pytest.mark.skipif(bool(os.environ.get("LAWGATE_DATABASE_URL")), reason="the script's SQLite half")
def test_a_copy_made_while_the_log_grows_is_of_one_moment(copied: Copy, tmp_path: Path) -> None:
    home, target = copied("logged") / "home", tmp_path / "target"
    gate = wiring.open_home(home, lambda: NOW)
    done = threading.Event()
    sizes: list[int] = []

    def copy() -> None:
        assert back_up(home, target).wait(60) == 0
        done.set()

    thread = threading.Thread(target=copy)
    thread.start()
    while not done.is_set():
        sizes.append(heartbeat(gate))
    thread.join()
    close_database()
    (kept,) = (target / "kept").iterdir()
    (secret,) = (target / "secret").iterdir()
    other = tmp_path / "other"
    shutil.copytree(kept, other)
    shutil.copytree(secret, other, dirs_exist_ok=True)
    for part in ("sealer", "witnesses"):
        shutil.copytree(home / part, other / part, dirs_exist_ok=True)
    restored = wiring.open_home(other, lambda: NOW)
    head = verify_log(restored.tiles, restored.policy)
    assert head.size == restored.memory.size()
    assert sizes[0] - 1 <= head.size <= sizes[-1]


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server of this test's own, whose programs copy it."""
    if postgres.programs() is None or shutil.which("pg_dump") is None:
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail("PostgreSQL's server, or pg_dump, is not installed")
        pytest.skip("PostgreSQL's server, or pg_dump, is not installed")
    made = postgres.Server()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_home_on_postgresql_is_restored_with_its_database(server: postgres.Server, tmp_path: Path) -> None:
    """As docs/deploy.md says it: the dump into an empty database, the two copies over the home; what the home says of itself is the same."""
    with psycopg.connect(postgres.url_of(str(server.folder), "postgres"), autocommit=True) as admin:
        for name in ("home", "restored"):
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    services = tmp_path / "services.conf"
    services.write_text(
        "".join(
            f"[{name}]\nhost={server.folder}\nuser=lawgate\ndbname={name}\n" for name in ("home", "restored")
        )
    )
    folder, target = tmp_path / "story", tmp_path / "target"
    folder.mkdir()

    def environment(database: str) -> dict[str, str]:
        url = postgres.url_of(str(server.folder), database)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAWGATE_MANY", "LAWGATE_TEST"))}
        named = {"PGSERVICEFILE": str(services), "PGSERVICE": database, "LAWGATE_PYTHON": sys.executable}
        return kept | named | {"LAWGATE_DATABASE_URL": url, "LAWGATE_MANY_LINES": "60"}

    def run(database: str, *command: str | Path) -> str:
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, env=environment(database)
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def look(database: str) -> dict[str, Any]:
        return dict(json.loads(run(database, sys.executable, MANY, "look", folder, number)))

    run("home", sys.executable, MANY, "make", folder)
    number = run("home", sys.executable, MANY, "plain", folder).strip()
    before = look("home")
    assert before["packages"]
    run("home", SCRIPT, folder / "home", target)
    (kept,), (secret,) = (list((target / part).iterdir()) for part in ("kept", "secret"))
    for each in list((folder / "home").iterdir()):
        if each.name not in ("sealer", "witnesses", "records"):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for part in (kept, secret):
        shutil.copytree(part, folder / "home", dirs_exist_ok=True)
    run("restored", "pg_restore", "--dbname=service=restored", "--exit-on-error", kept / "memory.dump")
    assert look("restored") == before
