"""``lawgate records evaluate``: step 5 alone over two labelled synthetic files. It opens no home and prints counts, never a value."""

from __future__ import annotations

import resource
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from lawgate import wiring
from lawgate.adapters.labelled_files import OURS, read_labelled_records, read_labelled_requests
from lawgate.adapters.record_rows import RecordTable
from lawgate.cli.frame import JsonOption, say, say_json
from lawgate.records.engine import IndexInfo
from lawgate.records.evaluate import Evaluation, WrongPerson, evaluate
from lawgate.records.measure import Share, at_most, share
from lawgate.records.rule import RuleLimits
from lawgate.settings import EXAMPLE, Settings

MAX_FILERS = Settings.model_validate(tomllib.loads(EXAMPLE)).limits.filers_per_address


@dataclass(frozen=True, slots=True)
class Told:
    """What the command prints. ``wrong_persons`` are answers about somebody else, save those in ``equal_in_every_stated_datum``.

    ``wrong_share_at_most`` bounds their share of all requests with 95 percent confidence. Forms of names count requests that state
    a name and an address. ``model`` is what the index keeps of the model that may veto.
    """

    rows: int
    records: int
    requests: int
    members: int
    matched_right: int
    matched_wrong: int
    missed: int
    missed_by_cause: Mapping[str, int]
    found_share: float
    found: Share
    non_members: int
    non_members_matched: int
    wrong_persons: int
    wrong_share_at_most: float
    equal_in_every_stated_datum: int
    wrong: Sequence[WrongPerson]
    found_by_form_of_name: Mapping[str, Share]
    wrong_by_form_of_name: Mapping[str, int]
    model: Mapping[str, Any]
    seconds: Mapping[str, float]
    peak_memory_mb: int


def evaluate_files(
    records: Annotated[Path, typer.Option(help="Records, CSV or Parquet: record_id, names, addresses; several rows a record.", exists=True, dir_okay=False)],
    requests: Annotated[Path, typer.Option(help="Requests, CSV or Parquet: a name and an address in each row.", exists=True, dir_okay=False)],
    truth: Annotated[str, typer.Option(help="The column with the right record_id of each request, empty for nobody on record.")],
    truth_file: Annotated[Path | None, typer.Option(help="A file with that column, row by row, if the truth is kept apart from the requests.", exists=True, dir_okay=False)] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="ours=theirs: a column that has another name in the files; may be repeated.")] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="[OURS=THEIRS]...", help="More of --map.")] = None,
    max_filers: Annotated[int, typer.Option(min=1, help="An address with more records answers nobody by name alone.")] = MAX_FILERS,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Run matching alone over labelled synthetic files and count: right, wrong, missed by cause, seconds, memory.

    Columns are those of a record source, and of a request line (`given` or `name.given`, `street`, `text`, …). Exit code 0 whatever is counted.
    """
    mapped = _mapped([*(mapping or ()), *(more or ())])
    seconds: dict[str, float] = {}
    with _timed(seconds, "read"):
        source = read_labelled_records(records, mapped)
        asked = read_labelled_requests(requests, truth, mapped, truth_file)
    with ExitStack() as apart:
        with _timed(seconds, "index"):
            engine, info = apart.enter_context(wiring.records_apart(source))
        with _timed(seconds, "match"):
            known = RecordTable(source.table)
            done = evaluate(asked, engine, RuleLimits(max_filers), known.history, known.bearers())
    told = _told(done, info, seconds)
    if as_json:
        say_json(told)
    else:
        _show(told)


def _told(done: Evaluation, info: IndexInfo, seconds: Mapping[str, float]) -> Told:
    equal = sum(one.equal for one in done.wrong)
    return Told(
        rows=info.rows,
        records=info.records,
        requests=done.requests,
        members=done.members,
        matched_right=done.matched_right,
        matched_wrong=done.matched_wrong,
        missed=done.missed,
        missed_by_cause=dict(done.missed_by_cause.most_common()),
        found_share=round(done.matched_right / done.members, 4) if done.members else 0.0,
        found=share(done.matched_right, done.members),
        non_members=done.non_members,
        non_members_matched=done.non_members_matched,
        wrong_persons=len(done.wrong) - equal,
        wrong_share_at_most=at_most(len(done.wrong) - equal, done.requests),
        equal_in_every_stated_datum=equal,
        wrong=tuple(done.wrong),
        found_by_form_of_name={f: share(n["right"], n["members"]) for f, n in sorted(done.by_form.items())},
        wrong_by_form_of_name={f: n["wrong"] for f, n in sorted(done.by_form.items())},
        model=info.model,
        seconds=seconds,
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        // (1 << 20 if sys.platform == "darwin" else 1 << 10),
    )


def _show(told: Told) -> None:
    say(f"{told.requests} requests against {told.records} records in {told.rows} rows")
    say(
        f"on record: {told.members}; matched right {told.matched_right} ({told.found_share:.1%}), wrong {told.matched_wrong}, missed {told.missed}"
    )
    for cause, count in told.missed_by_cause.items():
        say(f"  {count:6} {cause}")
    say(f"not on record: {told.non_members}; matched {told.non_members_matched}")
    say(
        f"wrong persons: {told.wrong_persons} (at most {told.wrong_share_at_most:.2e} of all requests, with 95 % confidence), and {told.equal_in_every_stated_datum} equal in every stated datum to another person's record"
    )
    for one in told.wrong:
        say(
            f"  row {one.row}: agrees {', '.join(one.agrees)}; not on record {', '.join(one.silent) or 'nothing'}"
        )
    say_model(told.model)
    say("found, by how the name is written (of those who state a name and an address):")
    for form, part in told.found_by_form_of_name.items():
        say(f"  {part.count:6} of {part.of:6}, {part.low:.1%} to {part.high:.1%}: {form}")
    said = ", ".join(f"{stage} {spent:.1f} s" for stage, spent in told.seconds.items())
    say(f"{said}; peak memory {told.peak_memory_mb} MB")


def say_model(model: Mapping[str, Any]) -> None:
    """Say what the model that may veto does, and how well it is calibrated on held-out made-up requests."""
    kept = model["threshold"]
    fitted = (
        "fitted" if model["fitted"]["taken"] else "not fitted: too few records, or the classes did not part"
    )
    say(
        f"model {model['version']} ({fitted}) vetoes under {kept['at']:.4f}: of {kept['requests']} made-up requests held out the rule answered {kept['answered']}, "
        f"{kept['wrong_by_rule']} wrong; {kept['wrong']} are left (at most {kept['wrong_at_most']:.2e}, bound {kept['bound']:.2e}), {kept['right_vetoed']} right ones lost"
    )
    for low, high, count, right, mean in kept["reliability"]:
        if count:
            say(
                f"  posterior {low:.1f} to {high:.1f}: {count} answers, {right} right, posterior {mean:.3f} on average"
            )


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begun = perf_counter()
    yield
    seconds[stage] = round(perf_counter() - begun, 3)


def _mapped(pairs: Sequence[str]) -> dict[str, list[str]]:
    mapped: dict[str, list[str]] = {}
    for pair in pairs:
        ours, given, theirs = pair.partition("=")
        if not given or not theirs or ours.rpartition(".")[2] not in OURS:
            raise typer.BadParameter(
                f"{pair}: write ours=theirs, with a column of ours before the sign: {', '.join(sorted(OURS))}"
            )
        mapped.setdefault(ours, []).append(theirs)
    return mapped
