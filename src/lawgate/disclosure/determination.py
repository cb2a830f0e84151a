"""The determination a requester gets: one line out per line in, in order, with nothing from a record and no identifier in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

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

MASKED_WORDS = 12
"""So many words of a name are shown by their first letters; what is behind them is not shown at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line's determination. ``disposition`` is a letter; ``masked`` are identifiers as far as they may be shown back."""

    ordinal: int
    request_key: str
    confirmation: str
    disposition: str
    reasons: tuple[Code, ...]
    masked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a line file: its name's ``ending``, and how it is cut. ``kind`` is ``jsonl``, ``delimited``, ``fixed`` or ``table``
    (XLSX or Parquet, as the ending says); ``header`` says whether a delimited file has a line of column names."""

    ending: str
    kind: str
    delimiter: str = ","
    encoding: str = "utf-8"
    header: bool = True


@dataclass(frozen=True, slots=True)
class Determination:
    """What a requester gets: ``records`` as ``record_lines`` gives them, to be written as JSONL and in the ``form`` of the request."""

    form: Form
    records: Iterator[tuple[str, Row | None]]


def rows(statuses: Iterable[LineStatus], lines: Iterable[Line], first: int = 1) -> Iterator[Row]:
    """Give one row for each line from the ``first`` on, in line order, taking lines and their statuses one by one as they are read in that order.

    Raises StoreError where a line is missing, there twice, or not the one its status is of.
    """
    for expected, (status, line) in enumerate(zip_longest(statuses, lines), first):
        if status is None or line is None or status.ordinal != expected or line.ordinal != expected:
            raise StoreError("the lines of this submission are not complete")
        yield _row(status, mask(line))


def mask(line: Line) -> dict[str, str]:
    """Return a line's identifiers masked: first letters of the name, a taxpayer number only as being there. Absent stays absent."""
    shown: dict[str, str] = {}
    name = line.data.get("name")
    if isinstance(name, dict):
        words = [part for key in ("given", "surname", "full") for part in _words(name.get(key))]
        shown["name"] = " ".join(_first_letter(word) for word in words[:MASKED_WORDS])
    if line.data.get("taxpayer_number"):
        shown["taxpayer_number"] = "***"
    return shown


def record_lines(submission: str, line_count: int, found: Iterable[Row]) -> Iterator[tuple[str, Row | None]]:
    """Write the determination as JSONL, a record at a time, each with the row it says, None for two of them: a header, one record for each
    line, a trailer with the counts by letter. Raises StoreError if rows are lacking."""
    head: dict[str, Json] = {"record": "header", "submission": submission, "lines": line_count}
    yield _jsonl(head), None
    counts: Counter[str] = Counter()
    for row in found:
        counts[row.disposition] += 1
        yield _jsonl(_object(row)), row
    if counts.total() != line_count:
        raise StoreError("the lines of this submission are not complete")
    yield _jsonl({**head, "record": "trailer", "counts": dict(sorted(counts.items()))}), None


def _jsonl(record: Mapping[str, Json]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


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
        return status.disposition, () if status.disposition is Disposition.ANSWERED else outside(status.codes)
    if status.state in (LineState.DOCKETED, LineState.HELD):
        # A stopped line waits too, but says so: a stop on a whole submission, agency, officer or pack is no secret.
        letter = Disposition.STOPPED if status.disposition is Disposition.STOPPED else Disposition.HELD
        return letter, tuple(dict.fromkeys((*outside(status.codes), WAITS_FOR_OFFICER)))
    # From here on a record may have been looked at: every such line looks alike until its answer is logged.
    return Disposition.HELD, (WAITS_FOR_RELEASE,)


def outside(codes: Iterable[str]) -> tuple[str, ...]:
    """Return those of the codes that may be shown outside."""
    return tuple(code for code in codes if not code.startswith("3") and code not in INSIDE_CODES)


def _reason(number: str, findings: Sequence[Finding]) -> Code:
    """The code's own words; its citation is the finding's where a rule gave it, because each pack cites its own provision."""
    known = CODES[number]
    cited = next((f.citation for f in findings if f.code == number), known.citation)
    return Code(number, cited, known.sentence, known.remedy, known.retriable)


def _first_letter(word: str) -> str:
    """A sign that is no letter is not shown: it could be a formula's first sign, or one that no file may hold."""
    return f"{word[0]}***" if word[0].isalpha() else "***"


def _words(value: Json) -> list[str]:
    return value.split() if isinstance(value, str) else []


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
