"""Plays a well-formed submission through steps 1 to 9 of a real home and prints JSON: seconds by call and by step, memory, the floor.

``python bench/pipeline.py [--lines N …]``. Each size runs in a process of its own. Lines come from as many towns of other seeds as are
needed: every line keeps a person, a matter and a reason of its own, and guard's limits are raised to let them by. What people do
(composing, signing, answering) is not counted. ``calls`` are wall seconds and processor seconds of the pipeline's functions; ``steps`` are
what the gate's ``watch`` is told. The floor is what the same bytes cost if nothing is done with them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lawgate import pipeline
from lawgate.adapters.outbox import collect
from lawgate.adapters.submission_files import read_submission, write_folder
from lawgate.domain.kept import HAND_OVER_LINES, pieces
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import LineState
from lawgate.evidence.envelope import sign
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import people, play, scripts, stage
from lawgate.rehearsal.asks import hundred_asks
from lawgate.rehearsal.submissions import (
    COLUMNS,
    THEIR_HEADINGS,
    Ingredients,
    request_row,
    to_csv,
    well_formed,
)
from lawgate.rehearsal.town import Filing, Town, build_town
from lawgate.review.signed_text import MOST_LINES

SIZES = (1_000, 10_000, 50_000)
HUNDRED = 100
TARGET = 1_280_000


class Clock:
    """Wall and processor seconds of named calls, with what the process held most so far at the end of each."""

    def __init__(self) -> None:
        self.wall: Counter[str] = Counter()
        self.processor: Counter[str] = Counter()
        self.peak: dict[str, int] = {}

    @contextmanager
    def call(self, name: str) -> Iterator[None]:
        begun, used = time.perf_counter(), processor_seconds()
        yield
        self.wall[name] += time.perf_counter() - begun
        self.processor[name] += processor_seconds() - used
        self.peak[name] = peak_mb()


class Steps:
    """What ``watch`` is told, summed up."""

    def __init__(self) -> None:
        self.lines: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def watch(self, step: str, lines: int, seconds: float) -> None:
        self.lines[step] += lines
        self.seconds[step] += seconds


def processor_seconds() -> float:
    """This process and those it started and has waited for."""
    mine, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + others.ru_utime + others.ru_stime


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def towns(count: int) -> tuple[Town, Ingredients]:
    """Make ``count`` towns and one submission of a hundred lines from each; records and lines of different towns differ."""
    seeds = [6103 + 10 * turn for turn in range(count)]
    filings: list[Filing] = []
    rows: list[dict[str, str]] = []
    for turn, town in enumerate(map(build_town, seeds)):
        for filing in town.filings:
            person = filing.person
            filings.append(replace(filing, person=replace(person, record_id=f"T{turn}-{person.record_id}")))
        for number, ask in enumerate(hundred_asks(town)):
            row = request_row(number, ask, people.OFFICERS)
            own = {name: f"{row[name]}-{turn}" for name in ("request_key", "proceeding.case_number")}
            rows.append(row | own | {"reasons": f"{row['reasons']} Exhibit {turn}."})
    ingredients = replace(well_formed(build_town())[0], raw=to_csv(rows, COLUMNS, THEIR_HEADINGS))
    return Town(seeds[0], (), tuple(filings)), ingredients


def raise_limits() -> None:
    """Let many lines by: this bench measures, it does not test guard."""
    settings = re.sub(
        r"(?m)^(\w+(?:_lines_per_\w+|_repeats_per_window|filers_per_address)) = \d+",
        r"\1 = 10000000",
        stage.rehearsal_settings(),
    )
    stage.rehearsal_settings = lambda: settings
    entries = tuple(
        replace(e, max_lines=10_000_000) if isinstance(e, Agreement) else e for e in people.standing_entries()
    )
    people.standing_entries = lambda: entries


def shortened(ingredients: Ingredients, lines: int) -> Ingredients:
    records = ingredients.raw.split(b"\r\n")
    return replace(ingredients, raw=b"\r\n".join(records[: lines + 1]) + b"\r\n")


def play_through(folder: Path, lines: int, clock: Clock, steps: Steps) -> dict[str, object]:
    raise_limits()
    town, ingredients = towns(-(-lines // HUNDRED))
    ingredients = shortened(ingredients, lines)
    home = stage.set_stage(folder, town)
    home = replace(home, gate=replace(home.gate, watch=steps.watch))
    before = set(files_in(folder / "home"))
    sent = folder / "submission"
    write_folder(sent, play._composed(home, ingredients))
    del town, ingredients
    at_start = peak_mb()
    gate, now = home.gate, home.gate.now()
    with clock.call("receive"):
        number = pipeline.receive(gate, read_submission(sent)).submission
    for some in pieces(gate.memory.ordinals(number, LineState.DOCKETED, LineState.HELD), MOST_LINES):
        # Guard holds many of so many like lines for a person; this officer lets them go on.
        body = scripts.decision_body(number, gate.memory.docket(number, some), now, release=some)
        envelope = sign("decision", body, home.key(people.DISCLOSURE_OFFICER))
        with clock.call("decide"):
            pipeline.decide(gate, number, envelope)
    for batch in gate.memory.batches(number):
        for person in play.SAMPLERS:
            body = scripts.sample_body(number, batch.number, batch.sample, now)
            envelope = sign("sample", body, home.key(person))
            with clock.call("look at samples"):
                pipeline.look_at_sample(gate, number, envelope)
        body = scripts.authorisation_body(number, batch.number, batch.ordinals, now)
        envelope = sign("authorisation", body, home.key(people.RELEASING_OFFICER))
        with clock.call("authorise"):
            pipeline.authorise(gate, number, envelope)
    with clock.call("hand over"):
        handed = pipeline.hand_over(gate, number, HAND_OVER_LINES)
        packages = collect(folder / "outbox", handed, HAND_OVER_LINES)[""]
    with clock.call("reconcile"):
        exact = reconcile_home(gate).exact
    out = list(files_in(folder / "outbox"))
    written = sorted(set(files_in(folder / "home")) - before)
    return {
        "letters": play.letters(home, number),
        "packages": packages,
        "reconciled": exact,
        "memory_mb_at_start": at_start,
        **floor([*files_in(sent), *out, *written, folder / "home" / "lawgate.sqlite3"], folder / "floor"),
    }


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def floor(files: list[Path], target: Path) -> dict[str, object]:
    """What the same bytes cost if nothing is done with them: copied and synced once; and hashed once."""
    target.mkdir()
    begun = time.perf_counter()
    for number, path in enumerate(files):
        (target / str(number)).write_bytes(path.read_bytes())
    os.sync()
    copied = time.perf_counter() - begun
    begun = time.perf_counter()
    for path in files:
        hashlib.sha256(path.read_bytes()).digest()
    hashed = time.perf_counter() - begun
    size = sum(path.stat().st_size for path in files)
    return {
        "floor": {
            "files": len(files),
            "bytes": size,
            "copy_and_sync_seconds": round(copied, 3),
            "sha256_seconds": round(hashed, 3),
        }
    }


def one_size(lines: int) -> dict[str, object]:
    clock, steps = Clock(), Steps()
    with tempfile.TemporaryDirectory() as folder:
        done = play_through(Path(folder), lines, clock, steps)
    total = sum(clock.wall.values())
    answers = int(str(done["packages"]))
    copied = done["floor"]["copy_and_sync_seconds"]  # type: ignore[index]
    return {
        "lines": lines,
        **done,
        "calls": {
            name: {
                "seconds": round(wall, 3),
                "processor_seconds": round(clock.processor[name], 3),
                "microseconds_per_line": round(1e6 * wall / lines, 1),
                "times_the_floor": round(wall / copied, 2),
                "peak_memory_mb": clock.peak[name],
            }
            for name, wall in clock.wall.items()
        },
        "steps": {
            name: {
                "seconds": round(seconds, 3),
                "microseconds_per_line": round(1e6 * seconds / max(steps.lines[name], 1), 1),
                "lines": steps.lines[name],
            }
            for name, seconds in steps.seconds.items()
        },
        "seconds": round(total, 2),
        "lines_per_second": round(lines / total, 1),
        "times_the_floor": round(total / copied, 2),
        "seconds_for_1_280_000_lines_at_this_rate": round(total / lines * TARGET),
        "answers": answers,
        "peak_memory_mb": peak_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds by step of one submission, as JSON.")
    parser.add_argument("--lines", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one_size(given.one)))
        return
    command = [sys.executable, __file__, "--one"]
    runs = [
        json.loads(subprocess.run([*command, str(n)], check=True, capture_output=True, text=True).stdout)
        for n in given.lines
    ]
    print(json.dumps({"bench": "pipeline", "runs": runs}, indent=1))


if __name__ == "__main__":
    main()
