"""The sealer's process beside the gateway: started when first needed, started again if it ends, ended with the gateway."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lawgate.adapters.sealer_wire import Line
from lawgate.domain.errors import LedgerError
from lawgate.domain.leaving import Outcome, Sealing


class SealerChild:
    """One process and the connection to it."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  our own sealer, with words of our own
                [sys.executable, "-m", "lawgate.adapters.sealer_desk", str(folder), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self.line = Line(ours)
        self.end = weakref.finalize(self, _end, self.process, self.line, os.getpid())

    def ask(self, asked: Sealing) -> None:
        """Hand over answers. Raises LedgerError if the process is gone."""
        try:
            self.line.ask(asked)
        except OSError:
            raise LedgerError("the sealer ended before it was asked; ask again") from None

    def said(self, answers: int) -> tuple[tuple[Outcome, ...], float]:
        """Read what came of them. Raises LedgerError as ``Line.said`` does."""
        try:
            return self.line.said(answers)
        except OSError:
            raise LedgerError("the sealer ended before it answered; ask again") from None


def _end(process: subprocess.Popen[bytes], line: Line, owner: int) -> None:
    line.close()
    # A fork of the gateway has a copy of this; the process is not its child.
    if os.getpid() == owner:
        process.wait()


class SealerChildren:
    """The sealer's processes of one gateway (``domain.leaving.Sealers``), each asked one thing at a time."""

    def __init__(self, folder: Path, count: Callable[[int], int]) -> None:
        self._folder = folder
        self._count = count
        self._children: list[SealerChild] = []
        self._owner = os.getpid()

    def __call__(self, asked: Iterable[Sealing], lines: int) -> Iterator[tuple[tuple[Outcome, ...], float]]:
        """Give what came of each, in order. Raises LedgerError, after which every process is ended: what one has left unsaid belongs to
        nothing that is asked later."""
        if self._owner != os.getpid():
            self._children, self._owner = [], os.getpid()
        children = self._ready(self._count(lines))
        waiting: deque[tuple[SealerChild, int]] = deque()
        is_whole = False
        try:
            for number, each in enumerate(asked):
                child = children[number % len(children)]
                if len(waiting) == len(children):
                    first, answers = waiting.popleft()
                    yield first.said(answers)
                child.ask(each)
                waiting.append((child, len(each.answers)))
            while waiting:
                first, answers = waiting.popleft()
                yield first.said(answers)
            is_whole = True
        finally:
            if not is_whole:
                self.end()

    def end(self) -> None:
        """End every process."""
        while self._children:
            self._children.pop().end()

    def _ready(self, count: int) -> list[SealerChild]:
        """Give so many processes that run."""
        self._children = [child for child in self._children if child.process.poll() is None]
        while len(self._children) < count:
            self._children.append(SealerChild(self._folder))
        return self._children[:count]
