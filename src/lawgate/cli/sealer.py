"""``lawgate sealer``: the sealer under a user of its own, who runs these; the gateway's user cannot open its folder."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path
from typing import Annotated

import typer

from lawgate.adapters import sealer_desk
from lawgate.cli.frame import new_app, say
from lawgate.domain.errors import LedgerError, SettingsError
from lawgate.ledger.policy import parse_policy
from lawgate.ledger.roots import parse_roots

app = new_app("The sealer under a user of its own: new, trust, serve.")

FolderArgument = Annotated[Path, typer.Argument(help="The sealer's own folder.")]


@app.command("new")
def new(
    folder: FolderArgument,
    roots: Annotated[
        Path | None,
        typer.Option(
            help="Three verifier keys; the sealer believes the policies that two of them sign.", exists=True
        ),
    ] = None,
) -> None:
    """Make a sealer's folder, with a key of its own. Prints the public half."""
    raw = None if roots is None else roots.read_bytes()
    try:
        if raw is not None:
            parse_roots(raw.decode("utf-8"))
    except (LedgerError, UnicodeDecodeError) as fault:
        raise SettingsError(f"--roots: {fault}") from None
    say(sealer_desk.begin_sealer(folder, raw))


@app.command("trust")
def trust(
    folder: FolderArgument,
    policy: Annotated[Path, typer.Option(help="The policy of a log of the home's.", exists=True)],
) -> None:
    """Have the sealer believe a log's policy; not with roots, who sign it instead."""
    try:
        text = policy.read_text(encoding="utf-8")
        origin = parse_policy(text).log.name
    except (LedgerError, UnicodeDecodeError) as fault:
        raise SettingsError(f"--policy: {fault}") from None
    sealer_desk.sealer_public(folder)
    if not sealer_desk.trust_policy(folder, text):
        raise SettingsError("this sealer has roots: it believes what two of them sign, and needs no telling")
    say(f"{origin} is believed")


@app.command("serve")
def serve(
    folder: FolderArgument,
    socket: Annotated[
        Path, typer.Option(help="The Unix socket to listen at, as the home's settings name it.")
    ],
    logs: Annotated[
        str,
        typer.Option(
            help="Where it reads the published logs: the home's folder, or an http(s) address that shows it."
        ),
    ],
    peer: Annotated[list[str], typer.Option(help="A user (name or id) who may ask; may be given again.")],
) -> None:
    """Serve the gateway until ended, from a process that loads nothing of it."""
    words = [str(socket), str(folder), logs, *(str(_user_id(each)) for each in peer)]
    # The small process takes this one's place, and its signals.
    os.execv(sys.executable, [sys.executable, "-m", "lawgate.adapters.sealer_server", *words])  # noqa: S606


def _user_id(user: str) -> int:
    if user.isascii() and user.isdigit():
        return int(user)
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        raise SettingsError(f"--peer: there is no user {user}") from None
