"""What a person may sign on a page: for each kind of document who may, and the very function that the command calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lawgate import impairment, pipeline, register, stop_orders
from lawgate.domain.standing import Role
from lawgate.domain.steps import Json, SubmissionId
from lawgate.gate import Gate

HOLDERS_KEYS = frozenset({Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL})

MOST_NAMED = 50
"""How many answers that had left before a stop a page names by their entries; the log has them all."""

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


def _look(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    number, batch = str(said["submission"]), str(said["batch"])
    state = pipeline.look_at_sample(gate, SubmissionId(number), envelope)
    return f"Recorded: you looked. The sample is {state}.", "batch", (number, batch)


def _authorise(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    number, batch = str(said["submission"]), str(said["batch"])
    done = pipeline.authorise(gate, SubmissionId(number), envelope)
    words = ", ".join(f"{n} {what}" for what, n in done.items())
    return f"Recorded: {words}.", "batch", (number, batch)


def _stop(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    if said["act"] == "lift":
        return f"{stop_orders.lift_stop(gate, envelope).id} is lifted.", "stops", ()
    stop, left = stop_orders.order_stop(gate, envelope)
    entries = ", ".join(str(answer.index) for answer in left[:MOST_NAMED])
    gone = f": entries {entries}" if left else ""
    more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
    return (
        f"{stop.id} is in force; {len(left)} answers of its scope had left before{gone}{more}.",
        "stops",
        (),
    )


def _impairment(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    lines = impairment.determine(gate, SubmissionId(str(said["submission"])), envelope)
    return f"Recorded: nothing is told of {len(lines)} line{'s' if len(lines) != 1 else ''}.", "stops", ()


def _end(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    ended = register.end_by_order(gate, envelope)
    return f"{ended} {'entry ends' if ended == 1 else 'entries end'} on {said['until']}.", "standing", ()


def _key(gate: Gate, said: Mapping[str, Json], envelope: bytes) -> Done:
    if said["act"] == "revoke":
        return f"The key {register.revoke_by_order(gate, envelope)} is revoked.", "home", ()
    key = register.enrol_own_passkey(gate, envelope)
    return f"The passkey {key.keyid} is in force as one of your signing keys.", "keys", ()


ACTS: Mapping[str, Act] = {
    "decision": Act(frozenset({Role.DISCLOSURE_OFFICER}), _decide),
    "sample": Act(HOLDERS_KEYS, _look),
    "authorisation": Act(frozenset({Role.RELEASING_OFFICER}), _authorise),
    "impairment": Act(frozenset({Role.COUNSEL}), _impairment),
    "stop": Act(frozenset({Role.COUNSEL}), _stop),
    "standing": Act(frozenset({Role.COUNSEL}), _end),
    "key": Act(HOLDERS_KEYS, _key),
}
