"""Counts one submission's lines at each of the nine steps, from states and letters alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lawgate.domain.steps import Disposition, LineState
from lawgate.oversight.data import StepCount


def steps_of(
    letters: Mapping[tuple[LineState, Disposition], int], closed_by_people: int, acknowledged: int
) -> tuple[StepCount, ...]:
    """Return the nine steps. ``closed_by_people`` of the final lines were refused or returned by a named officer, after step 3."""
    states: Counter[LineState] = Counter()
    final: Counter[Disposition] = Counter()
    for (state, letter), lines in letters.items():
        states[state] += lines
        if state is LineState.FINAL:
            final[letter] += lines
    sent = states.total()
    faulty = final.pop(Disposition.FORMAT_ERROR, 0)
    looked_up = states[LineState.PROPOSED] + states[LineState.LOGGED] + states[LineState.HANDED_OVER]
    logged = states[LineState.LOGGED] + states[LineState.HANDED_OVER]
    approved = looked_up + states[LineState.APPROVED]
    waiting = states[LineState.HELD] + states[LineState.DOCKETED]
    to_people = approved + waiting + closed_by_people
    by_rule = final.total() - closed_by_people
    return (
        StepCount(1, "receive", "signed by whom, well-formed, seen before", sent, {"format error": faulty}),
        StepCount(
            2,
            "check",
            "every element of the statute has a finding",
            sent - faulty,
            {"ended by rule": by_rule},
        ),
        StepCount(3, "guard", "plausible, alone and with what came before", to_people, {}),
        StepCount(
            4,
            "decide",
            "a named officer answers what only people may",
            to_people,
            {
                "wait": states[LineState.DOCKETED],
                "held": states[LineState.HELD],
                "closed by an officer": closed_by_people,
            },
        ),
        StepCount(
            5,
            "match",
            "exactly one record bears this name at this address",
            looked_up,
            {"approved, not looked up yet": states[LineState.APPROVED]} if approved != looked_up else {},
        ),
        StepCount(
            6,
            "minimise",
            "the least, released by a second person",
            looked_up,
            {"await release": states[LineState.PROPOSED]},
        ),
        StepCount(7, "log", "accounting row and leaf, cosigned by the witnesses", logged, {}),
        StepCount(
            8,
            "seal",
            "handed over to the engaged officer",
            states[LineState.HANDED_OVER],
            {"not collected": states[LineState.LOGGED]},
        ),
        StepCount(9, "account", "acknowledged by the officer's tool", acknowledged, {}),
    )
