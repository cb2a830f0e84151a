"""``lawgate database``: what PostgreSQL's accounts may do, where it keeps a home's memory."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import wiring
from lawgate.cli.frame import new_app, say

app = new_app("Accounts of PostgreSQL's, where it keeps the memory: rights.")


@app.command("rights")
def rights(
    writer: Annotated[str, typer.Option(help="The account that LAWGATE_DATABASE_URL names after `init`.")],
    reader: Annotated[str, typer.Option(help="The account that LAWGATE_DATABASE_READER_URL names.")],
) -> None:
    """Print the statements that make two accounts and give them what the gateway needs, no more. Reads and changes nothing."""
    say(wiring.database_rights(writer, reader))
