"""``lawgate ledger``: the gateway's own check of its log, and proofs for outsiders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, say, say_json
from lawgate.gate import heartbeat as beat
from lawgate.ledger import append, audit

app = new_app("The log: verify, prove, heartbeat, prune.")


@app.command("verify")
def verify(
    at: Annotated[str, typer.Option(help="Check the log as it is served at this http(s) prefix.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Recompute the log: every entry, tile, root and signature. `lawgate-verify ledger` does the same without our code."""
    gate = wiring.open_home(home)
    summary = audit.verify_log(wiring.ledger_at(at) if at else gate.tiles, gate.policy)
    if as_json:
        say_json(summary)
    else:
        say(f"{summary.size} entries, root {summary.root}: all recomputed, log and quorum signatures good")
        for kind, count in sorted(summary.entries_by_type.items()):
            say(f"  {count} {kind}")


@app.command("prove")
def prove(
    index: Annotated[int, typer.Argument(min=0, help="The entry's index.")],
    out: Annotated[Path | None, typer.Option(help="Write the proof here instead of standard output.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the C2SP tlog-proof of one entry, the entry itself in its extra line."""
    gate = wiring.open_home(home)
    proof = str(append.prove(index, gate.tiles, gate.policy))
    if out is None:
        say(proof.rstrip("\n"))
    else:
        out.write_text(proof, encoding="utf-8")


@app.command("prune")
def prune(home: HomeOption = DEFAULT_HOME) -> None:
    """Remove partial tiles and bundles that full ones have superseded (C2SP tlog-tiles)."""
    say(f"{wiring.prune_ledger(home)} superseded files removed")


@app.command("heartbeat")
def heartbeat(home: HomeOption = DEFAULT_HOME) -> None:
    """Append a heartbeat, so that silence is visible, and collect the witnesses' cosignatures."""
    say(f"{beat(wiring.open_home(home))} entries")
