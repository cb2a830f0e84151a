"""Measures step 3: lines traced, sketched and admitted per second of processor time of one core; prints JSON.

``python bench/guard.py [lines]``. Nine lines in ten have reasons of their own, one in ten is a template. A second figure is for the worst
kind of file: every line about one person, with the same reasons, after a thousand earlier lines on that matter.
"""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from lawgate.adapters.key_store import fingerprint
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.kept import EarlierLine
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import (
    Attestation,
    Checked,
    Cover,
    Disposition,
    Json,
    Line,
    Received,
    SubmissionId,
)
from lawgate.guard.admit import Counts, Limits, admit
from lawgate.guard.traces import asked_before, questions, traces

LINES = 20_000
FLOOR = 1_000
"""Lines per second on one core below which something is wrong; 1.28 million lines then take 21 minutes."""
LIMITS = Limits(30, 60, 200, 2000, 5000, 3, 25, 50, 0.2, 5, 40, 15, 0.1, 100)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MET = (Finding("R", Outcome.MET, "", Basis.POLICY, "", ""),)


def made_line(n: int, words: list[str], draw: random.Random) -> Line:
    own = " ".join(draw.choices(words, k=28))
    given, surname = draw.choice(words).title(), draw.choice(words).title()
    data: dict[str, Json] = {
        "request_key": f"K-{n}",
        "name": {"given": given, "surname": surname},
        "address": {
            "number": str(1 + n % 9000),
            "street": f"{draw.choice(words).title()} St",
            "city": "Springfield",
            "state": "IL",
            "zip": "62701",
        },
        "birth_date": f"19{n % 100:02d}-05-01",
        "proceeding": {"case_number": f"C-{n}", "opened": f"2026-01-{1 + n % 28:02d}"},
        "reasons": f"{given} {surname} left after the final order of {n}; {own}."
        if n % 10
        else f"{given} is sought.",
    }
    return Line(n, f"K-{n}", data, f"{n:064x}", Attestation("k", f"officer-{n % 400}", "aa"))


def received(lines: list[Line]) -> Received:
    cover = Cover(
        "0" * 32,
        NOW,
        "asking",
        "agency-head",
        "o",
        None,
        "g",
        "a",
        "l",
        "b",
        "c",
        len(lines),
        {},
        "u",
        "k",
        "e",
    )
    return Received(SubmissionId("0123456789ABCDEF"), "f" * 64, cover, tuple(lines), NOW)


def timed(lines: list[Line], earlier: bool) -> tuple[float, int]:
    mark = fingerprint(os.urandom(32))
    submission, agreement = received(lines), Agreement("a", "asking", "g", 10**9, NOW.date())
    begun = time.process_time()
    left = traces(submission, mark)
    asked = questions(left)
    counts = {"matter": dict.fromkeys(asked["matter"], 1000)} if earlier else {}
    before = [
        EarlierLine(SubmissionId("FEDCBA9876543210"), n, Disposition.ANSWERED)
        for n in range(1000 if earlier else 0)
    ]
    known = dict.fromkeys(asked_before(left, counts), before)
    admitted = admit([Checked(one, MET) for one in lines], Counts(counts, known), left, LIMITS, agreement)
    seconds = time.process_time() - begun
    assert len(admitted) == len(lines)
    return len(lines) / seconds, len(left)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    draw = random.Random(6103)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(5, 9))) for _ in range(20_000)]
    lines = [made_line(n, words, draw) for n in range(1, count + 1)]
    rate, left = timed(lines, earlier=False)
    half, _ = timed(lines[: count // 2], earlier=False)
    same = [replace(lines[0], ordinal=n) for n in range(1, count + 1)]
    worst, _ = timed(same, earlier=True)
    ok = min(rate, worst) >= FLOOR
    print(
        json.dumps(
            {
                "bench": "guard",
                "lines": count,
                "lines_per_second_one_core": round(rate),
                "lines_per_second_half_the_file": round(half),
                "lines_per_second_one_matter_again_and_again": round(worst),
                "traces_per_line": round(left / count, 1),
                "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "floor": FLOOR,
                "ok": ok,
                "python": platform.python_version(),
            }
        )
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
