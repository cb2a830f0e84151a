"""A heap of pieces on disk for what does not fit in memory: sealed under a key that never leaves this process, gone when it ends."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Spill:
    """Pieces by part, read back in the order they were put. The file has no name: a crash leaves nothing to clear away."""

    def __init__(self, folder: Path, parts: int, random_bytes: Callable[[int], bytes]) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 closed by ``__exit__``
        self._cipher = AESGCM(random_bytes(32))
        self._pieces: list[list[tuple[int, int]]] = [[] for _ in range(parts)]
        self._end = self._count = 0

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, *fault: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()

    def put(self, part: int, piece: bytes | memoryview) -> None:
        """Add a piece to a part."""
        sealed = self._cipher.encrypt(self._end.to_bytes(12, "big"), piece, None)
        self._file.seek(self._end)
        self._file.write(sealed)
        self._pieces[part].append((self._end, len(sealed)))
        self._end += len(sealed)

    def take(self, part: int) -> Iterator[bytes]:
        """Yield the pieces of a part."""
        for at, size in self._pieces[part]:
            self._file.seek(at)
            yield self._cipher.decrypt(at.to_bytes(12, "big"), self._file.read(size), None)
