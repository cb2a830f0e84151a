"""Seals what the lines of a chunk state, and what steps 1 to 3 found about it, where no database is: in whatever process reads the chunk."""

from __future__ import annotations

from lawgate.domain.steps import Line, SubmissionId
from lawgate.store.sealing import line_place, place, seal
from lawgate.store.vault import Box


class ArrivalBox:
    """One submission's data key in hand, for one chunk."""

    def __init__(self, submission: SubmissionId, box: Box) -> None:
        self._submission = submission
        self._box = box

    def line(self, line: Line) -> bytes:
        """Seal what a line states, for its own place."""
        return seal(self._box, line_place(self._submission, line.ordinal, "stated"), line)

    def found(self, ordinal: int, clear: bytes) -> bytes:
        """Seal what was found about the chunk whose first line has that ordinal."""
        return self._box.seal(arriving_place(self._submission, ordinal), clear)


def arriving_place(submission: str, ordinal: int) -> bytes:
    """Name the place of what was found about a chunk."""
    return place("arriving", submission, ordinal)
