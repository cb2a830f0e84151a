"""``lawgate replay-2025``: the exchange of 2025 once more, through this gateway, with invented people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate.cli.frame import JsonOption, progress, say, say_json, show_table
from lawgate.rehearsal.exchange_figures import ASSUMPTIONS, DOCUMENTED, FULL_SIZE, ROW_2
from lawgate.rehearsal.replay import Replay, Row, replay

DEFAULT_FOLDER = Path("replay-2025-home")


def replay_2025(
    folder: Annotated[
        Path, typer.Option(help="Where to play; an earlier replay there goes on, or is cleared away.")
    ] = DEFAULT_FOLDER,
    lines: Annotated[int, typer.Option(min=100, help="How many lines the datafile has.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people and lines.")] = 2025,
    as_json: JsonOption = False,
) -> None:
    """Play the exchange of 2025 once more: as submitted, put in order, and before the real guard. Everybody in it is invented."""
    done = replay(folder, lines, seed, lambda line: progress.print(line, markup=False))
    if as_json:
        say_json(as_document(done))
    else:
        _show(done)
    if not done.sound:
        raise typer.Exit(1)


def _show(done: Replay) -> None:
    show_table("2025, and the same lines here", ("", "2025", *(f"row {r.number}: {r.title}" for r in done.rows)), [
        ("lines", "1,280,000", *(f"{r.lines:,}" for r in done.rows)),
        ("records looked at", "1,280,000 or fewer", *(f"{r.lookups:,}" for r in done.rows)),
    ])  # fmt: skip
    say(f"assumptions: {len(ASSUMPTIONS) + len(ROW_2)}")


def as_document(done: Replay) -> dict[str, object]:
    """Return the replay as JSON."""
    return {
        "sound": done.sound,
        "lines": done.lines,
        "seed": done.seed,
        "resumed": done.resumed,
        "people": done.people,
        "officers": done.officers,
        "composing_seconds": round(done.composing_seconds, 1),
        "rows": [_row(row) for row in done.rows],
        "packages": {"kept": done.kept, "opened_by_lawgate_verify": done.opened},
        "ledger_sound": done.ledger_sound,
        "documented": DOCUMENTED,
        "assumptions": [*ASSUMPTIONS, *ROW_2],
    }


def _row(row: Row) -> dict[str, object]:
    against = row.against
    return {
        "row": row.number,
        "title": row.title,
        "lines": row.lines,
        "lookups": row.lookups,
        "dispositions": row.ended.letters,
        "released": against.released,
        "confirmed": against.confirmed,
        "no_answer": against.no_answer,
        "handed_over": row.handed_over,
        "refused_by_code": row.ended.refused_by_code,
        "held_by_code": row.ended.held_by_code,
        "released_without_verified_address": against.without_verified_address,
        "wrong_person_released": against.wrong_person,
        "wrong_address_released": against.wrong_address,
        "by_kind": against.by_kind,
        "reconciliation_exact": row.exact,
        "seconds": row.seconds,
        "processor_seconds": row.processor_seconds,
        "peak_memory_mb": row.peak_memory_mb,
    }
