"""``lawgate subject``: what lets a subject find the answers about them in the public log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lawgate import subject, upkeep, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, new_app, say

app = new_app("Subjects: tag, key.")


@app.command("tag")
def tag(home: HomeOption = DEFAULT_HOME) -> None:
    """Give answers their tags; the daily heartbeat does this too."""
    say(f"{subject.tag_answers(wiring.open_home(home))} answers tagged")


@app.command("key")
def key(
    record: Annotated[
        Path,
        typer.Option(help="A file with the record's id, once the holder knows whose it is.", exists=True),
    ],
    out: Annotated[Path, typer.Option(help="Where to write the subject's key, for them alone.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write a subject's key. With it `lawgate-verify subject` finds every answer about them, from public files alone."""
    found = subject.key_for(wiring.open_home(home), record.read_text(encoding="utf-8").strip())
    upkeep.write_private(out, json.dumps(found).encode() + b"\n")
    say(f"{out} is written; it is theirs")
