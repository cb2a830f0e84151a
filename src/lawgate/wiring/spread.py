"""Work on many lines, in this process or in as many as there are processors; what comes of it is the same."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from lawgate.adapters.key_store import marks
from lawgate.adapters.processes import worker_pool
from lawgate.domain.steps import SubmissionId
from lawgate.reading import Desk, Reader, Task
from lawgate.store.arriving import ArrivalBox
from lawgate.wiring import packs
from lawgate.wiring.keys import home_secret, vault_of

C = TypeVar("C")
R = TypeVar("R")
Watch = Callable[[str, int, float], None]
WORTH_PROCESSES = 5000
"""From how many lines on the start of other processes is made good."""
AHEAD = 2
"""How many pieces each of them may have waiting."""


def unwatched(_step: str, _lines: int, _seconds: float) -> None:
    """Tell nobody how far a step has come."""


def processes_for(lines: int) -> int:
    """How many processes work on so many lines: one, or as many as there are processors."""
    return 1 if lines < WORTH_PROCESSES else len(os.sched_getaffinity(0))


def desk_of(home: Path) -> Desk:
    """Return what a process needs to read the lines of submissions: no memory, no log."""
    vault = vault_of(home)

    @contextmanager
    def sealer(submission: SubmissionId) -> Iterator[ArrivalBox]:
        with vault.opened(submission) as box:
            yield ArrivalBox(submission, box)

    return Desk(
        packs={ground.id: ground for ground in packs.GROUNDS},
        mark=marks(home_secret(home, "fingerprint")),
        sealer=sealer,
        line_salts=vault.salts,
        ticks=time.process_time,
    )


def spread(home: Path, task: Task, work: Callable[[Reader, C], R], items: Iterator[C]) -> Iterator[R]:
    """Read chunks in this process, or for a large submission in as many as there are processors, and yield what comes of them in order."""
    processes = processes_for(task.received.cover.line_count)
    if processes == 1:
        reader = Reader(desk_of(home), task)
        yield from (work(reader, item) for item in items)
        return
    pool = worker_pool(processes, _begin_reading, (home, task))
    try:
        done = elsewhere(pool, AHEAD * processes, partial(_read_there, work), items)
        yield from (result for result, _ in done)
    finally:
        pool.shutdown(cancel_futures=True)


_readers: list[Reader] = []
"""In a process that reads chunks: its reader."""


def _begin_reading(home: Path, task: Task) -> None:
    _readers.append(Reader(desk_of(home), task))


def _read_there(work: Callable[[Reader, C], R], item: C) -> R:
    return work(_readers[0], item)


def elsewhere(
    pool: ProcessPoolExecutor, ahead: int, work: Callable[[C], R], pieces: Iterable[C]
) -> Iterator[tuple[R, float]]:
    """Work on the pieces in a pool, with no more than ``ahead`` of them waiting; yield results in order, with the seconds of processor each took."""
    waiting: deque[Future[tuple[R, float]]] = deque()
    for piece in pieces:
        waiting.append(pool.submit(_timed_work, work, piece))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _timed_work(work: Callable[[C], R], piece: C) -> tuple[R, float]:
    begun = time.process_time()
    done = work(piece)
    return done, time.process_time() - begun
