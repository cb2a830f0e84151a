"""Tells a replay: the table beside the figures of 2025, for the terminal and for the page, and everything else the page shows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from lawgate import __version__, places
from lawgate.domain.code import code
from lawgate.domain.steps import Disposition
from lawgate.oversight.data import (
    MEANINGS,
    CheckCommand,
    Comparison,
    DispositionRow,
    Figure,
    FollowedLine,
    Head,
    ReportData,
    Sheet,
    Sourced,
    StepCount,
)
from lawgate.oversight.reconcile import Reconciliation
from lawgate.rehearsal.exchange_figures import ASSUMPTIONS, CANNOT_SHOW, DOCUMENTED, FULL_SIZE, ROW_2
from lawgate.rehearsal.replay_rows import Replay, Row
from lawgate.review.decide import RETURNED_CODE

VERIFY = os.path.relpath(Path(sys.executable).parent / "lawgate-verify")
UNKNOWN = "not known"


def beside(done: Replay) -> Sheet:
    """The figures of 2025, as far as there are any, beside those of each row."""
    rows = done.rows
    return Sheet(
        "2025 beside the same lines here",
        ("", "2025", *(f"{row.number}: {row.title}" for row in rows)),
        (
            ("lines", "1,280,000", *(f"{row.lines:,}" for row in rows)),
            ("engaged officers who signed", "none; one official was named", *(_officers(done, row) for row in rows)),
            ("where it ended", "released within about a day", *(_where(row) for row in rows)),
            ("refused or returned", UNKNOWN, *(f"{_closed(row):,}" for row in rows)),
            ("kept for a person", "none", *(f"{_letters(row, 'H'):,}" for row in rows)),
            ("records looked at", UNKNOWN, *(f"{row.lookups:,}" for row in rows)),
            ("addresses released", "47,289", *(f"{row.against.released:,}" for row in rows)),
            ("already known, so only confirmed", "none; about 14,000 were sent again", *(f"{row.against.confirmed:,}" for row in rows)),
            ("answered, and nothing told", UNKNOWN, *(f"{row.against.no_answer:,}" for row in rows)),
            ("told, the address not compared with a record", "42,695", *(f"{row.against.without_verified_address:,}" for row in rows)),
            ("told, the address being insufficient", "just under 5 % of 47,289", *(f"{row.insufficient_told:,}" for row in rows)),
            ("told about the wrong person", UNKNOWN, *(f"{row.against.wrong_person:,}" for row in rows)),
            ("told about another of the same name at the same door", UNKNOWN, *(f"{len(row.against.equal):,}" for row in rows)),
        ),
    )  # fmt: skip


def held(done: Replay) -> Sheet:
    """Why the guard as it is keeps row 3 for a person: each code, with the numbers of the first line it holds."""
    row = done.rows[2]
    found = row.ended.by_code.get("H", {})
    return Sheet(
        "Row 3: why the guard keeps it",
        ("Code", "What it holds for", "In numbers", "Lines"),
        tuple(
            (number, code(number).sentence, row.ended.why_held.get(number, ""), f"{count:,}")
            for number, count in found.items()
        ),
        (1, 2),
    )


def kinds(done: Replay) -> Sheet:
    """What became of each kind of line in row 2, by the truth that only the measuring reads."""
    row = done.rows[1]
    return Sheet(
        "Row 2 by kind of line",
        ("Kind of line", "Lines", "Released", "Confirmed", "Nothing told", "Not looked up"),
        tuple(
            (kind, f"{sum(found.values()):,}", *(f"{found[letter]:,}" for letter in "RCN–"))
            for kind, found in row.against.by_kind.items()
        ),
    )


def seconds(done: Replay) -> Sheet:
    """Where the time went: each part by the clock, and below it what its steps report of the processors."""
    phases = dict.fromkeys(name for row in done.rows[1:] + done.rows[:1] for name in row.seconds)
    rows: list[tuple[str, ...]] = []
    for phase in phases:
        rows.append((phase, *(_second(row.seconds, phase) for row in done.rows)))
        for step in phase.split(", "):
            if step in done.rows[1].processor_seconds:
                rows.append(
                    (f"· {step}, processor", *(_second(row.processor_seconds, step) for row in done.rows))
                )
    memory = ("greatest memory of the main process, MB", *(f"{row.peak_memory_mb:,}" for row in done.rows))
    return Sheet(
        "Where the time went, in seconds by the clock", ("Part", "Row 1", "Row 2", "Row 3"), (*rows, memory)
    )


def tell(
    done: Replay,
    head: Head,
    ground: str,
    walks: tuple[FollowedLine, FollowedLine],
    reconciliation: Reconciliation,
) -> ReportData:
    """Gather everything the page shows. No name, address or number of a person is in it."""
    row = done.rows[1]
    told = row.against.without_verified_address + row.against.wrong_person
    return ReportData(
        title=f"The exchange of 2025, played again: {done.lines:,} lines in three rows",
        figures=(
            Figure(f"{done.rows[0].lookups:,}", "records looked at for the file as it was submitted"),
            Figure(f"{row.against.released:,}", "addresses released once it was put in order"),
            Figure(f"{told:,}", "of them without a verified address, or of a wrong person"),
            Figure(f"{_letters(done.rows[2], 'H'):,}", "lines kept for a person by the guard as it is"),
        ),
        ground=ground,
        made=done.made,
        version=__version__,
        head=head,
        steps=tuple(_steps(row)),
        dispositions=tuple(_dispositions(row)),
        answer=walks[0],
        refusal=walks[1],
        deficient=(),
        checks=_checks(done),
        reconciliation=reconciliation,
        comparison=Comparison(
            words=_words(done),
            beside=beside(done),
            held=held(done),
            kinds=kinds(done),
            seconds=seconds(done),
            documented=tuple(Sourced(d.name, d.value, d.source) for d in DOCUMENTED),
            assumed=tuple(Sourced(a.name, a.value, a.why) for a in (*ASSUMPTIONS, *ROW_2)),
            cannot_show=CANNOT_SHOW,
        ),
    )


def _words(done: Replay) -> str:
    scale = (
        ""
        if done.lines == FULL_SIZE
        else f" Counts of 2025 are at full size; this replay has {done.lines:,} lines, and its counts scale."
    )
    return (
        "Row 1 is the file as it was sent: five columns, nobody's signature. Row 2 is the same file put in order by simulated people whose "
        "scripts answer every question with yes, so that only the lines decide. Row 3 is that same submission before the guard as the example "
        f"settings have it.{scale} Seed {done.seed}. Every figure of 2025 and every assumption stands at the end of this page."
    )


def _officers(done: Replay, row: Row) -> str:
    return "none" if row.number == 1 else f"{done.officers:,}, each for their own lines"


def _where(row: Row) -> str:
    return {1: "refused at the door (101)", 2: "answered under seal", 3: "kept by guard"}[row.number]


def _letters(row: Row, letter: str) -> int:
    return row.ended.letters.get(letter, 0)


def _closed(row: Row) -> int:
    return row.lines if row.number == 1 else _letters(row, "X") + _letters(row, "I")


def _second(found: object, name: str) -> str:
    value = found.get(name) if isinstance(found, dict) else None
    return "" if value is None else f"{value:,.1f}"


def _steps(row: Row) -> Iterator[StepCount]:
    by_officer = row.ended.by_code.get("I", {}).get(RETURNED_CODE, 0)
    closed = {"refused": _letters(row, "X"), "returned": _letters(row, "I") - by_officer, "format error": _letters(row, "E"), "asked before": _letters(row, "D")}  # fmt: skip
    left = row.lines - sum(closed.values())
    waits = {"returned": by_officer, "wait": left - by_officer - row.lookups}
    yield StepCount(1, "receive", "signed by whom, well-formed, seen before", row.lines, {})
    yield StepCount(2, "check", "every element of the statute has a finding", row.lines, closed)
    yield StepCount(3, "guard", "plausible, alone and with what came before (limits raised)", left, {})
    yield StepCount(4, "decide", "a script answers what only a person may, and says so", left, waits)
    yield StepCount(5, "match", "exactly one record bears this name at this address", row.lookups, {})
    for number, word, sentence in (
        (6, "authorise", "the least the law allows, by a second person"),
        (7, "log", "accounting row and leaf, cosigned by the witnesses"),
        (8, "hand over", "sealed to the engaged officer, one size whatever it says"),
        (9, "account", "every answer has its row; counts agree; checkable"),
    ):
        yield StepCount(number, word, sentence, row.handed_over, {})


def _dispositions(row: Row) -> Iterator[DispositionRow]:
    for letter in Disposition:
        lines = _letters(row, letter.value)
        codes = row.ended.by_code.get(letter.value, {})
        if lines and not codes:
            yield DispositionRow(letter.value, MEANINGS[letter], "", "", "", lines)
        for number, count in codes.items():
            known = code(number)
            yield DispositionRow(
                letter.value, MEANINGS[letter], number, known.sentence, known.citation, count
            )


def _checks(done: Replay) -> tuple[CheckCommand, ...]:
    """Commands that run as they stand: the log, and one kept answer, opened as if for the first time."""
    home = done.folder / done.home
    policy = home / places.POLICY_FILE
    log = CheckCommand(
        f"{VERIFY} ledger {home / places.LEDGER} --policy {policy}",
        "recomputes every entry, tile and signature without a line of the gateway's code",
    )
    if not done.kept:
        return (log,)
    one = done.kept[0]
    words = f"--identity {one.identity} --key {one.key} --state {done.folder / 'new-state.json'}"
    opening = CheckCommand(
        f"{VERIFY} package {one.package} --policy {policy} {words}",
        "opens one answer if, and only if, the log proves it",
    )
    return (log, opening)
