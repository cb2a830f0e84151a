"""An order on a person may name a line instead of a name: it is the same stop, and the order holds nothing of anybody."""

from __future__ import annotations

from typing import Any

import pytest

from lawgate import stop_orders
from lawgate.domain.errors import LawgateError
from lawgate.domain.stop import StopScope
from lawgate.rehearsal import people, scripts


def body(house: Any, stop: str = "by-line", **changes: Any) -> dict[str, Any]:
    said = scripts.stop_body("order", stop, StopScope.PERSON, "", "No. 26-2", house.clock())
    return {**said, **changes}


def test_it_is_the_stop_that_name_and_address_would_make(house: Any) -> None:
    submission = house.receive([house.one("confirmed"), house.one("another", 2)])
    line = {"submission": submission, "ordinal": 1}
    envelope = house.sign("stop", body(house, line=line), people.COUNSEL)
    by_line, _ = stop_orders.order_stop(house.gate, envelope)
    by_name, _ = house.order(StopScope.PERSON, stop="by-name", person=house.one("confirmed"))
    other, _ = house.order(StopScope.PERSON, stop="other", person=house.one("another"))
    assert by_line.subject == by_name.subject != other.subject
    assert not any(word in envelope.decode() for word in ("Quillfeather", "Marzipan"))


def test_what_had_left_about_the_person_is_named(house: Any) -> None:
    submission = house.logged(house.one("confirmed"), house.one("another", 2))
    house.packages(submission)
    line = {"submission": submission, "ordinal": 1}
    _, left = stop_orders.order_stop(house.gate, house.sign("stop", body(house, line=line), people.COUNSEL))
    assert len(left) == 1


@pytest.mark.parametrize(
    "line",
    [
        {"ordinal": 1},
        {"submission": "0" * 16, "ordinal": 1},
        {"submission": "0" * 16, "ordinal": "1"},
        "1",
        [],
    ],
)
def test_a_line_that_is_not_there_stops_nobody(house: Any, line: Any) -> None:
    house.receive([house.one("confirmed")])
    with pytest.raises(LawgateError):
        stop_orders.order_stop(house.gate, house.sign("stop", body(house, line=line), people.COUNSEL))
    assert house.gate.memory.stops() == ()


def test_an_order_names_its_person_in_one_way(house: Any) -> None:
    submission = house.receive([house.one("confirmed")])
    both = {"line": {"submission": submission, "ordinal": 1}, "person": {"name": {}, "address": {}}}
    with pytest.raises(LawgateError):
        stop_orders.order_stop(house.gate, house.sign("stop", body(house, **both), people.COUNSEL))
