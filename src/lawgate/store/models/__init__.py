"""The tables. Clear columns hold ids, states, letters, codes, key ids, fingerprints and times; all else is sealed by the vault."""

from __future__ import annotations

from lawgate.store.models.answer import AccountingRow, Answer, Lookup, Statement
from lawgate.store.models.count import LineCount
from lawgate.store.models.decision import Batch, Decision, SampleReview
from lawgate.store.models.log import Entry, Head
from lawgate.store.models.register import Agency, Agreement, Key, OfficeHolder, Safeguard, Stop
from lawgate.store.models.submission import (
    Arriving,
    FindingSet,
    Line,
    MatterTrace,
    Stated,
    Submission,
    Trace,
)

__all__ = [
    "AccountingRow",
    "Agency",
    "Agreement",
    "Answer",
    "Arriving",
    "Batch",
    "Decision",
    "Entry",
    "FindingSet",
    "Head",
    "Key",
    "Line",
    "LineCount",
    "Lookup",
    "MatterTrace",
    "OfficeHolder",
    "Safeguard",
    "SampleReview",
    "Stated",
    "Statement",
    "Stop",
    "Submission",
    "Trace",
]
