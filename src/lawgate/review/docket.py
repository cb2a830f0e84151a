"""What an officer sees of a line before deciding: what was asked and why it waits. No record was looked at yet, so none is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.steps import Admitted, Hold, Json


@dataclass(frozen=True, slots=True)
class Ask:
    """A question only a named person may answer: the rule's id, its provision and whether that is statute or policy."""

    rule: str
    provision: str
    basis: str
    question: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line on the docket. ``data`` is exactly what the requester stated."""

    ordinal: int
    request_key: str
    asks: tuple[Ask, ...]
    holds: tuple[Hold, ...]
    hints: tuple[str, ...]
    findings: tuple[Finding, ...]
    data: Mapping[str, Json]


def entries(admitted: Sequence[Admitted]) -> tuple[Entry, ...]:
    """Return what an officer sees, one entry per line, in line order."""
    return tuple(_entry(line) for line in sorted(admitted, key=lambda a: a.checked.line.ordinal))


def as_json(entry: Entry) -> dict[str, Json]:
    """Return an entry as JSON for the officer's tool; it holds personal data of the request."""
    return {
        "ordinal": entry.ordinal,
        "request_key": entry.request_key,
        "asks": [
            {"rule": a.rule, "provision": a.provision, "basis": a.basis, "question": a.question}
            for a in entry.asks
        ],
        "holds": [{"code": h.code, "sentence": h.sentence} for h in entry.holds],
        "hints": list(entry.hints),
        "findings": [
            {"rule": f.rule, "outcome": f.outcome.value, "citation": f.citation, "sentence": f.sentence}
            for f in entry.findings
        ],
        "data": dict(entry.data),
    }


def _entry(admitted: Admitted) -> Entry:
    line, findings = admitted.checked.line, admitted.checked.findings
    asks = (f for f in findings if f.outcome is Outcome.ASK)
    return Entry(
        ordinal=line.ordinal,
        request_key=line.request_key,
        asks=tuple(Ask(f.rule, f.citation, f.basis.value, f.sentence) for f in asks),
        holds=admitted.holds,
        hints=admitted.hints,
        findings=findings,
        data=line.data,
    )
