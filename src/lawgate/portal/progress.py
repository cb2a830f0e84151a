"""How far the work on submissions has come, told by the worker that does it and read by everybody who may see the submission.

Both the pages and the API show what ``under_way`` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error

from lawgate.domain.errors import StoreError
from lawgate.portal.models import Progress

TELL_EVERY = timedelta(seconds=1)
COUNTED = ("receive", "match")
"""The steps that take long, and tell of their lines: the first reads a file, the second looks records up."""


@dataclass(frozen=True, slots=True)
class Reach:
    """``lines`` of ``total`` are done in ``step`` (0: unknown); ``rate`` is lines a second, ``left`` seconds, both 0 while unknown."""

    number: str
    step: str
    lines: int
    total: int
    begun: datetime
    rate: float
    left: float


class Teller:
    """A gate's ``watch`` that keeps one submission's progress, once a second, and calls ``pause`` each time: whatever that raises ends the
    work between two chunks."""

    def __init__(
        self, number: str, total: int, now: Callable[[], datetime], pause: Callable[[], None]
    ) -> None:
        self._row = Progress(number=number, step="receive", lines=0, total=total, begun=now(), told=now())
        self._now = now
        self._pause = pause
        self._row.save()

    def __call__(self, step: str, lines: int, _seconds: float) -> None:
        """Count what a step did."""
        self._pause()
        if step not in COUNTED:
            return
        row, now = self._row, self._now()
        if step != row.step:
            row.step, row.lines, row.begun = step, 0, now
        row.lines += lines
        if now - row.told >= TELL_EVERY:
            row.told = now
            row.save()

    def ended(self) -> None:
        """Nobody works on it any more."""
        self._row.delete()


def under_way(number: str | None = None) -> tuple[Reach, ...]:
    """Return what is being worked on, the oldest first: one submission, or all. Raises StoreError if it cannot be read."""
    rows = Progress.objects.order_by("begun")
    try:
        return tuple(_reach(row) for row in (rows if number is None else rows.filter(pk=number)))
    except Error as fault:
        raise StoreError(f"the progress of work cannot be read: {type(fault).__name__}") from None


def _reach(row: Progress) -> Reach:
    seconds = (row.told - row.begun).total_seconds()
    rate = row.lines / seconds if seconds > 0 else 0.0
    left = (row.total - row.lines) / rate if rate and row.total >= row.lines else 0.0
    return Reach(row.number, row.step, row.lines, row.total, row.begun, rate, left)
