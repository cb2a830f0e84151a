"""What is known of a log while it is followed from its first entry to its last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lawgate_verifier.answers import Answers
from lawgate_verifier.entries import Entry
from lawgate_verifier.ledger import Fault, Log
from lawgate_verifier.stops import Stop


@dataclass(slots=True)
class Walk:
    """What has been seen of the log so far, while it is read from its first entry to its last."""

    log: Log
    before: Log | None
    stops: Mapping[str, Stop]
    answers: Answers
    faults: list[Fault]
    time: str = ""
    policy_sha256: str = ""
    stop_entries: int = 0
    types: Counter[str] = field(default_factory=Counter)
    submissions: dict[str, Entry] = field(default_factory=dict)
    batches: Counter[str] = field(default_factory=Counter)
    determined: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    chains: dict[str, Entry] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    recalled: dict[str, tuple[str, bool]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    preserved: dict[str, tuple[str, bool]] = field(default_factory=dict)
    incidents: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def demand(self, holds: bool, entry: Entry, sentence: str) -> None:
        """Note a fault at an entry unless the condition holds."""
        if not holds:
            self.faults.append(Fault(entry.index, sentence))

    def open_or_close(
        self, entry: Entry, known: dict[str, tuple[str, bool]], name: str, about: str, opens: bool
    ) -> None:
        """Note that something is opened under a new name, or closed once with what it was opened about; else it is a fault."""
        follows = name not in known if opens else known.get(name) == (about, True)
        self.demand(follows, entry, f"An entry of type {entry.kind} does not follow from those before it.")
        known[name] = (about, opens)
