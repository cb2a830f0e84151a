"""Stops as the public log has them: when each was ordered and lifted, what it reaches, and what left while it held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lawgate_verifier.entries import Entry

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
    """The indexes of the answers a stop reaches: before its order, while it held, after its lifting."""

    before: tuple[int, ...]
    during: tuple[int, ...]
    after: tuple[int, ...]


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


def sides(stop: Stop, entries: Iterable[Entry]) -> Sides:
    """Sort the answers that a stop reaches into before, during and after."""
    reached = [entry.index for entry in entries if entry.kind == "answer" and stop.reaches(entry)]
    during = tuple(index for index in reached if stop.holds_at(index))
    before = tuple(index for index in reached if index < stop.ordered.index)
    return Sides(before, during, tuple(index for index in reached if index not in {*before, *during}))
