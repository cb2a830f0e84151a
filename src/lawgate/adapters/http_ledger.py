"""A published log read from any static file host (C2SP tlog-tiles); what is read is believed for its hashes, not for the host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Never

from lawgate.adapters.connection import Connection
from lawgate.domain.errors import LedgerError
from lawgate.ledger.entry import MAX_ENTRY
from lawgate.ledger.tile import CHECKPOINT, WIDTH, is_tile_path

_LARGEST = WIDTH * (MAX_ENTRY + 2)
_OK, _GONE = 200, (404, 410)


class HttpLedger:
    """A ``TileStore`` that only reads."""

    def __init__(self, prefix: str) -> None:
        self._host = Connection(prefix)

    def read(self, path: str) -> bytes | None:
        """Fetch a file, or None if the host has none. Raises LedgerError for a name a log does not have, or if the host fails."""
        if path != CHECKPOINT and not is_tile_path(path):
            raise LedgerError("not the name of a file of a log")
        try:
            reply = self._host.ask("GET", path, _LARGEST)
        except OSError:
            raise LedgerError(f"the log's file {path} cannot be fetched") from None
        if reply.status in _GONE:
            return None
        if reply.status != _OK:
            raise LedgerError(f"the host does not serve the log's file {path}")
        return reply.body

    def write(self, path: str, content: bytes) -> Never:
        """Refuse: a log is written where it is kept."""
        raise LedgerError("a log read over HTTP is not written")

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> Never:
        """Refuse, as ``write`` does."""
        raise LedgerError("a log read over HTTP is not written")
