"""Stops as the public log has them: when each was ordered and lifted, what it reaches, and what left while it held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lawgate_verifier.dsse import keyid_of, open_signed
from lawgate_verifier.encoding import hex_sha256
from lawgate_verifier.entries import Entry
from lawgate_verifier.refused import demand

# Which member of an answer a stop's subject is compared with. A stop on a person shows in no answer: its subject is a keyed
# fingerprint that nobody outside can compute.
_REACHED_BY = {
    "pack": "pack",
    "agency": "agency",
    "submission": "submission",
    "officer": "recipient_keyid",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop's place in the log; ``lifted`` is None while it holds."""

    id: str
    scope: str
    subject: str
    ordered: Entry
    lifted: Entry | None

    def holds_at(self, index: int) -> bool:
        """Say whether it is in force at that place of the log."""
        return self.ordered.index < index and (self.lifted is None or index < self.lifted.index)

    def reaches(self, answer: Entry) -> bool:
        """Say whether an answer is of the kind that the stop forbids, as far as the public log shows."""
        if self.scope == "everything":
            return True
        member = _REACHED_BY.get(self.scope)
        return member is not None and answer.text(member) == self.subject


@dataclass(frozen=True, slots=True)
class Sides:
    """The indexes of the answers a stop reaches: before its order, while it held, after its lifting.

    ``between`` are those of ``before`` that were logged in or after the minute in which the issuer says the order was served;
    ``acknowledged_during`` are acknowledgements, logged while it held, of answers it reaches.
    """

    before: tuple[int, ...]
    during: tuple[int, ...]
    after: tuple[int, ...]
    between: tuple[int, ...]
    acknowledged_during: tuple[int, ...]


def replay(entries: Iterable[Entry]) -> tuple[dict[str, Stop], list[tuple[int, str]]]:
    """Follow all ``stop`` entries. Returns the stops by id, and index and sentence of each that does not follow from those before."""
    stops: dict[str, Stop] = {}
    faults: list[tuple[int, str]] = []
    for entry in entries:
        if entry.kind != "stop":
            continue
        identity = entry.text("stop")
        known = stops.get(identity)
        if entry.text("act") == "order":
            if known is None:
                stops[identity] = Stop(identity, entry.text("scope"), entry.text("subject"), entry, None)
            else:
                faults.append((entry.index, "A stop is ordered under an id that was given out before."))
        elif known is None or known.lifted is not None:
            faults.append((entry.index, "A stop is lifted that is not in force."))
        elif (known.scope, known.subject) != (entry.text("scope"), entry.text("subject")):
            faults.append(
                (entry.index, "A stop is lifted with another scope or subject than it was ordered with.")
            )
        else:
            stops[identity] = Stop(identity, known.scope, known.subject, known.ordered, entry)
    return stops, faults


def sides(stop: Stop, entries: Iterable[Entry], served: str = "") -> Sides:
    """Sort the answers that a stop reaches into before, during and after; ``served`` is a minute of the issuer's own, or nothing."""
    before: list[int] = []
    during: list[int] = []
    after: list[int] = []
    between: list[int] = []
    acknowledged: list[tuple[str, int]] = []
    reached: set[str] = set()
    for entry in entries:
        index = entry.index
        if entry.kind == "answer" and stop.reaches(entry):
            reached.add(entry.text("answer"))
            if index < stop.ordered.index:
                before.append(index)
                if served and entry.text("time") >= served:
                    between.append(index)
            else:
                (during if stop.holds_at(index) else after).append(index)
        elif entry.kind == "ack" and stop.holds_at(index):
            acknowledged.append((entry.text("answer"), index))
    return Sides(
        tuple(before),
        tuple(during),
        tuple(after),
        tuple(between),
        tuple(index for answer, index in acknowledged if answer in reached),
    )


def check_order(
    stop: Stop, entries: Iterable[Entry], envelope: bytes, public: bytes, relying_party: str = ""
) -> None:
    """Check that the log's order is this very envelope, signed by this key, which the log had enrolled for a court or counsel.

    Raises Refused.
    """
    demand(
        hex_sha256(envelope) == stop.ordered.text("order_sha256"),
        "The log names another order than this one.",
    )
    open_signed(envelope, "application/vnd.lawgate.stop+json", public, relying_party)
    keyid, holds = keyid_of(public), False
    for entry in entries:
        if entry.kind == "key" and entry.index < stop.ordered.index and entry.text("keyid") == keyid:
            holds = entry.text("act") == "enrol" and entry.text("role") in ("court", "counsel")
    demand(holds, "The order's key was not enrolled for a court or counsel when it was logged.")
