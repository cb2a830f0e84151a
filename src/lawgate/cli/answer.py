"""``lawgate answer``: proposed answers, the sample two people look at, and the second person's authorisation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lawgate import impairment, pipeline, wiring
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
from lawgate.domain.kept import CHUNK_LINES, HAND_OVER_LINES, Batch, pieces
from lawgate.domain.steps import AnswerKind, Json, LineState, Proposed, SubmissionId
from lawgate.gate import Gate, publish
from lawgate.review.sample import sample_passed
from lawgate.statutes.precedence import conflicts

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
        headings = ("batch", "answers", "waiting", "sample", "looked_at_by", "state", "seed", "conflicts")
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
    refuse: Annotated[
        list[int] | None,
        typer.Option(help="A line that found no answer, to refuse; what leaves says nothing; once for each."),
    ] = None,
    give_back: Annotated[
        list[int] | None,
        typer.Option("--return", help="A line that found no answer, to return; likewise; once for each."),
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
    named = [*(withhold or []), *(refuse or []), *(give_back or [])]
    if count != len(waiting) or not set(named) <= set(waiting) or len(set(named)) != len(named):
        raise typer.BadParameter(
            f"{len(waiting)} answers of this batch wait; state that count, and name lines only among them, each once"
        )
    verdicts = {
        **dict.fromkeys(withhold or [], "withhold"),
        **dict.fromkeys(refuse or [], "refuse"),
        **dict.fromkeys(give_back or [], "return"),
    }
    lines: list[Json] = [_authorised(ordinal, verdicts.get(ordinal, "authorise")) for ordinal in waiting]
    body: dict[str, Json] = {"submission": number, "batch": batch, "count": count, "lines": lines}
    with own_document():
        result = pipeline.authorise(gate, number, sign_with(gate, "authorisation", body, key))
    say(json.dumps(result) if as_json else ", ".join(f"{n} {what}" for what, n in result.items()))


@app.command("unanswered")
def unanswered(submission: SubmissionArgument, batch: BatchOption, home: HomeOption = DEFAULT_HOME) -> None:
    """Show the requests of a batch that wait and found no answer: what was stated, and whether each part agrees or differs; no record."""
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    chosen = frozenset(_one_batch(gate, number, batch).ordinals)
    waiting = [n for n in gate.memory.ordinals(number, LineState.PROPOSED) if n in chosen]
    say_json(
        [
            _sampled(p)
            for some in pieces(waiting, CHUNK_LINES)
            for p in gate.memory.proposals(number, some)
            if p.kind is AnswerKind.NO_ANSWER
        ]
    )


@app.command("determine")
def determine(
    submission: SubmissionArgument,
    line: Annotated[list[int], typer.Option(help="A line of which nothing is told; once for each.", min=1)],
    authority: Annotated[
        str, typer.Option(help="The determination's reference, without personal data; kept sealed.")
    ],
    key: KeyOption,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Counsel's determination under 6103(i)(6), before an answer is logged: whatever is authorised, it says nothing."""
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    named: list[Json] = [{"ordinal": n} for n in sorted(set(line))]
    body: dict[str, Json] = {
        "submission": number,
        "count": len(named),
        "lines": named,
        "authority": authority,
    }
    with own_document():
        done = impairment.determine(gate, number, sign_with(gate, impairment.KIND, body, key))
    say(f"nothing is told of {len(done)} lines")


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


def _authorised(ordinal: int, verdict: str) -> Json:
    determination = "informant-or-impairment" if verdict == "withhold" else "none"
    return {"ordinal": ordinal, "verdict": verdict, "determination": determination}


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
        "conflicts": _conflicts(gate, batch),
        "seed": batch.seed,
    }


def _conflicts(gate: Gate, batch: Batch) -> dict[str, list[str]]:
    """Lines whose record bears a bar that conflicts with the ground: nothing is told for them, and counsel should hear of it."""
    pack = pipeline.summary(gate, batch.submission).pack
    found = {
        str(p.matched.approved.line.ordinal): [m.bar for m in conflicts(pack, p.matched.verdict.bars)]
        for some in pieces(batch.ordinals, CHUNK_LINES)
        for p in gate.memory.proposals(batch.submission, some)
    }
    return {ordinal: bars for ordinal, bars in found.items() if bars}


def _sampled(proposed: Proposed) -> dict[str, object]:
    approved = proposed.matched.approved
    return {
        "ordinal": approved.line.ordinal,
        "asked": dict(approved.line.data),
        "compared": dict(proposed.matched.verdict.differs),
        "answer": proposed.kind.value,
        "fields": dict(proposed.fields),
    }
