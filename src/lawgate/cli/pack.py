"""``lawgate pack``: the statutes this code knows, each with its words, rules and authorities."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import wiring
from lawgate.cli.frame import JsonOption, new_app, say, say_json, show_table

app = new_app("Packs: list, show.")


@app.command("list")
def list_packs(as_json: JsonOption = False) -> None:
    """List the packs; needs no home."""
    headings = ("id", "version", "in force from", "citation", "rules", "title")
    rows = [(p.id, p.version, p.since, p.citation, len(p.rules), p.title) for p in wiring.PACKS]
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        show_table("", headings, rows)


@app.command("show")
def show(pack: Annotated[str, typer.Argument(help="The pack's id.")], as_json: JsonOption = False) -> None:
    """Show a pack's elements: provision, statute or policy, what is asked, which facts it sees. Needs no home."""
    known = wiring.pack_named(pack)
    headings = ("rule", "basis", "citation", "code", "what must be so", "facts")
    rows = [(r.id, r.basis.value, r.citation, r.code, r.sentence, ", ".join(r.facts)) for r in known.rules]
    if as_json:
        say_json([dict(zip(headings, row, strict=True)) for row in rows])
        return
    say(f"{known.title} ({known.citation}), version {known.version}, in force from {known.since}")
    say(f"Words from: {known.source.name}, {known.source.day}")
    for switch in known.switches:
        say(f"{switch.name}: {'yes' if switch.value else 'no'} ({switch.authority})")
    show_table("", headings, rows)
