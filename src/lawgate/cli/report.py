"""``lawgate report``: what must agree, and what the statute wants told each year."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from lawgate import complete, wiring
from lawgate.cli.frame import (
    DEFAULT_HOME,
    LEDGER_FAILED,
    HomeOption,
    JsonOption,
    KeyOption,
    new_app,
    progress,
    say,
    say_json,
    show_table,
)
from lawgate.cli.signing import own_document, sign_with
from lawgate.oversight.survey import annual_of_home, reconcile_home

app = new_app("Reports: reconcile, source, canaries, acknowledgements, annual.")


@app.command("reconcile")
def reconcile_command(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Hold requests against dispositions, approvals against look-ups, leaves, accounting rows and packages (I-2, I-10)."""
    result = reconcile_home(wiring.open_home(home))
    if as_json:
        say_json(result)
    else:
        rows = [(e.name, e.left, e.relation, e.right, "yes" if e.holds else "NO") for e in result.equalities]
        show_table("exact" if result.exact else "NOT EXACT", ("what must agree", "", "", "", "holds"), rows)
    if not result.exact:
        raise typer.Exit(LEDGER_FAILED)


@app.command("source")
def source_command(
    rows: Annotated[
        int, typer.Option(min=0, help="Reads that the record system's own audit counts for this gateway.")
    ],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Log the record system's own count beside the gateway's. Ends with 6 if they differ."""
    gate = wiring.open_home(home)
    with own_document():
        found = complete.count_source(gate, sign_with(gate, "source", {"rows": rows}, key))
    say(f"{found.rows} reads, {found.lookups} look-ups")
    if not found.agrees:
        raise typer.Exit(LEDGER_FAILED)


@app.command("canaries")
def canaries_command(
    records: Annotated[Path, typer.Option(help="A file with one invented record's id a line.", exists=True)],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say which answers are about records that were invented to be asked for by nobody. Ends with 6 if there is one."""
    planted = {line.strip() for line in records.read_text(encoding="utf-8").splitlines()} - {""}
    found = complete.canaries_asked_for(wiring.open_home(home), planted)
    for answer in found:
        say(answer)
    progress.print(f"{len(found)} answers about {len(planted)} planted records", markup=False)
    if found:
        raise typer.Exit(LEDGER_FAILED)


@app.command("acknowledgements")
def acknowledgements_command(
    days: Annotated[int, typer.Option(min=0, help="How long an officer may take.")] = 7,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say which answers left longer ago than that without an acknowledgement. Ends with 6 if there is one."""
    found = complete.unacknowledged(wiring.open_home(home), timedelta(days=days))
    for answer in found:
        say(answer)
    progress.print(f"{len(found)} answers are not acknowledged after {days} days", markup=False)
    if found:
        raise typer.Exit(LEDGER_FAILED)


@app.command("annual")
def annual_command(
    year: Annotated[int, typer.Argument(help="The calendar year.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """The counts of 26 U.S.C. 6103(p)(3)(C): per agency, requests, instances of disclosure, taxpayers, purposes."""
    report = annual_of_home(wiring.open_home(home), year)
    if as_json:
        say_json(report)
        return
    rows = [
        (a.agency, a.requests, a.disclosures, a.taxpayers, a.telling_nothing, ", ".join(a.purposes))
        for a in report.agencies
    ]
    total = ("all", report.requests, report.disclosures, report.taxpayers, report.telling_nothing, "")
    show_table(
        str(year),
        ("agency", "requests", "disclosures", "taxpayers", "telling nothing", "purposes"),
        [*rows, total],
    )
    progress.print(report.note, markup=False)
    if report.not_accounted:
        progress.print(
            f"{report.not_accounted} answers stand on grounds that this report does not count.", markup=False
        )
