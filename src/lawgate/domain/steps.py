"""The step types: what a request is after each of the nine steps (design section 2).

Each is frozen and is made in one room only; ``tests/house`` holds the list of who may make which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NewType

from lawgate.domain.finding import Finding, Outcome

SubmissionId = NewType("SubmissionId", str)
"""The confirmation number: 16 characters of Crockford base32 from SHA-256 of the manifest; the same bytes, the same id."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Disposition(Enum):
    """The one letter a requester sees for a line, in order of precedence (design section 6)."""

    FORMAT_ERROR = "E"
    DUPLICATE = "D"
    STOPPED = "S"
    REFUSED = "X"
    RETURNED = "I"
    HELD = "H"
    ANSWERED = "A"


class AnswerKind(Enum):
    """What is inside the envelope, and nowhere else: released, confirmed, no answer."""

    RELEASED = "R"
    CONFIRMED = "C"
    NO_ANSWER = "N"


class LineState(Enum):
    """Where a line stands. FINAL lines were dispositioned without a look-up; the rest walk towards HANDED_OVER."""

    FINAL = "final"
    HELD = "held"
    DOCKETED = "docketed"
    APPROVED = "approved"
    PROPOSED = "proposed"
    LOGGED = "logged"
    HANDED_OVER = "handed-over"


@dataclass(frozen=True, slots=True)
class Fault:
    """A format fault in one line: ``column`` is the field's name (CSV: its column name), never its value."""

    code: str
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """An engaged officer's verified signature under one line: personally and directly engaged in its matter."""

    keyid: str
    person: str
    envelope_sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """One request line, exactly as stated: a missing key is absent, ``""`` is blank, a placeholder is itself.

    ``ordinal`` counts from 1; ``digest`` is SHA-256 (hex) over the canonical JSON of ``data``.
    """

    ordinal: int
    request_key: str
    data: Mapping[str, Json]
    digest: str
    attestation: Attestation | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """The signed written request of the requesting official, after its signature was verified."""

    nonce: str
    created: datetime
    agency: str
    office: str
    holder: str
    delegation: str | None
    pack: str
    agreement: str
    file_name: str
    file_sha256: str
    attestations_sha256: str
    line_count: int
    columns: Mapping[str, str]
    certified_use: str
    signer_keyid: str
    envelope_sha256: str
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The files of a submission as they came: SHA-256 (hex) by name, and a way to read each, in pieces, as often as wanted.

    ``records`` reads the line file as physical lines: its own, or those that the cells of an XLSX or Parquet file come to (``intake.cells``).
    """

    digests: Mapping[str, str]
    read: Callable[[str], Iterable[bytes]]
    records: Callable[[str], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Received:
    """Step 1: a submission whose envelope is good, and whose lines are as many as its cover states; bad ones are among them.

    ``pack_version`` names the reading of the ground in force on the day of receipt; empty until step 2 has chosen it.
    """

    submission: SubmissionId
    manifest_sha256: str
    cover: Cover
    received_at: datetime
    pack_version: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A submission whose envelope is bad: recorded, never looked at further. ``agency`` only if it is proven."""

    submission: SubmissionId
    manifest_sha256: str
    code: str
    message: str
    agency: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """Step 2: one line with a finding for every element, all kept."""

    line: Line
    findings: tuple[Finding, ...]

    def having(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Return the findings with that outcome, in the pack's order."""
        return tuple(f for f in self.findings if f.outcome is outcome)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why guard keeps a line back: a 4xx code and a sentence with numbers, never data."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """Step 3: a checked line, with what guard holds against it and what it wants a person to notice."""

    checked: Checked
    holds: tuple[Hold, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedDecision:
    """Who signed which decision, when: ``sha256`` is over the exact DSSE envelope bytes."""

    sha256: str
    keyid: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approved:
    """Step 4: every element MET or answered by a named officer. ``items`` and ``periods`` can only have narrowed."""

    submission: SubmissionId
    line: Line
    findings: tuple[Finding, ...]
    items: tuple[str, ...]
    periods: tuple[int, ...]
    recipient_keyid: str
    decision: SignedDecision


class VerdictKind(Enum):
    """Does exactly one record bear this name at this address?"""

    ONE = "one"
    NONE = "none"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class AddressOnRecord:
    """One address of the one record: where from (``taxpayer``, ``third-party``, ``agency``), which return, which year."""

    parts: Mapping[str, str]
    tax_year: int
    source: str
    form: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of step 5. Only ONE carries anything of a record; ``reason`` is a 3xx code that stays inside.

    ``differs`` says per compared field whether it ``agrees`` or ``differs``; it never holds a value.
    ``stated_is_last_known`` is True if the address the request set forth is the record's last known address.
    """

    kind: VerdictKind
    reason: str
    record_id: str | None = None
    addresses: tuple[AddressOnRecord, ...] = ()
    stated_is_last_known: bool = False
    bars: tuple[str, ...] = ()
    differs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matched:
    """Step 5: an approved request and the verdict of its one look-up."""

    approved: Approved
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Proposed:
    """Step 6, minimise: what would be said, by field name; empty unless RELEASED."""

    matched: Matched
    kind: AnswerKind
    fields: Mapping[str, Json]
    reason: str


@dataclass(frozen=True, slots=True)
class Authorised:
    """Step 6, authorise: a second person allowed exactly this answer to leave."""

    proposed: Proposed
    authorisation: SignedDecision
    batch: int


@dataclass(frozen=True, slots=True)
class Package:
    """Step 8: the four files of a sealed answer, by file name."""

    answer: str
    recipient: str
    sequence: int
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What is known outside the envelope about one line: letter, codes, confirmation number; no identifiers."""

    submission: SubmissionId
    ordinal: int
    request_key: str
    state: LineState
    disposition: Disposition
    codes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    holds: tuple[Hold, ...] = ()
    hints: tuple[str, ...] = ()


def day_of(moment: datetime) -> date:
    """Return the calendar day (UTC) of a moment, which is what dated standing is compared with."""
    return moment.date()
