"""The log's timestamps, one folder a day beside its tiles, for any checker: ``checkpoint`` and the response over exactly its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lawgate.adapters.durable import make_folder, write_atomic

_PUBLIC = 0o644
_CHECKPOINT, _RESPONSE = "checkpoint", "response.tsr"


@dataclass(frozen=True, slots=True)
class KeptStamp:
    """``day`` is ``YYYY-MM-DD``."""

    day: str
    checkpoint: bytes
    response: bytes


class StampFiles:
    """The folder ``timestamps`` of one published log."""

    def __init__(self, ledger: Path) -> None:
        self._folder = ledger / "timestamps"

    def has(self, day: str) -> bool:
        """Say whether a day has its stamp."""
        return (self._folder / day / _RESPONSE).exists()

    def keep(self, stamp: KeptStamp) -> None:
        """Write a day's stamp durably. A crash between the two files leaves a day without one, to be stamped again."""
        folder = self._folder / stamp.day
        make_folder(folder)
        write_atomic(folder / _CHECKPOINT, stamp.checkpoint, _PUBLIC)
        write_atomic(folder / _RESPONSE, stamp.response, _PUBLIC)

    def all(self) -> Iterator[KeptStamp]:
        """Read every stamp, oldest first."""
        for response in sorted(self._folder.glob(f"*/{_RESPONSE}")):
            checkpoint = (response.parent / _CHECKPOINT).read_bytes()
            yield KeptStamp(response.parent.name, checkpoint, response.read_bytes())
