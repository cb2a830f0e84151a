"""What the page shows: counts, codes, digests and roles; no field here has room for a name, an address or a number of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lawgate.domain.steps import Disposition
from lawgate.oversight.reconcile import Reconciliation

MEANINGS = {
    Disposition.FORMAT_ERROR: "format error",
    Disposition.DUPLICATE: "asked before",
    Disposition.STOPPED: "stopped",
    Disposition.REFUSED: "refused",
    Disposition.RETURNED: "returned",
    Disposition.HELD: "held for a person",
    Disposition.ANSWERED: "answered under seal",
}
"""What each letter means, in few words."""
BY_A_PERSON = frozenset({"610", "611"})
"""Codes of lines that a named officer refused or returned."""


@dataclass(frozen=True, slots=True)
class StepCount:
    """One of the nine steps: how many lines came to it, and how many ended or wait there, by words for why."""

    number: int
    word: str
    sentence: str
    lines: int
    ended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """Lines with one letter for one reason; ``code`` and what follows are empty where a letter needs no reason."""

    letter: str
    meaning: str
    code: str
    sentence: str
    citation: str
    lines: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a followed line. ``index`` and ``leaf`` (hex) name its ledger entry; ``who`` is a role, never a person.

    ``what`` may state commitments, digests and masked values only.
    """

    step: str
    what: str
    who: str
    scripted: bool
    entry: str = ""
    index: int | None = None
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class FollowedLine:
    """One line from receipt to its end; ``outcome`` says in a sentence what the requester saw."""

    title: str
    outcome: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class DeficientEnd:
    """What became of a deficient submission: ``ended`` in words, lines by letter, reasons, and how many records were touched."""

    name: str
    story: str
    ended: str
    letters: Mapping[str, int]
    codes: tuple[str, ...]
    lookups: int


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """A command line that anybody can run on what was written, and what it proves."""

    command: str
    proves: str


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """Answers held against the truth, for one kind of person asked about. Only a rehearsal has this: the truth exists for invented people only."""

    difficulty: str
    requests: int
    right: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One number at the head of the page, and what it counts. Whether the counts agree is put beside them by the page itself."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """A figure or condition with where it comes from: its source, or, for an assumption, why it was chosen so."""

    name: str
    value: str
    ground: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in the report's own words; the first cell of a row is its heading. ``words`` are columns of words, the others are set right."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """An exchange that took place beside the same lines here: side by side, what guard held, by kind of line, where the time went, and on what it rests."""

    words: str
    beside: Sheet
    held: Sheet
    kinds: Sheet
    seconds: Sheet
    documented: tuple[Sourced, ...]
    assumed: tuple[Sourced, ...]
    cannot_show: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The log's last checkpoint: origin, size, root hash (hex) and the names of the witnesses that cosigned it."""

    origin: str
    size: int
    root: str
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything on the page. ``measured``, ``missed_by_cause``, ``wrong_person`` and ``comparison`` come from a rehearsal; without it the part
    is left out, and so is that on deficient submissions where there are none."""

    title: str
    figures: tuple[Figure, ...]
    ground: str
    made: datetime
    version: str
    head: Head
    steps: tuple[StepCount, ...]
    dispositions: tuple[DispositionRow, ...]
    answer: FollowedLine
    refusal: FollowedLine
    deficient: tuple[DeficientEnd, ...]
    checks: tuple[CheckCommand, ...]
    reconciliation: Reconciliation
    measured: tuple[MeasuredRow, ...] = ()
    missed_by_cause: Mapping[str, int] = field(default_factory=dict)
    wrong_person: int = 0
    comparison: Comparison | None = None
