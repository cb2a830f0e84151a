"""Measures replay of a past submission under another reading, as a stream, in one process; prints JSON. ``python bench/replay.py [lines]``.

The lines differ and mix the worked cases; a third of them left as released, confirmed or no answer. Three readings: ``manual`` asks one
element about a line again, ``policy-2025`` one about the cover and frees the address, ``reworded`` is a version that reads the address and the
reasons otherwise, so that both are read again. Nothing here can look anything up: there is no index.
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from lawgate.adapters.pack_shelf import pack_files
from lawgate.domain.past import PastLine, Told
from lawgate.domain.steps import Line
from lawgate.oversight.reread import replay, reread
from lawgate.statutes.cases import Case, read_cases
from lawgate.statutes.check import check_request, prepare_cover
from lawgate.statutes.pack import Pack
from lawgate.statutes.packs.usc26_6103_i_2 import GROUND, PACK

LINES = 1_280_000
MOST_SECONDS = 60.0
"""For each reading of 2025, over the whole number of lines."""
TOLD = (Told.RELEASED, Told.CONFIRMED, Told.NO_ANSWER)
REASONS = ("301", "301", "340")


def reworded() -> Pack:
    """A version whose elements on address and reasons say the same in other words."""
    rules = tuple(
        replace(r, sentence=f"{r.sentence} Reworded.") if r.id in ("R-5c", "R-8") else r  # type: ignore[arg-type]
        for r in PACK.rules
    )
    return replace(PACK, version="reworded", applied=False, rules=rules)


def worked() -> tuple[Case, ...]:
    """The cases that leave the cover as the base has it, so that they could stand in one submission."""
    cases = read_cases(pack_files(PACK).cases)
    return tuple(
        c for c in cases if c.cover == cases[0].cover and c.standing == cases[0].standing and not c.forgotten
    )


def past(count: int) -> Iterator[PastLine]:
    """Yield so many past lines, one at a time; findings are shared by lines that were found alike, as a store would keep them."""
    cases = worked()
    base = cases[0]
    prepared = prepare_cover(PACK, base.cover, base.received_at, base.standing, base.now)
    found = [check_request(prepared, case.line).findings for case in cases]
    on = [all(f.outcome.value in ("MET", "ASK") for f in findings) for findings in found]
    for n in range(count):
        kind = n % len(cases)
        stated = cases[kind].line
        data = dict(stated.data, request_key=f"K-{n}")
        if isinstance(address := data.get("address"), dict) and address.get("number"):
            data["address"] = dict(address, number=str(1 + n % 9_999))
        line = Line(n + 1, f"K-{n}", data, stated.digest, stated.attestation)
        if on[kind]:
            yield PastLine(n + 1, found[kind], TOLD[n % 3], REASONS[n % 3], line=line)
        else:
            yield PastLine(n + 1, found[kind], line=line)


def measured(new: Pack, count: int) -> dict[str, object]:
    """Replay the stream under a reading; seconds are of the processor and include making the lines."""
    base = worked()[0]
    reading = reread(PACK, new, base.cover, base.received_at, base.standing, base.now)
    flips: Counter[str] = Counter()
    begun = time.process_time()
    for flipped in replay(reading, past(count)):
        flips[f"{flipped.flip.value} ({flipped.told.value or '-'})"] += 1
    seconds = time.process_time() - begun
    return {
        "seconds": round(seconds, 1),
        "lines_per_second": round(count / seconds),
        "flips": dict(flips.most_common()),
    }


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    begun = time.process_time()
    for _ in past(count):
        pass
    making = time.process_time() - begun
    found = {
        "manual": measured(GROUND.version("manual"), count),
        "policy-2025": measured(GROUND.version("policy-2025"), count),
        "reworded": measured(reworded(), count),
    }
    most = MOST_SECONDS * count / LINES
    ok = all(float(str(found[name]["seconds"])) <= most for name in ("manual", "policy-2025"))
    print(
        json.dumps(
            {
                "bench": "replay",
                "lines": count,
                "seconds_making_the_lines": round(making, 1),
                "readings": found,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "floor_seconds": most,
                "ok": ok,
                "python": platform.python_version(),
            }
        )
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
