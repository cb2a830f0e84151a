"""``lawgate submission``: the requester builds and checks one; the gateway receives it, tells its status, hands over answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from lawgate import pipeline, service, wiring
from lawgate.adapters.key_files import load_key
from lawgate.adapters.ldtask import read_ldtasks
from lawgate.adapters.line_tables import line_pieces
from lawgate.adapters.outbox import collect, write_determination
from lawgate.adapters.submission_files import hashed, open_submission, read_as_sent, write_folder
from lawgate.cli.frame import (
    DEFAULT_HOME,
    REJECTED,
    SOME_REFUSED,
    STOPPED,
    TRY_AGAIN,
    HomeOption,
    JsonOption,
    KeyOption,
    Meter,
    new_app,
    progress,
    say,
    say_json,
    show_table,
)
from lawgate.domain.code import code
from lawgate.domain.errors import LawgateError
from lawgate.domain.kept import HAND_OVER_LINES, Content, letters_of
from lawgate.domain.steps import Disposition, SubmissionId
from lawgate.evidence.envelope import unverified_payload
from lawgate.gate import Gate
from lawgate.intake.compose import compose_with_report
from lawgate.intake.form import parse_form
from lawgate.intake.layout import ENDINGS
from lawgate.intake.layouts import SHIPPED, shipped_layout
from lawgate.intake.parts import COVER
from lawgate.intake.preview import check as preview
from lawgate.intake.template import csv_header, example_form

app = new_app("Requests: build, check, receive, follow, collect.")

SubmissionArgument = Annotated[str, typer.Argument(help="The confirmation number of the submission.")]
FolderArgument = Annotated[Path, typer.Argument(help="A submission: a folder or a zip file.", exists=True)]
NOT_FINE = {d.value for d in Disposition} - {Disposition.ANSWERED.value}


@app.command("example")
def example() -> None:
    """Print an example form and, as its last line, the columns a CSV line file may have."""
    say(example_form())
    say(f"# {csv_header().strip()}")


@app.command("new")
def new(
    lines: Annotated[
        Path,
        typer.Argument(help=f"The line file, ending in {', '.join(ENDINGS)}.", exists=True, dir_okay=False),
    ],
    form: Annotated[
        Path, typer.Option(help="The form (TOML); `submission example` prints one.", exists=True)
    ],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="The folder to write; must not exist.")],
    officer_key: Annotated[
        list[str] | None, typer.Option(help="PERSON=FILE, an engaged officer's key; once for each officer.")
    ] = None,
    layout: Annotated[
        str, typer.Option(help=f"How cells are cut: a layout file, or one of {', '.join(SHIPPED)}.")
    ] = "",
) -> None:
    """Build and sign a submission from a line file and a form (the requester's tool; needs no home)."""
    pairs = [pair.partition("=") for pair in officer_key or []]
    if not all(person and sign and file for person, sign, file in pairs):
        raise typer.BadParameter("--officer-key is PERSON=FILE")
    raw = lines.read_bytes()
    composed = compose_with_report(
        parse_form(form.read_text(encoding="utf-8")),
        raw,
        lines.name,
        load_key(key),
        {person: load_key(Path(file)) for person, _, file in pairs},
        wiring.system_clock(),
        wiring.new_nonce(),
        _layout(layout),
        line_pieces(lines.name, [raw]),
    )
    write_folder(out, composed.files)
    for ours, theirs in composed.columns.items():
        progress.print(f"  {ours} is taken from column {theirs}", markup=False)
    if composed.faulty:
        progress.print(f"cannot be read: lines {', '.join(map(str, composed.faulty))}", markup=False)
    if composed.unattested:
        progress.print(
            f"signed by no officer: lines {', '.join(map(str, composed.unattested))}", markup=False
        )
    say(f"{composed.lines} lines in {out}")


def _layout(name: str) -> str:
    if not name:
        return ""
    if name in SHIPPED:
        return shipped_layout(name)
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(
            "--layout names neither a readable file nor a layout that is shipped"
        ) from None


@app.command("layout")
def layout(shipped: Annotated[str, typer.Argument(help=f"One of {', '.join(SHIPPED)}.")]) -> None:
    """Print a layout that is shipped, to sign as it is or to begin with."""
    if shipped not in SHIPPED:
        raise typer.BadParameter(f"there is {', '.join(SHIPPED)}")
    say(shipped_layout(shipped))


@app.command("import-ldtask")
def import_ldtask(
    message: Annotated[
        Path, typer.Argument(help="An ETSI TS 103 120 message (XML).", exists=True, dir_okay=False)
    ],
) -> None:
    """Write the LDTasks of a message as request lines (JSONL): a line file to be signed with `submission new`."""
    refused = 0
    with message.open("rb") as file:
        for task in read_ldtasks(file):
            if task.wrong:
                refused += 1
                progress.print(f"task {task.place}: {task.wrong}", markup=False)
            else:
                typer.echo(task.line, nl=False)
    if refused:
        raise typer.Exit(SOME_REFUSED)


@app.command("check")
def check(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Look at a submission's form before it is sent; touches no record and needs no home. Signatures are the gateway's to check."""
    seen = preview(hashed(open_submission(folder)), None, wiring.system_clock())
    if as_json:
        say_json(
            {
                "submission": seen.submission,
                "lines": seen.lines,
                "problems": [{"code": number, "message": message} for number, message in seen.problems],
                "faults": [
                    {"ordinal": n, "code": f.code, "column": f.column, "message": f.message}
                    for n, f in seen.faults
                ],
            }
        )
    else:
        say(f"{seen.lines} lines, {seen.attested} attestations, confirmation number {seen.submission}")
        if seen.faults:
            show_table(
                "",
                ("line", "code", "column", "what is wrong"),
                [(n, f.code, f.column or "", f.message) for n, f in seen.faults],
            )
    for _, message in seen.problems:
        progress.print(f"lawgate: {message}", markup=False, soft_wrap=True)
    if not seen.acceptable:
        raise typer.Exit(REJECTED)
    if seen.faults:
        raise typer.Exit(SOME_REFUSED)


@app.command("receive")
def receive(folder: FolderArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Steps 1 to 3: receive, check, guard. The same bytes again give the same confirmation number and change nothing."""
    files = read_as_sent(folder)
    gate = replace(wiring.open_home(home), watch=Meter(_stated_lines(files)))
    _print_status(gate, pipeline.receive(gate, files).submission, as_json)


def _stated_lines(files: Mapping[str, Content]) -> int:
    """Return how many lines the cover states, for showing progress only: nothing of it is verified. 0 if it states none."""
    try:
        cover = files.get(COVER, b"")
        raw = cover if isinstance(cover, bytes) else b"".join(cover)
        stated = unverified_payload(raw, "cover").get("line_file")
        count = stated.get("count") if isinstance(stated, dict) else 0
    except LawgateError:
        return 0
    return count if isinstance(count, int) else 0


@app.command("status")
def status(
    submission: SubmissionArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False
) -> None:
    """Where a submission stands: letters and codes, no personal data."""
    _print_status(wiring.open_home(home), SubmissionId(submission), as_json)


@app.command("progress")
def progress_of_work(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """How far workers have come with what is under way: step, lines, rate, seconds left. No personal data."""
    service.open_accounts_of(home)
    from lawgate.portal.progress import under_way  # its table can be read only after Django's set-up

    found = under_way()
    if as_json:
        say_json([asdict(each) for each in found])
        return
    rows = [
        (
            r.number,
            r.step,
            f"{r.lines:,} of {r.total:,}" if r.total else f"{r.lines:,}",
            f"{r.rate:,.0f}",
            f"{r.left:,.0f}",
        )
        for r in found
    ]
    show_table("", ("submission", "step", "lines", "a second", "seconds left"), rows)


@app.command("answer")
def answer(
    submission: SubmissionArgument,
    out: Annotated[
        Path, typer.Option(help="The folder to write to; a package already there is left as it is.")
    ],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Step 8: write the determination of every line and hand over the sealed packages that may leave now."""
    gate = wiring.open_home(home)
    number = SubmissionId(submission)
    if pipeline.summary(gate, number).rejected_code:
        _print_status(gate, number, as_json)
    kept_back = collect(out, pipeline.hand_over(gate, number, HAND_OVER_LINES), HAND_OVER_LINES)
    packages = kept_back.pop("", 0)
    write_determination(out, pipeline.determination(gate, number))
    lines = pipeline.summary(gate, number).line_count
    if as_json:
        say_json({"lines": lines, "packages": packages, "kept_back": dict(kept_back), "out": str(out)})
    else:
        say(f"{packages} packages, and the determination of {lines} lines, in {out}")
        for reason, count in sorted(kept_back.items()):
            say(f"{count} answers kept back: {code(reason).sentence} [{reason}]")
    raise typer.Exit(_ending(kept_back, NOT_FINE & letters_of(gate.memory.letters(number)).keys()))


def _ending(kept_back: Counter[str], refused: Collection[str]) -> int:
    if kept_back["701"]:
        return STOPPED
    if kept_back.keys() & pipeline.PASSING:
        return TRY_AGAIN
    return SOME_REFUSED if kept_back or refused else 0


def _print_status(gate: Gate, submission: SubmissionId, as_json: bool) -> None:
    summary = pipeline.summary(gate, submission)
    counts = letters_of(gate.memory.letters(submission))
    codes = gate.memory.codes(submission)
    if as_json:
        say_json(
            {
                "submission": summary.submission,
                "manifest_sha256": summary.manifest_sha256,
                "agency": summary.agency,
                "pack": summary.pack,
                "received_at": summary.received_at,
                "rejected_code": summary.rejected_code,
                "lines": summary.line_count,
                "dispositions": counts,
                "codes": dict(codes),
            }
        )
    elif summary.rejected_code:
        say(
            f"{summary.submission}: rejected. {code(summary.rejected_code).sentence} [{summary.rejected_code}]"
        )
    else:
        say(f"{summary.submission}: {summary.line_count} lines of {summary.agency} under {summary.pack}")
        show_table("", ("disposition (W: waits)", "lines"), sorted(counts.items()))
        if codes:
            show_table(
                "", ("code", "lines", "meaning"), [(n, c, code(n).sentence) for n, c in sorted(codes.items())]
            )
    if summary.rejected_code:
        raise typer.Exit(REJECTED)
    if NOT_FINE & counts.keys():
        raise typer.Exit(SOME_REFUSED)
