"""``lawgate recall``: an answer called back, with a deadline, until its recipient certifies that it is destroyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lawgate import called_back, complete, wiring
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

app = new_app("Recalls: order, certify, list.")


@app.command("order")
def order(
    answer: Annotated[str, typer.Argument(help="The answer's id.")],
    due: Annotated[str, typer.Option(help="The day by which it is destroyed, YYYY-MM-DD.")],
    reason: Annotated[str, typer.Option(help="Why, without personal data; kept sealed.")],
    out: Annotated[Path, typer.Option(help="Where to write the notice for its recipient, as JSON.")],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Call an answer back that has left."""
    gate = wiring.open_home(home)
    body = {"answer": answer, "due": due, "reason": reason}
    with own_document():
        notice = complete.recall(gate, sign_with(gate, "recall", dict(body), key))
    out.write_text(json.dumps(notice, indent=1) + "\n", encoding="utf-8")
    say(f"{answer} is called back until {due}")


@app.command("certify")
def certify(
    certificate: Annotated[
        Path, typer.Argument(help="The certificate that `lawgate-verify destroyed` signed.", exists=True)
    ],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Enter the recipient's certificate of destruction."""
    gate = wiring.open_home(home)
    with own_document():
        found = complete.certify_destroyed(gate, certificate.read_bytes())
    say(f"{found.answer} is certified destroyed")


@app.command("list")
def list_recalls(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List recalls, and which of them are overdue."""
    gate = wiring.open_home(home)
    late = called_back.overdue(gate)
    rows = [(r.answer, r.due, r.destroyed, "OVERDUE" if r in late else "") for r in called_back.recalls(gate)]
    headings = ("answer", "due", "destroyed", "")
    if as_json:
        say_json([{"answer": a, "due": d, "destroyed": t, "overdue": bool(o)} for a, d, t, o in rows])
    else:
        show_table("", headings, rows)
