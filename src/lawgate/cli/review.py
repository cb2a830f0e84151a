"""``lawgate review``: the docket, and the decision of a named officer, signed with that officer's own key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lawgate import pipeline, wiring
from lawgate.cli.frame import DEFAULT_HOME, HomeOption, JsonOption, KeyOption, new_app, say, say_json
from lawgate.cli.signing import read_list, sign_with
from lawgate.cli.submission import SubmissionArgument
from lawgate.domain.steps import SubmissionId
from lawgate.review.docket import Entry, as_json

app = new_app("The docket: what only a person may decide.")


@app.command("list")
def list_docket(
    submission: Annotated[str | None, typer.Argument(help="One submission; all if left out.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json_wanted: JsonOption = False,
) -> None:
    """Show what waits: each line's questions with their provisions, what guard noticed, and what the request says."""
    gate = wiring.open_home(home)
    chosen = [SubmissionId(submission)] if submission else [s.submission for s in gate.memory.summaries()]
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
    envelope = sign_with(gate, "decision", {"submission": number, "count": len(lines), "lines": lines}, key)
    result = pipeline.decide(gate, number, envelope)
    say(json.dumps(result) if json_wanted else ", ".join(f"{count} {what}" for what, count in result.items()))


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
