"""``lawgate incident``: what went wrong, in the log; opened and closed by a named person's signed report."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import incident, wiring
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

app = new_app("Incidents: open, close, list.")

KindOption = Annotated[str, typer.Option(help=f"One of {', '.join(incident.KINDS)}.")]
TextOption = Annotated[
    str, typer.Option(help="What happened, without personal data; kept sealed, logged by digest.")
]


@app.command("open")
def open_one(kind: KindOption, text: TextOption, key: KeyOption, home: HomeOption = DEFAULT_HOME) -> None:
    """Open an incident. Prints its id."""
    gate = wiring.open_home(home)
    with own_document():
        found = incident.report(
            gate, sign_with(gate, "incident", {"act": "open", "kind": kind, "text": text}, key)
        )
    say(found.id)


@app.command("close")
def close_one(
    incident_id: Annotated[str, typer.Argument(metavar="ID", help="The incident's id.")],
    kind: KindOption,
    text: TextOption,
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Close an incident with a report of what was done."""
    gate = wiring.open_home(home)
    body = {"act": "close", "incident": incident_id, "kind": kind, "text": text}
    with own_document():
        found = incident.report(gate, sign_with(gate, "incident", dict(body), key))
    say(f"{found.id} is closed")


@app.command("list")
def list_incidents(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List incidents, closed ones included."""
    found = incident.incidents(wiring.open_home(home))
    if as_json:
        say_json(list(found))
    else:
        rows = [(i.id, i.kind, i.opened, i.closed) for i in found]
        show_table("", ("incident", "kind", "opened", "closed"), rows)
