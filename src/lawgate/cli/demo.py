"""``lawgate demo``: the nine steps on a simulated population with scripted people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lawgate.cli.frame import JsonOption, progress, say, say_json, show_table
from lawgate.rehearsal.demo import Performance, perform

DEFAULT_FOLDER = Path("demo-home")


def demo(
    folder: Annotated[
        Path, typer.Option(help="Where to play; an earlier demonstration there is cleared away.")
    ] = DEFAULT_FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Play a thousand requests and five deficient submissions through the nine steps. Nobody in it exists."""
    done = perform(folder, lambda line: progress.print(line, markup=False))
    if as_json:
        say_json(_as_json(done))
    else:
        _show(done)
    if not done.sound:
        raise typer.Exit(1)


def _show(done: Performance) -> None:
    show_table("the nine steps", ("step", "", "lines", "ended here"), [
        (s.number, f"{s.word}: {s.sentence}", s.lines, ", ".join(f"{n} {why}" for why, n in s.ended.items())) for s in done.data.steps
    ])  # fmt: skip
    show_table("deficient submissions", ("submission", "ended", "lines", "codes", "look-ups"), [
        (d.name, d.ended, ", ".join(f"{n} {letter}" for letter, n in d.letters.items()), ", ".join(d.codes), d.lookups) for d in done.data.deficient
    ])  # fmt: skip
    truth = done.against_truth
    say(
        f"answers held against the truth: {truth.told} told about the right person, {truth.rightly_silent} rightly told nothing, "
        f"{truth.missed} missed, {truth.wrong_person} about a wrong person"
    )
    for cause, count in truth.missed_by_cause.items():
        say(f"  missed {count:4} {cause}")
    say(f"packages: {done.packages} handed over, {done.opened} opened and acknowledged by lawgate-verify")
    say(
        f"ledger: {'recomputed and sound' if done.ledger_sound else 'NOT SOUND'}, {done.data.head.size} entries, root {done.data.head.root}"
    )
    say(f"reconciliation: {'exact' if done.data.reconciliation.exact else 'NOT EXACT'}")
    say(f"home: {done.folder / 'home'}\noutbox: {done.folder / 'outbox'}\nreport: {done.report}")
    for check in done.data.checks:
        say(f"check it yourself: {check.command}")


def _as_json(done: Performance) -> dict[str, object]:
    return {
        "sound": done.sound,
        "steps": {s.word: s.lines for s in done.data.steps},
        "told": done.against_truth.told,
        "rightly_silent": done.against_truth.rightly_silent,
        "missed": done.against_truth.missed,
        "missed_by_cause": done.against_truth.missed_by_cause,
        "wrong_person": done.against_truth.wrong_person,
        "by_situation": {
            m.difficulty: {"requests": m.requests, "right": m.right} for m in done.data.measured
        },
        "packages": done.packages,
        "opened": done.opened,
        "deficient_lookups": done.deficient_lookups,
        "entries": done.data.head.size,
        "report": str(done.report),
    }
