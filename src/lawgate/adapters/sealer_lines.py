"""The gateway's lines to its sealer: had when first needed, had anew if one ends, each asked one thing at a time."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import SealerAwayError
from lawgate.domain.leaving import Outcome, Sealing


class SealerEnd(ABC):
    """One process of the sealer's, as the gateway has it: the line to it, whether it is still there, and how to be done with it."""

    def __init__(self, line: Line) -> None:
        self.line = line

    @abstractmethod
    def is_there(self) -> bool:
        """Say whether the process has not ended."""

    @abstractmethod
    def end(self) -> None:
        """Be done with it; again changes nothing."""

    def ask(self, asked: Sealing) -> None:
        """Hand over answers. Raises SealerAwayError if the process is gone."""
        try:
            self.line.ask(asked)
        except OSError:
            raise SealerAwayError(
                "the sealer ended before it was asked; nothing of this has left, ask again"
            ) from None

    def said(self, answers: int) -> tuple[tuple[Outcome, ...], float]:
        """Read what came of them. Raises SealerAwayError if the process is gone, LedgerError as ``Line.said`` does."""
        try:
            return self.line.said(answers)
        except OSError:
            raise SealerAwayError(
                "the sealer ended before it answered; nothing of this has left, ask again"
            ) from None


class SealerLines:
    """The lines of one gateway (``domain.leaving.Sealers``). ``have`` makes one, and ``count`` says how many so many answers are worth."""

    def __init__(self, have: Callable[[], SealerEnd], count: Callable[[int], int]) -> None:
        self._have = have
        self._count = count
        self._ends: list[SealerEnd] = []
        self._owner = os.getpid()

    def __call__(self, asked: Iterable[Sealing], lines: int) -> Iterator[tuple[tuple[Outcome, ...], float]]:
        """Give what came of each, in order. Raises SealerAwayError or LedgerError, after which every line is ended: what one has left
        unsaid belongs to nothing that is asked later."""
        if self._owner != os.getpid():
            self._ends, self._owner = [], os.getpid()
        ends = self._ready(self._count(lines))
        waiting: deque[tuple[SealerEnd, int]] = deque()
        is_whole = False
        try:
            for number, each in enumerate(asked):
                end = ends[number % len(ends)]
                if len(waiting) == len(ends):
                    first, answers = waiting.popleft()
                    yield first.said(answers)
                end.ask(each)
                waiting.append((end, len(each.answers)))
            while waiting:
                first, answers = waiting.popleft()
                yield first.said(answers)
            is_whole = True
        finally:
            if not is_whole:
                self.end()

    def end(self) -> None:
        """End every line."""
        while self._ends:
            self._ends.pop().end()

    def _ready(self, count: int) -> list[SealerEnd]:
        """Give so many lines whose other end is there."""
        gone = [end for end in self._ends if not end.is_there()]
        self._ends = [end for end in self._ends if end not in gone]
        for end in gone:
            end.end()
        while len(self._ends) < count:
            self._ends.append(self._have())
        return self._ends[:count]
