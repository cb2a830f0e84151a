"""``lawgate standing``: the dated register of agencies, office-holders, agreements and safeguard findings."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from lawgate import register, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, say, say_json, show_table
from lawgate.domain.kept import StandingEntry
from lawgate.domain.standing import Agency, Agreement, OfficeHolder, Safeguard

app = new_app("Standing: who may ask, from when until when.")

KINDS: dict[str, TypeAdapter[StandingEntry]] = {
    "agency": TypeAdapter(Agency),
    "office": TypeAdapter(OfficeHolder),
    "agreement": TypeAdapter(Agreement),
    "safeguard": TypeAdapter(Safeguard),
}


class Kind(StrEnum):
    """The four kinds of entry."""

    agency = "agency"
    office = "office"
    agreement = "agreement"
    safeguard = "safeguard"


def read_entries(path: Path) -> list[StandingEntry]:
    """Read entries from a TOML file with arrays ``[[agency]]``, ``[[office]]``, ``[[agreement]]``, ``[[safeguard]]``."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(tables) - set(KINDS))
        if unknown:
            raise typer.BadParameter(f"{path.name}: unknown table {unknown[0]}; there are {', '.join(KINDS)}")
        return [KINDS[kind].validate_python(entry) for kind in KINDS for entry in tables.get(kind, [])]
    except tomllib.TOMLDecodeError as fault:
        raise typer.BadParameter(f"{path.name} is not TOML: {fault}") from None
    except ValidationError as faults:
        said = "; ".join(
            f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in faults.errors(include_input=False)
        )
        raise typer.BadParameter(f"{path.name}: {said}") from None


@app.command("add")
def add(
    entries: Annotated[Path, typer.Argument(help="A TOML file of entries.", exists=True, dir_okay=False)],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Add entries to the register. The same entry again changes nothing."""
    gate = wiring.open_home(home)
    read = read_entries(entries)
    for entry in read:
        register.add_standing(gate, entry)
    say(f"{len(read)} entries")


@app.command("suspend")
def suspend(
    kind: Annotated[Kind, typer.Argument(help="What to end.")],
    agency: Annotated[str, typer.Argument(help="The agency's id.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day no longer in force.")],
    entry: Annotated[
        str, typer.Option("--id", help="Of an agreement: its id. Of an office: the person.")
    ] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """End what is in force of an agency from a day on; it stays in the history."""
    gate = wiring.open_home(home)
    ended = register.suspend_standing(gate, kind.value, agency, entry, until.date())
    say(f"{ended} entries end on {until.date()}")


@app.command("list")
def list_standing(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List the register, history included."""
    standing = wiring.open_home(home).memory.standing()
    rows: list[tuple[str, str, str, date, date | None]] = [
        *(("agency", a.id, a.name, a.since, a.until) for a in standing.agencies),
        *(("office", o.agency, f"{o.office}: {o.person}", o.since, o.until) for o in standing.offices),
        *(("agreement", a.agency, f"{a.id} for {a.pack}", a.since, a.until) for a in standing.agreements),
        *(
            ("safeguard", s.agency, f"{s.status.value} ({s.reference})", s.since, s.until)
            for s in standing.safeguards
        ),
    ]
    if as_json:
        say_json([dict(zip(("kind", "agency", "what", "since", "until"), row, strict=True)) for row in rows])
    else:
        show_table(
            "", ("kind", "agency", "what", "since", "until"), [(*row[:4], row[4] or "") for row in rows]
        )
