"""Says what would become of a submission at the door, without keeping anything of it and without touching a record.

It is step 1 and step 2 as they are done on receipt, with the register as it is now. What guard would hold and what was asked before is not
looked at: that depends on the past, and is no defect of the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.steps import Disposition, Rejected, Sent, SubmissionId, day_of
from lawgate.gate import Gate, ground
from lawgate.intake.receive import read_received, receive
from lawgate.statutes.check import check_request, letter_of, prepare

MOST_SHOWN = 1000
"""Lines that are shown one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one line lacks: the letter it would get, and its codes, each with the citation it stands on (empty: the code's own). ``columns``
    name the field or column of a code of the line's form."""

    ordinal: int
    request_key: str
    disposition: Disposition
    codes: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Validation:
    """``rejected`` is the code of what would reject the whole, with ``message``; then nothing else is said. ``asks`` of the ``lines`` lack
    nothing that a rule can see: a named officer would be asked about them. ``lacking`` are the first ``MOST_SHOWN`` of the others."""

    submission: SubmissionId
    rejected: str = ""
    message: str = ""
    lines: int = 0
    asks: int = 0
    letters: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    lacking: tuple[Lacking, ...] = ()


def validate(gate: Gate, sent: Sent, most: int = MOST_SHOWN) -> Validation:
    """Look at a submission as the gateway would. Reads its files, a line at a time; writes nothing. ``most`` lines are shown one by one."""
    standing, now = gate.memory.standing(), gate.now()
    received = receive(sent, standing, now, frozenset(gate.packs))
    if isinstance(received, Rejected):
        return Validation(received.submission, received.code, received.message)
    pack = ground(gate, received.cover.pack).on(day_of(now))
    prepared = prepare(pack, received, standing, now)
    letters: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    shown: list[Lacking] = []
    lines = 0
    for line in read_received(sent, received, standing):
        lines += 1
        columns = {fault.code: fault.column for fault in line.faults if fault.column}
        if line.faults:
            letter, codes = Disposition.FORMAT_ERROR, {fault.code: "" for fault in line.faults}
        else:
            findings = check_request(prepared, line).findings
            found = letter_of(findings)
            if found is None:
                continue
            letter, codes = found, _codes(findings)
        letters[letter.value] += 1
        counts.update(codes.keys())
        if len(shown) < most:
            shown.append(Lacking(line.ordinal, line.request_key, letter, codes, columns))
    return Validation(
        submission=received.submission,
        lines=lines,
        asks=lines - letters.total(),
        letters=dict(sorted(letters.items())),
        codes=dict(sorted(counts.items())),
        lacking=tuple(shown),
    )


def _codes(findings: tuple[Finding, ...]) -> dict[str, str]:
    """The codes of what is unmet, then of what is unknown, each once, as a determination has them."""
    unmet = [f for f in findings if f.outcome is Outcome.UNMET]
    unknown = [f for f in findings if f.outcome is Outcome.UNKNOWN]
    return {f.code: f.citation for f in reversed([*unmet, *unknown])}
