"""``lawgate init``: make a home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import places, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, say
from lawgate.settings import EXAMPLE, load_settings


def init(
    settings: Annotated[
        Path | None, typer.Option(help="The settings to make it with.", exists=True, dir_okay=False)
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print example settings and make nothing.")
    ] = False,
    roots: Annotated[
        Path | None,
        typer.Option(help="Three verifier keys, two of which must sign the log's policy.", exists=True),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make a home: keys, database, witnesses, and a log with its first entry."""
    if example:
        say(EXAMPLE.rstrip("\n"))
        return
    if settings is None:
        raise typer.BadParameter("give --settings FILE; `lawgate init --example` prints one")
    wiring.create_home(home, settings, roots_file=roots)
    gate = wiring.open_home(home)
    if gate.policy.urls:
        say(f"tell the witnesses to trust this log, then run `lawgate ledger heartbeat`: {gate.policy.log}")
    if not gate.policy_is_signed:
        say(f"nothing leaves until two roots have signed {home / places.POLICY_FILE}: see `lawgate root`")
    if load_settings(home / wiring.SETTINGS_FILE).sealer and roots is None:
        say(
            f"nothing leaves until the sealer trusts the policy {home / places.POLICY_FILE}: see `lawgate sealer`"
        )
    say(f"{home} is ready; outsiders check its log with the file {home / places.POLICY_FILE}")
