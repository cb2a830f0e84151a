"""The determination as text in the form of the request: delimited, with column names or none, or of fixed width.

One record out for each record in, and nothing else, so that line n of the one is line n of the other; the counts stand in the JSONL. As in the SSNVS
return file the record is of a layout of its own and not the request's with a code behind it, because nothing of a request but its key may come back whole.
"""

from __future__ import annotations

import csv
import io
import re

from lawgate.disclosure.determination import Form, Row

WIDTHS = {
    "ordinal": 10,
    "request_key": 192,
    "confirmation": 16,
    "disposition": 1,
    "codes": 400,
    "name": 60,
    "taxpayer_number": 3,
}
"""The columns of a fixed-width determination and their widths in characters. Every code there is has room, each with a semicolon."""

COLUMNS = (
    "ordinal", "request_key", "confirmation", "disposition", "codes", "citations", "sentences", "remedies", "retriable",
    "name", "taxpayer_number",
)  # fmt: skip
"""The columns of every other determination with columns, in their order."""

_FORMULA = re.compile(r"""(^|[,;|\t "'])(?=[=+\-@＝＋－＠])""")


def harmless(cell: str) -> str:
    """Return a cell in which no spreadsheet finds a formula: ``'`` before a sign that begins one, at the beginning and wherever a cell would
    begin if the file were opened with another delimiter, or its quotes misread. A request key is whole in the JSONL."""
    return _FORMULA.sub(r"\1'", cell)


def lists(row: Row) -> dict[str, list[str]]:
    """Return what a row says of each of its reasons, column by column."""
    return {
        "codes": [r.code for r in row.reasons],
        "citations": [r.citation for r in row.reasons],
        "sentences": [r.sentence for r in row.reasons],
        "remedies": [r.remedy for r in row.reasons],
        "retriable": ["yes" if r.retriable else "no" for r in row.reasons],
    }


def cells(row: Row) -> dict[str, str]:
    """Return a row's cells; the items of a list are separated by ``;``, and what is absent is blank."""
    return {
        "ordinal": str(row.ordinal),
        "request_key": row.request_key,
        "confirmation": row.confirmation,
        "disposition": row.disposition,
        **{name: ";".join(items) for name, items in lists(row).items()},
        "name": row.masked.get("name", ""),
        "taxpayer_number": row.masked.get("taxpayer_number", ""),
    }


class Text:
    """Writes a delimited or fixed-width determination a record at a time."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._out = io.StringIO(newline="")
        self._writer = csv.writer(self._out, delimiter=form.delimiter, lineterminator="\r\n")

    def header(self) -> bytes:
        """Return the line of column names, or nothing where the request had none."""
        has_names = self._form.kind == "delimited" and self._form.header
        return self._delimited(COLUMNS) if has_names else b""

    def record(self, row: Row) -> bytes:
        """Return one line's record, its end included."""
        found = {name: harmless(cell) for name, cell in cells(row).items()}
        if self._form.kind == "delimited":
            return self._delimited(tuple(found[name] for name in COLUMNS))
        return self._encoded("".join(found[name].ljust(width) for name, width in WIDTHS.items()) + "\n")

    def _delimited(self, found: tuple[str, ...]) -> bytes:
        self._writer.writerow(found)
        text = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return self._encoded(text)

    def _encoded(self, text: str) -> bytes:
        # A key has come in this encoding. A citation that it cannot write loses a sign here and none in the JSONL.
        return text.encode(self._form.encoding, "replace")


def layout_of(form: Form) -> str:
    """Return the layout (TOML, as for a request) of a determination whose columns are named nowhere else; nothing for another."""
    if form.kind == "fixed":
        lines, place = [], 1
        for name, width in WIDTHS.items():
            lines.append(f'    {{name = "{name}", start = {place}, length = {width}}},')
            place += width
        top = f'kind = "fixed"\nencoding = "{form.encoding}"\nwidth = {place - 1}\n'
    elif form.kind == "delimited" and not form.header:
        lines = [f'    {{name = "{name}"}},' for name in COLUMNS]
        delimiter = form.delimiter.replace("\t", "\\t")
        top = f'kind = "delimited"\ndelimiter = "{delimiter}"\nencoding = "{form.encoding}"\n'
    else:
        return ""
    return "\n".join([f"{top}column = [", *lines, "]", ""])
