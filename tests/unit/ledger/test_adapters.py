"""The log's folder and the local witness on a real file system."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from lawgate.adapters.durable import exclusive, in_turn, make_folder, write_atomic
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.domain.errors import LedgerError
from lawgate.ledger.append import publish, published, receipt_for
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import Checkpoint, sign_checkpoint
from lawgate.ledger.note import COSIGNATURE
from lawgate.ledger.policy import parse_policy, write_policy
from lawgate.ledger.witness import write_request


def test_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "f"
    write_atomic(file, b"old", 0o644)
    assert file.stat().st_mode & 0o777 == 0o644

    def fail(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        write_atomic(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_folders_are_made_once_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_tile_is_never_changed_and_the_checkpoint_is_replaced(tmp_path: Path) -> None:
    files = LedgerFiles(tmp_path / "log")
    assert files.read("tile/0/000.p/1") is None
    files.write("tile/0/000.p/1", b"a")
    files.write("tile/0/000.p/1", b"a")
    with pytest.raises(LedgerError):
        files.write("tile/0/000.p/1", b"b")
    assert files.read("tile/0/000.p/1") == b"a"
    files.write("checkpoint", b"1")
    files.write("checkpoint", b"2")
    assert files.read("checkpoint") == b"2"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("at", [0, 5, 20, 38, 60])
def test_a_batch_that_breaks_off_anywhere_is_written_whole_by_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, at: int
) -> None:
    batch = [(f"tile/0/{n:03d}", bytes([n]) * 8) for n in range(40)]
    files = LedgerFiles(tmp_path / "log")
    files.write(*batch[7])
    calls = iter(range(10**6))
    honest = getattr(os, call)

    def breaks(*arguments: object) -> None:
        if next(calls) >= at:
            raise OSError
        honest(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, breaks)
        # 39 files and their folder are new; the last numbers come after all of them.
        with pytest.raises(OSError) if at <= 38 else nullcontext():
            files.write_many(batch)
    for path, content in batch:
        assert files.read(path) in (None, content)
    files.write_many(batch)
    assert [files.read(path) for path, _ in batch] == [content for _, content in batch]
    assert not [*(tmp_path / "log").rglob(".*.tmp")], "no temporary file is left"
    with pytest.raises(LedgerError, match="other content"):
        files.write_many([*batch[:39], ("tile/0/039", b"other")])


@pytest.mark.parametrize("path", ["../x", "tile/0/../../../x", "/etc/hostname", "tile/0/0", "other", ""])
def test_name_that_a_log_does_not_have_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(LedgerError):
        LedgerFiles(tmp_path).read(path)
    with pytest.raises(LedgerError):
        LedgerFiles(tmp_path).write(path, b"")


@pytest.fixture
def witness(tmp_path: Path, world: Any) -> LocalWitness:
    begin_witness(tmp_path / "w")
    return LocalWitness(tmp_path / "w", world.witnesses[0].key, world.log)


def test_log_on_disk_with_local_witnesses_verifies(tmp_path: Path, world: Any) -> None:
    witnesses = []
    for number, old in enumerate(world.witnesses):
        begin_witness(tmp_path / f"w{number}")
        witnesses.append(LocalWitness(tmp_path / f"w{number}", old.key, world.log))
    store = LedgerFiles(tmp_path / "log")
    for step in (0, 300):
        world.grow(step)
        publish(world.entries, store, world.head, world.signer, witnesses, world.policy, world.now)
    assert verify_log(store, world.policy).size == 301
    assert receipt_for(7, published(store, world.policy, world.now)).leaf == world.entries.all[7]
    assert {witness.last_seen().size for witness in witnesses} == {301}


def request(world: Any, old: int, size: int, root: bytes) -> str:
    return write_request(old, (), sign_checkpoint(Checkpoint(world.log.name, size, root), world.signer))


def test_witness_remembers_across_processes_and_refuses_another_root(
    tmp_path: Path, world: Any, witness: LocalWitness
) -> None:
    assert witness.add_checkpoint(request(world, 0, 1, b"a" * 32), world.now).status == 200
    begin_witness(tmp_path / "w")
    again = LocalWitness(tmp_path / "w", world.witnesses[0].key, world.log)
    assert again.last_seen().size == 1
    refused = again.add_checkpoint(request(world, 1, 1, b"b" * 32), world.now)
    assert (refused.status, refused.body) == (409, "1\n")
    assert again.add_checkpoint(request(world, 1, 1, b"a" * 32), world.now).status == 200


def test_witness_that_lost_its_memory_cosigns_nothing(
    tmp_path: Path, world: Any, witness: LocalWitness
) -> None:
    state = tmp_path / "w" / "last-seen"
    for content in (None, b"", b"1\n", b"x\ny\n", b"0\nAAAA\n"):
        state.unlink() if content is None else state.write_bytes(content)
        with pytest.raises(LedgerError):
            witness.add_checkpoint(request(world, 0, 1, b"a" * 32), world.now)


def test_witness_asked_twice_at_once_cosigns_one_tree_only(world: Any, witness: LocalWitness) -> None:
    statuses: list[int] = []

    def ask(root: bytes) -> None:
        statuses.append(witness.add_checkpoint(request(world, 0, 1, root), world.now).status)

    threads = [threading.Thread(target=ask, args=(bytes([n]) * 32,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7


def test_local_witness_key_is_the_one_a_policy_names(world: Any, witness: LocalWitness) -> None:
    assert witness.vkey.algorithm == COSIGNATURE
    text = write_policy(world.log, {"w": witness.vkey}, {}, "w")
    assert parse_policy(text).witnesses["w"] == witness.vkey


def _count(path: str, times: int) -> None:
    for _ in range(times):
        with exclusive(Path(path) / "lock"):
            counter = Path(path) / "counter"
            counter.write_text(str(int(counter.read_text()) + 1))


def test_exclusive_lock_holds_between_processes(tmp_path: Path) -> None:
    (tmp_path / "counter").write_text("0")
    spawn = multiprocessing.get_context("fork")
    processes = [spawn.Process(target=_count, args=(str(tmp_path), 50)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert (tmp_path / "counter").read_text() == "150"


def test_whoever_waits_for_a_lock_comes_before_who_takes_it_again(tmp_path: Path) -> None:
    taken: list[str] = []

    def wait() -> None:
        with in_turn(tmp_path / "lock"):
            taken.append("waiting")

    waiting = threading.Thread(target=wait)
    for n in range(50):
        with in_turn(tmp_path / "lock"):
            taken.append("again")
            if n == 0:
                waiting.start()
                time.sleep(0.3)
    waiting.join()
    assert taken.index("waiting") == 1
