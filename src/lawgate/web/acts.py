"""What a person may sign on a page: for each kind of document who may, and the very function that the command calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lawgate import pipeline, register
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, SubmissionId
from lawgate.gate import Gate

HOLDERS_KEYS = frozenset({Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL})

Done = tuple[str, str, tuple[str, ...]]
"""A sentence that says what was done, and the page that follows: its name and what its address holds."""


@dataclass(frozen=True, slots=True)
class Act:
    """``does`` takes what a document says and its signed envelope; whatever it refuses it refuses whole, and records nothing."""

    roles: frozenset[Role]
    does: Callable[[Gate, Mapping[str, Json], bytes], Done]


def _decide(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    number = str(said["submission"])
    done = pipeline.decide(gate, SubmissionId(number), envelope)
    words = f"Recorded: {done['approved']} approved and looked up, {done['closed']} refused or returned."
    return words, "docket", (number,)


def _enrol(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    key = register.enrol_own_passkey(gate, envelope)
    return f"The passkey {key.keyid} is in force as one of your signing keys.", "keys", ()


ACTS: Mapping[str, Act] = {
    "decision": Act(frozenset({Role.DISCLOSURE_OFFICER}), _decide),
    "key": Act(HOLDERS_KEYS, _enrol),
}
