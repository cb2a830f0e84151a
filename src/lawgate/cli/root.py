"""``lawgate root``: three keys kept offline, two of which sign which witnesses the log needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import upkeep
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, new_app, say
from lawgate.gate import publish

app = new_app("Offline roots of the log's policy: new, sign, adopt.")

NameOption = Annotated[str, typer.Option(help="What the key is called, such as court.example/root.")]


@app.command("new")
def new(
    out: Annotated[Path, typer.Argument(help="The key's file to write, readable by you alone.")],
    key_name: NameOption,
) -> None:
    """Make a root's key, on a machine that is no gateway. Prints its verifier key, one of the three lines of a roots file."""
    say(str(upkeep.root_key(out, key_name)))


@app.command("sign")
def sign(
    policy: Annotated[
        Path, typer.Argument(help="A policy file, or one that another root signed.", exists=True)
    ],
    key: Annotated[Path, typer.Option(help="The root's key file.", exists=True)],
    key_name: NameOption,
    out: Annotated[Path, typer.Option(help="Where to write the signed policy.")],
) -> None:
    """Sign a policy after reading it: it says whose log it is, which witnesses count, and how many are needed. Needs no home."""
    upkeep.sign_policy(policy, key, key_name, out)
    say(f"{out} is signed")


@app.command("adopt")
def adopt(
    policy: Annotated[Path, typer.Argument(help="The policy that two roots signed.", exists=True)],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Put a signed policy in force: the log says so, and the witnesses it names are asked from now on."""
    gate = upkeep.adopt_policy(home, policy)
    say("the policy is in force")
    with gate.alone():
        publish(gate)
