"""Plays a well-formed submission through steps 1 to 8 of a real home and prints JSON: seconds by step, rates, memory, the floor.

``python bench/pipeline.py [--lines N]``. The default is the first hundred requests of the rehearsal's world. Beyond its thousand, every
line still has a person, a matter and a reason of its own, and guard's limits are raised to let them by.
Time that people take (composing, signing, answering) is not counted; ``durable`` is the part of a step spent in writes that must last.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lawgate import pipeline
from lawgate.domain.standing import Agreement
from lawgate.rehearsal import people, play, stage
from lawgate.rehearsal.asks import choose_asks
from lawgate.rehearsal.reasons import REASONS
from lawgate.rehearsal.submissions import (
    COLUMNS,
    THEIR_HEADINGS,
    Ingredients,
    request_row,
    to_csv,
    well_formed,
)
from lawgate.rehearsal.world import RECORDS, world_requests

HUNDRED = 100
STEPS = ("receive", "check", "guard", "decide", "match", "minimise", "authorise and log", "seal", "hand over")
DURABLE = (
    "keep_received", "keep_decision", "keep_lookups", "keep_batch", "keep_sample_review", "log_answers", "keep_hand_over",
)  # fmt: skip


class Clock:
    """Gives every moment to exactly one step: the innermost one that is running. Outside all steps it belongs to nobody."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STEPS, 0.0)
        self.durable = dict.fromkeys(STEPS, 0.0)
        self.running: list[str] = []
        self.since = 0.0

    def turn(self) -> None:
        now = time.perf_counter()
        if self.running:
            self.seconds[self.running[-1]] += now - self.since
        self.since = now

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.turn()
        self.running.append(name)
        try:
            yield
        finally:
            self.turn()
            self.running.pop()

    def times(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            with self.step(name):
                return act(*given, **named)

        return timed

    def times_durable(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            begun = time.perf_counter()
            done = act(*given, **named)
            if self.running:
                self.durable[self.running[-1]] += time.perf_counter() - begun
            return done

        return timed


class TimedMemory:
    """The home's own memory; its durable writes are timed."""

    def __init__(self, memory: Any, clock: Clock) -> None:
        self._memory, self._clock = memory, clock

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._memory, name)
        return self._clock.times_durable(found) if name in DURABLE else found


def watch(clock: Clock) -> None:
    """Put the clock around what ``pipeline`` calls, under the names by which it calls it."""
    for name, step in (
        ("prepare", "check"), ("check_request", "check"), ("admit", "guard"), ("_earlier", "guard"), ("place_line", "guard"),
        ("_look_up", "match"), ("minimise", "minimise"), ("_open_batch", "minimise"), ("_sealed", "seal"),
        ("receive", "receive"), ("decide", "decide"), ("look_at_sample", "authorise and log"), ("authorise", "authorise and log"),
    ):  # fmt: skip
        setattr(pipeline, name, clock.times(step, getattr(pipeline, name)))
    for name in ("traces", "duplicates", "lasting"):
        setattr(pipeline.traces, name, clock.times("guard", getattr(pipeline.traces, name)))
    pipeline.publish = clock.times_durable(pipeline.publish)


def submission_of(lines: int) -> Ingredients:
    """Make one submission of so many lines; beyond a thousand the reasons come round again, each with an exhibit of its own."""
    asks = choose_asks(world_requests(), lines)
    if len(asks) < lines:
        raise SystemExit(f"the world has {len(asks)} requests of this kind")
    rows = []
    for number, ask in enumerate(asks):
        row = request_row(number % REASONS, ask, people.OFFICERS)
        own = {"request_key": f"B-{number}", "proceeding.case_number": f"BENCH-{number}"}
        rows.append(row | own | {"reasons": f"{row['reasons']} Exhibit {number // REASONS}."})
    return replace(well_formed(world_requests())[0], raw=to_csv(rows, COLUMNS, THEIR_HEADINGS))


def raise_limits() -> None:
    """Let many lines by: this bench measures, it does not test guard."""
    settings = re.sub(
        r"(?m)^(\w+(?:_lines_per_\w+|_repeats_per_window|filers_per_address)) = \d+",
        r"\1 = 1000000",
        stage.rehearsal_settings(),
    )
    stage.rehearsal_settings = lambda: settings
    entries = tuple(
        replace(e, max_lines=1_000_000) if isinstance(e, Agreement) else e for e in people.standing_entries()
    )
    people.standing_entries = lambda: entries


def play_through(folder: Path, lines: int, clock: Clock) -> dict[str, object]:
    if lines > REASONS:
        raise_limits()
    ingredients = submission_of(lines)
    home = stage.set_stage(folder, RECORDS)
    watch(clock)
    home = replace(home, gate=replace(home.gate, memory=TimedMemory(home.gate.memory, clock)))
    before = sizes(folder / "home")
    sent = play.send(home, ingredients)
    play.decide(home, sent.submission)
    play.release(home, sent.submission)
    with clock.step("hand over"):
        packages = play.collect(home, sent.submission)
    written = sizes(folder / "home").keys() - before.keys()
    read = sorted((folder / "submissions" / ingredients.name).iterdir())
    out = [path for path in (folder / "outbox").rglob("*") if path.is_file()]
    files = [*read, *out, *sorted(written), folder / "home" / "lawgate.sqlite3"]
    return {
        "lines": sent.line_count,
        "letters": play.letters(home, sent.submission),
        "packages": len(packages),
        **floor(files, folder / "floor"),
    }


def sizes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def floor(files: list[Path], target: Path) -> dict[str, object]:
    """What the same bytes cost if nothing is done with them: copied, each file fsynced; and hashed once."""
    target.mkdir()
    begun = time.perf_counter()
    for number, path in enumerate(files):
        with (target / str(number)).open("wb") as copy:
            copy.write(path.read_bytes())
            copy.flush()
            os.fsync(copy.fileno())
    copied = time.perf_counter() - begun
    begun = time.perf_counter()
    for path in files:
        hashlib.sha256(path.read_bytes()).hexdigest()
    hashed = time.perf_counter() - begun
    return {
        "floor": {
            "files": len(files),
            "bytes": sum(path.stat().st_size for path in files),
            "copy_with_fsync_seconds": round(copied, 3),
            "sha256_seconds": round(hashed, 4),
        }
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds by step of one submission, as JSON.")
    parser.add_argument("--lines", type=int, default=HUNDRED)
    lines = parser.parse_args().lines
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        done = play_through(Path(folder), lines, clock)
    total = sum(clock.seconds.values())
    steps = {
        name: {
            "seconds": round(clock.seconds[name], 3),
            "durable_seconds": round(clock.durable[name], 3),
            "lines_per_second": round(lines / clock.seconds[name]),
        }
        for name in STEPS
    }
    figures = {
        "bench": "pipeline",
        **done,
        "seconds": round(total, 2),
        "lines_per_second": round(lines / total, 1),
        "steps": steps,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
