"""The exchange of 2025, played again in three rows: as it was submitted, put in order, and put in order before the real guard."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lawgate import pipeline, places, wiring
from lawgate.adapters.durable import write_atomic
from lawgate.domain.errors import SettingsError
from lawgate.domain.kept import SubmissionSummary
from lawgate.domain.steps import LineState
from lawgate.gate import Gate
from lawgate.oversight.data import Head, ReportData
from lawgate.oversight.page import render
from lawgate.oversight.reconcile import Reconciliation
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import replay_play as play
from lawgate.rehearsal import replay_story as story
from lawgate.rehearsal.exchange import people_for
from lawgate.rehearsal.exchange_files import AS_SUBMITTED, IN_ORDER, RECORDS, TRUTH, write_files
from lawgate.rehearsal.exchange_officers import demo_officers, key_files, officers_for
from lawgate.rehearsal.exchange_truth import Against, Truth
from lawgate.rehearsal.follow import follow_answer, follow_refusal
from lawgate.rehearsal.replay_rows import Ended, Kept, Replay, Row
from lawgate.rehearsal.replay_stage import Cast, cover_of, demo_cast, open_home
from lawgate.rehearsal.scripts import moment

MARK, REPORT, OUTBOX = ".lawgate-replay", "report.html", "outbox"
FILES, KEYS, AS_IT_IS, RAISED = "files", "demo-keys", "home-example-limits", "home-raised-limits"
WORKERS = 2
VERIFY = "import sys; from lawgate_verifier.cli import main; sys.exit(main())"
NOBODY = Against(0, 0, 0, 0, 0, 0, (), {})

Tell = Callable[[str], None]


@dataclass(slots=True)
class Meter:
    """Counts seconds by phase and by step, and shows how far a step has come."""

    tell: Tell
    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    shown: float = 0.0

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure one phase by the clock."""
        begun = time.perf_counter()
        self.tell(f"    {name} ...")
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun

    def watch(self, step: str, lines: int, seconds: float) -> None:
        """Hear from the gate that a step has done so many more lines in so many seconds of a processor."""
        self.processor[step] = self.processor.get(step, 0.0) + seconds
        self.done[step] = self.done.get(step, 0) + lines
        if time.perf_counter() - self.shown > 5:
            self.shown = time.perf_counter()
            self.tell(f"      {step}: {self.done[step]:,} lines")


def replay(folder: Path, lines: int, seed: int, tell: Tell) -> Replay:
    """Play all three rows in ``folder`` and write the report. The same call after a crash goes on; another size or seed begins anew.

    Raises SettingsError if the folder exists and no replay made it.
    """
    resumed = _claim(folder, lines, seed)
    keys = folder / KEYS
    cast = demo_cast(keys, demo_officers(keys / "demo-officers.jsonl", officers_for(lines)))
    for home in (AS_IT_IS, RAISED):  # the keys are enrolled before anything is signed with them
        open_home(folder / home, cast, raised=home == RAISED, records=[])
    composing = _compose(folder, lines, seed, cast, tell)
    first, third = _row_1(folder, lines, cast, tell), _row_3(folder, cast, tell)
    second = _row_2(folder, cast, tell)
    tell("checking the log with lawgate-verify, a program of its own")
    policy = folder / RAISED / places.POLICY_FILE
    log = _verify("ledger", folder / RAISED / places.LEDGER, "--policy", policy, "--json")
    gate = second.gate
    done = Replay(
        folder=folder, home=RAISED, made=gate.now(), lines=lines, seed=seed, rows=(first, second.row, third), composing_seconds=composing,
        people=people_for(lines), officers=len(cast.officers), kept=second.kept, opened=second.opened, ledger_sound=log.returncode == 0, resumed=resumed,
        largest_child_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        submission=second.summary.submission,
    )  # fmt: skip
    (folder / REPORT).write_text(
        render(_report(done, second, json.loads(log.stdout or "{}"))), encoding="utf-8"
    )
    return done


def _report(done: Replay, second: _Second, log: Mapping[str, Any]) -> ReportData:
    """``log`` is what ``lawgate-verify`` says of it; empty if it does not hold."""
    gate, summary = second.gate, second.summary
    head = Head(
        log.get("origin", ""), log.get("size", 0), log.get("root", ""), tuple(log.get("witnesses", ()))
    )
    logged = gate.memory.logged(
        summary.submission, gate.memory.ordinals(summary.submission, LineState.HANDED_OVER)[:1]
    )
    refused = gate.memory.ordinals(summary.submission, LineState.FINAL)[:1]
    walks = (
        follow_answer(gate, summary, logged[0]),
        follow_refusal(gate, summary, gate.memory.statuses(summary.submission, refused)[0]),
    )
    return story.tell(done, head, wiring.pack_named(summary.pack).title, walks, second.reconciliation)


def _claim(folder: Path, lines: int, seed: int) -> bool:
    """Make the folder or go on in it; say which. What another replay left in it is cleared away."""
    said = json.dumps({"lines": lines, "seed": seed})
    mark = folder / MARK
    found = list(folder.iterdir()) if folder.exists() else []
    if mark in found and mark.read_text(encoding="ascii") == said:
        (folder / KEYS).mkdir(mode=0o700, exist_ok=True)
        return True
    if mark not in found and [path for path in found if not path.name.startswith(".")]:
        raise SettingsError(f"{folder} exists and was not made by a replay; name another folder")
    # The mark goes last: a crash halfway leaves a folder that is known as a replay's.
    for path in found:
        if path != mark:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    write_atomic(mark, said.encode())
    (folder / KEYS).mkdir(mode=0o700)
    return False


def _compose(folder: Path, lines: int, seed: int, cast: Cast, tell: Tell) -> float:
    if (folder / FILES).is_dir():
        return 0.0
    tell(
        f"composing: {lines:,} lines, their records, their officers' signatures ({len(cast.officers):,} simulated officers)"
    )
    begun = time.perf_counter()
    cover = cover_of(moment(wiring.system_clock()), wiring.new_nonce())
    head = cast.key(str(cover["holder"]))
    write_files(
        folder / FILES,
        seed,
        lines,
        cast.officers,
        cover,
        head,
        WORKERS,
        lambda done: tell(f"    {done:,} lines written"),
    )
    return time.perf_counter() - begun


def _row_1(folder: Path, lines: int, cast: Cast, tell: Tell) -> Row:
    tell("row 1: the datafile as it was submitted")
    meter = Meter(tell)
    reset_peak()
    gate = _opened(folder, AS_IT_IS, cast, meter)
    with meter.phase("receive, check, guard"):
        summary = play.send_as_it_was(gate, folder / FILES / AS_SUBMITTED)
    ended = Ended({}, {"rejected": {summary.rejected_code: lines}}, {})
    return _row(1, "as submitted", lines, gate, ended, meter)


@dataclass(frozen=True, slots=True)
class _Second:
    """Row 2 and what is told of it beside its counts."""

    row: Row
    gate: Gate
    summary: SubmissionSummary
    kept: tuple[Kept, ...]
    opened: int
    reconciliation: Reconciliation


def _row_2(folder: Path, cast: Cast, tell: Tell) -> _Second:
    tell("row 2: put in order, guard's limits raised, so that only the lines decide")
    meter = Meter(tell)
    reset_peak()
    with meter.phase("index of records"):
        gate = _opened(folder, RAISED, cast, meter)
    with meter.phase("receive, check, guard"):
        summary = play.send_in_order(gate, folder / FILES / IN_ORDER)
    with meter.phase("decide, match, minimise"):
        play.decide(gate, cast, summary)
    with meter.phase("authorise, log"):
        play.release(gate, cast, summary.submission)
    with meter.phase("seal, hand over"):
        handed = play.hand_over(gate, summary.submission, folder / OUTBOX)
    with meter.phase("account"):
        kept = [_kept(folder, cast, *found) for found in handed.kept]
        acks = [one.ack.read_bytes() for one in kept if _opens(folder, one)]
        pipeline.acknowledge_all(gate, acks)
        reconciliation = reconcile_home(gate)
    with meter.phase("held against the truth (no step of the gateway)"):
        ended = play.ended(gate, summary)
        against = Truth(folder / FILES / TRUTH).measure(play.answers(gate, summary))
    row = _row(2, "put in order, limits raised", summary.line_count, gate, ended, meter)
    row = replace(row, against=against, handed_over=handed.packages, exact=reconciliation.exact)
    return _Second(row, gate, summary, tuple(kept), len(acks), reconciliation)


def _row_3(folder: Path, cast: Cast, tell: Tell) -> Row:
    tell("row 3: the same before the example settings' guard")
    meter = Meter(tell)
    reset_peak()
    gate = _opened(folder, AS_IT_IS, cast, meter)
    with meter.phase("receive, check, guard"):
        summary = play.send_in_order(gate, folder / FILES / IN_ORDER)
    with meter.phase("account"):
        exact = reconcile_home(gate).exact
        ended = play.ended(gate, summary)
    return replace(
        _row(3, "put in order, example limits", summary.line_count, gate, ended, meter), exact=exact
    )


def _opened(folder: Path, home: str, cast: Cast, meter: Meter) -> Gate:
    records = sorted((folder / FILES / RECORDS).glob("*.parquet")) if home == RAISED else []
    gate = open_home(folder / home, cast, raised=home == RAISED, records=records)
    return replace(gate, watch=meter.watch)


def _row(number: int, title: str, lines: int, gate: Gate, ended: Ended, meter: Meter) -> Row:
    seconds = {name: round(value, 2) for name, value in meter.seconds.items()}
    processor = {name: round(value, 2) for name, value in meter.processor.items()}
    lookups = gate.memory.tally().lookups
    return Row(number, title, lines, lookups, ended, NOBODY, 0, True, seconds, processor, peak_memory_mb())


def _kept(folder: Path, cast: Cast, package: Path, recipient: str) -> Kept:
    officer = next(o for o in cast.officers if o.recipient == recipient)
    key, identity = key_files(folder / KEYS / "kept", officer)
    return Kept(package, key, identity, key.with_suffix(".ack.json"))


def _opens(folder: Path, kept: Kept) -> bool:
    """Let the engaged officer's tool open one kept package as if for the first time, and acknowledge it."""
    state = kept.key.with_suffix(".state.json")
    state.unlink(missing_ok=True)
    policy = folder / RAISED / places.POLICY_FILE
    done = _verify(
        "package",
        kept.package,
        "--policy",
        policy,
        "--identity",
        kept.identity,
        "--key",
        kept.key,
        "--state",
        state,
        "--ack",
        kept.ack,
    )
    return done.returncode == 0


def _verify(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own verifier, in a process of its own, with words of our own
        [sys.executable, "-c", VERIFY, *map(str, words)], text=True, capture_output=True, check=False
    )


def reset_peak() -> None:
    """Let the system count this process's greatest memory anew, where it can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_memory_mb() -> int:
    """Return the greatest memory of this process since the last reset (Linux), else since its beginning, in megabytes."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024
