"""A third opinion: a small Go program over the Go toolchain's own vendored note and tlog packages judges the same logs."""

from __future__ import annotations

from pathlib import Path

import pytest
from go_checker import build, judged
from honest_log import ORIGIN, House, vkey, write_files


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("lawgatecheck"))


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
