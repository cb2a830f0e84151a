"""What the law says of one element of one request: four outcomes, each with its citation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """The finding on one element. Only MET lets a request go on by itself; UNKNOWN never does (I-1)."""

    MET = "MET"
    ASK = "ASK"
    UNKNOWN = "UNKNOWN"
    UNMET = "UNMET"


class Basis(Enum):
    """Where an element comes from; a policy is never passed off as the statute."""

    STATUTE = "statute"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Finding:
    """One element's outcome. ``code`` is the reason shown if it is not MET; no value of the request is kept here."""

    rule: str
    outcome: Outcome
    citation: str
    basis: Basis
    code: str
    sentence: str
