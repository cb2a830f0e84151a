"""``lawgate replay-2025``: the exchange of 2025 once more, through this gateway, with invented people."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from lawgate.cli.frame import JsonOption, progress, say, say_json, show_table
from lawgate.rehearsal import replay_story as story
from lawgate.rehearsal.exchange_figures import ASSUMPTIONS, DOCUMENTED, FULL_SIZE, ROW_2
from lawgate.rehearsal.replay import REPORT, replay
from lawgate.rehearsal.replay_rows import Replay, Row

DEFAULT_FOLDER = Path("replay-2025-home")
EQUAL = "somebody else bears this very name and files from this very dwelling; the line states nothing that tells the two apart"


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
    for sheet in (story.beside(done), story.held(done), story.kinds(done), story.seconds(done)):
        show_table(sheet.caption, sheet.headings, sheet.rows)
    show_table("documented", ("what", "figure", "source"), [(d.name, d.value, d.source) for d in DOCUMENTED])
    assumed = [(a.name, a.value, a.why) for a in (*ASSUMPTIONS, *ROW_2)]
    show_table("assumed", ("what", "figure", "why"), assumed)
    say(
        f"packages: {done.rows[1].handed_over:,} sealed and handed over, {len(done.kept)} kept, {done.opened} opened by lawgate-verify"
    )
    say(f"log: {'recomputed by lawgate-verify and sound' if done.ledger_sound else 'NOT SOUND'}")
    say(f"homes, files, outbox: {done.folder}\nreport: {done.folder / REPORT}")


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
        "largest_child_memory_mb": done.largest_child_mb,
        "rows": [_row(row) for row in done.rows],
        "packages": {"kept": len(done.kept), "opened_by_lawgate_verify": done.opened},
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
        "refused_by_code": _codes(row, "X", "I", "E", "D", "rejected"),
        "held_by_code": _codes(row, "H"),
        "why_held": row.ended.why_held,
        "released_without_verified_address": against.without_verified_address,
        "wrong_person_released": against.wrong_person,
        "wrong_address_released": against.wrong_address,
        "equal_in_every_stated_datum": [{"line": n, "why": EQUAL} for n in against.equal],
        "by_kind": against.by_kind,
        "reconciliation_exact": row.exact,
        "seconds": row.seconds,
        "processor_seconds": row.processor_seconds,
        "peak_memory_mb": row.peak_memory_mb,
    }


def _codes(row: Row, *letters: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for letter in letters:
        found.update(row.ended.by_code.get(letter, {}))
    return dict(sorted(found.items()))
