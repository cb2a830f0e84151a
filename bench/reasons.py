"""Measures how well step 3 tells copied reasons from a person's own, on labelled synthetic pairs; prints JSON. MinHash libraries beside it.

``python bench/reasons.py [pairs [lines]]``. Two reasons are alike if they share a band. Copies are of one text with another person's names, numbers and dates, and
changed further by kind; a person's own are two texts of which each says something else. The peers get the same words, and three-word shingles of the unmasked
text; they need their own environment: ``make peers``. Without it only step 3 is measured.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from lawgate.adapters.key_store import marks
from lawgate.domain.standing import Agreement
from lawgate.domain.steps import Json
from lawgate.guard.admit import Guard
from lawgate.guard.limits import Limits
from lawgate.guard.packed import pack
from lawgate.guard.reasons import BANDS, ROWS, Sketcher, words_left
from lawgate.guard.seen import Seen, seen_of
from lawgate.guard.traces import Traces
from lawgate.rehearsal.reasons import MATTERS, REASONS, RELEVANCE, reason

PAIRS, LINES, IN_A_FILE = 1_000, 20_000, 500
CHUNK = 2_000
LIMITS = Limits(30, 60, 200, 2000, 5000, 3, 25, 50, 0.2, 5, 40, 15, 0.1, 100)
PEER = Path(__file__).parent / "peers" / "minhash.py"
PEER_PYTHON = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"
WHOLE = ("other person", "parts in other order", "capitals", "look-alike letters")
"""Kinds of copies that have the same words, and that must all be found."""
MAX_FALSE = 0.01
"""The share of pairs of a person's own beyond which something is wrong."""
RARE = ["".join(random.Random(n).choices("abcdefghijklmnopqrstuvwxyz", k=5 + n % 6)) for n in range(4_000)]
LOOK_ALIKES = str.maketrans("aeopcx", "аеорсх")

Data = dict[str, Json]
Change = Callable[[str, random.Random], str]


def of_somebody(text: str, draw: random.Random) -> Data:
    """State a text about somebody invented, whose names, numbers and dates stand in it."""
    given, surname = draw.choice(RARE).title(), draw.choice(RARE).title()
    number, day = draw.randrange(10**8), f"{draw.randrange(1, 29)} March {draw.randrange(2000, 2026)}"
    stated = (
        f"{given} {surname}, file {number}, was named on {day}. {text} {surname} is at large since {day}."
    )
    return {"name": {"given": given, "surname": surname}, "reasons": stated}


def changed(share: float) -> Change:
    def change(text: str, draw: random.Random) -> str:
        words = text.split(" ")
        for place in draw.sample(range(len(words)), round(share * len(words))):
            words[place] = draw.choice(RARE)
        return " ".join(words)

    return change


COPIES: dict[str, Change] = {
    "other person": lambda text, _: text,
    "one word in ten": changed(0.1),
    "two words in ten": changed(0.2),
    "three words in ten": changed(0.3),
    "parts in other order": lambda text, _: "; ".join(reversed(text.rstrip(".").split("; "))) + ".",
    "capitals": lambda text, _: text.upper(),
    "look-alike letters": lambda text, _: text.translate(LOOK_ALIKES),
    "a third as much added": lambda text, draw: (
        f"{text} {' '.join(draw.choices(RARE, k=len(text.split()) // 3))}."
    ),
}


def own(draw: random.Random) -> tuple[str, str]:
    """Two texts with nothing in common but the language."""
    one, other = draw.sample(range(len(MATTERS)), 2)
    here, there = draw.sample(range(len(RELEVANCE)), 2)
    return f"{MATTERS[one]}; {RELEVANCE[here]}.", f"{MATTERS[other]}; {RELEVANCE[there]}."


def half(draw: random.Random) -> tuple[str, str]:
    """Two texts about different matters that need an address for the same purpose."""
    one, other = draw.sample(range(len(MATTERS)), 2)
    why = draw.choice(RELEVANCE)
    return f"{MATTERS[one]}; {why}.", f"{MATTERS[other]}; {why}."


def pairs_of(count: int) -> Iterator[tuple[str, Data, Data]]:
    draw = random.Random(6103)
    for kind, change in COPIES.items():
        for _ in range(count):
            text = reason(draw.randrange(REASONS))
            yield kind, of_somebody(text, draw), of_somebody(change(text, draw), draw)
    for kind, two in (("own", own), ("own, same purpose", half)):
        for _ in range(count * (5 if kind == "own" else 1)):
            one, other = two(draw)
            yield kind, of_somebody(one, draw), of_somebody(other, draw)


def shares(kinds: list[str], alike: list[bool]) -> dict[str, float]:
    found = dict.fromkeys(kinds, 0)
    for kind, same in zip(kinds, alike, strict=True):
        found[kind] += same
    return {kind: round(n / kinds.count(kind), 4) for kind, n in found.items()}


def shingles(text: str) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return sorted({" ".join(words[n : n + 3]) for n in range(max(1, len(words) - 2))})


def stated_lines(count: int) -> Iterator[Data]:
    """Give lines of which nine in ten state their own and one in ten a template."""
    draw = random.Random(1)
    for n in range(count):
        text = " ".join(draw.choices(RARE, k=28)) + "." if n % 10 else reason(1)
        yield of_somebody(text, draw)


def kept(sketcher: Sketcher, count: int) -> dict[str, object]:
    """Sketch lines and count their marks as the pipeline does; the sums are of processor time."""
    mark, seen, masking, sketching = marks(os.urandom(32)), Seen(), 0.0, 0.0
    before, left = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, list[Traces]()
    for n, data in enumerate(stated_lines(count), 1):
        begun = time.process_time()
        words = words_left(data)
        masked = time.process_time()
        bands, digests = sketcher.sketch(words)
        reasons = tuple([mark("reasons", band) for band in bands])
        sketching += time.process_time() - masked
        masking += masked - begun
        left.append(Traces(n, True, True, b"", b"", b"", b"", b"", reasons, (), digests))
        if len(left) == CHUNK or n == count:
            packed = pack(left)
            seen.add(packed.lines, packed.unusable, packed.entries)
            left.clear()
    seen.settle(lambda _: {})
    return {
        "lines": count,
        "masked_per_second": round(count / masking),
        "sketched_per_second": round(count / sketching),
        "added_memory_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10,
    }


def held(sketcher: Sketcher, change: Change | None) -> float:
    """Return the share of lines that guard holds (403) in a file whose lines are all copies of one text, each changed by itself, or all own."""
    mark, draw, left = marks(os.urandom(32)), random.Random(2), []
    numbers = draw.sample(range(REASONS), IN_A_FILE)
    for n, number in enumerate(numbers, 1):
        text = reason(number) if change is None else change(reason(1), draw)
        bands, digests = sketcher.sketch(words_left(of_somebody(text, draw)))
        reasons = tuple([mark("reasons", band) for band in bands])
        left.append(Traces(n, True, True, b"", b"", b"", b"", b"", reasons, (), digests))
    agreement = Agreement("a", "asking", "g", 10**9, date(2026, 1, 1))
    holds = Guard(seen_of(left), LIMITS, agreement, {}, {}).admit(left, {})
    return sum(any(hold.code == "403" for hold in of_line) for of_line, _ in holds) / IN_A_FILE


def peers(kinds: list[str], pairs: list[tuple[Data, Data]], count: int) -> list[dict[str, object]]:
    if not PEER_PYTHON.exists():
        return []
    results: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for tokens, cut in (
            ("words left", lambda data: sorted(words_left(data))),
            ("shingles", lambda data: shingles(data["reasons"])),
        ):
            file, many = Path(folder, "pairs"), Path(folder, "lines")
            file.write_text("".join(json.dumps([cut(one), cut(other)]) + "\n" for one, other in pairs))
            many.write_text("".join(json.dumps(cut(data)) + "\n" for data in stated_lines(count)))
            for library in ("datasketch", "rensa", "rensa-keyed"):
                for bands, rows in ((BANDS, ROWS), (9, 13), (25, 5)):
                    words = map(str, (PEER_PYTHON, PEER, library, bands, rows, file, many))
                    done = subprocess.run(list(words), capture_output=True, text=True, check=True)
                    said = json.loads(done.stdout)
                    found = {"library": library, "tokens": tokens, "bands": bands, "rows": rows}
                    results.append({**found, "alike": shares(kinds, said.pop("alike")), **said})
    return results


def main() -> int:
    count, lines = (int(sys.argv[n]) if len(sys.argv) > n else usual for n, usual in ((1, PAIRS), (2, LINES)))
    made = list(pairs_of(count))
    kinds, pairs = [kind for kind, _, _ in made], [(one, other) for _, one, other in made]
    sketcher = Sketcher(marks(os.urandom(32)))
    alike = [
        bool(set(sketcher.sketch(words_left(one))[0]) & set(sketcher.sketch(words_left(other))[0]))
        for one, other in pairs
    ]
    ours = shares(kinds, alike)
    files = {kind: held(sketcher, change) for kind, change in COPIES.items()} | {"own": held(sketcher, None)}
    ok = all(ours[kind] == files[kind] == 1 for kind in WHOLE) and max(ours["own"], files["own"]) <= MAX_FALSE
    print(
        json.dumps(
            {
                "bench": "reasons",
                "pairs_of_each_kind": count,
                "alike": ours,
                "lines_held_of_a_file": files,
                **kept(Sketcher(marks(os.urandom(32))), lines),
                "peers": peers(kinds, pairs, lines),
                "ok": ok,
                "python": platform.python_version(),
            }
        )
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
