"""A submission taken in pieces comes to the same end as one taken whole, and every promise holds at every seam."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from lawgate import pipeline, wiring
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.steps import LineState, Package
from lawgate.domain.stop import StopScope
from lawgate.oversight.survey import annual_of_home, reconcile_home
from lawgate.rehearsal import people, scripts
from lawgate.review import signed_text


@pytest.fixture
def in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "CHUNK_LINES", 2)
    monkeypatch.setattr(pipeline, "BATCH_LINES", 2)


def told(house: Any, submission: Any) -> list[str]:
    return [a.authorised.proposed.kind.value for a in house.gate.memory.logged(submission)]


def test_looked_up_in_pieces_every_line_is_looked_up_once_and_stands_in_one_batch(
    house: Any, in_twos: None
) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    assert house.engine.lookups == 6
    batches = house.gate.memory.batches(submission)
    assert [b.ordinals for b in batches] == [(1, 2), (3, 4), (5, 6)]
    assert len({b.seed for b in batches}) == 3, "each batch draws its own sample"
    pipeline.catch_up(house.gate, submission)
    assert house.engine.lookups == 6
    assert len(house.gate.memory.batches(submission)) == 3


def test_a_stop_ordered_while_lines_are_looked_up_waits_for_one_chunk_and_bites_on_the_next(
    house: Any, in_twos: None
) -> None:
    """Looking up a whole submission takes minutes, and an order to stop does not wait for it (I-7)."""
    submission = house.receive(house.many())
    ordering: list[Thread] = []

    def order() -> None:
        house.order(StopScope.SUBMISSION, submission)
        connections.close_all()

    def ordered_meanwhile(step: str, _lines: int, _seconds: float) -> None:
        if step == "match" and not ordering:
            ordering.append(Thread(target=order))
            ordering[0].start()
            time.sleep(0.5)  # until it waits for the lock that this chunk holds

    house.gate = replace(house.gate, watch=ordered_meanwhile)
    house.approve(submission)
    ordering[0].join()
    assert house.engine.lookups == 2
    house.lift()
    pipeline.catch_up(house.gate, submission)
    assert house.engine.lookups == 6
    assert sorted(n for b in house.gate.memory.batches(submission) for n in b.ordinals) == [1, 2, 3, 4, 5, 6]


def test_each_batch_needs_its_own_two_people(house: Any, in_twos: None) -> None:
    submission = house.receive(house.many())
    house.approve(submission)
    house.two_look(submission, batch=1)
    with pytest.raises(NotPermittedError, match="sample"):
        house.authorise(submission, batch=2)
    assert house.authorise(submission, batch=1) == {"logged": 2}
    house.look(submission, people.DISCLOSURE_OFFICER, batch=2)
    house.look(submission, people.COUNSEL, errors=[3], batch=2)
    with pytest.raises(NotPermittedError, match="failed"):
        house.authorise(submission, batch=2)
    house.two_look(submission, batch=3)
    assert house.authorise(submission, batch=3) == {"logged": 2}
    assert told(house, submission) == ["C", "R", "N", "N"]
    assert reconcile_home(house.gate).exact


def test_in_pieces_and_whole_come_to_the_same_end(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    for most in (1, 2, 4, 100):
        monkeypatch.setattr(pipeline, "CHUNK_LINES", most)
        lines = [
            {**line, "proceeding": {**line["proceeding"], "case_number": f"C-{most}-{line['request_key']}"}}
            for line in house.many()
        ]
        submission = house.logged(*lines)
        packages = list(pipeline.hand_over(house.gate, submission, most))
        opened = [house.read(p) for p in packages]
        ends.append([{k: v for k, v in one.items() if k != "answer"} for one in opened])
        shown = "".join(objects for objects, _ in pipeline.determination(house.gate, submission).records)
        assert shown.count('"disposition": "A"') == 6
    assert all(end == ends[0] for end in ends)
    assert reconcile_home(house.gate).exact
    assert annual_of_home(house.gate, 2026).telling_nothing == 3 * 4


@pytest.mark.parametrize("at_once", [1, 2, 4, 6])
def test_a_stop_received_between_two_chunks_bites_on_the_whole_of_the_next(house: Any, at_once: int) -> None:
    submission = house.logged()
    handing = pipeline.hand_over(house.gate, submission, at_once)
    gone = [next(handing) for _ in range(at_once)]
    _, left = house.order(StopScope.SUBMISSION, submission)
    assert [a.answer for a in left] == [p.answer for p in gone]  # type: ignore[union-attr]
    assert list(handing) == ["701"] * (6 - at_once)
    house.lift()
    assert all(isinstance(each, Package) for each in pipeline.hand_over(house.gate, submission, at_once))


def test_in_one_chunk_what_is_kept_back_does_not_keep_the_others(house: Any) -> None:
    submission = house.logged()
    house.order(StopScope.PERSON, person=house.one("released"))
    outcomes = list(pipeline.hand_over(house.gate, submission, 6))
    assert [isinstance(each, Package) for each in outcomes] == [True, False, True, True, True, True]
    states = [s.state for s in house.statuses(submission)]
    assert states == [
        LineState.HANDED_OVER if isinstance(each, Package) else LineState.LOGGED for each in outcomes
    ]


def test_that_a_chunk_leaves_is_durable_before_its_first_bytes(house: Any) -> None:
    submission = house.logged()
    next(pipeline.hand_over(house.gate, submission, 4))
    assert house.gate.memory.tally().handed_over == 4
    again = house.packages(submission)
    assert [house.read(p)["kind"] for p in again] == ["C", "R", "C", "N", "N", "N"]


def test_a_document_names_so_many_lines_and_no_more(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_text, "MOST_LINES", 5)
    submission = house.receive(house.many())
    with pytest.raises(NotPermittedError, match="sign several"):
        house.approve(submission)
    assert house.engine.lookups == 0
    docket = house.gate.memory.docket(submission)
    for some in (docket[:5], docket[5:]):
        ordinals = [a.checked.line.ordinal for a in some]
        body = scripts.decision_body(submission, some, house.clock(), release=ordinals)
        done = pipeline.decide(
            house.gate, submission, house.sign("decision", body, people.DISCLOSURE_OFFICER)
        )
        assert done == {"approved": len(some), "closed": 0}
    assert house.engine.lookups == 6


def test_of_many_acknowledgements_one_that_is_wrong_keeps_all_out(house: Any) -> None:
    submission = house.logged(
        *[house.one(who, n) for n, who in enumerate(("confirmed", "released", "another"), 1)]
    )
    packages = house.packages(submission)
    acks = [house.ack(p) for p in packages]
    wrong = house.ack(packages[1], index=0)
    with pytest.raises(NotPermittedError):
        pipeline.acknowledge_all(house.gate, [acks[0], wrong])
    assert house.gate.memory.tally().acknowledged == 0
    assert pipeline.acknowledge_all(house.gate, acks) == tuple(p.answer for p in packages)
    pipeline.acknowledge_all(house.gate, acks[1:])
    assert house.gate.memory.tally().acknowledged == house.log()["ack"] == 3
    assert reconcile_home(house.gate).exact


def test_sealed_in_other_processes_it_is_the_same_answer(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does the work, what leaves is what the log proves, and what is kept back is kept back."""
    submission = house.logged()
    house.order(StopScope.PERSON, person=house.one("released"))
    here = list(pipeline.hand_over(house.gate, submission, 6))
    monkeypatch.setattr(wiring.spread, "WORTH_PROCESSES", 2)
    monkeypatch.setattr(pipeline, "SEAL_LINES", 2)
    spent: list[float] = []
    gate = replace(house.gate, watch=lambda step, _lines, seconds: spent.append(seconds * (step == "seal")))
    there = list(pipeline.hand_over(gate, submission, 4))
    assert [each if isinstance(each, str) else each.answer for each in there] == [
        each if isinstance(each, str) else each.answer for each in here
    ]
    for one, other in zip(here, there, strict=True):
        if isinstance(one, Package) and isinstance(other, Package):
            assert house.read(one) == house.read(other)
            assert one.files["answer.tlog-proof"] == other.files["answer.tlog-proof"]
    assert here[1] == there[1] == "701"
    if len(os.sched_getaffinity(0)) > 1:
        assert sum(seconds > 0 for seconds in spent) >= 4, "what other processes spent is told as well"
