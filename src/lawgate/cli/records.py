"""``lawgate records``: the index of the holder's records. It can be built, counted and measured; there is no way to look anybody up."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from lawgate import wiring
from lawgate.cli.evaluate import evaluate_files, say_model
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, new_app, say, say_json
from lawgate.domain.errors import SettingsError
from lawgate.records.calibration import calibration_svg
from lawgate.records.engine import IndexInfo

app = new_app("Records: index, info, evaluate.")
app.command("evaluate")(evaluate_files)


@app.command("index")
def index(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="CSV or Parquet files of records.", exists=True, dir_okay=False),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    view: Annotated[
        str | None,
        typer.Option(help="A table or view of the database that LAWGATE_RECORDS_DATABASE names."),
    ] = None,
    update: Annotated[
        bool,
        typer.Option("--update", help="The records given replace those of their record_id; others stay."),
    ] = False,
    withdrawn: Annotated[
        list[Path] | None,
        typer.Option(
            help="With --update: a file whose record_id column names records to take out.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build the index from files or a database, or update it; the old one stays in place until the new one is whole."""
    if withdrawn and not update:
        raise SettingsError("--withdrawn goes with --update; a whole index holds what its sources say")
    if update:
        _show(wiring.update_records(home, sources or [], withdrawn or [], view), as_json)
    else:
        _show(wiring.index_records(home, sources or [], view), as_json)


@app.command("info")
def info(
    home: HomeOption = DEFAULT_HOME,
    plot: Annotated[
        Path | None, typer.Option(help="Write how well the model is calibrated there, as an SVG picture.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Open the index, check that every byte of it is as it was built, and say how much it holds and what its model is. Counts only."""
    known = wiring.records_info(home)
    if plot:
        plot.write_text(calibration_svg(known.model["threshold"]), encoding="utf-8")
    _show(known, as_json)


def _show(known: IndexInfo, as_json: bool) -> None:
    if as_json:
        say_json(known)
    else:
        counts = dataclasses.asdict(known)
        model = counts.pop("model")
        say(", ".join(f"{name} {value}" for name, value in counts.items()))
        say_model(model)
