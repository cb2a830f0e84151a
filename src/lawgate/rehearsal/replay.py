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

from lawgate import wiring
from lawgate.adapters.durable import write_atomic
from lawgate.domain.errors import SettingsError
from lawgate.domain.kept import SubmissionSummary
from lawgate.gate import Gate
from lawgate.oversight.survey import reconcile_home
from lawgate.rehearsal import replay_play as play
from lawgate.rehearsal.exchange import people_for
from lawgate.rehearsal.exchange_files import AS_SUBMITTED, IN_ORDER, RECORDS, TRUTH, write_files
from lawgate.rehearsal.exchange_officers import demo_officers, key_files, officers_for
from lawgate.rehearsal.exchange_truth import Against, Truth
from lawgate.rehearsal.replay_stage import Cast, cover_of, demo_cast, open_home
from lawgate.rehearsal.scripts import moment

MARK = ".lawgate-replay"
FILES, KEYS, AS_IT_IS, RAISED = "files", "demo-keys", "home-example-limits", "home-raised-limits"
WORKERS = 2
VERIFY = "import sys; from lawgate_verifier.cli import main; sys.exit(main())"
NOBODY = Against(0, 0, 0, 0, 0, 0, {})

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what was sent where, and what came of it. ``seconds`` are by the clock, ``processor_seconds`` as the steps report them."""

    number: int
    title: str
    lines: int
    lookups: int
    ended: play.Ended
    against: Against
    handed_over: int
    exact: bool
    seconds: Mapping[str, float]
    processor_seconds: Mapping[str, float]
    peak_memory_mb: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole replay. ``opened`` of ``kept`` packages opened with ``lawgate-verify``; ``ledger_sound`` is its word on the log."""

    folder: Path
    lines: int
    seed: int
    rows: tuple[Row, ...]
    composing_seconds: float
    people: int
    officers: int
    kept: int
    opened: int
    ledger_sound: bool
    resumed: bool
    submission: str

    @property
    def sound(self) -> bool:
        """Say whether nothing was told that may not be, the counts agree, and what was kept verifies."""
        told = all(
            not (r.against.without_verified_address or r.against.wrong_person or r.against.wrong_address)
            for r in self.rows
        )
        touched = all(row.lookups == 0 for row in self.rows if row.number != 2)
        exact = all(row.exact for row in self.rows)
        return told and touched and exact and self.ledger_sound and self.opened == self.kept


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
    """Play all three rows in ``folder``. The same call after a crash goes on; another number of lines or seed begins anew.

    Raises SettingsError if the folder exists and no replay made it.
    """
    resumed = _claim(folder, lines, seed)
    keys = folder / KEYS
    cast = demo_cast(keys, demo_officers(keys / "demo-officers.jsonl", officers_for(lines)))
    for home in (AS_IT_IS, RAISED):  # the keys are enrolled before anything is signed with them
        open_home(folder / home, cast, raised=home == RAISED, records=[])
    composing = _compose(folder, lines, seed, cast, tell)
    rows = [_row_1(folder, lines, cast, tell)]
    row, summary, handed = _row_2(folder, cast, tell)
    rows += [row, _row_3(folder, cast, tell)]
    tell("checking with lawgate-verify, a program of its own")
    opened = sum(_opens(folder, cast, *kept) for kept in handed.kept)
    sound = _verify(
        "ledger", folder / RAISED / wiring.LEDGER, "--policy", folder / RAISED / wiring.POLICY_FILE
    )
    return Replay(
        folder, lines, seed, tuple(rows), composing, people_for(lines), len(cast.officers), len(handed.kept), opened, sound,
        resumed, summary.submission,
    )  # fmt: skip


def _claim(folder: Path, lines: int, seed: int) -> bool:
    """Make the folder or go on in it; say which. What another replay left in it is cleared away."""
    said = json.dumps({"lines": lines, "seed": seed})
    mark = folder / MARK
    if folder.exists() and not mark.is_file():
        if any(folder.iterdir()):
            raise SettingsError(f"{folder} exists and was not made by a replay; name another folder")
    elif mark.is_file() and mark.read_text(encoding="ascii") == said:
        return True
    elif mark.is_file():
        shutil.rmtree(folder)
    (folder / KEYS).mkdir(parents=True, mode=0o700)
    write_atomic(mark, said.encode())
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
    ended = play.ended(gate, replace(summary, line_count=lines))
    return _row(1, "as submitted", lines, gate, ended, meter)


def _row_2(folder: Path, cast: Cast, tell: Tell) -> tuple[Row, SubmissionSummary, play.HandedOver]:
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
        handed = play.hand_over(gate, summary.submission, folder / "outbox")
    with meter.phase("account"):
        ended = play.ended(gate, summary)
        against = Truth(folder / FILES / TRUTH).measure(play.answers(gate, summary))
        exact = reconcile_home(gate).exact
    row = _row(2, "put in order, limits raised", summary.line_count, gate, ended, meter)
    return replace(row, against=against, handed_over=handed.packages, exact=exact), summary, handed


def _row_3(folder: Path, cast: Cast, tell: Tell) -> Row:
    tell("row 3: the same before the example settings' guard")
    meter = Meter(tell)
    reset_peak()
    gate = _opened(folder, AS_IT_IS, cast, meter)
    with meter.phase("receive, check, guard"):
        summary = play.send_in_order(gate, folder / FILES / IN_ORDER)
    with meter.phase("account"):
        ended = play.ended(gate, summary)
        exact = reconcile_home(gate).exact
    return replace(
        _row(3, "put in order, example limits", summary.line_count, gate, ended, meter), exact=exact
    )


def _opened(folder: Path, home: str, cast: Cast, meter: Meter) -> Gate:
    records = sorted((folder / FILES / RECORDS).glob("*.parquet")) if home == RAISED else []
    gate = open_home(folder / home, cast, raised=home == RAISED, records=records)
    return replace(gate, watch=meter.watch)


def _row(number: int, title: str, lines: int, gate: Gate, ended: play.Ended, meter: Meter) -> Row:
    seconds = {name: round(value, 2) for name, value in meter.seconds.items()}
    processor = {name: round(value, 2) for name, value in meter.processor.items()}
    lookups = gate.memory.tally().lookups
    return Row(number, title, lines, lookups, ended, NOBODY, 0, True, seconds, processor, peak_memory_mb())


def _opens(folder: Path, cast: Cast, package: Path, recipient: str) -> bool:
    """Let the engaged officer's tool open one kept package, as if for the first time."""
    officer = next(o for o in cast.officers if o.recipient == recipient)
    key, identity = key_files(folder / KEYS / "kept", officer)
    state = folder / KEYS / "kept" / f"{officer.person}.state.json"
    state.unlink(missing_ok=True)
    policy = folder / RAISED / wiring.POLICY_FILE
    return _verify(
        "package", package, "--policy", policy, "--identity", identity, "--key", key, "--state", state
    )


def _verify(*words: object) -> bool:
    done = subprocess.run(  # noqa: S603  our own verifier, in a process of its own, with words of our own
        [sys.executable, "-c", VERIFY, *map(str, words)], text=True, capture_output=True, check=False
    )
    return done.returncode == 0


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
