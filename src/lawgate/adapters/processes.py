"""Other processes that work for one command. They end with it, however it ends: nobody else would tell them that it was killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread


def worker_pool(
    processes: int, begin: Callable[..., None] | None = None, given: tuple[object, ...] = ()
) -> ProcessPoolExecutor:
    """Make a pool of so many processes, each begun with ``begin(*given)``.

    They are spawned, not forked: an open database or a lock must not live on in another process.
    """
    return ProcessPoolExecutor(processes, get_context("spawn"), _begin, (begin, given))


def _begin(begin: Callable[..., None] | None, given: tuple[object, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*given)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
