"""``lawgate erasure`` and ``lawgate preservation``: what is destroyed, what may not be, and doing it again after a restore."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import erasure, upkeep, wiring
from lawgate.cli.frame import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    KeyOption,
    new_app,
    say,
    say_json,
    show_table,
)
from lawgate.cli.signing import own_document, sign_with

app = new_app("Erasure of a submission's data: order, replay.")
preservation = new_app("Orders that nothing be destroyed: order, lift, list.")

AuthorityOption = Annotated[str, typer.Option(help="The order's reference, e.g. a docket number.")]


@app.command("order")
def order(
    submission: Annotated[str, typer.Argument(help="The confirmation number.")],
    ground: Annotated[str, typer.Option(help="The legal ground, e.g. a section of the retention schedule.")],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Erase a submission: first the log says so, cosigned, then its key is destroyed, and with it its data and salts."""
    gate = wiring.open_home(home)
    with own_document():
        done = erasure.erase(
            gate, sign_with(gate, "erasure", {"submission": submission, "ground": ground}, key)
        )
    say(f"{done} is erased; the log keeps its entries")


@app.command("replay")
def replay(
    at: Annotated[
        str, typer.Option(help="Also read the erasures of a mirror of the log, at this http(s) prefix.")
    ] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Do every logged erasure again. Opening a home does this by itself; after a restore, name a mirror that may know more."""
    gate = wiring.open_home(home)
    more = upkeep.erasures_at(gate, at) if at else frozenset()
    say(f"{erasure.replay(gate, more)} erasures done again")


@preservation.command("order")
def order_preservation(
    own_id: Annotated[str, typer.Argument(metavar="ID", help="The issuer's own id for it.")],
    authority: AuthorityOption,
    key: KeyOption,
    submission: Annotated[str, typer.Option(help="The submission it reaches; all, if left out.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Order that nothing be destroyed, for instance while litigation lasts."""
    _preserve("order", own_id, submission, authority, key, home)
    say(f"{own_id} is in force")


@preservation.command("lift")
def lift_preservation(
    own_id: Annotated[str, typer.Argument(metavar="ID", help="Its id.")],
    authority: AuthorityOption,
    key: KeyOption,
    submission: Annotated[str, typer.Option(help="The submission it was ordered for, if any.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Lift a preservation by a second order."""
    _preserve("lift", own_id, submission, authority, key, home)
    say(f"{own_id} is lifted")


@preservation.command("list")
def list_preservations(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List preservation orders, lifted ones included."""
    found = erasure.preservations(wiring.open_home(home))
    if as_json:
        say_json(list(found))
    else:
        rows = [(p.id, p.submission or "(all)", p.ordered, p.lifted) for p in found]
        show_table("", ("preservation", "submission", "ordered", "lifted"), rows)


def _preserve(
    act: str, own_id: str, submission: str, authority: str, key: KeyOption, home: HomeOption
) -> None:
    gate = wiring.open_home(home)
    body = {"act": act, "preservation": own_id, "submission": submission, "authority": authority}
    with own_document():
        erasure.preserve(gate, sign_with(gate, "preservation", dict(body), key))
