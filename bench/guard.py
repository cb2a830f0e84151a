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

from lawgate.adapters.key_store import marks
from lawgate.domain.kept import EarlierLine, EarlierMatter
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import (
    Attestation,
    Cover,
    Disposition,
    Json,
    Line,
    SubmissionId,
)
from lawgate.guard.admit import Guard, Limits
from lawgate.guard.matter import address_of, name_of
from lawgate.guard.packed import pack, unpack
from lawgate.guard.seen import Seen
from lawgate.guard.traces import Tracer

LINES = 20_000
FLOOR = 1_000
"""Lines per second on one core below which something is wrong; 1.28 million lines then take 21 minutes."""
LIMITS = Limits(30, 60, 200, 2000, 5000, 3, 25, 50, 0.2, 5, 40, 15, 0.1, 100)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHUNK = 2_000


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


def cover_of(lines: int) -> Cover:
    return Cover(
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
        lines,
        {},
        "u",
        "k",
        "e",
    )


def timed(lines: list[Line], earlier: bool) -> tuple[float, float, int]:
    """Both passes, chunk by chunk as the pipeline makes them; names and addresses were read by step 2 before."""
    mark = marks(os.urandom(32))
    cover, agreement = cover_of(len(lines)), Agreement("a", "asking", "g", 10**9, NOW.date())
    read = [(line, name_of(line.data), address_of(line.data)) for line in lines]
    before = tuple(
        EarlierLine(SubmissionId("FEDCBA9876543210"), n, Disposition.ANSWERED) for n in range(1000)
    )
    known = EarlierMatter(before, (bytes(32),) * len(before))
    begun = time.process_time()
    tracer, seen, chunks = Tracer(cover, mark), Seen(), []
    for start in range(0, len(read), CHUNK):
        left = pack([tracer.of(line, n, a, goes_on=True) for line, n, a in read[start : start + CHUNK]])
        seen.add(left.lines, left.unusable, left.entries)
        chunks.append(left.left)
    first = time.process_time() - begun
    seen.settle(lambda matters: dict.fromkeys(matters, known) if earlier else {})
    guard = Guard(seen, LIMITS, agreement, tracer.common, {})
    admitted = 0
    for number, chunk in enumerate(chunks):
        left_again = list(unpack(chunk, 1 + number * CHUNK))
        guard.duplicates(left_again, {})
        admitted += sum(1 for _ in guard.admit(left_again, {}))
    seconds = time.process_time() - begun
    kept = sum(1 for _ in seen.traces(tracer.common)) + sum(
        1 for _ in seen.matter_traces(b"\1" * (len(lines) + 1))
    )
    assert admitted == len(lines)
    return len(lines) / first, len(lines) / seconds, kept


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    draw = random.Random(6103)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(5, 9))) for _ in range(20_000)]
    lines = [made_line(n, words, draw) for n in range(1, count + 1)]
    first, rate, left = timed(lines, earlier=False)
    _, half, _ = timed(lines[: count // 2], earlier=False)
    same = [replace(lines[0], ordinal=n) for n in range(1, count + 1)]
    _, worst, _ = timed(same, earlier=True)
    ok = min(rate, worst) >= FLOOR
    print(
        json.dumps(
            {
                "bench": "guard",
                "lines": count,
                "lines_per_second_one_core": round(rate),
                "lines_per_second_first_pass": round(first),
                "lines_per_second_half_the_file": round(half),
                "lines_per_second_one_matter_again_and_again": round(worst),
                "rows_kept_per_line": round(left / count, 1),
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
