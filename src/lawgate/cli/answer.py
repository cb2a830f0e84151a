"""``lawgate answer``: proposed answers, the sample two people look at, and the second person's authorisation."""

from __future__ import annotations

import json
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
    say,
    say_json,
    show_table,
)
from lawgate.cli.signing import as_json_list, key_id, own_document, sign_with
from lawgate.cli.submission import SubmissionArgument
from lawgate.domain.kept import HAND_OVER_LINES, Batch
from lawgate.domain.steps import Json, LineState, Proposed, SubmissionId
from lawgate.gate import Gate, publish
from lawgate.review.sample import sample_passed

app = new_app("Answers: list, look at the sample, authorise, acknowledge.")

BatchOption = Annotated[int, typer.Option("--batch", min=1, help="The batch's number.")]


@app.command("list")
def list_answers(
    submission: SubmissionArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False
) -> None:
    """Show a submission's batches: how many answers wait, which lines are in the sample, who has looked. No answer is shown."""
    gate = wiring.open_home(home)
    number = pipeline.summary(gate, SubmissionId(submission)).submission
    waiting = frozenset(gate.memory.ordinals(number, LineState.PROPOSED))
    rows = [_batch_row(gate, batch, waiting) for batch in gate.memory.batches(number)]
    if as_json:
        say_json(rows)
    else:
        headings = ("batch", "answers", "waiting", "sample", "looked_at_by", "state", "seed")
        show_table("", headings, [[row[h] for h in headings] for row in rows])


@app.command("sample")
def sample(
    submission: SubmissionArgument,
    batch: BatchOption,
    home: HomeOption = DEFAULT_HOME,
    key: Annotated[Path | None, typer.Option(help="Your key: sign that you looked.", exists=True)] = None,
    error: Annotated[
        list[int] | None, typer.Option(help="A sampled line that is wrong; once for each.")
    ] = None,
) -> None:
    """Show the sampled lines with what would be answered or, with --key, sign that you looked. One error stops the batch.

    Of the record it shows only whether each stated part agrees or differs; the address that would be released is the answer itself.
    """
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    chosen = _one_batch(gate, number, batch)
    if key is None:
        say_json([_sampled(p) for p in gate.memory.proposals(number, chosen.sample)])
        return
    if any(r.review.keyid == key_id(key) for r in gate.memory.sample_reviews(number, batch)):
        state = sample_passed(gate.memory.sample_reviews(number, batch)).value
        say(f"you looked before; the sample is {state}")
        return
    body: dict[str, Json] = {
        "submission": number,
        "batch": batch,
        "sample": as_json_list(chosen.sample),
        "errors": as_json_list(error or []),
    }
    with own_document():
        say(pipeline.look_at_sample(gate, number, sign_with(gate, "sample", body, key)))


@app.command("authorise")
def authorise(
    submission: SubmissionArgument,
    batch: BatchOption,
    key: KeyOption,
    count: Annotated[
        int,
        typer.Option(
            min=1, help="How many answers you authorise: the number that `answer list` shows waiting."
        ),
    ],
    withhold: Annotated[
        list[int] | None,
        typer.Option(help="A line under a 6103(i)(6) determination: its answer says nothing; once for each."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Steps 6 and 7: the second person allows a batch to leave; accounting rows and ledger leaves are written in one motion."""
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    chosen = frozenset(_one_batch(gate, number, batch).ordinals)
    waiting = tuple(n for n in gate.memory.ordinals(number, LineState.PROPOSED) if n in chosen)
    if not waiting:
        # The same command again after too few witnesses, or a crash: what was logged then is published now.
        with gate.alone():
            publish(gate)
        say(json.dumps({"logged": 0}) if as_json else "0 logged; no answer of this batch waits")
        return
    if count != len(waiting) or not set(withhold or []) <= set(waiting):
        raise typer.BadParameter(
            f"{len(waiting)} answers of this batch wait; state that count, and withhold only among them"
        )
    lines: list[Json] = [_authorised(ordinal, ordinal in (withhold or [])) for ordinal in waiting]
    body: dict[str, Json] = {"submission": number, "batch": batch, "count": count, "lines": lines}
    with own_document():
        result = pipeline.authorise(gate, number, sign_with(gate, "authorisation", body, key))
    say(json.dumps(result) if as_json else ", ".join(f"{n} {what}" for what, n in result.items()))


@app.command("acknowledge")
def acknowledge(
    acks: Annotated[
        list[Path], typer.Argument(help="Acknowledgements that officers' tools signed.", exists=True)
    ],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Enter officers' signed acknowledgements into the ledger."""
    gate = wiring.open_home(home)
    for start in range(0, len(acks), HAND_OVER_LINES):
        some = [ack.read_bytes() for ack in acks[start : start + HAND_OVER_LINES]]
        with own_document():
            for answer in pipeline.acknowledge_all(gate, some):
                say(f"acknowledged: {answer}")


def _authorised(ordinal: int, withheld: bool) -> Json:
    if withheld:
        return {"ordinal": ordinal, "verdict": "withhold", "determination": "informant-or-impairment"}
    return {"ordinal": ordinal, "verdict": "authorise", "determination": "none"}


def _one_batch(gate: Gate, submission: SubmissionId, number: int) -> Batch:
    batch = gate.memory.batch(submission, number)
    if batch is None:
        raise typer.BadParameter("the submission has no batch of that number")
    return batch


def _batch_row(gate: Gate, batch: Batch, waiting: frozenset[int]) -> dict[str, object]:
    reviews = gate.memory.sample_reviews(batch.submission, batch.number)
    return {
        "batch": batch.number,
        "answers": len(batch.ordinals),
        "waiting": sum(ordinal in waiting for ordinal in batch.ordinals),
        "sample": list(batch.sample),
        "looked_at_by": [review.review.person for review in reviews],
        "state": sample_passed(reviews).value,
        "seed": batch.seed,
    }


def _sampled(proposed: Proposed) -> dict[str, object]:
    approved = proposed.matched.approved
    return {
        "ordinal": approved.line.ordinal,
        "asked": dict(approved.line.data),
        "compared": dict(proposed.matched.verdict.differs),
        "answer": proposed.kind.value,
        "fields": dict(proposed.fields),
    }
