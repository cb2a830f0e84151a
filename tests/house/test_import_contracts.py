"""Every import contract is kept, and each catches a deliberate violation planted in a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = {
    "rooms: a room imports another room": ("src/lawgate/guard/admit.py", "import lawgate.records", "rooms"),
    "rooms: a lower layer imports a higher one": (
        "src/lawgate/domain/code.py",
        "import lawgate.ledger",
        "rooms",
    ),
    "store: the store knows a room": ("src/lawgate/store/memory.py", "import lawgate.statutes", "store"),
    "rehearsal: another command asks a script": (
        "src/lawgate/cli/review.py",
        "import lawgate.rehearsal.scripts",
        "rehearsal",
    ),
    "rooms: a new room nobody declared": ("src/lawgate/backroom/__init__.py", "", "rooms"),
    "statutes: the kernel knows a pack": (
        "src/lawgate/statutes/rule.py",
        "import lawgate.statutes.packs",
        "statutes",
    ),
    "core: a room opens a file": ("src/lawgate/disclosure/seal.py", "import pathlib", "core"),
    "core: a room reads the clock": ("src/lawgate/ledger/tree.py", "import time", "core"),
    "core: a room talks to a database": ("src/lawgate/oversight/reconcile.py", "import django", "core"),
    "domain: a library in the domain": ("src/lawgate/domain/code.py", "import pydantic", "domain"),
    "gateway imports verifier": (
        "src/lawgate/cli/main.py",
        "import lawgate_verifier",
        "gateway-not-verifier",
    ),
    "verifier imports gateway": (
        "verifier/src/lawgate_verifier/cli.py",
        "import lawgate",
        "verifier-not-gateway",
    ),
    "a cycle, even for types only": (
        "src/lawgate/domain/finding.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import lawgate.domain.steps",
        "acyclic",
    ),
}


def lint_imports(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml over the tree at ``root``, not over the installed one."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    ]
    if contract:
        command += ["--contract", contract]
    env = dict(os.environ, PYTHONPATH=f"{root / 'src'}{os.pathsep}{root / 'verifier' / 'src'}")
    return subprocess.run(command, cwd=root, env=env, text=True, capture_output=True, check=False)


@pytest.fixture
def copy_of_tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        ROOT / "verifier" / "src", tmp_path / "verifier" / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_every_contract() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("what", sorted(PLANTED))
def test_a_planted_violation_is_caught(what: str, copy_of_tree: Path) -> None:
    place, line, contract = PLANTED[what]
    target = copy_of_tree / place
    target.parent.mkdir(exist_ok=True)
    before = target.read_text() if target.exists() else '"""A planted room."""\n'
    target.write_text(before + "\n" + line + "\n")
    done = lint_imports(copy_of_tree, contract)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
