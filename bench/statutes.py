"""Measures step 2: requests checked, all findings kept, per second of processor time of one core; prints JSON.

``python bench/statutes.py [requests]``. The lines differ from one another and mix good ones with the worked cases' bad ones.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

from lawgate.domain.steps import Line
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.statutes.cases import read_cases
from lawgate.statutes.check import check_request, disposition, prepare_cover
from lawgate.statutes.packs import usc26_6103_i_2

REQUESTS = 20_000
FLOOR = 2_000
"""Requests per second on one core below which something is wrong. The aim is 30,000 on two."""


def lines(count: int) -> list[Line]:
    """Make lines by turns from every worked case, each with its own number, street number and reason."""
    text = Path(str(usc26_6103_i_2.__file__)).with_name("cases.toml").read_text(encoding="utf-8")
    stated = [case.line for case in read_cases(text)]
    made = []
    for n in range(count):
        line = stated[n % len(stated)]
        data = dict(line.data, request_key=f"K-{n}")
        if isinstance(address := data.get("address"), dict) and address.get("number"):
            data["address"] = dict(address, number=str(1 + n))
        if data.get("reasons"):
            data["reasons"] = f"{data['reasons']} Exhibit {n}."
        made.append(replace(line, ordinal=n + 1, data=data))
    return made


def reading_seconds(work: list[Line]) -> float:
    """Time what the identity room alone takes of it, by doing that part again."""
    begun = time.process_time()
    for line in work:
        for stated, read in ((line.data.get("name"), read_name), (line.data.get("address"), read_address)):
            if isinstance(stated, dict):
                read(stated)
    return time.process_time() - begun


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    pack = usc26_6103_i_2.PACK
    text = Path(str(usc26_6103_i_2.__file__)).with_name("cases.toml").read_text(encoding="utf-8")
    base = read_cases(text)[0]
    prepared = prepare_cover(pack, base.cover, base.received_at, base.standing, base.now)
    work = lines(count)
    ends: dict[str, int] = {}
    findings = 0
    begun = time.process_time()
    for line in work:
        checked = check_request(prepared, line)
        findings += len(checked.findings)
        letter = disposition(checked)
        end = letter.value if letter else "on"
        ends[end] = ends.get(end, 0) + 1
    seconds = time.process_time() - begun
    rate = round(count / seconds)
    reading = reading_seconds(work)
    print(
        json.dumps(
            {
                "bench": "statutes",
                "pack": pack.id,
                "requests": count,
                "findings": findings,
                "ends": ends,
                "cpu_seconds": round(seconds, 3),
                "requests_per_second_one_core": rate,
                "cpu_seconds_reading_names_and_addresses": round(reading, 3),
                "rest_requests_per_second_one_core": round(count / (seconds - reading)),
                "floor": FLOOR,
                "ok": rate >= FLOOR,
                "python": platform.python_version(),
            }
        )
    )
    return 0 if rate >= FLOOR else 1


if __name__ == "__main__":
    raise SystemExit(main())
