"""``lawgate pack diff`` and ``lawgate pack replay``: one reading of a ground against another, over worked cases and over the past."""

from __future__ import annotations

from typing import Annotated

import typer

from lawgate import wiring
from lawgate.adapters.pack_shelf import pack_files
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, Meter, say, say_json, show_table
from lawgate.domain.errors import SettingsError
from lawgate.domain.steps import SubmissionId
from lawgate.oversight.replay import reason
from lawgate.statutes.changes import changes, flipped_cases

SHOWN = 20
"""Lines listed on a terminal; ``--json`` lists all."""


def diff(
    one: Annotated[
        str, typer.Argument(help="A reading, as usc26-6103-i-2@1; without a version, the one applied now.")
    ],
    other: Annotated[str, typer.Argument(help="Another reading of the same ground.")],
    as_json: JsonOption = False,
) -> None:
    """Say in words what a reading changed against another, and which worked cases are found otherwise. Needs no home."""
    before, after = wiring.pack_named(one), wiring.pack_named(other)
    if before.id != after.id:
        raise SettingsError(
            f"{before.name} and {after.name} are different grounds; compare two readings of one"
        )
    said = changes(before, after)
    flips = flipped_cases(before, after, pack_files(before).worked())
    if as_json:
        say_json({"from": before.name, "to": after.name, "changes": said, "cases": flips})
        return
    say(f"{after.name} against {before.name}:")
    for sentence in said:
        say(f"- {sentence}")
    ends = [flip for flip in flips if flip.before != flip.after]
    say(f"{len(flips)} worked cases are found otherwise; {len(ends)} of them end otherwise:")
    for flip in ends:
        found = ", ".join(f"{rule} {new} for {old}" for rule, old, new in flip.rules)
        say(f"- {flip.title}: ends {flip.after}, not {flip.before} ({found})")


def replay(
    submission: Annotated[str, typer.Option("--submission", help="The confirmation number.")],
    pack: Annotated[str, typer.Option("--pack", help="The other reading, as usc26-6103-i-2@manual.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Read a past submission again under another reading, and list which releases flip and why. Looks no record up; releases nothing."""
    new = wiring.pack_named(pack)
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    summary = gate.memory.summary(number)
    meter = Meter(0 if summary is None else summary.line_count, step="replay")
    done = wiring.replay_past(home, gate, number, new, meter)
    gone = done.left
    if as_json:
        lines = [
            {"ordinal": f.ordinal, "flip": f.flip.value, "told": f.told.value, "because": reason(f)}
            for f in gone
        ]
        say_json(
            {
                "submission": done.submission, "from": done.old, "to": done.new, "lines": done.lines,
                "counts": done.counts, "left": lines,
            }
        )  # fmt: skip
        return
    say(
        f"{done.submission}: {done.lines:,} lines read under {done.new}, which were dealt with under {done.old}. No record was looked up."
    )
    rows = [(c.flip, c.told or "–", c.because, f"{c.lines:,}") for c in done.counts]
    show_table("what flips", ("what", "told", "because", "lines"), rows)
    say(f"{len(gone):,} addresses or confirmations left that this reading does not let go.")
    for flipped in gone[:SHOWN]:
        say(f"- line {flipped.ordinal}: {flipped.flip.value}: {reason(flipped)}")
    if len(gone) > SHOWN:
        say(f"- and {len(gone) - SHOWN:,} more; --json lists all")
