"""A heap of pieces on disk for what does not fit in memory: sealed under a key that never leaves this process, gone when it ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FILES = 32


class Spill:
    """Pieces by part, read back in the order they were put, each part once and parts in order.

    Neighbouring parts share a file without a name, whose room on the disk is given back once all of them are taken: a crash leaves
    nothing to clear away. Parts may be taken in several threads at once when nothing more is put.
    """

    def __init__(self, folder: Path, parts: int, random_bytes: Callable[[int], bytes]) -> None:
        self._cipher = AESGCM(random_bytes(32))
        self._pieces: list[list[tuple[int, int, int]]] = [[] for _ in range(parts)]
        self._in_file, self._count = [min(_FILES, parts) * part // parts for part in range(parts)], 0
        self._left = [self._in_file.count(n) for n in range(min(_FILES, parts))]
        self._open = ExitStack()
        self._files = [
            self._open.enter_context(tempfile.TemporaryFile(dir=folder, buffering=0))  # noqa: SIM115 it is entered
            for _ in self._left
        ]
        self._ends = [0] * len(self._files)

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, *fault: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._open.close()

    def put(self, part: int, piece: bytes | memoryview) -> None:
        """Add a piece to a part."""
        sealed = self._cipher.encrypt(self._count.to_bytes(12, "big"), piece, None)
        file = self._in_file[part]
        written = 0
        while written < len(sealed):  # a disk that is full may take part of it before it says so
            written += os.pwrite(
                self._files[file].fileno(), memoryview(sealed)[written:], self._ends[file] + written
            )
        self._pieces[part].append((self._count, self._ends[file], len(sealed)))
        self._ends[file] += len(sealed)
        self._count += 1

    def take(self, part: int) -> Iterator[bytes]:
        """Yield the pieces of a part."""
        file = self._in_file[part]
        for number, at, size in self._pieces[part]:
            yield self._cipher.decrypt(number.to_bytes(12, "big"), self._read(file, at, size), None)
        self._left[file] -= 1
        if not self._left[file]:
            self._files[file].truncate(0)

    def _read(self, file: int, at: int, size: int) -> bytes:
        # One call gives at most 2 GiB.
        read = bytearray()
        while len(read) < size:
            more = os.pread(self._files[file].fileno(), size - len(read), at + len(read))
            if not more:
                raise OSError("the file was cut short")
            read += more
        return bytes(read)
