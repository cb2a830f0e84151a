"""What a replay comes to: three rows, and whether everything in them is as it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lawgate.domain.steps import SubmissionId
from lawgate.rehearsal.exchange_truth import Against


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a submission's lines stand: by letter, and by letter and code (a line with several codes counts under each).

    ``why_held`` has for each code of guard's the sentence of the first line held, with its numbers.
    """

    letters: Mapping[str, int]
    by_code: Mapping[str, Mapping[str, int]]
    why_held: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One sealed answer that stays on disk, and the engaged officer's files that open it."""

    package: Path
    key: Path
    identity: Path
    ack: Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what was sent where, and what came of it. ``seconds`` are by the clock, ``processor_seconds`` as the steps report them."""

    number: int
    title: str
    lines: int
    lookups: int
    ended: Ended
    against: Against
    handed_over: int
    exact: bool
    seconds: Mapping[str, float]
    processor_seconds: Mapping[str, float]
    peak_memory_mb: int

    @property
    def insufficient_told(self) -> int:
        """How many lines with an insufficient address were told something."""
        kinds = (found for kind, found in self.against.by_kind.items() if "insufficient address" in kind)
        return sum(found["R"] + found["C"] for found in kinds)

    @property
    def sound(self) -> bool:
        """Say whether nothing was told that may not be, and all counts agree."""
        told = self.against.without_verified_address + self.against.wrong_person + self.against.wrong_address
        return not told and self.exact


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole replay. ``opened`` of the ``kept`` packages opened with ``lawgate-verify``; ``ledger_sound`` is its word on the log.

    ``largest_child_mb`` is the greatest memory of any other process that the replay started, in megabytes.
    """

    folder: Path
    home: str
    made: datetime
    lines: int
    seed: int
    rows: tuple[Row, ...]
    composing_seconds: float
    people: int
    officers: int
    kept: tuple[Kept, ...]
    opened: int
    ledger_sound: bool
    resumed: bool
    largest_child_mb: int
    submission: SubmissionId

    @property
    def sound(self) -> bool:
        """Say whether every row is sound, only row 2 touched a record, and what was kept verifies."""
        untouched = all(row.lookups == 0 for row in self.rows if row.number != 2)
        opened = 0 < self.opened == len(self.kept)
        return all(row.sound for row in self.rows) and untouched and self.ledger_sound and opened
