"""The determination in each form: nothing in it begins a formula, nothing breaks a cell, and memory does not grow with the lines."""

from __future__ import annotations

import csv
import io
import tomllib
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from lawgate.adapters import determination_tables as tables
from lawgate.disclosure.determination import INSIDE_CODES, Form, Row
from lawgate.disclosure.determination_text import COLUMNS, WIDTHS, Text, harmless, layout_of
from lawgate.domain.code import CODES
from lawgate.intake.layout import parse_layout
from lawgate.intake.lines import MAX_KEY

FORMULA = tuple("=+-@＝＋－＠")
OUTSIDE = tuple(code for n, code in CODES.items() if n[0] != "3" and n not in INSIDE_CODES)
FORMS = [Form(".csv", "delimited", d, header=h) for d in ",;|\t" for h in (True, False)]

hostile = st.text(st.sampled_from("=+-@＝,;|\t\"' aé1"), max_size=MAX_KEY)
keys = (hostile | st.text(max_size=MAX_KEY)).filter(str.isprintable)


def row(key: str = "K-1", ordinal: int = 1) -> Row:
    return Row(ordinal, key, "0123456789ABCDEF", "X", OUTSIDE[:3], {"name": "M*** Q***"})


@given(st.lists(keys, max_size=4), st.sampled_from(FORMS))
def test_every_record_has_its_cells_whatever_the_keys(asked: list[str], form: Form) -> None:
    text = Text(form)
    raw = text.header() + b"".join(text.record(row(key, n)) for n, key in enumerate(asked, 1))
    read = list(csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=form.delimiter, strict=True))
    if form.header:
        assert tuple(read.pop(0)) == COLUMNS
    assert [cells[1] for cells in read] == [harmless(key) for key in asked]
    assert {len(cells) for cells in read} <= {len(COLUMNS)}


@given(keys, st.sampled_from(FORMS), st.sampled_from(",;|\t "))
def test_no_cell_begins_a_formula_even_if_the_file_is_cut_at_another_delimiter(
    key: str, form: Form, cut_at: str
) -> None:
    text = Text(form).record(row(key)).decode()
    read = next(csv.reader([text], delimiter=cut_at))
    unquoted = text.strip("\r\n").split(cut_at)
    assert not [c for c in (*read, *unquoted) if c.lstrip(" \"'\t")[:1] in FORMULA and c[:1] in FORMULA]


@given(keys)
def test_a_fixed_width_record_is_of_its_width_and_no_column_begins_a_formula(key: str) -> None:
    form = Form(".txt", "fixed")
    record = Text(form).record(row(key)).decode()
    assert len(record) == sum(WIDTHS.values()) + 1
    for column in tomllib.loads(layout_of(form))["column"]:
        assert record[column["start"] - 1] not in FORMULA
    key_column = record[WIDTHS["ordinal"] :][: WIDTHS["request_key"]]
    assert key_column.rstrip(" ") == harmless(key).rstrip(" ")


def test_only_what_begins_a_formula_is_changed() -> None:
    for key in ("2026-0001", "a=b", "x+1@home", "'quoted'", "_x0041_", "", "Ñ-5"):
        assert harmless(key) == key
    for code in CODES.values():
        for text in (code.code, code.citation, code.sentence, code.remedy):
            assert harmless(text) == text


def test_every_code_there_is_has_room_in_a_fixed_width_record_and_in_a_cell_of_a_spreadsheet() -> None:
    every = Row(1, "k" * MAX_KEY, "0123456789ABCDEF", "X", OUTSIDE, {"name": " ".join(["M***"] * 12)})
    assert len(Text(Form(".txt", "fixed")).record(every)) == sum(WIDTHS.values()) + 1
    assert max(sum(len(c.sentence) + 1 for c in OUTSIDE), sum(len(c.remedy) + 1 for c in OUTSIDE)) < 32_767


def test_every_layout_can_be_read_by_intake() -> None:
    for form in (*FORMS, Form(".txt", "fixed"), Form(".txt", "fixed", encoding="windows-1252")):
        if text := layout_of(form):
            layout = parse_layout(text)
            assert (layout.kind, layout.delimiter) == (form.kind, form.delimiter)
    assert [layout_of(Form(e, k)) for e, k in ((".csv", "delimited"), (".xlsx", "table"))] == ["", ""]


def sheet_of(folder: Path, rows: Iterator[Row], most: int = tables.SHEET_ROWS) -> bytes:
    file = io.BytesIO()
    with tables.sheets(file, folder, most) as add:
        for each in rows:
            add(each)
    return file.getvalue()


@settings(max_examples=40, deadline=None)
@example(key="_x0041_ =1")
@given(key=keys)
def test_a_spreadsheet_holds_a_key_as_it_is_and_as_text(
    key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    raw = sheet_of(tmp_path_factory.getbasetemp(), iter([row(key)]))
    cell = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].cell(2, 2)
    # Spreadsheet programs read _x0041_ as a letter, so it is written as the standard escapes it (ECMA-376 part 1, 22.9.2.19).
    assert unescape(cell.value or "") == key
    assert cell.data_type == ("s" if key else "n")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_what_one_sheet_cannot_hold_stands_in_the_next(tmp_path: Path) -> None:
    raw = sheet_of(tmp_path, (row(f"K-{n}", n) for n in range(1, 8)), most=4)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    read = [[cell[1] for cell in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert read == [
        ["request_key", "K-1", "K-2", "K-3"],
        ["request_key", "K-4", "K-5", "K-6"],
        ["request_key", "K-7"],
    ]


def test_a_spreadsheet_does_not_say_when_it_was_written(tmp_path: Path) -> None:
    raw = sheet_of(tmp_path, iter([row()]))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        said = archive.read("docProps/core.xml").decode()
    assert str(datetime.now().astimezone().year) not in said
    assert list(tmp_path.iterdir()) == []


def test_the_parts_that_a_crash_left_are_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".sheets-left").mkdir()
    (tmp_path / ".sheets-left" / "part").write_bytes(b"K-1")
    sheet_of(tmp_path, iter([row()]))
    assert list(tmp_path.iterdir()) == []


def test_a_spreadsheet_that_breaks_off_leaves_no_parts(tmp_path: Path) -> None:
    def breaking() -> Iterator[Row]:
        yield row()
        raise RuntimeError("a line is missing")

    with pytest.raises(RuntimeError):
        sheet_of(tmp_path, breaking())
    assert list(tmp_path.iterdir()) == []


def test_parquet_keeps_lists_as_lists_and_absent_as_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROW_GROUP", 100)
    with (
        (tmp_path / "d.parquet").open("wb") as file,
        tables.table(Form(".parquet", "table"), file, tmp_path) as add,
    ):
        for n in range(1, tables.ROW_GROUP + 2):
            add(row(f"=K-{n}", n))
    read = pq.ParquetFile(tmp_path / "d.parquet")
    assert (read.metadata.num_rows, read.metadata.num_row_groups) == (tables.ROW_GROUP + 1, 2)
    last = read.read_row_group(1).to_pylist()[0]
    assert last["request_key"] == f"=K-{tables.ROW_GROUP + 1}"
    assert (last["codes"], last["taxpayer_number"]) == ([c.code for c in OUTSIDE[:3]], None)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_memory_does_not_grow_with_the_lines(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROW_GROUP", 500)
    form = Form(ending, "delimited" if ending == ".csv" else "table")

    def peak(count: int) -> int:
        tracemalloc.start()
        before = pa.total_allocated_bytes()
        with (tmp_path / "d").open("wb") as file, tables.table(form, file, tmp_path) as add:
            for n in range(1, count + 1):
                add(row(f"K-{n}", n))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most + pa.total_allocated_bytes() - before

    peak(500)
    assert peak(4_000) < 1.5 * peak(1_000) + 300_000
