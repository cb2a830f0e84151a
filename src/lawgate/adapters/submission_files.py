"""Reads a submission from a folder or a zip file and writes one to a folder; takes exactly the three files there may be, of bounded size."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from lawgate.adapters.durable import settle
from lawgate.adapters.line_tables import line_pieces
from lawgate.domain.errors import MalformedRequestError, SettingsError
from lawgate.domain.kept import Content
from lawgate.domain.steps import Sent
from lawgate.intake.parts import ATTESTATIONS, COVER, LINE_FILE

MAX_SENT_FILES = 16
NOT_A_SUBMISSION = "not-a-submission"
MAX_FILE_BYTES = 8 * 1024**3
"""The greatest size of one file, unpacked. A million lines of one kilobyte are well below it."""
_PIECE = 1 << 22
_ENCRYPTED = 0x1


class SentFile:
    """One file of a submission, read in pieces as often as it is gone through. Raises MalformedRequestError ("101") where it cannot be read, or is
    larger than ``max_bytes``: the size that a file or an entry states may be a lie, so what comes out of it is counted."""

    def __init__(self, opened: Callable[[], AbstractContextManager[IO[bytes]]], max_bytes: int) -> None:
        self._opened = opened
        self._max_bytes = max_bytes

    def __iter__(self) -> Iterator[bytes]:
        left = self._max_bytes
        with _readable(), self._opened() as file:
            while piece := file.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise _refused(f"a file is larger than {self._max_bytes} bytes")
                yield piece


def open_submission(path: Path, max_bytes: int = MAX_FILE_BYTES) -> dict[str, SentFile]:
    """Find the three files of a submission by name: ``cover.json``, ``attestations.jsonl`` and one line file.

    ``max_bytes`` bounds each file as unpacked. Raises MalformedRequestError ("101") for anything else: another file, a folder inside, a path instead of a
    plain name, a symbolic link or device, two entries of one name, an encrypted or broken zip, a file that is too large.
    """
    with _readable():
        return _open_folder(path, max_bytes) if path.is_dir() else _open_zip(path, max_bytes)


def read_submission(path: Path, max_bytes: int = MAX_FILE_BYTES) -> dict[str, bytes]:
    """Read the three files of a small submission whole. Raises as ``open_submission`` does."""
    return {name: b"".join(file) for name, file in open_submission(path, max_bytes).items()}


def hashed(files: Mapping[str, Iterable[bytes]]) -> Sent:
    """Take the digests of files that can be read again and again."""
    digests = {}
    for name, file in files.items():
        digest = hashlib.sha256()
        for piece in file:
            digest.update(piece)
        digests[name] = digest.hexdigest()
    return Sent(digests, lambda name: files[name], lambda name: line_pieces(name, files[name]))


def read_as_sent(path: Path, max_bytes: int = MAX_FILE_BYTES) -> dict[str, Content]:
    """Open what was sent for receipt: a submission's three files or, where it is none, up to 16 plain files of whatever it is.

    The latter come with a note that makes sure they are rejected (101): a request that cannot be read is a request too, and
    26 U.S.C. 6103(p)(3)(A) wants all of them accounted for.
    """
    try:
        return dict(open_submission(path, max_bytes))
    except MalformedRequestError as fault:
        return {**_plain_files(path, max_bytes), NOT_A_SUBMISSION: str(fault).encode()}


def _plain_files(path: Path, max_bytes: int) -> dict[str, Content]:
    """Open what can be read of a folder or a single file; links, devices, folders and what is too large are passed over."""
    found: dict[str, Content] = {}
    try:
        names = sorted(entry.name for entry in os.scandir(path)) if path.is_dir() else [""]
    except OSError:
        return found
    for number, name in enumerate(names[:MAX_SENT_FILES]):
        with suppress(OSError, MalformedRequestError):
            # Numbered, not named: a name in an unknown folder may be a person's.
            found[f"as-sent-{number}"] = _plain_file(path / name if name else path, max_bytes)
    return found


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        # Not chained: the system's message repeats paths, and names in them may be people's.
        raise _refused("it is neither a readable folder nor a readable zip file") from None


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a submission's files to a new folder that only its owner can read. Raises SettingsError if ``path`` exists already.

    The folder appears under its name complete or not at all.
    """
    _check_names(files)
    if path.exists() or path.is_symlink():
        raise SettingsError("the folder exists already; nothing was written")
    # A crash before the rename leaves a hidden folder beside the target, which nobody reads and which may be deleted.
    partial = Path(tempfile.mkdtemp(prefix=".submission-", dir=path.parent))
    try:
        for name, raw in files.items():
            _write(partial / name, raw)
        settle(partial)
        partial.rename(path)
    except BaseException:
        _discard(partial, files)
        raise
    settle(path.parent)  # A crash before this may undo the rename: then there is no submission, as before.


def _open_folder(path: Path, max_bytes: int) -> dict[str, SentFile]:
    with os.scandir(path) as entries:
        names = [entry.name for entry in entries]
    _check_names(names)
    return {name: _plain_file(path / name, max_bytes) for name in names}


def _plain_file(path: Path, max_bytes: int) -> SentFile:
    with _opened(path) as file:
        if os.fstat(file.fileno()).st_size > max_bytes:
            raise _refused(f"a file is larger than {max_bytes} bytes")
    return SentFile(lambda: _opened(path), max_bytes)


def _opened(path: Path) -> IO[bytes]:
    # O_NOFOLLOW refuses a link even if one is put there after the listing; O_NONBLOCK does not wait at a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _refused("one of its entries is not a plain file")
    return os.fdopen(descriptor, "rb")


def open_sent_zip(file: IO[bytes], max_bytes: int = MAX_FILE_BYTES) -> dict[str, SentFile]:
    """Find the three files of a submission in an open zip file, which stays open while they are read. Raises as ``open_submission`` does."""
    with _readable():
        archive = zipfile.ZipFile(file)
        return _entries_of(archive.infolist(), archive.open, max_bytes)


def zip_as_sent(file: IO[bytes], max_bytes: int = MAX_FILE_BYTES) -> dict[str, Content]:
    """Open an uploaded zip file for receipt; what is none is taken as it came, as ``read_as_sent`` does, and rejected."""
    try:
        return dict(open_sent_zip(file, max_bytes))
    except MalformedRequestError as fault:

        @contextmanager
        def whole() -> Iterator[IO[bytes]]:
            file.seek(0)
            yield file

        return {"as-sent-0": SentFile(whole, max_bytes), NOT_A_SUBMISSION: str(fault).encode()}


def _open_zip(path: Path, max_bytes: int) -> dict[str, SentFile]:
    if not path.is_file():  # opening a pipe would wait for ever
        raise _refused("it is neither a folder nor a file")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    return _entries_of(entries, partial(_unpacked, path), max_bytes)


def _entries_of(
    entries: Sequence[zipfile.ZipInfo],
    unpacked: Callable[[str], AbstractContextManager[IO[bytes]]],
    max_bytes: int,
) -> dict[str, SentFile]:
    _check_names([entry.filename for entry in entries])
    for entry in entries:
        _check_entry(entry)
    files = {e.filename: SentFile(partial(unpacked, e.filename), max_bytes) for e in entries}
    # A zip is seen to be broken only when it is unpacked, and it must be rejected then, not read halfway.
    for file in files.values():
        for _ in file:
            pass
    return files


@contextmanager
def _unpacked(path: Path, name: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield file


def _check_entry(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        raise _refused("one of its entries is not a plain file")
    if entry.flag_bits & _ENCRYPTED:
        raise _refused("one of its entries is encrypted")
    # Python cuts a name at a NUL; two programs could then see two names.
    if entry.orig_filename != entry.filename:
        raise _refused("one of its entries has no plain name")


def _check_names(names: Iterable[str]) -> None:
    others = list(names)
    for expected in (COVER, ATTESTATIONS):
        if expected in others:
            others.remove(expected)
        else:
            raise _refused(f"there is no {expected}")
    if len(others) != 1:
        raise _refused(f"{len(others)} entries where one line file is expected")
    if LINE_FILE.fullmatch(others[0]) is None:
        raise _refused("its line file has no plain name ending in .jsonl or .csv")


def _write(path: Path, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _discard(partial: Path, names: Iterable[str]) -> None:
    for name in names:
        (partial / name).unlink(missing_ok=True)
    if partial.is_dir():
        partial.rmdir()


def _refused(why: str) -> MalformedRequestError:
    return MalformedRequestError("101", f"the submission was not read: {why}")
