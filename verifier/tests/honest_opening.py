"""Opening packages in tests: in turn, or to learn which check refuses."""

from __future__ import annotations

import pytest
from honest_log import House

from lawgate_verifier.officer import Officer
from lawgate_verifier.package import Opened, open_package
from lawgate_verifier.policy import Policy
from lawgate_verifier.refused import Refused
from lawgate_verifier.state import State

Files = dict[str, bytes]


def refusal(files: Files, policy: Policy, officer: Officer, state: State | None = None) -> int:
    with pytest.raises(Refused) as caught:
        open_package(files, policy, officer, state or {})
    return caught.value.number


def in_turn(house: House, policy: Policy, officer: Officer, count: int, size: int | None = None) -> Opened:
    """Open the first ``count`` answers one after the other."""
    state: State = {}
    for index in house.indexes("answer")[:count]:
        opened = open_package(house.package(index, size), policy, officer, state)
        state = opened.state
    return opened
