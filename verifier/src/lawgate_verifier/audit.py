"""What the entries of a log say together: chains without gaps, counts that add up, stops that bit. Reads; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate_verifier import audit_answers, audit_keeping
from lawgate_verifier.answers import no_answers
from lawgate_verifier.ledger import Fault, Log
from lawgate_verifier.stops import replay
from lawgate_verifier.walk import Walk

_STEPS = {**audit_keeping.STEPS, **audit_answers.STEPS}


@dataclass(frozen=True, slots=True)
class Audit:
    """All faults of a log in the order of its entries, and the counts an overseer asks for first."""

    faults: tuple[Fault, ...]
    types: Mapping[str, int]
    lines: Mapping[str, int]
    policy_sha256: str


def audit(log: Log, before: Sequence[Log] = ()) -> Audit:
    """Follow a log from its first entry to its last and name everything that does not follow from what stands before it.

    ``before`` are the logs of earlier years, oldest first, opened with their bases: what an entry relies on may stand there.
    """
    years = (*before, log)
    stops, broken = replay(entry for year in years for entry in year.stops)
    known = [fault for year in years for fault in year.faults]
    with no_answers() as answers:
        walk = Walk(years[0], None, stops, answers, known)
        walk.faults += [Fault(index, sentence) for index, sentence in broken]
        for year in years:
            _follow(walk, year)
            walk.before = year
    faults = sorted(walk.faults, key=lambda fault: -1 if fault.index is None else fault.index)
    return Audit(tuple(faults), walk.types, _lines(walk), walk.policy_sha256)


def _follow(walk: Walk, year: Log) -> None:
    walk.log = year
    for entry in year.entries:
        walk.types[entry.kind] += 1
        at = entry.index - year.base
        walk.demand(at > 0 or entry.kind == "policy", entry, "The first entry is not a policy entry.")
        succeeds = at == 1 and walk.before is not None
        walk.demand(
            (entry.kind == "shard") == succeeds,
            entry,
            "A log that succeeds another says so in its second entry, and no other does anywhere.",
        )
        walk.demand(entry.text("time") >= walk.time, entry, "The time is before that of the entry before.")
        walk.time = max(walk.time, entry.text("time"))
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(walk, entry)


def _lines(walk: Walk) -> dict[str, int]:
    received = sum(entry.number("lines") for entry in walk.submissions.values())
    counts = {"received": received, "determined": sum(walk.determined.values())}
    return counts | {letter: walk.letters[letter] for letter in sorted(walk.letters)}
