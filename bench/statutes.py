"""Measures step 2, all findings kept, in requests per second of processor time; prints JSON. ``python bench/statutes.py [requests]``.

The lines differ from one another and mix good ones with the worked cases' bad ones. Three rates, for one process and for two at once:
``judged`` is the check with everything read beforehand (the aim: 30,000 on two cores), ``without_identity`` includes reading all but
names and addresses, ``whole`` includes those (the aim: 50,000 on two cores), ``unlike`` is the whole where every line cites a statute of its
own, so that nothing settled for one line serves another. ``parsed`` is what plain Python does at best: it reads the line
as JSON and gives one answer to all. Processes are spawned, as the gateway's own are. Ratios compare, in the same run, with the same rules evaluated plainly: every element for
every line, facts handed over by name, a new finding each time.
"""

from __future__ import annotations

import json
import multiprocessing
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.steps import Checked, Line
from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.statutes.cases import Case, read_cases
from lawgate.statutes.check import Prepared, check_facts, check_request, letter_of, prepare_cover
from lawgate.statutes.facts import line_facts
from lawgate.statutes.packs.usc26_6103_i_2 import PACK
from lawgate.statutes.rule import Element, Rule, keyword

REQUESTS = 20_000
FLOOR = 30_000
"""Requests judged per second on two cores."""

CASES = Path(__file__).parents[1] / "src/lawgate/statutes/packs/usc26_6103_i_2/cases.toml"


def worked_cases() -> tuple[Case, ...]:
    return read_cases(CASES.read_text(encoding="utf-8"))


def lines(count: int) -> list[Line]:
    """Make lines by turns from every worked case, each with its own number, street number and reason."""
    stated = [case.line for case in worked_cases()]
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


def unlike(work: list[Line]) -> list[Line]:
    """Return the lines with a criminal statute of its own in each that states one."""
    return [
        replace(line, data={**line.data, "criminal_statute": f"18 U.S.C. {line.ordinal}"})
        if line.data.get("criminal_statute")
        else line
        for line in work
    ]


def prepared_base() -> Prepared:
    base = worked_cases()[0]
    return prepare_cover(PACK, base.cover, base.received_at, base.standing, base.now)


def seconds_of(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def identity_seconds(work: list[Line]) -> float:
    """Time what the identity room alone takes, by doing that part again."""
    stated = [
        (line.data.get(name), read)
        for line in work
        for name, read in (("name", read_name), ("address", read_address))
    ]
    readable: list[tuple[Any, Any]] = [(value, read) for value, read in stated if isinstance(value, dict)]
    return seconds_of(lambda: [read(value) for value, read in readable])


def parsed_seconds(work: list[Line]) -> float:
    """Time reading the lines' JSON and answering each the same."""
    texts = [json.dumps(line.data) for line in work]
    return seconds_of(lambda: [(json.loads(text), "X") for text in texts])


def measured(count: int, barrier: Any = None, results: Any = None) -> dict[str, float]:
    """Measure one process; where there are two, they begin together."""
    prepared, work = prepared_base(), lines(count)
    read = [line_facts(line, prepared.offence) for line in work]
    if barrier is not None:
        barrier.wait()
    judged = seconds_of(
        lambda: [check_facts(prepared, line, facts) for line, facts in zip(work, read, strict=True)]
    )
    whole = seconds_of(lambda: [check_request(prepared, line) for line in work])
    others = unlike(work)
    found = {
        "judged": judged,
        "without_identity": whole - identity_seconds(work),
        "whole": whole,
        "unlike": seconds_of(lambda: [check_request(prepared, line) for line in others]),
        "parsed": parsed_seconds(work),
    }
    if results is not None:
        results.put(found)
    return found


def at_once(count: int, processes: int) -> dict[str, int]:
    """Run so many processes at once and return requests per second of all together, by the slowest."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(processes), context.Queue()
    running = [context.Process(target=measured, args=(count, barrier, results)) for _ in range(processes)]
    for process in running:
        process.start()
    found = [results.get(timeout=600) for _ in running]
    for process in running:
        process.join()
    return {name: round(processes * count / max(one[name] for one in found)) for name in found[0]}


def plain_finding(element: Element, facts: Mapping[str, object]) -> Finding:
    if not isinstance(element, Rule):
        order = [Outcome.UNMET, Outcome.UNKNOWN, Outcome.ASK, Outcome.MET]
        return max(
            (plain_finding(rule, facts) for rule in element.rules), key=lambda f: order.index(f.outcome)
        )
    outcome: object = Outcome.UNKNOWN
    if all(fact in facts for fact in element.facts):
        try:
            outcome = element.predicate(**{keyword(fact): facts[fact] for fact in element.facts})
        except Exception:
            outcome = Outcome.UNKNOWN
    known = outcome if isinstance(outcome, Outcome) else Outcome.UNKNOWN
    return Finding(element.id, known, element.citation, element.basis, element.code, element.sentence)


def plain_seconds(count: int) -> float:
    prepared, work = prepared_base(), lines(count)
    read = [line_facts(line, prepared.offence) for line in work]

    def run() -> None:
        for line, known in zip(work, read, strict=True):
            facts = {**prepared.facts, **known}
            Checked(line, tuple(plain_finding(element, facts) for element in PACK.rules))

    return seconds_of(run)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    prepared, work = prepared_base(), lines(count)
    ends: dict[str, int] = {}
    for line in work:
        letter = letter_of(check_request(prepared, line).findings)
        end = letter.value if letter else "on"
        ends[end] = ends.get(end, 0) + 1
    one, two = measured(count), at_once(count, 2)
    plain = plain_seconds(count)
    print(
        json.dumps(
            {
                "bench": "statutes",
                "pack": PACK.id,
                "requests": count,
                "elements": len(PACK.rules),
                "findings": count * len(PACK.rules),
                "ends": ends,
                "requests_per_second_one_core": {name: round(count / s) for name, s in one.items()},
                "requests_per_second_two_cores": two,
                "plain_requests_per_second_one_core": round(count / plain),
                "judged_to_plain": round(plain / one["judged"], 2),
                "floor": FLOOR,
                "ok": two["judged"] >= FLOOR,
                "python": platform.python_version(),
            }
        )
    )
    return 0 if two["judged"] >= FLOOR else 1


if __name__ == "__main__":
    raise SystemExit(main())
