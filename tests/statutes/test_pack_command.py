"""``lawgate pack``: lists, shows and verifies without Django, and says by its exit code whether a proof holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lawgate import wiring
from lawgate.adapters import pack_shelf
from lawgate.cli.pack import app
from lawgate.statutes.packs.usc26_6103_i_2 import PACK
from lawgate.statutes.proof import Proof

ROOT = Path(__file__).parents[2]
WITHOUT_DJANGO = (
    "import sys\nfrom lawgate.cli.main import main\n"
    "try:\n    main()\nexcept SystemExit as ended:\n    code = ended.code\n"
    "assert not [m for m in sys.modules if m.split('.')[0] == 'django']\nsys.exit(code)\n"
)
GOOD = Proof(PACK.id, PACK.version, {"text": "00"}, {"lines": {"tried": 3}}, {"delete R-8": "a case"}, ())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ, PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT / 'verifier' / 'src'}")
    command = [sys.executable, "-c", WITHOUT_DJANGO, "pack", *arguments]
    return subprocess.run(command, env=env, text=True, capture_output=True, check=False)


def test_the_packs_are_listed_without_django() -> None:
    done = run("list", "--json")
    assert done.returncode == 0, done.stderr
    listed = [(row["id"], row["version"], row["applied"]) for row in json.loads(done.stdout)]
    assert (PACK.id, PACK.version, "yes") in listed
    assert (PACK.id, "policy-2025", "no") in listed


def test_a_pack_is_shown_with_its_authorities_provenance_and_human_steps_without_django() -> None:
    done = run("show", PACK.id)
    assert done.returncode == 0, done.stderr
    for said in (
        "address_only_allowed: yes (ruling: Centro",
        "May be given: address, from taxpayer",
        "R-20, statute",
        "usc-8-1253.md",
    ):
        assert said in done.stdout


def test_a_pack_that_is_not_there_is_the_users_mistake() -> None:
    assert run("verify", "no-such-pack").returncode == 2


@pytest.mark.slow
def test_all_packs_are_proved_without_django() -> None:
    """It took 16.6 seconds of processor time when this was written, shared by two processes."""
    done = run("verify", "--all", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout)
    assert [r["pack"] for r in results] == [p.id for p in wiring.PACKS]
    assert [f for r in results for f in r["failures"]] == []
    assert results[0]["counts"]["lines"]["tried"] == 3**13
    mutants = [r["counts"]["mutants"] for r in results]
    assert [m["noticed"] for m in mutants] == [m["tried"] for m in mutants]


def test_a_pack_and_all_packs_is_one_too_many() -> None:
    assert run("verify", PACK.id, "--all").returncode == 2


@pytest.fixture
def shelf_of_one(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A proof that is already made, and a place to write it to."""
    kept: dict[str, Any] = {"proof": GOOD, "committed": GOOD.document()}
    monkeypatch.setattr(wiring, "prove_pack", lambda pack: kept["proof"])
    monkeypatch.setattr(pack_shelf, "committed_proof", lambda pack: kept["committed"])
    monkeypatch.setattr(
        pack_shelf, "write_proof", lambda pack, proof: kept.update(committed=proof.document())
    )
    return kept


def test_a_proof_that_holds_and_is_the_committed_one_ends_with_0(shelf_of_one: dict[str, Any]) -> None:
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 0, done.output
    assert "proved in" in done.output


@pytest.mark.parametrize("committed", [None, {}, {**GOOD.document(), "version": "0"}, "not a proof"])
def test_a_stale_or_missing_proof_ends_with_7(shelf_of_one: dict[str, Any], committed: object) -> None:
    shelf_of_one["committed"] = committed
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 7
    assert "proof.json is not the proof of this pack" in done.output


def test_writing_makes_a_stale_proof_good(shelf_of_one: dict[str, Any]) -> None:
    shelf_of_one["committed"] = None
    assert CliRunner().invoke(app, ["verify", "--write"]).exit_code == 0
    assert shelf_of_one["committed"] == GOOD.document()


def test_a_proof_that_fails_is_never_written(shelf_of_one: dict[str, Any]) -> None:
    failed = Proof(PACK.id, PACK.version, {}, {}, {}, ("R-8: the words changed",))
    shelf_of_one.update(proof=failed, committed=None)
    done = CliRunner().invoke(app, ["verify", "--write"])
    assert done.exit_code == 7
    assert "FAILED R-8: the words changed" in done.output
    assert shelf_of_one["committed"] is None


def test_a_proof_is_written_whole_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_shelf, "_pack_folder", lambda pack: tmp_path)
    assert pack_shelf.committed_proof(PACK) is None
    pack_shelf.write_proof(PACK, GOOD)
    assert pack_shelf.committed_proof(PACK) == GOOD.document()
    (tmp_path / "proof.json").write_text("{")
    assert pack_shelf.committed_proof(PACK) is None
