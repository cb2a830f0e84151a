"""``lawgate worker``: works off the queue of a home's service."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from lawgate import service, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, progress


def worker(
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="Work for a home in which scripts decide.")
    ] = False,
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End when nothing is left that can be done now.")
    ] = False,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="End when the process that started it does.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Take submissions as far as they go without a person, until SIGTERM. `serve` starts one by itself; more may run beside it."""
    service.open_service(home, rehearsal=rehearsal)
    os.environ[service.REHEARSAL] = "1" if rehearsal else ""
    from lawgate import work  # its queue can be imported only after Django's set-up

    parent = os.getppid()
    progress.print("working", markup=False)
    work.run_worker(
        wiring.new_nonce(),
        until_empty=until_empty,
        parent=lambda: not with_parent or os.getppid() == parent,
    )
