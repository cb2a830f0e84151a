"""What the sealed columns hold where that is not simply a step type, and which members stand elsewhere already.

A row keeps nothing twice: a step that rests on an earlier one is kept without it, and read back with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lawgate.domain.finding import Finding
from lawgate.domain.steps import Authorised, Hold

LINE_OF_ADMITTED = ("checked", "line")
APPROVAL_OF_PROPOSED = ("matched", "approved")
APPROVAL_OF_ANSWER = ("authorised", "proposed", "matched", "approved")


@dataclass(frozen=True, slots=True)
class Custody:
    """Who keeps the age identity of a key, and where."""

    custodian: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class Considered:
    """What steps 2 and 3 found about a line."""

    findings: tuple[Finding, ...]
    holds: tuple[Hold, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusBody:
    """The sealed part of a line's status; ``considered`` is None where it says what guard admitted."""

    request_key: str
    considered: Considered | None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An answer as it was authorised, and its salts."""

    authorised: Authorised
    salts: Mapping[str, bytes]
