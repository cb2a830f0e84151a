"""The outbox: a package is there whole or not at all, and one that is there is never replaced."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lawgate.adapters import outbox as adapter
from lawgate.adapters.outbox import collect, write_determination, write_packages
from lawgate.disclosure.determination import Determination, Form, Row, record_lines
from lawgate.domain.errors import StoreError
from lawgate.domain.steps import Package

FILES = ("payload.age", "openings.age", "answer.tlog-proof", "terms.txt")


def package(number: int, text: str = "first") -> Package:
    content = {name: f"{name} {number} {text}".encode() for name in FILES}
    return Package(f"{number:032x}", "age1recipient", number, content)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def seen(outbox: Path) -> list[str]:
    return sorted(path.name for path in outbox.iterdir() if path.name != adapter.LOCK)


def test_packages_stand_there_whole_and_readable_by_those_who_collect(tmp_path: Path) -> None:
    folders = write_packages(tmp_path / "a" / "outbox", [package(1), package(2)])
    assert [f.name for f in folders] == [f"00000{n}-{n:032x}" for n in (1, 2)]
    for number, folder in enumerate(folders, 1):
        assert contents(folder) == package(number).files
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert seen(tmp_path / "a" / "outbox") == [f.name for f in folders]


def test_one_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    write_packages(tmp_path, [package(1)])
    write_packages(tmp_path, [package(1, "again"), package(2, "again")])
    assert contents(tmp_path / f"000001-{1:032x}") == package(1).files
    assert contents(tmp_path / f"000002-{2:032x}") == package(2, "again").files


def test_what_a_crash_left_half_written_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / f".000001-{1:032x}.part"
    half.mkdir()
    (half / "payload.age").write_bytes(b"half")
    (half / "of another time").write_bytes(b"")
    (folder,) = write_packages(tmp_path, [package(1)])
    assert contents(folder) == package(1).files
    assert seen(tmp_path) == [folder.name]


def test_nothing_is_seen_before_all_of_a_chunk_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lying: list[list[str]] = []
    monkeypatch.setattr(adapter.os, "sync", lambda: lying.append(seen(tmp_path)))
    write_packages(tmp_path, [package(1), package(2), package(3)])
    assert len(lying) == 1
    assert len(lying[0]) == 3
    assert all(name.startswith(".") for name in lying[0])


def test_packages_of_all_chunks_are_written_and_what_is_kept_back_is_counted(tmp_path: Path) -> None:
    handed = [package(1), "701", package(2), package(3), "701", "903", package(4)]
    assert collect(tmp_path, iter(handed), 2) == Counter({"": 4, "701": 2, "903": 1})
    assert len(seen(tmp_path)) == 4
    assert collect(tmp_path / "none", iter([]), 2) == Counter()


def test_a_write_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(b"a file, not a folder")
    with pytest.raises(OSError, match="outbox"):
        collect(tmp_path / "outbox", iter([package(1), package(2), package(3)]), 1)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_a_determination_that_breaks_off_leaves_the_old_one(tmp_path: Path, ending: str) -> None:
    form = Form(ending, "delimited" if ending == ".csv" else "table")
    row = Row(1, "K-1", "0" * 16, "A", (), {})
    write_determination(tmp_path, Determination(form, record_lines("S", 1, [row])))
    before = [(tmp_path / f"determination{e}").read_bytes() for e in (".jsonl", ending)]
    with pytest.raises(StoreError):
        write_determination(tmp_path, Determination(form, record_lines("S", 2, [row])))
    assert [(tmp_path / f"determination{e}").read_bytes() for e in (".jsonl", ending)] == before
    assert seen(tmp_path) == sorted([f"determination{ending}", "determination.jsonl"])
