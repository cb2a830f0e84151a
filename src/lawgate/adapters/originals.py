"""The original bytes of submissions in sealed files: of any size, written before a submission counts as received, gone with its data key.

``originals/<confirmation number>/`` has one file for each file that came, numbered, and ``key``, which seals names, digests and one file key under
the submission's data key. A file is 8 bytes of magic, 8 random bytes, then its bytes in AES-256-GCM pieces; a piece's nonce is the random bytes and the
piece's number, and what is authenticated beside it is the magic and whether it is the last: any flipped, missing, moved or added byte is found.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lawgate.adapters.durable import make_folder, settle
from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.line_tables import line_pieces
from lawgate.adapters.wrapping_keys import KEY_SIZE
from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Content
from lawgate.domain.steps import Sent, SubmissionId
from lawgate.intake.parts import manifest_sha256, submission_id

PIECE = 1 << 22  # bytes of clear text in one sealed piece
KEY = "key"
_MAGIC = b"LGORIG1\n"
_PREFIX = 8
_TAG = 16
_ARRIVING = ".arriving-"
_CONTEXT = b"lawgate/originals/v1\0"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the file ``key`` says: the file key, and SHA-256 (hex) of each file by name, in the order of their numbers."""

    key: bytes
    digests: dict[str, str]


class OriginalFiles:
    """The folder of originals of one home. Several may come at the same time."""

    def __init__(self, folder: Path, vault: KeyVault, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._vault = vault
        self._random = random_bytes

    def take(self, files: Mapping[str, Content]) -> Sent:
        """Copy the files of a submission durably, and return them as kept. The same bytes again change nothing.

        A crash leaves a hidden folder whose key nobody has, which the next call deletes; or the submission's own, whole. Raises StoreError if it
        cannot be written, and whatever reading a file's pieces raises.
        """
        with self.incoming() as incoming:
            for name, content in files.items():
                incoming.begin(name)
                for piece in (content,) if isinstance(content, bytes) else content:
                    incoming.write(piece)
            return incoming.keep()

    @contextmanager
    def incoming(self) -> Iterator[IncomingFiles]:
        """Make room for files that come piece by piece. What was not kept at the end of the block is gone, as after a crash. Raises StoreError if
        it cannot be written."""
        try:
            make_folder(self._folder)
            self._clear_left()
            half = Path(tempfile.mkdtemp(prefix=_ARRIVING, dir=self._folder))
            # Held while files come: a folder that nobody holds was left by a crash.
            holding = os.open(half, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(holding, fcntl.LOCK_EX)
            settle(self._folder)
        except OSError as error:
            raise _unwritten(error) from None
        incoming = IncomingFiles(self._folder, half, self._vault, self._random)
        try:
            yield incoming
        except OSError as error:
            raise _unwritten(error) from None
        finally:
            incoming.close()
            shutil.rmtree(half, ignore_errors=True)
            os.close(holding)

    def _clear_left(self) -> None:
        for left in self._folder.glob(f"{_ARRIVING}*"):
            with suppress(FileNotFoundError, BlockingIOError):
                descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left)
                finally:
                    os.close(descriptor)

    def sent(self, submission: SubmissionId) -> Sent:
        """Find the files of a submission as they came. Raises StoreError if they are not there, or their data key is gone."""

        def reader() -> _Reader:
            return _Reader(
                self._folder / submission, _kept(self._folder / submission, self._vault, submission)
            )

        # The key is read anew each time: what another process erased must not live on here.
        return _sent(reader().kept.digests, lambda name: reader().read(name))

    def numbers(self) -> frozenset[SubmissionId]:
        """Return the confirmation numbers of the submissions whose files are kept, received ones and those that wait for it."""
        return frozenset(SubmissionId(path.parent.name) for path in self._folder.glob(f"[!.]*/{KEY}"))

    def forget(self, submission: SubmissionId) -> None:
        """Destroy the files of a submission that was never received, and its data key; again changes nothing. Raises StoreError."""
        try:
            # The commit point: whatever is hidden and held by nobody is cleared away with the next arrival.
            (self._folder / submission).rename(self._folder / f"{_ARRIVING}gone-{submission}")
            settle(self._folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _unwritten(error) from None
        self._vault.erase(submission)
        shutil.rmtree(self._folder / f"{_ARRIVING}gone-{submission}", ignore_errors=True)


class IncomingFiles:
    """The files of one submission while they come, sealed under a key that nothing but this object has."""

    def __init__(
        self, folder: Path, half: Path, vault: KeyVault, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._folder = folder
        self._half = half
        self._vault = vault
        self._random = random_bytes
        self._key = random_bytes(KEY_SIZE)
        self._digests: dict[str, str] = {}
        self._open: _SealedFile | None = None

    def begin(self, name: str) -> None:
        """Begin the next file; the one before it is whole."""
        self._end()
        # One of the same name takes the other's place: what a submission may consist of is for its receipt to say.
        number = list(self._digests).index(name) if name in self._digests else len(self._digests)
        self._digests[name] = ""
        path = self._half / str(number)
        path.unlink(missing_ok=True)
        self._open = _SealedFile(name, path, AESGCM(self._key), self._random(_PREFIX))

    def write(self, piece: bytes) -> None:
        """Add to the file that was begun last."""
        if self._open is not None:
            self._open.write(piece)

    def sent(self) -> Sent:
        """Return the files that have come. They can be read until the block of ``incoming`` ends, or they are kept."""
        self._end()
        digests = dict(self._digests)
        return _sent(digests, _Reader(self._half, _Kept(self._key, digests)).read)

    def keep(self) -> Sent:
        """Keep the files durably under their confirmation number; the same files again change nothing."""
        digests = self.sent().digests
        submission = submission_id(manifest_sha256(digests))
        target = self._folder / submission
        if not target.exists():
            self._vault.new_key(submission)
            clear = json.dumps({"key": self._key.hex(), "files": list(digests.items())}).encode()
            with self._vault.opened(submission) as box:
                _write(self._half / KEY, [box.seal(_CONTEXT + submission.encode(), clear)])
            settle(self._half)
            self._half.rename(target)
            settle(self._folder)  # A crash before this may undo the rename: then nothing was received.
        # The key is read with the files: who sends again what was erased is known, and nothing of it can be read.
        return _sent(digests, lambda name: _Reader(target, _kept(target, self._vault, submission)).read(name))

    def close(self) -> None:
        """Close what is still open; it stays unfinished."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _end(self) -> None:
        if self._open is not None:
            self._digests[self._open.name] = self._open.end()
            self._open = None


class _SealedFile:
    """One file that is sealed while it is written. An OSError goes to whoever writes."""

    def __init__(self, name: str, path: Path, cipher: AESGCM, prefix: bytes) -> None:
        self.name = name
        self._cipher = cipher
        self._prefix = prefix
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._number = 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(_MAGIC + prefix)

    def write(self, piece: bytes) -> None:
        """Seal what makes up a piece; the last is not sealed as one that others follow, so one is always held back."""
        self._digest.update(piece)
        self._waiting += piece
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
            self._number += 1

    def end(self) -> str:
        """Seal the rest, wait for the disk, and return the digest of all that was written."""
        with self._file:
            self._seal(bytes(self._waiting), last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._digest.hexdigest()

    def close(self) -> None:
        """Leave the file unfinished: it cannot be read back."""
        with suppress(OSError):
            self._file.close()

    def _seal(self, clear: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number), clear, _beside(last=last)))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads sealed files back. Raises StoreError where one is not as it was written."""

    folder: Path
    kept: _Kept

    def read(self, name: str) -> Iterator[bytes]:
        cipher = AESGCM(self.kept.key)
        try:
            with (self.folder / str(list(self.kept.digests).index(name))).open("rb") as file:
                if file.read(len(_MAGIC)) != _MAGIC:
                    raise _changed()
                prefix, number = file.read(_PREFIX), 0
                piece = file.read(PIECE + _TAG)
                while piece:
                    following = file.read(PIECE + _TAG)
                    yield cipher.decrypt(_nonce(prefix, number), piece, _beside(last=not following))
                    piece, number = following, number + 1
                if not number:
                    raise _changed()
        except (InvalidTag, ValueError, OSError):
            raise _changed() from None


def _sent(digests: Mapping[str, str], read: Callable[[str], Iterator[bytes]]) -> Sent:
    return Sent(digests, read, lambda name: line_pieces(name, read(name)))


def _kept(folder: Path, vault: KeyVault, submission: SubmissionId) -> _Kept:
    try:
        sealed = (folder / KEY).read_bytes()
    except OSError:
        raise StoreError("the original files of this submission are not there") from None
    with vault.opened(submission) as box:
        kept = json.loads(box.open(_CONTEXT + submission.encode(), sealed))
    return _Kept(bytes.fromhex(kept["key"]), dict(kept["files"]))


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _beside(*, last: bool) -> bytes:
    return _MAGIC + (b"last" if last else b"more")


def _unwritten(error: OSError) -> StoreError:
    return StoreError(f"the original files cannot be kept: {type(error).__name__}")


def _changed() -> StoreError:
    return StoreError("an original file was changed, cut short, or is not there")
