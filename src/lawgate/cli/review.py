"""``lawgate review``: the docket, and the decision of a named officer, signed with that officer's own key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lawgate import pipeline, wiring
from lawgate.cli.frame import (
    DEFAULT_HOME,
    HomeOption,
    JsonOption,
    KeyOption,
    new_app,
    progress,
    say,
    say_json,
)
from lawgate.cli.signing import own_document, read_list, sign_with
from lawgate.cli.submission import SubmissionArgument
from lawgate.domain.steps import Json, LineState, LineStatus, SubmissionId
from lawgate.review.docket import Entry, as_json

app = new_app("The docket: what only a person may decide.")

UNDECIDED = {"approved": 0, "closed": 0}
WENT_ON = {LineState.APPROVED, LineState.PROPOSED, LineState.LOGGED, LineState.HANDED_OVER}


@app.command("list")
def list_docket(
    submission: Annotated[str | None, typer.Argument(help="One submission; all if left out.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json_wanted: JsonOption = False,
) -> None:
    """Show what waits: each line's questions with their provisions, what guard noticed, and what the request says."""
    gate = wiring.open_home(home)
    known = [pipeline.summary(gate, SubmissionId(submission))] if submission else gate.memory.summaries()
    chosen = [s.submission for s in known]
    waiting = {number: pipeline.docket(gate, number) for number in chosen}
    if json_wanted:
        say_json({number: [as_json(entry) for entry in entries] for number, entries in waiting.items()})
        return
    for number, entries in waiting.items():
        for entry in entries:
            _show(number, entry)
    say(f"{sum(map(len, waiting.values()))} lines wait")


@app.command("decide")
def decide(
    submission: SubmissionArgument,
    decisions: Annotated[
        Path,
        typer.Option(
            help="JSON: [{ordinal, verdict: approve|refuse|return, answers: {rule: {met, reason}}, items?, periods?, release_hold?}]",
            exists=True,
        ),
    ],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
    json_wanted: JsonOption = False,
) -> None:
    """Step 4: sign decisions on waiting lines. Approved lines are then looked up, once each (step 5), and minimised."""
    gate = wiring.open_home(home)
    number, lines = SubmissionId(submission), read_list(decisions)
    if _is_decided(_named(lines), gate.memory.statuses(number)):
        # The same command again, after a crash or without a quorum the first time.
        pipeline.catch_up(gate, number)
        progress.print("decided before; what an earlier command left undone is done", markup=False)
        say(json.dumps(UNDECIDED) if json_wanted else "0 approved, 0 closed")
        return
    envelope = sign_with(gate, "decision", {"submission": number, "count": len(lines), "lines": lines}, key)
    with own_document():
        result = pipeline.decide(gate, number, envelope)
    say(json.dumps(result) if json_wanted else ", ".join(f"{count} {what}" for what, count in result.items()))


def _named(lines: list[Json]) -> set[int]:
    ordinals = (line.get("ordinal") for line in lines if isinstance(line, dict))
    return {ordinal for ordinal in ordinals if isinstance(ordinal, int)}


def _is_decided(named: set[int], statuses: Sequence[LineStatus]) -> bool:
    """Say whether these lines were decided on by an earlier command: some went on to a look-up, none waits, none is unknown."""
    states = {status.ordinal: status.state for status in statuses}
    found = {states.get(ordinal) for ordinal in named}
    return bool(found & WENT_ON) and not found & {LineState.DOCKETED, LineState.HELD, None}


def _show(submission: SubmissionId, entry: Entry) -> None:
    say(f"{submission} line {entry.ordinal}")
    for name, value in sorted(entry.data.items()):
        say(f"    {name}: {json.dumps(value, ensure_ascii=False)}")
    for ask in entry.asks:
        say(f"  ? {ask.rule} ({ask.basis}, {ask.provision}): {ask.question}")
    for hold in entry.holds:
        say(f"  held {hold.code}: {hold.sentence}")
    for hint in entry.hints:
        say(f"  note: {hint}")
