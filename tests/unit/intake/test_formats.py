"""One request in every form of line file comes to one line, and what is wrong in a form is said without repairing it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lawgate.adapters.line_tables import line_pieces
from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Json, Line
from lawgate.intake.layout import parse_layout, reading_of
from lawgate.intake.layouts import shipped_layout
from lawgate.intake.lines import read_lines, stream_file

REQUEST: dict[str, Json] = {
    "request_key": "K-1",
    "name": {"given": "Ana", "surname": "Muñoz"},
    "address": {"text": "12 N Main St; Apt 4, Eugene, OR 97401"},
    "taxable_periods": ["2023", "2024"],
    "taxpayer_number": "",
}
NAMES = ("request_key", "name.given", "name.surname", "address.text", "taxable_periods", "taxpayer_number")
CELLS = ("K-1", "Ana", "Muñoz", "12 N Main St; Apt 4, Eugene, OR 97401", "2023;2024", "")


def delimited(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([NAMES, CELLS])
    return out.getvalue()


def only(lines: tuple[Line, ...]) -> Line:
    (line,) = lines
    return line


def as_parquet(folder: Path, row: dict[str, object]) -> tuple[Line, ...]:
    path = folder / "l.parquet"
    pq.write_table(pa.table({name: [value] for name, value in row.items()}), path)
    return tuple(stream_file(reading_of(path.name, {}, ""), line_pieces(path.name, [path.read_bytes()])))


def as_xlsx(folder: Path, *rows: tuple[object, ...]) -> tuple[Line, ...]:
    book, path = openpyxl.Workbook(), folder / "l.xlsx"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return tuple(stream_file(reading_of(path.name, {}, ""), line_pieces(path.name, [path.read_bytes()])))


@pytest.mark.parametrize(
    ("name", "delimiter", "kind"),
    [
        ("l.csv", ",", ""),
        ("l.tsv", "\t", ""),
        ("l.txt", ";", 'kind = "delimited"\ndelimiter = ";"'),
        ("l.dat", "|", 'kind = "delimited"\ndelimiter = "|"'),
        ("l.csv", ";", 'kind = "delimited"\ndelimiter = ";"'),
    ],
)
def test_delimiters(name: str, delimiter: str, kind: str) -> None:
    assert only(read_lines(name, delimited(delimiter).encode(), {}, kind)).data == REQUEST


def test_every_form_gives_the_same_line_and_digest(tmp_path: Path) -> None:
    as_json = only(read_lines("l.jsonl", json.dumps(REQUEST).encode() + b"\n", {}))
    cells = dict(zip(NAMES, CELLS, strict=True))
    forms = [
        only(read_lines("l.csv", delimited(",").encode(), {})),
        only(as_xlsx(tmp_path, NAMES, CELLS)),
        only(as_parquet(tmp_path, {**cells, "taxable_periods": ["2023", "2024"]})),
    ]
    # An empty cell of a spreadsheet is nothing at all: there the taxpayer number is absent, not blank.
    assert forms[1].data == {k: v for k, v in REQUEST.items() if k != "taxpayer_number"}
    assert [form.digest for form in (forms[0], forms[2])] == [as_json.digest] * 2


def test_windows_1252_is_read_only_where_it_is_declared() -> None:
    raw = delimited(",").encode("windows-1252")
    declared = 'kind = "delimited"\nencoding = "windows-1252"'
    assert only(read_lines("l.csv", raw, {}, declared)).data == REQUEST
    (fault,) = only(read_lines("l.csv", raw, {})).faults
    assert (fault.code, "not UTF-8" in fault.message) == ("110", True)
    (fault,) = only(read_lines("l.csv", raw.replace(b"\xf1", b"\x81"), {}, declared)).faults
    assert "not WINDOWS-1252" in fault.message


def test_a_null_is_absent_and_an_empty_text_is_blank(tmp_path: Path) -> None:
    row = {"request_key": "K-1", "birth_date": None, "taxpayer_number": ""}
    table = pa.table({k: pa.array([v], pa.string()) for k, v in row.items()})
    pq.write_table(table, tmp_path / "l.parquet")
    (line,) = stream_file(
        reading_of("l.parquet", {}, ""), line_pieces("l.parquet", [(tmp_path / "l.parquet").read_bytes()])
    )
    assert line.data == {"request_key": "K-1", "taxpayer_number": ""}


def test_a_spreadsheet_is_not_repaired(tmp_path: Path) -> None:
    lines = as_xlsx(
        tmp_path,
        ("request_key", "address.zip", "birth_date"),
        ("K-1", 7030, "1990-02-03"),
        ("K-2", "=1+1", ""),
        ("K-3", 1.5, ""),
    )
    assert lines[0].data["address"] == {"zip": "7030"}  # the zero that the spreadsheet dropped stays dropped
    assert [line.faults[0].message for line in lines[1:]] == [
        "line 3: a cell has a formula or an error",
        "line 4: a cell holds what a request line cannot",
    ]


def test_what_is_no_table_is_refused_whole(tmp_path: Path) -> None:
    for name in ("l.xlsx", "l.parquet"):
        (tmp_path / name).write_bytes(b"not a table")
        with pytest.raises(MalformedRequestError, match="can be read"):
            list(line_pieces(name, [(tmp_path / name).read_bytes()]))


def fixed(layout_text: str, values: dict[str, str]) -> bytes:
    cut = parse_layout(layout_text)
    return "".join(values.get(c.name, "").ljust(c.length or 0) for c in cut.column).encode()


def test_a_fixed_width_line_in_the_manner_of_ssnvs() -> None:
    values = {
        "ssn": "900123456", "entry_code": "TPV", "processing_code": "214", "last_name": "MUNOZ", "first_name": "ANA",
        "date_of_birth": "02031990", "user_control_data": "K-1",
    }  # fmt: skip
    mapping = {
        "request_key": "user_control_data", "name.surname": "last_name", "name.given": "first_name", "name.middle": "middle_name",
        "birth_date": "date_of_birth", "taxpayer_number": "ssn",
    }  # fmt: skip
    raw = fixed(shipped_layout("ssnvs"), values)
    assert len(raw) == 130
    line = only(read_lines("l.txt", raw + b"\r\n", mapping, shipped_layout("ssnvs")))
    assert line.faults == ()
    assert line.data == {
        "request_key": "K-1", "taxpayer_number": "900123456", "birth_date": "1990-02-03",
        "name": {"surname": "MUNOZ", "given": "ANA", "middle": ""},
    }  # fmt: skip
    lines = read_lines("l.txt", raw[:-1] + b"\n" + raw + b"\n", mapping, shipped_layout("ssnvs"))
    assert lines[0].faults[0].message == "line 1: 129 characters where the layout has 130"
    assert lines[1].faults == ()


def test_a_line_in_the_manner_of_bulk_tin_matching() -> None:
    mapping = {"request_key": "account_number", "name.full": "name", "taxpayer_number": "tin"}
    line = only(
        read_lines("l.txt", b"3;900123456;OMalley Ann;K-1\n", mapping, shipped_layout("tin-matching"))
    )
    assert line.data == {
        "taxpayer_number": "900123456",
        "name": {"full": "OMalley Ann"},
        "request_key": "K-1",
    }


def test_the_projects_own_fixed_width_record_needs_no_mapping() -> None:
    raw = fixed(
        shipped_layout("request-600"),
        {"request_key": "K-1", "birth_date": "19900203", "taxable_periods": "2023;2024"},
    )
    line = only(read_lines("l.dat", raw + b"\n", {}, shipped_layout("request-600")))
    assert (line.data["birth_date"], line.data["taxable_periods"]) == ("1990-02-03", ["2023", "2024"])


def test_a_date_that_is_none_stays_as_it_stands() -> None:
    raw = fixed(shipped_layout("request-600"), {"request_key": "K-1", "birth_date": "19901399"})
    assert (
        only(read_lines("l.dat", raw + b"\n", {}, shipped_layout("request-600"))).data["birth_date"]
        == "19901399"
    )


@pytest.mark.parametrize(
    ("name", "columns", "text", "says"),
    [
        ("l.txt", {}, "", "needs a layout"),
        ("l.pdf", {}, "", "must end in"),
        ("l.xlsx", {}, 'kind = "delimited"', "a layout is for files ending in"),
        ("l.txt", {}, "kind = ", "not TOML"),
        ("l.txt", {}, 'kind = "free"', "wrong in the layout: kind"),
        ("l.txt", {}, 'kind = "fixed"\nwidth = 5', "needs width and columns"),
        ("l.txt", {}, 'kind = "fixed"\nwidth = 5\ncolumn = [{name = "request_key", start = 2, length = 4}]', "must start at 1"),
        ("l.txt", {}, 'kind = "fixed"\nwidth = 5\ncolumn = [{name = "request_key", start = 1, length = 4}]', "end at 4, the width is 5"),
        ("l.txt", {}, 'kind = "delimited"\ncolumn = [{name = "request_key"}, {name = "note"}]', "neither mapped nor ignored"),
        ("l.txt", {"request_key": "key"}, 'kind = "delimited"\ncolumn = [{name = "key", ignored = true}]', "does not have, or ignores"),
        ("l.txt", {}, 'kind = "delimited"\ncolumn = [{name = "a"}, {name = "a"}]', "two columns have one name"),
    ],
)  # fmt: skip
def test_a_layout_that_leaves_something_open_is_refused(
    name: str, columns: dict[str, str], text: str, says: str
) -> None:
    with pytest.raises(MalformedRequestError, match=says):
        reading_of(name, columns, text)
