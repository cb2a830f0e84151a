"""``lawgate statement``: what officers stated of answers that left, and what their agencies owe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import statements, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, say, say_json, show_table
from lawgate.cli.signing import own_document
from lawgate.domain.steps import day_of
from lawgate.ledger.leaves import check_leaf

MOST_OWED = 500

app = new_app("Statements of use, closure, return and destruction: enter, list, what is owed.")


@app.command("enter")
def enter(
    documents: Annotated[
        list[Path],
        typer.Argument(help="What `lawgate-verify statement` signed.", exists=True, dir_okay=False),
    ],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Enter officers' signed statements, all or none. The same again changes nothing."""
    gate = wiring.open_home(home)
    with own_document():
        answers = statements.enter(gate, [document.read_bytes() for document in documents])
    say(f"{len(answers)} statements")


@app.command("list")
def list_statements(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List what was stated of which answer, as the log has it."""
    gate = wiring.open_home(home)
    rows = [
        (str(leaf["answer"]), str(leaf["act"]), str(leaf["time"]))
        for leaf in map(check_leaf, gate.memory.leaves_of("statement"))
    ]
    headings = ("answer", "act", "time")
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)


@app.command("owed")
def owed(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List the first few hundred answers about which a statement is owed, the first due first."""
    gate = wiring.open_home(home)
    today = day_of(gate.now())
    known = gate.memory.owed_statements(MOST_OWED)
    rows = [(a.answer, str(a.owed), "OVERDUE" if a.owed and a.owed < today else "") for a in known]
    headings = ("answer", "owed", "")
    if as_json:
        say_json([{"answer": a, "owed": day, "overdue": bool(late)} for a, day, late in rows])
    else:
        show_table("", headings, rows)
