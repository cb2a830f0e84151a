"""``lawgate pack new``: writes a new pack's folder, whole from the first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lawgate.adapters.pack_shelf import packs_folder, write_pack
from lawgate.cli.frame import progress, say
from lawgate.domain.errors import SettingsError
from lawgate.statutes.scaffold import NewPack, module_name, scaffold


def new(
    pack: Annotated[str, typer.Argument(help="The pack's id: title and section, as usc38-5701-f-2.")],
    citation: Annotated[str, typer.Option(help="The provision, as it is cited.")],
    title: Annotated[str, typer.Option(help="What the ground is for, in a line.")],
    law: Annotated[Path, typer.Option(help="The file with the statute's text.", exists=True, dir_okay=False)],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of that text.")],
    begins: Annotated[str, typer.Option(help="The first words of the paragraph that is the ground.")],
    into: Annotated[
        Path | None, typer.Option(help="Where packs stand; without it, this program's own folder.")
    ] = None,
) -> None:
    """Write a new pack: words, particulars, rules of the house, one rule of its own, cases that try it. See docs/writing-a-pack.md."""
    made = scaffold(
        NewPack(pack, citation, title, law.name, law.read_text(encoding="utf-8"), day.date(), begins)
    )
    folder = (into or packs_folder()) / module_name(pack)
    if folder.exists():
        raise SettingsError(f"{folder} is there already; a pack is never overwritten")
    write_pack(folder, made)
    say(str(folder))
    progress.print(
        f"Now let src/lawgate/wiring/packs.py import {module_name(pack)} and add {module_name(pack)}.GROUND to GROUNDS, and run\n"
        f"lawgate pack verify {pack} --write",
        markup=False,
    )
