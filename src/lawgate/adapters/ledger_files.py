"""The published log as a folder that any static file server can show (C2SP tlog-tiles)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from lawgate.adapters.durable import make_folder, settle, write_atomic, write_together
from lawgate.domain.errors import LedgerError
from lawgate.ledger.tile import CHECKPOINT, full_of, is_tile_path

_PUBLIC = 0o644
_FEW = 16


class LedgerFiles:
    """A ``TileStore`` in one folder. Tiles and bundles never change once written; ``checkpoint`` is replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        """Read a file, or None if it is not there. Raises LedgerError for a name that a log does not have."""
        try:
            return self._file(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: str, content: bytes) -> None:
        """Write a file durably and whole. Raises LedgerError if a tile is there with other content."""
        file = self._file(path)
        if path != CHECKPOINT and file.exists():
            if file.read_bytes() != content:
                raise LedgerError(f"the log's file {path} is there with other content")
            # A crash may have come between the file's rename and the folder's sync; nothing is signed before that is made good.
            settle(file.parent)
            return
        make_folder(file.parent)
        # A crash here leaves no tile, or the old checkpoint; publishing again writes the same bytes.
        write_atomic(file, content, _PUBLIC)

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write tiles and bundles, each as ``write`` does; many of them wait for the disk together."""
        few = list(islice(files := iter(files), _FEW))
        if len(few) < _FEW:
            for path, content in few:
                self.write(path, content)
            return
        there: set[Path] = set()
        write_together(self._new_ones(chain(few, files), there), _PUBLIC)
        # A crash may have come between an earlier rename and its folder's sync; see ``write``.
        for folder in sorted(there):
            settle(folder)

    def _new_ones(self, files: Iterable[tuple[str, bytes]], there: set[Path]) -> Iterator[tuple[Path, bytes]]:
        made: set[Path] = set()
        for path, content in files:
            file = self._file(path)
            if file.exists():
                if file.read_bytes() != content:
                    raise LedgerError(f"the log's file {path} is there with other content")
                there.add(file.parent)
                continue
            if file.parent not in made:
                make_folder(file.parent)
                made.add(file.parent)
            yield file, content

    def prune(self) -> int:
        """Remove partial tiles and bundles whose full one is there (C2SP tlog-tiles); return how many. Readers then cut the full one."""
        pruned = 0
        for partial in sorted(self.folder.glob("tile/**/*.p/*")):
            full = full_of(partial.relative_to(self.folder).as_posix())
            if full is not None and (self.folder / full).is_file():
                # A crash between two leaves the rest, which the next call removes: each of them is superseded by itself.
                partial.unlink()
                pruned += 1
                if not any(partial.parent.iterdir()):
                    partial.parent.rmdir()
        return pruned

    def _file(self, path: str) -> Path:
        if path != CHECKPOINT and not is_tile_path(path):
            raise LedgerError("not the name of a file of a log")
        return self.folder / path
