"""The determination a requester gets: one line out per line in, in order, with nothing from a record and no identifier in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lawgate.disclosure.answer_id import confirmation
from lawgate.domain.code import CODES, Code
from lawgate.domain.errors import StoreError
from lawgate.domain.finding import Finding
from lawgate.domain.kept import is_final
from lawgate.domain.steps import Disposition, Json, Line, LineState, LineStatus

WAITS_FOR_OFFICER = "901"
WAITS_FOR_RELEASE = "902"
INSIDE_CODES = frozenset({"601", "602", "603", "604", "605", "606", "607"})
"""Codes of what a record or a determination says; with the whole family 3xx they are never shown."""

COLUMNS = (
    "record", "ordinal", "request_key", "confirmation", "disposition", "codes", "citations", "sentences", "remedies", "retriable",
    "name", "taxpayer_number", "submission", "lines", "counts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line's determination. ``disposition`` is a letter; ``masked`` are identifiers as far as they may be shown back."""

    ordinal: int
    request_key: str
    confirmation: str
    disposition: str
    reasons: tuple[Code, ...]
    masked: Mapping[str, str]


def rows(statuses: Sequence[LineStatus], masked: Mapping[int, Mapping[str, str]]) -> tuple[Row, ...]:
    """Return one row per line, in line order. Raises StoreError if a line is missing or there twice."""
    ordered = sorted(statuses, key=lambda status: status.ordinal)
    if [status.ordinal for status in ordered] != list(range(1, len(ordered) + 1)):
        raise StoreError("the lines of this submission are not complete")
    return tuple(_row(status, masked.get(status.ordinal, {})) for status in ordered)


def mask(line: Line) -> dict[str, str]:
    """Return a line's identifiers masked: first letters of the name, a taxpayer number only as being there. Absent stays absent."""
    shown: dict[str, str] = {}
    name = line.data.get("name")
    if isinstance(name, dict):
        words = [part for key in ("given", "surname", "full") for part in _words(name.get(key))]
        shown["name"] = " ".join(f"{word[0]}***" for word in words)
    if line.data.get("taxpayer_number"):
        shown["taxpayer_number"] = "***"
    return shown


def to_jsonl(submission: str, found: Sequence[Row]) -> str:
    """Write header, one object per line, trailer with the counts by letter; each on its own line."""
    head: dict[str, Json] = {"record": "header", "submission": submission, "lines": len(found)}
    tail: dict[str, Json] = {"record": "trailer", "submission": submission, "lines": len(found)}
    tail["counts"] = dict(_counts(found))
    records = [head, *(_object(row) for row in found), tail]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def to_csv(submission: str, found: Sequence[Row]) -> str:
    """Write the same as CSV with one row of column names; lists in a cell are separated by ``;``."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    frame = {"submission": submission, "lines": str(len(found))}
    writer.writerow({"record": "header", **frame})
    for row in found:
        writer.writerow(_cells(row))
    counts = ";".join(f"{letter}={count}" for letter, count in _counts(found).items())
    writer.writerow({"record": "trailer", **frame, "counts": counts})
    return out.getvalue()


def _row(status: LineStatus, masked: Mapping[str, str]) -> Row:
    letter, codes = _shown(status)
    return Row(
        ordinal=status.ordinal,
        request_key=status.request_key,
        confirmation=confirmation(status.submission, status.ordinal),
        disposition=letter.value,
        reasons=tuple(_reason(code, status.findings) for code in codes),
        masked=masked,
    )


def _shown(status: LineStatus) -> tuple[Disposition, tuple[str, ...]]:
    """Letter and codes fit for outside: an answer under seal has no codes, and a waiting line says whom it waits for."""
    if is_final(status):
        return status.disposition, () if status.disposition is Disposition.ANSWERED else _outside(
            status.codes
        )
    if status.state in (LineState.DOCKETED, LineState.HELD):
        # A stopped line waits too, but says so: a stop on a whole submission, agency, officer or pack is no secret.
        letter = Disposition.STOPPED if status.disposition is Disposition.STOPPED else Disposition.HELD
        return letter, tuple(dict.fromkeys((*_outside(status.codes), WAITS_FOR_OFFICER)))
    # From here on a record may have been looked at: every such line looks alike until its answer is logged.
    return Disposition.HELD, (WAITS_FOR_RELEASE,)


def _outside(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if not code.startswith("3") and code not in INSIDE_CODES)


def _reason(number: str, findings: Sequence[Finding]) -> Code:
    """The code's own words; its citation is the finding's where a rule gave it, because each pack cites its own provision."""
    known = CODES[number]
    cited = next((f.citation for f in findings if f.code == number), known.citation)
    return Code(number, cited, known.sentence, known.remedy, known.retriable)


def _words(value: Json) -> list[str]:
    return value.split() if isinstance(value, str) else []


def _counts(found: Sequence[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in found:
        counts[row.disposition] = counts.get(row.disposition, 0) + 1
    return dict(sorted(counts.items()))


def _object(row: Row) -> dict[str, Json]:
    reasons: list[Json] = [
        {
            "code": r.code,
            "citation": r.citation,
            "sentence": r.sentence,
            "remedy": r.remedy,
            "retriable": r.retriable,
        }
        for r in row.reasons
    ]
    return {
        "record": "line",
        "ordinal": row.ordinal,
        "request_key": row.request_key,
        "confirmation": row.confirmation,
        "disposition": row.disposition,
        "reasons": reasons,
        **row.masked,
    }


def _cells(row: Row) -> dict[str, str]:
    return {
        "record": "line",
        "ordinal": str(row.ordinal),
        "request_key": row.request_key,
        "confirmation": row.confirmation,
        "disposition": row.disposition,
        "codes": ";".join(r.code for r in row.reasons),
        "citations": ";".join(r.citation for r in row.reasons),
        "sentences": ";".join(r.sentence for r in row.reasons),
        "remedies": ";".join(r.remedy for r in row.reasons),
        "retriable": ";".join("yes" if r.retriable else "no" for r in row.reasons),
        "name": row.masked.get("name", ""),
        "taxpayer_number": row.masked.get("taxpayer_number", ""),
    }
