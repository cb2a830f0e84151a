"""``lawgate report``: what must agree, and what the statute wants told each year."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import wiring
from lawgate.cli.frame import (
    DEFAULT_HOME,
    LEDGER_FAILED,
    HomeOption,
    JsonOption,
    new_app,
    progress,
    say_json,
    show_table,
)
from lawgate.oversight.survey import annual_of_home, reconcile_home

app = new_app("Reports: reconcile, annual.")


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
