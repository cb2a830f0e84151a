"""Past lines read quickly are the lines as every other way of reading has them; and many processes find what one finds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lawgate import wiring
from lawgate.cli.frame import Meter
from lawgate.domain.past import PastLine, Told
from lawgate.domain.steps import Proposed, SubmissionId, VerdictKind
from lawgate.oversight.replay import replay_submission
from lawgate.oversight.reread import replay, reread
from lawgate.statutes.pack import Pack

PAIRS = [
    (old, new)
    for ground in wiring.GROUNDS
    for old in ground.versions
    for new in ground.versions
    if old is not new
]


def plainly(house: Any, submission: SubmissionId) -> list[PastLine]:
    """The past of every line, put together from what the steps themselves read."""
    memory = house.gate.memory

    def looked_up(proposed: Proposed, told: Told) -> PastLine:
        approved, verdict = proposed.matched.approved, proposed.matched.verdict
        return PastLine(
            approved.line.ordinal, approved.findings, told, verdict.reason,
            verdict.kind is VerdictKind.ONE, approved.line,
        )  # fmt: skip

    found = [looked_up(p, Told.NOTHING) for p in memory.proposals(submission)]
    answers = [a.authorised.proposed for a in memory.logged(submission)]
    found += [looked_up(p, Told(p.kind.value)) for p in answers]
    known = {line.ordinal for line in found}
    pairs = zip(memory.lines(submission), memory.statuses(submission), strict=True)
    found += [
        PastLine(line.ordinal, status.findings, line=line)
        for line, status in pairs
        if line.ordinal not in known
    ]
    return sorted(found, key=lambda line: line.ordinal)


@pytest.fixture(params=["received", "approved", "proposed", "logged", "withheld", "handed over"])
def dealt_with(house: Any, request: pytest.FixtureRequest) -> SubmissionId:
    """A submission that came so far, with lines that are refused, returned, faulty or used twice among it."""
    good = house.many()
    bad = [house.one(number=n) for n in (7, 8, 9, 9)]
    bad[0]["items_requested"], bad[1]["address"] = [], {"text": "Failed to Provide"}
    bad[0]["reasons"] += " \ud800"  # half a pair, which JSON can say
    submission = house.receive([*good, *(json.dumps(line) for line in bad), "{"])
    if request.param != "received":
        house.approve(submission)
    if request.param in ("proposed", "logged", "withheld", "handed over"):
        house.two_look(submission)
    if request.param in ("logged", "handed over"):
        house.authorise(submission)
    if request.param == "withheld":
        released = [p for p in house.gate.memory.proposals(submission) if p.fields]
        assert released
        house.authorise(submission, withhold=[p.matched.approved.line.ordinal for p in released])
    if request.param == "handed over":
        assert house.packages(submission)
    assert isinstance(submission, str)
    return SubmissionId(submission)


def test_the_quick_way_reads_what_the_plain_ways_read(house: Any, dealt_with: SubmissionId) -> None:
    plain = plainly(house, dealt_with)
    assert list(house.gate.memory.past(dealt_with, stated=True)) == plain
    assert list(house.gate.memory.past(dealt_with)) == [replace(line, line=None) for line in plain]
    assert list(house.gate.memory.past(dealt_with, range(3, 8), stated=True)) == plain[2:7]


def test_under_every_pair_of_readings_of_every_ground_both_ways_flip_the_same_lines(
    house: Any, dealt_with: SubmissionId
) -> None:
    plain, memory = plainly(house, dealt_with), house.gate.memory
    received = memory.received(dealt_with)
    assert len(PAIRS) >= 6
    for old, new in PAIRS:
        cover = replace(received.cover, pack=old.id)
        reading = reread(old, new, cover, received.received_at, memory.standing(), received.received_at)
        quick = memory.past(dealt_with, stated=bool(reading.wanted))
        assert list(replay(reading, quick)) == list(replay(reading, plain)), (old.name, new.name)


def test_several_processes_find_what_one_finds_and_tell_how_far_they_are(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = house.logged(*house.many("confirmed", "released", "nobody"))
    (ground,) = house.gate.packs.values()
    monkeypatch.setattr(wiring.spread, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(
        wiring.replay, "line_ranges", lambda count: (range(n, n + 1) for n in range(1, count + 1))
    )
    for version in ("manual", "policy-2025"):
        new: Pack = ground.version(version)
        told: list[str] = []
        meter = Meter(3, iter(range(0, 600, 6)).__next__, told.append, step="replay")
        done = wiring.replay_past(house.home, house.gate, submission, new, meter)
        assert done == replay_submission(house.gate.memory, ground, submission, new)
        assert [text.split(" lines")[0] for text in told] == [f"read {n} of 3" for n in (1, 2, 3)]
