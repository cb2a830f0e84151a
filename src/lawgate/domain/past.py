"""How a line was dealt with in the end: what another reading of the law needs to know of it, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lawgate.domain.finding import Finding
from lawgate.domain.steps import Line


class Told(Enum):
    """What left for a line: an address, a confirmation, an answer that says nothing; or nothing left (yet)."""

    RELEASED = "R"
    CONFIRMED = "C"
    NO_ANSWER = "N"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line as it was dealt with. ``findings`` are those kept with it, in its pack's order.

    ``told`` is what left; ``reason`` the 3xx code of its look-up, empty where there was none; ``address_matched`` says whether the
    stated address stood on the record of the person, as it must for this gateway's own matcher; an imported history may say no.
    ``findings`` may be those from before or after a person answered what was asked. ``line`` is what it stated, None where nobody
    needs to know.
    """

    ordinal: int
    findings: tuple[Finding, ...]
    told: Told = Told.NOTHING
    reason: str = ""
    address_matched: bool = True
    line: Line | None = None
