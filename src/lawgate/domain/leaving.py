"""What the gateway hands the sealer, and what it gets back: step 8 between two processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lawgate.domain.stop import StopScope


@dataclass(frozen=True, slots=True)
class KeptLog:
    """One year's log as the gateway names it: how many entries lie before it, its place in the home (``ledger``, or
    ``shards/0002/ledger``), its policy, and that as the roots signed it (empty without roots). Nothing of it is believed before it was
    checked."""

    base: int
    place: str
    policy: str
    signed: str


@dataclass(frozen=True, slots=True)
class BitingStop:
    """A stop of the gateway's register that is in force."""

    scope: StopScope
    subject: str


@dataclass(frozen=True, slots=True)
class KeySpan:
    """From when until when a key of the gateway's register is valid."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """One logged answer about to leave: its entry's number, the proof, what is enclosed, and the fingerprints by which a stop
    on a person finds the line."""

    number: int
    proof: str
    enclosed: bytes
    persons: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sealing:
    """Answers to seal at one moment, under one look at the register, with the terms of use that go with each."""

    at: datetime
    logs: tuple[KeptLog, ...]
    stops: tuple[BitingStop, ...]
    keys: Mapping[str, KeySpan]
    terms_text: bytes
    answers: tuple[Leaving, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The two age files of one answer."""

    payload: bytes
    openings: bytes


Outcome = Sealed | str
"""A sealed answer, or the code of what keeps it back at this moment."""


class Sealers(Protocol):
    """Sealers' processes: give what came of each, in order, with the processor seconds they spent on it."""

    def __call__(self, asked: Iterable[Sealing], lines: int) -> Iterator[tuple[tuple[Outcome, ...], float]]:
        """Have answers sealed; ``lines`` is how many there will be in all, so that more than one process may be worth it.

        Raises LedgerError for what a sealer refuses altogether, SealerAwayError if it cannot be reached: nothing of that piece has left.
        """
        ...
