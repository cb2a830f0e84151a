"""Times the address gate on made-up free-text addresses and prints JSON: one process, two processes, and plain parsing as the floor.

Usage: python bench/address.py [addresses]. The lines come from the test corpus, each with its own number.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path

from lawgate.cli.address import answers, checked
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name

COUNT = 120_000
AIM = 30_000
"""Free-text addresses per second on two cores."""

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "addresses.jsonl"


def made(count: int) -> list[str]:
    """Return JSONL lines from the corpus by turns, each with another house number, so that no two are the same text."""
    base = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in base if row["address"]]
    out = []
    for n in range(count):
        head, _, rest = texts[n % len(texts)].partition(" ")
        text = f"{1 + n} {rest}" if head.isdigit() else texts[n % len(texts)]
        out.append(json.dumps({"text": text}, ensure_ascii=False))
    return out


def timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def parts_micros() -> float:
    """Return microseconds to read one name and one address in parts, each address new."""
    count = 30_000
    begun = time.perf_counter()
    for n in range(count):
        read_name({"given": "Ana", "middle": "M", "surname": f"Lopez{chr(97 + n % 26)}"})
        read_address(
            {
                "number": str(n + 1),
                "street": "N Main St",
                "unit": f"Apt {n % 90}",
                "city": "Houston",
                "state": "TX",
                "zip": "77002",
            }
        )
    return (time.perf_counter() - begun) / count * 1e6


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    lines = made(count)
    text = "\n".join(lines)
    # The best of three: other work on the machine can only make a run slower.
    floor = timed(lambda: [json.loads(line) for line in text.splitlines()])
    cpu = time.process_time()
    one = timed(lambda: checked(lines, True))
    cpu = time.process_time() - cpu
    two = min(timed(lambda: [len(block) for block in answers(lines, True)]) for _ in range(3))
    rate = round(count / two)
    result = {
        "bench": "address",
        "addresses": count,
        "one_process_per_second": round(count / one),
        "one_process_per_cpu_second": round(count / cpu),
        "two_processes_per_second": rate,
        "floor_json_loads_per_second": round(count / floor),
        "microseconds_name_and_address_in_parts": round(parts_micros(), 1),
        "aim": AIM,
        "ok": rate >= AIM,
        "python": platform.python_version(),
    }
    print(json.dumps(result))
    return 0 if rate >= AIM else 1


if __name__ == "__main__":
    raise SystemExit(main())
