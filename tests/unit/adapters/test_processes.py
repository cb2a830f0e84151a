"""Processes that work for a command do not outlive it, even if it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from lawgate.adapters.processes import worker_pool

KILLED = """
import os, sys
from lawgate.adapters.processes import worker_pool
if __name__ == "__main__":
    with worker_pool(2) as pool:
        print(*(pool.submit(os.getpid).result() for _ in range(2)), flush=True)
        sys.stdin.read()
"""


def test_work_is_done_in_other_processes() -> None:
    with worker_pool(1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()


def test_a_killed_command_leaves_no_process_behind() -> None:
    words = [sys.executable, "-c", KILLED]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        workers = {int(word) for word in command.stdout.readline().split()}
        assert workers
        command.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(alive(worker) for worker in workers):
        assert time.monotonic() < deadline, "a worker outlives the command"
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
