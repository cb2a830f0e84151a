"""The queue and its workers: what no person is waited for is done here, by the functions that the commands call.

A task says one thing: take this submission as far as it goes. It may run twice, be cut off anywhere, or be lost: what there is to do is read
from the home itself, and a worker that starts, and each some minutes later, puts it on the queue. So the queue may be thrown away.

Pages and the API call ``advance`` after whatever a person decided or sent. Nothing here decides, releases or hands over.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.db import Error
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from lawgate import pipeline
from lawgate.adapters.durable import held, make_folder
from lawgate.domain.errors import LawgateError, QuorumError, StoreAwayError, StoreError
from lawgate.domain.steps import LineState, SubmissionId
from lawgate.evidence.envelope import unverified_payload
from lawgate.gate import Gate, publish
from lawgate.intake.parts import COVER
from lawgate.ledger.shard import Shard, published_head
from lawgate.portal.progress import Teller
from lawgate.portal.sending import is_withdrawn
from lawgate.service import current_gate

WORK = "work"
"""The home's folder of locks: those of the workers that live, of the submissions that are worked on, and of reading one."""
READING = "reading"
AGAIN = timedelta(seconds=3)
"""When a task whose submission another worker has in hand is tried again."""
LOOK_EVERY = (
    60.0  # seconds between two looks for what a killed worker left, and for entries that no quorum cosigned
)
SWEEP_EVERY = 600.0  # seconds between two looks through all submissions
IDLE = 0.5  # seconds that an empty queue is left alone
KEPT = timedelta(days=1)
"""How long the queue remembers what was done."""

_log = logging.getLogger("lawgate.work")


class _EndedError(Exception):
    """The worker is to end, or the submission was taken back: the task stops between two chunks, and is looked at again."""


@task()
def go_on(number: str) -> None:
    """Take one submission as far as it goes without a person. Raises nothing: what went wrong is logged by kind, and tried again later."""
    with ExitStack() as stack:
        folder = _folder()
        # Submissions that share a lock's file only wait for one another.
        if not stack.enter_context(held(folder / number[:2])):
            # Another worker has it in hand, and may have passed what this task is about.
            _put(number, later=True)
            return
        try:
            _go_on(SubmissionId(number), folder, stack)
        except _EndedError:
            _put(number)
        except QuorumError:
            # The entries are kept; the next look publishes them.
            _log.warning("%s waits for the witnesses", number)
        except StoreAwayError as fault:
            _log.warning("%s waits for the database: %s", number, fault)
            _put(number, later=True)
        except LawgateError as fault:
            _log.error("%s cannot go on: %s", number, fault)
        except (
            Exception
        ) as fault:  # the last border: its text might hold a person's data, and the queue would keep it
            place = traceback.extract_tb(fault.__traceback__)[-1]
            _log.error(
                "%s cannot go on: %s at %s:%s",
                number,
                type(fault).__name__,
                Path(place.filename).name,
                place.lineno,
            )


def advance(number: str) -> None:
    """Put on the queue: take submission ``number`` as far as it can go without a person. Twice is as good as once.

    Raises StoreError if the queue cannot be written; what there is to do is then found by the next worker that looks.
    """
    try:
        _put(number)
    except Error as fault:
        raise StoreError(f"the queue cannot be written: {type(fault).__name__}") from None


def _put(number: str, *, later: bool = False) -> None:
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, task_path=go_on.module_path, args_kwargs__args__0=number
    )
    # A task that nobody has taken yet will see all that is durable now.
    if not waiting.exists():
        (go_on.using(run_after=current_gate().now() + AGAIN) if later else go_on).enqueue(number)


def _go_on(number: SubmissionId, folder: Path, stack: ExitStack) -> None:
    gate = current_gate()
    known = gate.memory.summary(number)
    if known is None and is_withdrawn(number):
        gate.originals.forget(number)
    if known is None and number not in gate.originals.numbers():
        return  # withdrawn, or never sent
    if known is None and not stack.enter_context(held(folder / READING)):
        # One submission is read at a time. This worker does not wait for it: others may want their look-ups.
        _put(number, later=True)
        return
    if known is None:
        teller = Teller(number, _stated_lines(gate, number), gate.now, lambda: _pause(number))
    else:
        teller = Teller(
            number, len(gate.memory.ordinals(number, LineState.APPROVED)), gate.now, lambda: _pause("")
        )
    watched = replace(gate, watch=teller)
    try:
        if known is None:
            known = pipeline.receive_kept(watched, number)
        if not known.rejected_code:
            pipeline.catch_up(watched, number)
    finally:
        # A worker that is killed leaves the row; the next one that takes the submission up writes over it.
        teller.ended()


def _stated_lines(gate: Gate, number: SubmissionId) -> int:
    """Return how many lines the cover states, for showing progress only: nothing of it is verified. 0 if it states none."""
    with suppress(LawgateError, KeyError):
        raw = b"".join(gate.originals.sent(number).read(COVER))
        stated = unverified_payload(raw, "cover").get("line_file")
        count = stated.get("count") if isinstance(stated, dict) else 0
        return count if isinstance(count, int) and count > 0 else 0
    return 0


def _folder() -> Path:
    folder = Path(os.environ["LAWGATE_HOME"]) / WORK
    make_folder(folder)
    return folder


# -- the worker ------------------------------------------------------------------------------------------------------------


_alive: list[Callable[[], bool]] = []
"""In a worker's process: whether it is to go on."""


def _pause(reading: str) -> None:
    """Raise if this worker is to end, or the submission that it reads was taken back."""
    if (_alive and not _alive[0]()) or (reading and is_withdrawn(reading)):
        raise _EndedError


def run_worker(name: str, *, until_empty: bool = False, parent: Callable[[], bool] = lambda: True) -> None:
    """Work off the queue until SIGTERM or SIGINT, which ends the task in hand between two chunks; a second one ends it at once.

    ``name`` is this worker's own. With ``until_empty`` it returns when nothing is left; it also ends when ``parent`` says that the
    process that started it is gone.
    """
    worker = Worker(
        queue_names=["*"],
        interval=IDLE,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    _alive[:] = [lambda: worker.running and parent()]
    worker.configure_signals()
    # Held for as long as this process lives, however it ends: what is marked as running under a lock that is free was left.
    with held(_lock_of(name)):
        looked = swept = 0.0
        while _alive[0]():
            at = time.monotonic()
            try:
                if not looked or at - looked >= LOOK_EVERY:
                    take_up_left()
                    looked = at
                if not swept or at - swept >= SWEEP_EVERY:
                    sweep()
                    swept = at
            except StoreAwayError as fault:
                _log.warning("the worker waits for the database: %s", fault)
                time.sleep(AGAIN.total_seconds())
                continue
            worker.run()  # until the queue is empty
            if until_empty and not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists():
                break
            if _alive[0]():
                time.sleep(IDLE)
    _lock_of(name).unlink(missing_ok=True)


def _lock_of(worker: str) -> Path:
    return _folder() / f"worker-{worker}"


def take_up_left() -> int:
    """Put back on the queue what a worker had in hand that lives no more, publish what no quorum cosigned, and forget what is long done.

    Returns how many tasks were put back. A second worker may do the same at the same time: a task that runs twice finds nothing to do.
    """
    back = 0
    for row in DBTaskResult.objects.running():
        with held(_lock_of(row.worker_ids[-1])) as dead:
            if dead:
                left = DBTaskResult.objects.running().filter(pk=row.pk)
                back += left.update(status=TaskResultStatus.READY)
                _lock_of(row.worker_ids[-1]).unlink(missing_ok=True)
    gate = current_gate()
    DBTaskResult.objects.finished().filter(finished_at__lt=gate.now() - KEPT).delete()
    if _unpublished(gate):
        with suppress(QuorumError), gate.alone():
            publish(gate)
    return back


def _unpublished(gate: Gate) -> bool:
    try:
        head = published_head(Shard(gate.base, gate.tiles, gate.policy))
    except QuorumError:
        return True
    return gate.base + head.checkpoint.size < gate.memory.size()


def sweep() -> int:
    """Put every submission on the queue that can go on without a person; return how many. The queue may have lost any of them."""
    gate = current_gate()
    received = {summary.submission for summary in gate.memory.summaries()}
    going = {*(gate.originals.numbers() - received), *gate.memory.unfinished()}
    for number in sorted(going):
        advance(number)
    return len(going)
