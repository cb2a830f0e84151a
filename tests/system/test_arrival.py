"""A submission comes in chunk by chunk, read by one process or by several, and is the same; it is there whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lawgate import arrival, pipeline, wiring
from lawgate.domain.steps import LineStatus
from lawgate.domain.stop import StopScope
from lawgate.ledger.leaves import check_leaf
from lawgate.reading import TRACED, Order, Reader
from lawgate.statutes.pack import Ground


def of_every_kind(house: Any) -> list[Any]:
    """Keys and whole lines that come again in other chunks, lines of no form, one without a name, one matter told twice."""
    good = house.many()
    twice = good[0] | {"request_key": "again", "birth_date": "1971-11-23", "reasons": "Other words entirely."}
    return [
        *good[:3], "no line", good[0], good[1] | {"request_key": "new"}, good[4] | {"name": {"surname": "X"}, "request_key": "n"},
        *good[3:], good[3], twice, good[5], '{"request_key": 7}', good[2] | {"request_key": "third"},
    ]  # fmt: skip


def entered(gate: Any, submission: str) -> list[Any]:
    """What the log says of a submission, but for what is salted anew in every home."""
    found = map(check_leaf, gate.memory.entries(0, gate.memory.size()))
    return [
        {name: value for name, value in entry.items() if name != "lines_root"}
        for entry in found
        if entry.get("submission") == submission
    ]


Result = tuple[tuple[LineStatus, ...], list[Any], Any, Any]


def result(gate: Any, submission: Any) -> Result:
    from lawgate.store import models

    counted = sorted((t.kind, bytes(t.mark), t.lines) for t in models.Trace.objects.all())
    matters = sorted((bytes(m.mark), m.ordinal, bytes(m.said)) for m in models.MatterTrace.objects.all())
    assert not models.Arriving.objects.exists()
    return gate.memory.statuses(submission), entered(gate, submission), counted, matters


def test_the_result_is_the_same_whatever_the_chunks_and_the_processes(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = house.compose(of_every_kind(house))
    results, lines = [], []
    for name, chunk, worth in (("whole", 2000, 10**9), ("ones", 1, 10**9), ("threes", 3, 1)):
        shutil.copytree(house.home, tmp_path / name)
        monkeypatch.setattr(arrival, "CHUNK_LINES", chunk)
        monkeypatch.setattr(wiring.spread, "WORTH_PROCESSES", worth)
        gate = wiring.open_home(tmp_path / name, house.clock)
        submission = pipeline.receive(gate, files).submission
        results.append(result(gate, submission))
        lines.append(gate.memory.lines(submission))
    assert results[0] == results[1] == results[2]
    assert lines[0] == lines[1] == lines[2]
    letters = {s.disposition.value for s in results[0][0]}
    assert {"E", "D", "H"} <= letters


def test_guard_sees_name_and_address_also_where_no_rule_of_the_ground_looks_at_them(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ground,) = house.gate.packs.values()
    rules = tuple(e for e in ground.current.rules if not TRACED.intersection(e.facts))
    assert rules != ground.current.rules
    blind = Ground((replace(ground.current, rules=rules),))
    files = house.compose(house.many())
    marks = []
    for name, one in (("seeing", ground), ("blind", blind)):
        shutil.copytree(house.home, tmp_path / name)
        monkeypatch.setattr(wiring.packs, "GROUNDS", (one,))
        gate = wiring.open_home(tmp_path / name, house.clock)
        marks.append(result(gate, pipeline.receive(gate, files).submission)[2:])
    assert marks[0] == marks[1]


def test_what_a_broken_off_reading_left_is_not_seen_and_the_same_call_makes_it_whole(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = house.compose(house.many())
    monkeypatch.setattr(arrival, "CHUNK_LINES", 2)
    before = house.gate.memory.tally()

    def breaks_off(task: Any, work: Any, items: Iterator[Any]) -> Iterator[Any]:
        for number, one in enumerate(house.gate.spread(task, work, items)):
            if work is Reader.lines and number == 2:
                raise KeyboardInterrupt
            yield one

    with pytest.raises(KeyboardInterrupt):
        pipeline.receive(replace(house.gate, spread=breaks_off), files)
    assert house.gate.memory.tally() == before
    assert house.gate.memory.summaries() == ()
    submission = pipeline.receive(house.gate, files).submission
    assert len(house.statuses(submission)) == len(house.gate.memory.lines(submission)) == 6


def test_a_stop_ordered_while_lines_are_read_bites(house: Any) -> None:
    """Reading takes minutes for a large submission, and an order to stop does not wait for it (I-7)."""
    files = house.compose(house.many())

    def ordered_meanwhile(task: Any, work: Any, items: Iterator[Any]) -> Iterator[Any]:
        done = list(house.gate.spread(task, work, items))
        if work is Reader.lines:
            house.order(StopScope.EVERYTHING)
        yield from done

    submission = pipeline.receive(replace(house.gate, spread=ordered_meanwhile), files).submission
    assert {s.disposition.value for s in house.statuses(submission)} == {"S"}
    times = [check_leaf(raw)["time"] for raw in house.gate.memory.entries(0, house.gate.memory.size())]
    assert times == sorted(times)


def test_what_is_sent_is_gone_through_once_and_everything_is_read_from_the_sealed_copy(house: Any) -> None:
    """So a file that changes meanwhile changes nothing: each of these can be gone through once only."""
    files = house.compose(house.many())
    seen: list[bytes] = []

    def looking(task: Any, work: Any, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            if isinstance(item, Order):
                seen.append(item.chunk.raw)
            yield from house.gate.spread(task, work, iter([item]))

    given = {name: iter([raw[n : n + 7] for n in range(0, len(raw), 7)]) for name, raw in files.items()}
    submission = pipeline.receive(replace(house.gate, spread=looking), given).submission
    assert b"".join(seen) == files["requests.jsonl"]
    sent = house.gate.originals.sent(submission)
    assert {name: b"".join(sent.read(name)) for name in sent.digests} == files
