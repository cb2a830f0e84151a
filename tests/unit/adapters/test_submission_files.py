"""A folder or zip is read only if it holds exactly the three plain files of a submission, none too large."""

from __future__ import annotations

import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lawgate.adapters.submission_files import hashed, read_as_sent, read_submission, write_folder
from lawgate.domain.errors import MalformedRequestError, SettingsError
from lawgate.domain.standing import Standing
from lawgate.domain.steps import Rejected
from lawgate.intake.receive import receive

FILES = {"cover.json": b"{}", "attestations.jsonl": b"", "lines.csv": b"request_key\r\n\x00\xff"}


def zipped(path: Path, files: dict[str, bytes], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (modes or {}).get(name, stat.S_IFREG | 0o600) << 16
            archive.writestr(entry, raw, zipfile.ZIP_DEFLATED)
    return path


def refused(path: Path, max_bytes: int = 1000) -> str:
    with pytest.raises(MalformedRequestError) as caught:
        read_submission(path, max_bytes)
    assert caught.value.code == "101"
    assert str(path) not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_written_folder_reads_back_the_same(tmp_path: Path) -> None:
    write_folder(tmp_path / "s", FILES)
    assert read_submission(tmp_path / "s") == FILES
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "s").iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_zip_reads_like_its_folder(tmp_path: Path) -> None:
    assert read_submission(zipped(tmp_path / "s.zip", FILES)) == FILES


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    write_folder(tmp_path / "s", FILES)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for there in ("s", "link"):
        with pytest.raises(SettingsError):
            write_folder(tmp_path / there, {**FILES, "cover.json": b"other"})
    assert read_submission(tmp_path / "s") == FILES


def test_a_failure_while_writing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def fail_at_the_second(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail_at_the_second)
    with pytest.raises(OSError, match="disk full"):
        write_folder(tmp_path / "s", FILES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("../cover.json",), ("a/b.csv",), ("..",), ("C:x.csv",), ("a\\b.csv",), ("a\nb.csv",), (), ("l.csv", "m.csv")])  # fmt: skip
def test_names_that_are_paths_and_files_too_few_or_too_many_are_refused(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    files = {"cover.json": b"", "attestations.jsonl": b"", **dict.fromkeys(names, b"x")}
    refused(zipped(tmp_path / "s.zip", files))
    with pytest.raises(MalformedRequestError):
        write_folder(tmp_path / "s", files)
    assert [path.name for path in tmp_path.iterdir()] == ["s.zip"]


def test_a_folder_inside_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path / "s", FILES)
    (tmp_path / "s" / "lines.csv").unlink()
    refused(tmp_path / "s")
    (tmp_path / "s" / "lines.csv").mkdir()
    refused(tmp_path / "s")
    refused(tmp_path / "nothing-there")
    refused(zipped(tmp_path / "d.zip", {**FILES, "folder/": b""}))


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    write_folder(tmp_path / "s", FILES)
    secret = tmp_path / "secret"
    secret.write_bytes(b"not yours")
    line_file = tmp_path / "s" / "lines.csv"
    line_file.unlink()
    line_file.symlink_to(secret)
    refused(tmp_path / "s")
    line_file.unlink()
    os.mkfifo(line_file)
    refused(tmp_path / "s")
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR):
        assert "plain file" in refused(zipped(tmp_path / "s.zip", FILES, {"lines.csv": kind | 0o600}))


def test_a_file_too_large_is_refused_whatever_the_zip_says_of_it(tmp_path: Path) -> None:
    files = {**FILES, "lines.csv": b"x" * 1001}
    write_folder(tmp_path / "s", files)
    assert "larger" in refused(tmp_path / "s")
    path = zipped(tmp_path / "s.zip", files)
    assert "larger" in refused(path)
    raw = path.read_bytes()
    path.write_bytes(raw.replace((1001).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    refused(path)
    assert read_submission(tmp_path / "s", 1001) == files


def test_a_zip_bomb_is_given_up_at_the_bound(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {**FILES, "lines.csv": bytes(50_000_000)})
    assert path.stat().st_size < 100_000
    assert "larger" in refused(path, 1_000_000)


def test_broken_encrypted_and_doubled_zips_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", FILES)
    whole = path.read_bytes()
    for raw in (b"", b"PK", whole[:-5], whole[: len(whole) // 2]):
        path.write_bytes(raw)
        refused(path)
    local, central = whole.index(b"PK\x03\x04"), whole.index(b"PK\x01\x02")
    locked = bytearray(whole)
    locked[local + 6] |= 1
    locked[central + 8] |= 1
    path.write_bytes(bytes(locked))
    assert "encrypted" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name in FILES:
            archive.writestr(name, b"")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("cover.json", b"")
    refused(path)


def test_a_flipped_byte_of_a_zip_is_refused_or_gives_back_the_same_files(tmp_path: Path) -> None:
    """What a zip leaves unauthenticated are times and the like; its contents have checksums, and later digests."""
    path = zipped(tmp_path / "s.zip", FILES)
    whole = path.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0x55
        path.write_bytes(bytes(changed))
        try:
            files = read_submission(path, 1000)
        except MalformedRequestError:
            continue
        assert sorted(files.values()) == sorted(FILES.values())


def test_what_is_no_submission_is_read_as_sent_and_can_only_be_rejected(tmp_path: Path) -> None:
    """6103(p)(3)(A) accounts for all requests: one that cannot be read is recorded too, and a note keeps it from passing for one."""
    folder = tmp_path / "sent"
    folder.mkdir()
    for name in ("cover.json", "attestations.jsonl", "lines.jsonl"):
        (folder / name).write_bytes(b"{}")
    assert set(read_as_sent(folder)) == {"cover.json", "attestations.jsonl", "lines.jsonl"}
    (folder / "extra").symlink_to(folder / "lines.jsonl")
    sent = read_as_sent(folder)
    assert set(sent) == {"as-sent-0", "as-sent-1", "as-sent-3", "not-a-submission"}
    pieces = {name: [content] if isinstance(content, bytes) else content for name, content in sent.items()}
    assert isinstance(receive(hashed(pieces), Standing(), datetime(2026, 3, 1, tzinfo=UTC), {"p"}), Rejected)
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    assert b"".join(read_as_sent(tmp_path / "broken.zip")["as-sent-0"]) == b"no zip"  # type: ignore[arg-type]
