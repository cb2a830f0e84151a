"""``lawgate witness``: a cosigner of other people's logs, run by whoever watches a gateway; it needs no home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate import upkeep
from lawgate.cli.frame import JsonOption, listening_at, new_app, progress, say, say_json, show_table

app = new_app("A witness of logs: new, trust, list, serve.")

FolderArgument = Annotated[Path, typer.Argument(help="The witness's own folder.")]


@app.command("new")
def new(
    folder: FolderArgument,
    key_name: Annotated[str, typer.Option(help="What its keys are called, such as monitor.example/w1.")],
    ml_dsa: Annotated[bool, typer.Option("--ml-dsa", help="Also make an ML-DSA-44 key.")] = False,
) -> None:
    """Make a witness. Prints its verifier keys, for policies."""
    for vkey in upkeep.new_witness(folder, key_name, ml_dsa=ml_dsa).vkeys:
        say(str(vkey))


@app.command("trust")
def trust(
    folder: FolderArgument,
    log: Annotated[str, typer.Option(help="The log's verifier key, as its policy file names it.")],
) -> None:
    """Watch a log from now on, from its beginning."""
    say(f"{upkeep.open_witness(folder).trust(log)} is watched")


@app.command("list")
def list_logs(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """List the witness's keys, the logs it watches, and the last head it cosigned of each."""
    desk = upkeep.open_witness(folder)
    rows = [(origin, seen.size, seen.root.hex()) for origin, seen in desk.logs().items()]
    if as_json:
        logs = [{"origin": origin, "size": size, "root": root} for origin, size, root in rows]
        say_json({"vkeys": [str(vkey) for vkey in desk.vkeys], "logs": logs})
        return
    for vkey in desk.vkeys:
        say(str(vkey))
    show_table("", ("origin", "size", "root"), rows)


@app.command("serve")
def serve(
    folder: FolderArgument,
    listen: Annotated[str, typer.Option(help="Address and port.")] = "127.0.0.1:7380",
    public: Annotated[
        bool, typer.Option("--public", help="Allow an address that other machines can reach.")
    ] = False,
) -> None:
    """Answer C2SP tlog-witness requests until interrupted. Put a TLS proxy before it to be reached from elsewhere."""
    address, number = listening_at(listen, public=public)
    server = upkeep.witness_server(folder, (address, number), progress.print)
    say(f"serving {server.url}/add-checkpoint")
    with server:
        server.serve_forever()
