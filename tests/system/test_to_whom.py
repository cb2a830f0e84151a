"""What is sealed to one officer's key is counted, and handed over, apart from what is sealed to another's."""

from __future__ import annotations

from typing import Any

from lawgate import pipeline
from lawgate.rehearsal import people


def keyid(house: Any, person: str) -> str:
    (key,) = [k for k in house.gate.memory.standing().keys if k.person == person]
    return str(key.keyid)


def test_an_officer_is_handed_what_is_sealed_to_that_officer_and_nothing_else(house: Any) -> None:
    number = house.logged(*house.many("confirmed", "released", "nobody"))
    keys = [keyid(house, person) for person in people.OFFICERS[:2]]
    counted = [house.gate.memory.deliveries([key]) for key in keys]
    assert [
        [(d.submission, d.logged, d.left, d.acknowledged, d.oldest) for d in each] for each in counted
    ] == [[(number, n, 0, 0, None)] for n in (1, 2)]
    assert house.gate.memory.deliveries(["0" * 32]) == house.gate.memory.deliveries([]) == ()
    handed = [list(pipeline.hand_over(house.gate, number, 500, [key])) for key in keys]
    assert [len(each) for each in handed] == [1, 2]
    left = house.gate.memory.handed_over([p.answer for each in handed for p in each])
    assert [{left[p.answer].recipient_keyid for p in each} for each in handed] == [{key} for key in keys]
    assert list(pipeline.hand_over(house.gate, number, 500, [])) == []
    (one,) = house.gate.memory.deliveries([keys[0]])
    assert (one.left, one.acknowledged, one.oldest) == (1, 0, house.clock())
    pipeline.acknowledge(house.gate, house.ack(handed[0][0], by=people.OFFICERS[0]))
    (one,) = house.gate.memory.deliveries([keys[0]])
    assert (one.left, one.acknowledged, one.oldest) == (1, 1, None)
