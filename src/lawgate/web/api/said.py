"""What the API says, type by type. None has a field for what a record says: a looked-up line is ``A``, whatever its answer."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from lawgate.disclosure.determination import Row, outside
from lawgate.domain.code import CODES, Code
from lawgate.domain.kept import WAITING, SubmissionSummary, letters_of
from lawgate.domain.steps import SubmissionId
from lawgate.gate import Gate
from lawgate.portal.sending import Followed
from lawgate.validate import Validation
from lawgate.web.api.problem import CallRefusedError

NUMBER = "9G4W2KQ0T7V1XHJD"
REASON: dict[str, Any] = {
    "code": "223",
    "citation": "26 U.S.C. 6103(i)(2)(B)(i)",
    "sentence": "What is stated as an address is not one: a part is missing or it is a placeholder.",
    "remedy": "State number and street (or box), city, state and ZIP.",
    "retriable": True,
}

STATUS: dict[str, Any] = {
    "submission": NUMBER, "agency": "justice-fraud", "pack": "usc26-6103-i-2", "received_at": "2026-03-02T09:30:00Z",
    "state": "received", "lines": 40, "dispositions": {"A": 20, "W": 8, "X": 12}, "reasons": [{**REASON, "lines": 12}], "settled": False,
    "followed_by": [],
}  # fmt: skip


class Said(Schema):
    """The base of them all: nothing is in it that is not described."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Problem(Said):
    """What was wrong with a call (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:lawgate:code:510",
                    "title": "A call with this nonce was received before.",
                    "status": 401,
                    "detail": "A call with this nonce was received before.",
                    "code": "510",
                    "citation": "RFC 9421, 7.2.2",
                    "remedy": "Send it again with a new nonce and a new signature.",
                    "retriable": True,
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    detail: str
    code: str
    citation: str
    remedy: str
    retriable: bool


class Reason(Said):
    """A reason code in full; every code stands in docs/codes.md."""

    model_config = ConfigDict(json_schema_extra={"examples": [REASON]})
    code: str
    citation: str
    sentence: str
    remedy: str
    retriable: bool


class Counted(Reason):
    """A reason, and how many lines have it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**REASON, "lines": 12}]})
    lines: int


class Progress(Said):
    """How far the work on a submission has come: ``lines`` of ``total`` in ``step`` (0: unknown), ``rate`` lines a second, ``left`` seconds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"step": "receive", "lines": 12000, "total": 40000, "rate": 4000.0, "left": 7.0}]
        }
    )
    step: str
    lines: int
    total: int
    rate: float
    left: float


class Status(Said):
    """Where a submission stands. ``state``: ``sent`` (kept, and not read yet), ``withdrawn``, ``rejected`` or ``received``. ``dispositions``
    counts lines by letter, waiting ones under ``W``; ``settled`` says that nothing of it waits."""

    model_config = ConfigDict(json_schema_extra={"examples": [STATUS]})
    submission: str
    state: str
    agency: str
    pack: str | None = None
    received_at: str | None = Field(None, json_schema_extra={"format": "date-time"})
    rejected: Reason | None = Field(None, description="why nothing of it was looked at")
    lines: int
    dispositions: dict[str, int]
    reasons: list[Counted]
    settled: bool
    progress: Progress | None = Field(None, description="while a worker has it in hand")
    follows: str | None = Field(None, description="the submission that this one corrects")
    followed_by: list[str]


class Lacking(Said):
    """A line that lacks something."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ordinal": 3, "request_key": "K-3", "disposition": "X", "reasons": [REASON]}]
        }
    )
    ordinal: int
    request_key: str
    disposition: str
    reasons: list[Reason]


class Validated(Said):
    """What would become of a submission at the door. Nothing of it was kept and no record was looked at; what guard would hold is not said."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "submission": NUMBER, "acceptable": True, "lines": 3, "asks": 2, "dispositions": {"X": 1},
                    "reasons": [{**REASON, "lines": 1}],
                    "lacking": [{"ordinal": 3, "request_key": "K-3", "disposition": "X", "reasons": [REASON]}],
                }
            ]
        }
    )  # fmt: skip
    submission: str
    acceptable: bool
    rejected: Reason | None = Field(None, description="what would reject the whole")
    detail: str | None = Field(None, description="what was found, where the whole would be rejected")
    lines: int
    asks: int = Field(description="lines that lack nothing a rule can see; a named officer would be asked")
    dispositions: dict[str, int]
    reasons: list[Counted]
    lacking: list[Lacking] = Field(description="the first thousand lines that lack something")


class Determined(Said):
    """One line's determination. Every looked-up line is ``A``: what was found, if anything, is inside the sealed package."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ordinal": 1, "request_key": "K-1", "confirmation": "5T0X9W3M1QKD7RGV", "disposition": "X", "reasons": [REASON],
                    "name": "A*** E***",
                }
            ]
        }
    )  # fmt: skip
    ordinal: int
    request_key: str
    confirmation: str
    disposition: str
    reasons: list[Reason]
    name: str | None = Field(None, description="first letters only")
    taxpayer_number: str | None = Field(None, description="*** if one was stated")


class Determinations(Said):
    """A page of determinations, in line order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {
                            "ordinal": 1, "request_key": "K-1", "confirmation": "5T0X9W3M1QKD7RGV", "disposition": "A", "reasons": [],
                            "name": "A*** E***",
                        }
                    ],
                    "next": "MQ",
                }
            ]
        }
    )  # fmt: skip
    lines: list[Determined]
    next: str | None = Field(None, description="the cursor of the next page; absent on the last")


def moment(at: datetime) -> str:
    """Write a moment, in UTC and to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def reason_of(known: Code, citation: str = "") -> Reason:
    """Set out a code."""
    return Reason(
        code=known.code,
        citation=citation or known.citation,
        sentence=known.sentence,
        remedy=known.remedy,
        retriable=known.retriable,
    )


def counted(codes: Mapping[str, int]) -> list[Counted]:
    """Set out counted codes, those alone that may be shown outside."""
    return [Counted(**reason_of(CODES[c]).model_dump(), lines=codes[c]) for c in sorted(outside(codes))]


def status_of(gate: Gate, known: SubmissionSummary) -> Status:
    """Say where a received or rejected submission stands, as its requester and overseers may hear it."""
    number = SubmissionId(known.submission)
    letters = letters_of(gate.memory.letters(number))
    return Status(
        submission=known.submission,
        state="rejected" if known.rejected_code else "received",
        agency=known.agency,
        pack=known.pack or None,
        received_at=moment(known.received_at),
        rejected=reason_of(CODES[known.rejected_code]) if known.rejected_code else None,
        lines=known.line_count,
        dispositions=dict(sorted(letters.items())),
        reasons=counted(gate.memory.codes(number)),
        settled=not letters.get(WAITING),
        progress=None,
        follows=None,
        followed_by=[],
    )


def followed(gate: Gate, one: Followed, agency: str) -> Status:
    """Say where one of an agency's submissions stands, whether it is received or still waits for that."""
    reach = one.reach
    if one.known is not None:
        said = status_of(gate, one.known)
    else:
        state = "withdrawn" if one.withdrawn else "sent"
        said = Status(
            submission=one.number,
            state=state,
            agency=agency,
            received_at=None,
            rejected=None,
            lines=0,
            dispositions={},
            reasons=[],
            settled=one.withdrawn,
            progress=None,
            follows=None,
            followed_by=[],
        )
    said.follows = one.follows or None
    said.followed_by = list(one.followed_by)
    if reach is not None:
        said.progress = Progress(
            step=reach.step,
            lines=reach.lines,
            total=reach.total,
            rate=round(reach.rate, 1),
            left=round(reach.left, 1),
        )
    return said


def validated(found: Validation) -> Validated:
    """Say what a validation found."""
    return Validated(
        submission=found.submission,
        acceptable=not found.rejected,
        rejected=reason_of(CODES[found.rejected]) if found.rejected else None,
        detail=found.message or None,
        lines=found.lines,
        asks=found.asks,
        dispositions=dict(found.letters),
        reasons=counted(found.codes),
        lacking=[
            Lacking(
                ordinal=line.ordinal,
                request_key=line.request_key,
                disposition=line.disposition.value,
                reasons=[reason_of(CODES[number], cited) for number, cited in line.codes.items()],
            )
            for line in found.lacking
        ],
    )


def determined(rows: Iterable[Row]) -> list[Determined]:
    """Say what became of some lines."""
    return [
        Determined(
            ordinal=row.ordinal,
            request_key=row.request_key,
            confirmation=row.confirmation,
            disposition=row.disposition,
            reasons=[reason_of(reason) for reason in row.reasons],
            name=row.masked.get("name"),
            taxpayer_number=row.masked.get("taxpayer_number"),
        )
        for row in rows
    ]


def cursor_of(place: int) -> str:
    """Write where the next page begins. What a cursor holds is nobody's to know."""
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def place_of(cursor: str) -> int:
    """Read it back; 0 for no cursor. Raises CallRefusedError."""
    if not cursor:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii"))
    except ValueError:
        raise CallRefusedError("514", "the cursor is not one that was given out") from None
    if place < 0 or cursor_of(place) != cursor:
        raise CallRefusedError("514", "the cursor is not one that was given out")
    return place
