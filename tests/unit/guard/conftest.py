from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from invented.decided import World as Decided
from lawgate.domain.kept import EarlierMatter
from lawgate.domain.standing import (
    Agreement,
)
from lawgate.domain.steps import (
    Line,
)
from lawgate.guard.admit import Earlier, Guard
from lawgate.guard.limits import Limits
from lawgate.guard.matter import address_of, name_of
from lawgate.guard.packed import COUNTED
from lawgate.guard.seen import seen_of
from lawgate.guard.traces import Tracer, Traces

KINDS = (*COUNTED, "matter")
HUGE = 10**9
NO_LIMITS = Limits(30, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, 1.0, HUGE, HUGE, HUGE, 1.0, HUGE)

REASONS = (
    "A witness recognised the house where forged cheques were printed and its tenant must be told apart from the owner.",
    "Serving the summons failed twice because the caretaker no longer lets visitors past the gate.",
    "Wire transfers ended at a branch near this dwelling, which decides the venue of trial.",
    "The grand jury wants bank papers that were posted to wherever this borrower lived then.",
    "Two cousins bear one surname; only their homes distinguish who signed the crop insurance claim.",
    "A search warrant affidavit must describe premises that the informant could only sketch.",
    "Gift cards bought with stolen wages arrived at an apartment whose lease names somebody else.",
    "Telephone masts place the caller beside a lake cabin, perhaps rented under this identity.",
)


class World(Decided):
    """The same, seen by the guard: what its lines leave, and a guard that has seen them."""

    def reasons(self, ordinal: int) -> str:
        return REASONS[ordinal % len(REASONS)]

    def mark(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"secret/{kind}/{text}".encode()).digest()[:16]

    def tracer(self, **changed: Any) -> Tracer:
        return Tracer(replace(self.received([]).cover, **changed), self.mark)

    def traces(self, lines: Sequence[Line], *, goes_on: bool = True, **changed: Any) -> list[Traces]:
        """What lines leave, none of which lacks an element; ``changed`` is what the cover says otherwise."""
        tracer = self.tracer(**changed)
        return [
            tracer.of(line, name_of(line.data), address_of(line.data), goes_on=goes_on and not line.faults)
            for line in lines
        ]

    def marks(self, line: Line, **changed: Any) -> dict[str, bytes]:
        """The marks of one line, by kind; of a kind it leaves several of, the last."""
        (left,) = self.traces([line], **changed)
        common = self.tracer(**changed).common
        if left.address:
            del common["unusable"]
        return common | {kind: left.marks(kind)[-1] for kind in KINDS if left.marks(kind)}

    def guard(
        self,
        lines: Sequence[Line],
        limits: Limits = NO_LIMITS,
        agreement: Agreement | None = None,
        earlier: Earlier | None = None,
        before: Mapping[bytes, EarlierMatter] | None = None,
        goes_on: bool = True,
        **changed: Any,
    ) -> tuple[Guard, list[Traces]]:
        """Guard over these lines, after the earlier ones, with what they leave."""
        left = self.traces(lines, goes_on=goes_on, **changed)
        known = before or {}
        seen = seen_of(left, lambda marks: {mark: known[mark] for mark in marks if mark in known})
        return Guard(seen, limits, agreement, self.tracer(**changed).common, earlier or {}), left


@pytest.fixture(scope="session")
def world() -> World:
    return World()
