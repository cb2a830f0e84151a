"""Two processes on one database at once: indexes without gaps, no answer twice, nobody turned away."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from lawgate.domain.kept import Memory

HAMMER = Path(__file__).with_name("hammer.py")
LINES = 92


def run_two(database: Path, submission: str) -> list[list[int]]:
    go = database.parent / "go"
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                str(HAMMER),
                str(database),
                str(database.parent / "keys"),
                name,
                submission,
                str(go),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    while not all((database.parent / f"ready-{name}").exists() for name in ("one", "two")):
        assert all(worker.poll() is None for worker in workers), [w.communicate() for w in workers]
        time.sleep(0.005)
    go.touch()
    ends = [worker.communicate(timeout=60) for worker in workers]
    assert [(w.returncode, errors) for w, (_, errors) in zip(workers, ends, strict=True)] == [
        (0, ""),
        (0, ""),
    ]
    return [json.loads(out) for out, _ in ends]


def test_two_processes_answer_each_line_once_and_share_one_log(
    memory: Memory, database: Path, case: Any
) -> None:
    case.count = LINES
    case.keep(memory)
    case.decide(memory)
    case.look_up(memory)
    before = memory.size()
    one, two = run_two(database, case.submission)

    assert sorted(one + two) == case.waiting(), "each line was built once, by one of them"
    tally = memory.tally()
    assert tally.approved == tally.lookups == tally.answers == tally.accounting_rows == LINES - 2
    entries = [json.loads(raw) for raw in memory.entries(before, memory.size())]
    assert tally.entries == memory.size() == before + len(entries)
    kinds = [e["type"] for e in entries]
    assert kinds.count("answer") == LINES - 2
    assert kinds.count("heartbeat") == 2 * 30

    answers = [e for e in entries if e["type"] == "answer"]
    assert [e["sequence"] for e in answers] == list(range(1, LINES - 1))
    assert [e["previous"] for e in answers] == ["", *(str(e["index"]) for e in answers[:-1])]
    assert all(entries[e["index"] - before] == e for e in answers)
    assert sorted(a.index for a in memory.logged(case.submission)) == [e["index"] for e in answers]
