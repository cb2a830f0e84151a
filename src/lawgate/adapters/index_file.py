"""One file of sections that can be mapped into memory and still be trusted: every block has a keyed digest, checked before its first use.

File: 8 bytes of magic and 16 random ones; the sections; a table with one digest for each block of all that; a manifest (JSON); and
a footer with the manifest's length and a digest over header, table and manifest. So what is opened is whole and belongs together,
and a flipped, missing or moved byte anywhere is found before it can decide anything. What is personal in clear form is sealed
in pages (AES-256-GCM, the page's number its nonce) under a key that no other file has.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import mmap
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lawgate.adapters.durable import exclusive, settle
from lawgate.domain.errors import RecordEngineError

MAGIC = b"LGRECS2\n"
_SALT = 16
_DIGEST = 16
_FOOTER = 8 + 32
_ALIGNED = 128  # bytes: where a section begins; two lines of a processor's cache
BLOCK_BITS = 16
_BLOCK = 1 << BLOCK_BITS
_PAGE = 4096
_CLEAR = _PAGE - 16  # bytes of clear text in one sealed page
_PIECE = 1 << 24
_MANY = 32  # blocks that are worth a second thread

Array = np.ndarray[Any, Any]


class Keys:
    """The keys of one file, made from the home's key and the file's random bytes. Raises RecordEngineError for a key of another size.

    Digests and pages have keys that no other file has. Words have those of the whole build that the file goes back to: ``words_salt``.
    """

    def __init__(self, key: bytes, salt: bytes, words_salt: bytes | None = None) -> None:
        if len(key) != 32:
            raise RecordEngineError("the key of the index must have 32 bytes")
        self._key, self._salt, self.words_salt = key, salt, words_salt or salt
        self.digests = self.named("digests", 32)
        self.pages = AESGCM(self.named("pages", 32))

    def named(self, use: str, size: int) -> bytes:
        """Return the key for one use."""
        return self._made(self._salt, use, size)

    def words(self, use: str) -> Array:
        """Return the key for one use as two words."""
        return np.frombuffer(self._made(self.words_salt, use, 16), dtype="<u8")

    def _made(self, salt: bytes, use: str, size: int) -> bytes:
        return hashlib.blake2b(key=self._key, salt=salt, person=use.encode(), digest_size=size).digest()

    def block(self, number: int, content: bytes | memoryview) -> bytes:
        """Return the digest of one block of the file."""
        return hashlib.blake2b(
            content, key=self.digests, salt=number.to_bytes(16, "big"), person=b"block", digest_size=_DIGEST
        ).digest()

    def end(self, header: bytes, table: bytes, manifest: bytes) -> bytes:
        """Return the digest that the footer holds."""
        return hashlib.blake2b(
            b"".join((header, len(table).to_bytes(8, "big"), table, manifest)),
            key=self.digests,
            person=b"end",
        ).digest()[:32]


class Writer:
    """Writes a file of sections, one behind another. ``sections`` says where each lies."""

    def __init__(self, file: BinaryIO, keys: Keys, salt: bytes) -> None:
        self._file, self._keys, self._header = file, keys, MAGIC + salt
        self._waiting, self._table, self._written = bytearray(), bytearray(), 0
        self.sections: dict[str, tuple[int, int]] = {}
        self._put(self._header)

    def section(self, name: str, pieces: Iterator[bytes | memoryview]) -> None:
        """Write one section out of pieces."""
        self._put(bytes(-self._written % _ALIGNED))
        start = self._written
        for piece in pieces:
            self._put(piece)
        self.sections[name] = (start, self._written - start)

    def pages(self, name: str, clear: Iterator[bytes | memoryview]) -> None:
        """Write one section sealed in pages; a later reader can open any of them alone."""
        self.section(name, self._sealed(clear))

    def end(self, manifest: Mapping[str, object]) -> None:
        """Write table, manifest and footer; the file is whole only after this."""
        self._put(bytes(-self._written % _BLOCK))
        text = json.dumps({**manifest, "sections": self.sections}, sort_keys=True).encode()
        table = bytes(self._table)
        self._file.write(
            table + text + len(text).to_bytes(8, "big") + self._keys.end(self._header, table, text)
        )

    def _put(self, piece: bytes | memoryview) -> None:
        self._waiting += piece
        self._written += len(piece)
        whole = len(self._waiting) // _BLOCK * _BLOCK
        if not whole:
            return
        ready = bytes(memoryview(self._waiting)[:whole])
        del self._waiting[:whole]
        for at in range(0, whole, _BLOCK):
            number = len(self._table) // _DIGEST
            self._table += self._keys.block(number, memoryview(ready)[at : at + _BLOCK])
        self._file.write(ready)

    def _sealed(self, clear: Iterator[bytes | memoryview]) -> Iterator[bytes]:
        waiting, number = bytearray(), 0
        for piece in clear:
            waiting += piece
            whole = len(waiting) // _CLEAR * _CLEAR
            ready = bytes(memoryview(waiting)[:whole])
            del waiting[:whole]
            for at in range(0, whole, _CLEAR):
                yield self._keys.pages.encrypt(_nonce(number), ready[at : at + _CLEAR], MAGIC)
                number += 1
        if waiting:
            yield self._keys.pages.encrypt(_nonce(number), bytes(waiting).ljust(_CLEAR, b"\0"), MAGIC)


@contextmanager
def replacing(
    target: Path, key: bytes, random_bytes: Callable[[int], bytes]
) -> Iterator[tuple[Writer, Keys]]:
    """Write a new file beside ``target`` and put it in its place at the end of the block; a fault or crash leaves the old one.

    Two processes that build at once do so one after the other.
    """
    salt = random_bytes(_SALT)
    keys = Keys(key, salt)
    temporary = target.with_name(f".{target.name}.new")
    with exclusive(target.with_name(f".{target.name}.lock")):
        try:
            with open(temporary, "wb", opener=_for_us_alone) as file:
                yield Writer(file, keys, salt), keys
                file.flush()
                # A crash up to here leaves the old file, and a half one that nobody reads and the next build writes over.
                os.fsync(file.fileno())
            # A crash just after this may show the old file or the new one, each of them whole.
            os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
        settle(target.parent)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, 0o600)


class Reader:
    """A file of sections, mapped. Raises RecordEngineError if it is another kind of file, was changed, cut short, or has another key."""

    def __init__(self, target: Path, key: bytes) -> None:
        try:
            with target.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            raise RecordEngineError("the index of records cannot be read") from None
        if self._map[: len(MAGIC)] != MAGIC:
            raise RecordEngineError("this is not an index of records")
        header, footer = self._map[: len(MAGIC) + _SALT], self._map[-_FOOTER:]
        self.keys = Keys(key, header[len(MAGIC) :])
        manifest_at = len(self._map) - _FOOTER - int.from_bytes(footer[:8], "big")
        self._blocks = max(manifest_at, 0) // (_BLOCK + _DIGEST)
        self._table = self._map[self._blocks * _BLOCK : max(manifest_at, 0)]
        text = self._map[max(manifest_at, 0) : -_FOOTER]
        if (
            len(self._table) != self._blocks * _DIGEST
            or len(header) + len(footer) > len(self._map)
            or not hmac.compare_digest(self.keys.end(header, self._table, text), footer[8:])
        ):
            raise _changed()
        self.manifest = json.loads(text)
        if "words" in self.manifest:
            self.keys = Keys(key, header[len(MAGIC) :], bytes.fromhex(self.manifest["words"]))
        self.identity = footer[8:].hex()
        self._whole = memoryview(self._map)
        self._checked = np.zeros(self._blocks, dtype=np.bool_)

    def array(self, name: str, dtype: str, width: int = 1) -> Array:
        """See a section as words; none of it may be used before its blocks are checked."""
        start, size = self.manifest["sections"][name]
        flat = np.frombuffer(self._map, dtype=dtype, count=size // np.dtype(dtype).itemsize, offset=start)
        return flat if width == 1 else flat.reshape(-1, width)

    def start(self, name: str) -> int:
        """Return where a section begins in the file."""
        return int(self.manifest["sections"][name][0])

    def pieces(self, name: str) -> Iterator[memoryview]:
        """Yield the bytes of a section, piece by piece."""
        start, size = self.manifest["sections"][name]
        for at in range(start, start + size, _PIECE):
            yield self._whole[at : min(at + _PIECE, start + size)]

    @property
    def all_checked(self) -> bool:
        """Whether every block was checked since the file was opened."""
        return bool(self._checked.all())

    def blank(self) -> Array:
        """Return an array in which the blocks about to be used can be marked."""
        return np.zeros(self._blocks, dtype=np.bool_)

    def check(self, marked: Array) -> None:
        """Check the marked blocks that were not checked before. Raises RecordEngineError if one is not as it was written."""
        numbers = np.flatnonzero(marked & ~self._checked)
        if len(numbers) < _MANY:
            good = all(map(self._is_whole, numbers.tolist()))
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                good = all(pool.map(self._all_whole, np.array_split(numbers, 2 * (os.cpu_count() or 1))))
        if not good:
            raise _changed()
        self._checked[numbers] = True

    def check_span(self, start: int, end: int) -> None:
        """Check the blocks from byte ``start`` up to ``end``. Raises RecordEngineError."""
        for number in range(start >> BLOCK_BITS, ((end - 1) >> BLOCK_BITS) + 1):
            if not self._checked[number]:
                if not self._is_whole(number):
                    raise _changed()
                self._checked[number] = True

    def check_all(self) -> None:
        """Check every block. Raises RecordEngineError."""
        self.check(np.ones(self._blocks, dtype=np.bool_))

    def open_pages(self, name: str, start: int, end: int) -> bytes:
        """Return the clear bytes from ``start`` up to ``end`` of a sealed section. Raises RecordEngineError if a page was changed."""
        origin = self.start(name)
        first, last = start // _CLEAR, (end - 1) // _CLEAR
        try:
            clear = b"".join(
                self.keys.pages.decrypt(
                    _nonce(n), self._whole[origin + n * _PAGE : origin + (n + 1) * _PAGE], MAGIC
                )
                for n in range(first, last + 1)
            )
        except (InvalidTag, ValueError):
            raise _changed() from None
        return clear[start - first * _CLEAR : end - first * _CLEAR]

    def _all_whole(self, numbers: Array) -> bool:
        return all(map(self._is_whole, numbers.tolist()))

    def _is_whole(self, number: int) -> bool:
        content = self._whole[number * _BLOCK : (number + 1) * _BLOCK]
        kept = self._table[number * _DIGEST : (number + 1) * _DIGEST]
        return hmac.compare_digest(self.keys.block(number, content), kept)


def _changed() -> RecordEngineError:
    return RecordEngineError("the index was changed, cut short, or made with another key")


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
