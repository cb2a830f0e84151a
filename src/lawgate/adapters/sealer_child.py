"""The sealer's process as a child of the gateway, under the same user: what a home has that names no sealer elsewhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import weakref
from pathlib import Path

from lawgate.adapters.sealer_lines import SealerEnd
from lawgate.adapters.sealer_wire import Line


class SealerChild(SealerEnd):
    """One process and the connection to it; it ends with the gateway. ``logs`` is where it reads the published logs."""

    def __init__(self, folder: Path, logs: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            words = [str(folder), logs, str(theirs.fileno())]
            self.process = subprocess.Popen(  # noqa: S603  our own sealer, with words of our own
                [sys.executable, "-m", "lawgate.adapters.sealer_desk", *words],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        super().__init__(Line(ours))
        self._end = weakref.finalize(self, _end, self.process, self.line, os.getpid())

    def is_there(self) -> bool:
        """Say whether the process runs."""
        return self.process.poll() is None

    def end(self) -> None:
        """End the connection, and wait for the process to end with it."""
        self._end()


def _end(process: subprocess.Popen[bytes], line: Line, owner: int) -> None:
    line.close()
    # A fork of the gateway has a copy of this; the process is not its child.
    if os.getpid() == owner:
        process.wait()
