"""``lawgate serve``: the service's pages, for people with accounts, and on the embedded default the worker behind them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from lawgate import service, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, listening_at, progress
from lawgate.domain.errors import SettingsError

SERVERS, THREADS = 2, 4
LONGEST_ADDRESS = 512
LOOK, ANEW, PATIENCE = 0.2, 5.0, 60.0
"""Seconds: between looks at the two processes, before a dead worker is started anew, until one that is to end is ended."""


def serve(
    listen: Annotated[str, typer.Option(help="Address and port.")] = "127.0.0.1:7381",
    public: Annotated[
        bool, typer.Option("--public", help="Allow an address that other machines can reach.")
    ] = False,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="Serve a home in which scripts decide; its pages say so.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Serve the console until interrupted. Put a TLS proxy before it, and name its address in the settings, to be reached from elsewhere."""
    address, port = listening_at(listen, public=public)
    url = service.url_of(home)
    if not url.startswith("https:") and public:
        raise SettingsError(
            "other machines reach the service by TLS only; [service] url names an https address"
        )
    service.open_service(home, rehearsal=rehearsal)
    service.open_reader_of(home)
    os.environ[service.REHEARSAL] = "1" if rehearsal else ""
    progress.print(f"serving {url}", markup=False)
    host = f"[{address}]" if ":" in address else address
    server = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(SERVERS)]
    server += ["--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "warning"]
    server += [
        "--limit-request-line",
        str(LONGEST_ADDRESS),
        "--no-control-socket",
        "lawgate.web.wsgi:application",
    ]
    if os.environ.get(wiring.DATABASE_URL):
        # Several machines may serve one database: whoever runs them says where workers run.
        os.execv(sys.executable, server)  # noqa: S606  # the server takes this process's place, and its signals
    raise typer.Exit(_with_worker(server, home, rehearsal))


def _with_worker(server: list[str], home: Path, rehearsal: bool) -> int:
    """Run the server with a worker beside it until the server ends; return what it ended with. A worker that dies is started again."""
    working = [sys.executable, "-c", "from lawgate.cli.start import main; main()", "worker", "--with-parent"]
    working += ["--home", str(home), *(["--rehearsal"] if rehearsal else [])]
    serving = subprocess.Popen(server)  # noqa: S603  # both command lines are ours
    worker = subprocess.Popen(working)  # noqa: S603

    def end(_signal: int, _frame: FrameType | None) -> None:
        serving.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    began = time.monotonic()
    while serving.poll() is None:
        time.sleep(LOOK)
        if worker.poll() is not None and time.monotonic() - began > ANEW and serving.poll() is None:
            worker, began = subprocess.Popen(working), time.monotonic()  # noqa: S603
    worker.terminate()
    try:
        worker.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        # Whatever it had in hand is taken up by the next worker from where it stands.
        worker.kill()
        worker.wait()
    return serving.returncode
