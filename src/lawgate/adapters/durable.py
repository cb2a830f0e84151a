"""Writing files that survive a crash whole, and locking between processes."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_AT_ONCE = 16
"""Files that are on their way to the disk at one time; a journalling file system takes them in few steps."""


def write_atomic(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file so that it is afterwards, and after any crash, either wholly new or wholly as it was.

    The folder must exist (``make_folder``). When this returns, the content outlives a loss of power. Raises OSError.
    """
    with replacing(path, mode) as file:
        file.write(content)


def write_together(files: Iterable[tuple[Path, bytes]], mode: int = 0o600) -> None:
    """Write many files, each as ``write_atomic`` does, waiting for the disk together instead of one after another.

    A crash leaves some of them whole and the others as they were. When this returns, all outlive a loss of power. Raises OSError.
    """
    waiting: list[tuple[Path, Future[Path]]] = []
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for path, content in files:
                waiting.append((path, pool.submit(_written_beside, path, content, mode)))
        for path, written in waiting:
            os.replace(written.result(), path)
    except BaseException:
        for _, written in waiting:
            if not written.cancelled() and written.exception() is None:
                written.result().unlink(missing_ok=True)
        raise
    for folder in sorted({path.parent for path, _ in waiting}):
        settle(folder)


def _written_beside(path: Path, content: bytes, mode: int) -> Path:
    """Write a synced temporary file beside the one that it is to become."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            # A crash up to here leaves the old file, and a temporary one that nobody reads.
            os.fsync(file.fileno())
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    return temporary


@contextmanager
def replacing(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Give a file to write piece by piece; at the end of the block it stands in place of the old one, as ``write_atomic`` says."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            # A crash up to here leaves the old file, and a temporary one that nobody reads.
            os.fsync(file.fileno())
        # A crash just after this may show the old name's content or the new one, each of them whole.
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable: before this returns, a loss of power could still undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably. A crash halfway leaves some of them, which the next call completes."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    settle(folder.parent)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold an inter-process lock on a file (made if need be) for the time of the block.

    It waits for other holders, threads of this process included, and is not re-entrant. A crash releases it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold a lock as ``exclusive`` does, and let whoever waits for it have it first: who takes it again and again, piece by piece, keeps
    nobody waiting for longer than one piece. A crash releases it."""
    turn = os.open(path.with_name(f"{path.name}.turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # Held by the one who is next; whoever comes after waits here.
        fcntl.flock(turn, fcntl.LOCK_EX)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except BaseException:
            os.close(descriptor)
            raise
    finally:
        os.close(turn)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold an inter-process lock as ``exclusive`` does, if nobody else holds it at this moment, and say whether it is held."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
