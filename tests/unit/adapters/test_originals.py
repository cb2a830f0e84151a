"""Originals: read back byte for byte whatever their size, whole or not there, gone with their data key, and no byte of them in clear."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgate.adapters import originals as module
from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.originals import OriginalFiles
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.errors import StoreError
from lawgate.domain.steps import SubmissionId
from lawgate.intake.parts import manifest_sha256, sent, submission_id

FILES = {"cover.json": b"{}", "Quillfeather.csv": b"Zebulon;Marzipan\r\n" * 40, "attestations.jsonl": b""}


@pytest.fixture
def vault(tmp_path: Path) -> KeyVault:
    wrapping = WrappingKeys(tmp_path / "wrapping", None, os.urandom)
    wrapping.begin()
    return KeyVault(tmp_path / "vault", wrapping, os.urandom)


@pytest.fixture
def originals(tmp_path: Path, vault: KeyVault, monkeypatch: pytest.MonkeyPatch) -> OriginalFiles:
    monkeypatch.setattr(module, "PIECE", 64)
    return OriginalFiles(tmp_path / "originals", vault, os.urandom)


def taken(originals: OriginalFiles, files: dict[str, bytes] | None = None) -> SubmissionId:
    return submission_id(manifest_sha256(originals.take(files or FILES).digests))


def read(originals: OriginalFiles, submission: SubmissionId) -> dict[str, bytes]:
    kept = originals.sent(submission)
    return {name: b"".join(kept.read(name)) for name in kept.digests}


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129])
def test_files_of_any_size_are_read_back_as_they_came(originals: OriginalFiles, size: int) -> None:
    raw = os.urandom(size)
    pieces = {"cover.json": raw, "l.csv": iter([raw[n : n + 7] for n in range(0, size, 7)]), "Zoë": [raw]}
    kept = originals.take(pieces)
    assert kept.digests == sent(dict.fromkeys(pieces, raw)).digests
    submission = submission_id(manifest_sha256(kept.digests))
    assert read(originals, submission) == dict.fromkeys(pieces, raw)
    assert list(originals.sent(submission).digests) == list(pieces)


def test_the_same_files_again_change_nothing(originals: OriginalFiles, tmp_path: Path) -> None:
    first = taken(originals)
    before = {path: path.read_bytes() for path in (tmp_path / "originals").rglob("*") if path.is_file()}
    assert taken(originals) == first
    assert before == {
        path: path.read_bytes() for path in (tmp_path / "originals").rglob("*") if path.is_file()
    }


def test_no_byte_of_a_file_and_no_name_stands_in_clear(originals: OriginalFiles, tmp_path: Path) -> None:
    submission = taken(originals)
    names = sorted(path.name for path in (tmp_path / "originals" / submission).iterdir())
    assert names == ["0", "1", "2", "key"]
    stored = b"".join(path.read_bytes() for path in (tmp_path / "originals" / submission).iterdir())
    assert not any(word in stored for word in (b"Zebulon", b"Marzipan", b"Quillfeather"))


def test_every_changed_missing_or_moved_byte_is_noticed(originals: OriginalFiles, tmp_path: Path) -> None:
    submission = taken(originals)
    path = tmp_path / "originals" / submission / "1"
    good = path.read_bytes()
    piece = 64 + 16
    pieces = [good[n : n + piece] for n in range(16, len(good), piece)]
    changed = [good[:n] + bytes([good[n] ^ 1]) + good[n + 1 :] for n in range(0, len(good), 13)]
    cut = [b"", good[:16], good[: 16 + piece], good[:-1], good + b"x"]
    moved = [good[:16] + b"".join([pieces[1], pieces[0], *pieces[2:]])]
    for bad in (*changed, *cut, *moved):
        path.write_bytes(bad)
        with pytest.raises(StoreError):
            read(originals, submission)
    path.write_bytes(good)
    assert read(originals, submission) == FILES


def test_erasing_the_data_key_erases_the_files(originals: OriginalFiles, vault: KeyVault) -> None:
    submission = taken(originals)
    other = taken(originals, {"cover.json": b"another"})
    vault.erase(submission)
    with pytest.raises(StoreError):
        originals.sent(submission)
    assert read(originals, other) == {"cover.json": b"another"}
    with pytest.raises(StoreError):
        originals.sent(SubmissionId("0" * 16))


def test_what_a_broken_off_copy_left_is_cleared_away(originals: OriginalFiles, tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"x" * 200
        raise RuntimeError

    with pytest.raises(RuntimeError):
        originals.take({"cover.json": breaks()})
    assert list((tmp_path / "originals").iterdir()) == []
    (tmp_path / "originals" / ".arriving-killed").mkdir()
    submission = taken(originals)
    assert [path.name for path in (tmp_path / "originals").iterdir()] == [submission]
