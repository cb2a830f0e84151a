"""``lawgate review``: the docket, and the decision of a named officer, signed with that officer's own key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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
    say_json_lists,
)
from lawgate.cli.signing import own_document, read_list, sign_with
from lawgate.cli.submission import SubmissionArgument
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import SubmissionSummary, line_ranges
from lawgate.domain.steps import Json, LineState, LineStatus, SubmissionId
from lawgate.gate import Gate
from lawgate.review.docket import Entry, as_json
from lawgate.review.signed_text import MOST_LINES

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
    if json_wanted:
        say_json_lists({s.submission: map(as_json, _waiting(gate, s)) for s in known})
        return
    count = 0
    for summary in known:
        for entry in _waiting(gate, summary):
            count += 1
            _show(summary.submission, entry)
    say(f"{count} lines wait")


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
    result = dict(UNDECIDED)
    # One document names so many lines at most; each is signed, and acted on, before the next.
    for some in [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)] or [[]]:
        named = _named(some)
        if _is_decided(named, gate.memory.statuses(number, sorted(named))):
            # The same command again, after a crash or without a quorum the first time.
            pipeline.catch_up(gate, number)
            progress.print("decided before; what an earlier command left undone is done", markup=False)
            continue
        body: dict[str, Json] = {"submission": number, "count": len(some), "lines": some}
        with own_document():
            done = pipeline.decide(gate, number, sign_with(gate, "decision", body, key))
        result = {what: count + done[what] for what, count in result.items()}
    say(json.dumps(result) if json_wanted else ", ".join(f"{count} {what}" for what, count in result.items()))


@app.command("evidence")
def evidence(
    sha256: Annotated[str, typer.Argument(help="The document's digest, as the log's entries name it.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write a signed document as it was received, for an overseer who holds it against the log (`lawgate-verify decision`)."""
    found = wiring.open_home(home).memory.envelope(sha256)
    if found is None:
        raise NotPermittedError("no signed document of that digest is kept here")
    out.write_bytes(found)


def _waiting(gate: Gate, summary: SubmissionSummary) -> Iterator[Entry]:
    """The docket of one submission, a piece at a time."""
    for some in line_ranges(summary.line_count):
        yield from pipeline.docket(gate, summary.submission, some)


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
