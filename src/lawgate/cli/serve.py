"""``lawgate serve``: the service's pages, for people with accounts."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from lawgate import service
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, listening_at, progress
from lawgate.domain.errors import SettingsError

SERVERS, THREADS = 2, 4
LONGEST_ADDRESS = 512


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
    os.execv(sys.executable, server)  # noqa: S606  # the server takes this process's place, and its signals
