"""The original bytes of submissions in sealed files: of any size, written before a submission counts as received, gone with its data key.

``originals/<confirmation number>/`` has one file for each file that came, numbered, and ``key``, which seals names, digests and one file key under
the submission's data key. A file is 8 bytes of magic, 8 random bytes, then its bytes in AES-256-GCM pieces; a piece's nonce is the random bytes and the
piece's number, and what is authenticated beside it is the magic and whether it is the last: any flipped, missing, moved or added byte is found.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """The folder of originals of one home. Only one process at a time takes a submission."""

    def __init__(self, folder: Path, vault: KeyVault, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._vault = vault
        self._random = random_bytes

    def take(self, files: Mapping[str, Content]) -> Sent:
        """Copy the files of a submission durably, and return them as kept. The same bytes again change nothing.

        A crash leaves a hidden folder whose key nobody has, which the next call deletes; or the submission's own, whole. Raises StoreError if it
        cannot be written, and whatever reading a file's pieces raises.
        """
        try:
            make_folder(self._folder)
            for left in self._folder.glob(f"{_ARRIVING}*"):
                shutil.rmtree(left)
            half = Path(tempfile.mkdtemp(prefix=_ARRIVING, dir=self._folder))
            settle(self._folder)
        except OSError as error:
            raise _unwritten(error) from None
        try:
            return self._take(half, files)
        except OSError as error:
            raise _unwritten(error) from None
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def sent(self, submission: SubmissionId) -> Sent:
        """Find the files of a submission as they came. Raises StoreError if they are not there, or their data key is gone."""
        return self._sent(submission, self._kept(submission).digests)

    def numbers(self) -> frozenset[SubmissionId]:
        """Return the confirmation numbers of the submissions whose files are kept, received ones and those that wait for it."""
        return frozenset(SubmissionId(path.parent.name) for path in self._folder.glob(f"[!.]*/{KEY}"))

    def _take(self, half: Path, files: Mapping[str, Content]) -> Sent:
        key = self._random(KEY_SIZE)
        digests = {
            name: self._copy(half / str(number), AESGCM(key), content)
            for number, (name, content) in enumerate(files.items())
        }
        submission = submission_id(manifest_sha256(digests))
        target = self._folder / submission
        if not target.exists():
            self._vault.new_key(submission)
            clear = json.dumps({"key": key.hex(), "files": list(digests.items())}).encode()
            with self._vault.opened(submission) as box:
                _write(half / KEY, [box.seal(_CONTEXT + submission.encode(), clear)])
            settle(half)
            half.rename(target)
            settle(self._folder)  # A crash before this may undo the rename: then nothing was received.
        return self._sent(submission, digests)

    def _sent(self, submission: SubmissionId, digests: Mapping[str, str]) -> Sent:
        def read(name: str) -> Iterator[bytes]:
            return self._read(submission, name)

        return Sent(digests, read, lambda name: line_pieces(name, read(name)))

    def _copy(self, path: Path, cipher: AESGCM, content: Content) -> str:
        digest = hashlib.sha256()
        prefix = self._random(_PREFIX)

        def sealed() -> Iterator[bytes]:
            yield _MAGIC + prefix
            waiting, number = bytearray(), 0
            for piece in (content,) if isinstance(content, bytes) else content:
                digest.update(piece)
                waiting += piece
                # The last piece is not sealed as one that others follow, so one is always held back.
                while len(waiting) > PIECE:
                    yield cipher.encrypt(_nonce(prefix, number), bytes(waiting[:PIECE]), _beside(last=False))
                    del waiting[:PIECE]
                    number += 1
            yield cipher.encrypt(_nonce(prefix, number), bytes(waiting), _beside(last=True))

        _write(path, sealed())
        return digest.hexdigest()

    def _kept(self, submission: SubmissionId) -> _Kept:
        try:
            sealed = (self._folder / submission / KEY).read_bytes()
        except OSError:
            raise StoreError("the original files of this submission are not there") from None
        with self._vault.opened(submission) as box:
            kept = json.loads(box.open(_CONTEXT + submission.encode(), sealed))
        return _Kept(bytes.fromhex(kept["key"]), dict(kept["files"]))

    def _read(self, submission: SubmissionId, name: str) -> Iterator[bytes]:
        kept = self._kept(submission)
        cipher = AESGCM(kept.key)
        try:
            with (self._folder / submission / str(list(kept.digests).index(name))).open("rb") as file:
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
