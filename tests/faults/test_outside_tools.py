"""A real home's log and a real package before programs that are not ours: Go's tree, and the ``age`` command of Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "verifier" / "tests"))

from go_checker import build, judged

from lawgate import pipeline, places, upkeep, wiring
from lawgate.disclosure.answer import PAYLOAD_BYTES
from lawgate.domain.steps import Package
from lawgate.gate import publish
from lawgate.ledger.note import encode64
from lawgate.ledger.policy import believe
from lawgate.store.open import close_database

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = 60
Copy = Callable[..., Path]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgate.django_settings")
    django.setup()
    yield
    close_database()


def lacking(what: str) -> None:
    if os.environ.get("LAWGATE_REQUIRE") == "all":
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")


def handed_over(world: Path) -> list[Package]:
    gate = wiring.open_home(world / "home", lambda: NOW)
    (summary,) = gate.memory.summaries()
    found = [p for p in pipeline.hand_over(gate, summary.submission) if isinstance(p, Package)]
    assert found
    return found


def aged(identity: Path, sealed: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["age", "--decrypt", "--identity", str(identity)], input=sealed, capture_output=True, timeout=SECONDS
    )


def test_debians_age_opens_a_payload_with_the_officers_identity_and_with_no_other(copied: Copy) -> None:
    if shutil.which("age") is None:
        lacking("the command `age` (Debian package age)")
    world = copied("logged")
    package = handed_over(world)[0]
    identities = list((world / "keys").glob("*.age"))
    sealed = package.files["payload.age"]
    opened = [done.stdout for done in (aged(path, sealed) for path in identities) if done.returncode == 0]
    assert len(identities) > len(opened) == 1
    text, newline, padding = opened[0].partition(b"\n")
    assert len(opened[0]) == PAYLOAD_BYTES
    assert (newline, padding.strip(b" ")) == (b"\n", b"")
    assert package.answer.encode() in text
    (own,) = [path for path in identities if aged(path, sealed).returncode == 0]
    for at in (len(sealed) // 2, len(sealed) - 1):
        spoilt = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert aged(own, spoilt).returncode != 0


def test_go_accepts_the_log_of_a_home_in_both_its_years(copied: Copy, tmp_path: Path) -> None:
    checker = build(_new(tmp_path / "go"))
    world = copied("logged")
    handed_over(world)
    gate = upkeep.succeed_log(world / "home", "gateway.example/rehearsal/2027", lambda: NOW)
    publish(gate)
    for place, policy in (
        (world / "home", gate.earlier[0].policy),
        (world / "home/shards/0002", gate.policy),
    ):
        folder = place / places.LEDGER
        head = believe((folder / "checkpoint").read_text(), policy).checkpoint
        said = f"VERIFIED {head.size} {encode64(head.root)}\n"
        assert judged(checker, folder, str(policy.log)) == (0, said)
        assert judged(
            checker, folder, str(gate.policy.log if place == world / "home" else gate.earlier[0].policy.log)
        ) == (1, "")
        bundle = next((folder / "tile/entries").rglob(f"*.p/{head.size}"))
        bundle.write_bytes(bundle.read_bytes().replace(b"policy", b"polict", 1))
        assert judged(checker, folder, str(policy.log)) == (1, "")


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
