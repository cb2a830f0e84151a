"""A submission goes in in every form of line file, and its determination comes out in that form, line n for line n."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lawgate import pipeline
from lawgate.adapters.ldtask import read_ldtasks
from lawgate.adapters.line_tables import line_pieces
from lawgate.adapters.outbox import write_determination
from lawgate.adapters.submission_files import open_submission
from lawgate.disclosure.determination_text import COLUMNS
from lawgate.intake.compose import compose_with_report
from lawgate.intake.form import Form
from lawgate.intake.layout import parse_layout
from lawgate.intake.layouts import shipped_layout
from lawgate.rehearsal import people
from lawgate.rehearsal.submissions import form_of

KEYS = ("K 1", "=1+1", '"K,3"', "-4;=K|5", "Ñ'5")
"""Some are formulas, some hold delimiters and quotes, and one is not ASCII."""
GUARDED = {"=1+1": "'=1+1", "-4;=K|5": "'-4;'=K|5"}
NAMES = ("request_key", "name.given", "name.surname", "address.text", "birth_date")


def cells_of(keys: Sequence[str]) -> list[tuple[str, ...]]:
    return [(key, "Zebulon", "Quillfeather", "12 Marzipan Row, Boise, ID 83702", "") for key in keys]


@dataclass(frozen=True)
class Sent:
    """A line file: its name, its bytes, and the layout and column mapping that go with it."""

    name: str
    raw: bytes
    layout: str = ""
    columns: Any = None


def delimited(name: str, delimiter: str, *, header: bool = True, encoding: str = "utf-8") -> Sent:
    out = io.StringIO(newline="")
    rows = cells_of(KEYS)
    csv.writer(out, delimiter=delimiter).writerows([NAMES, *rows] if header else rows)
    said = [f'kind = "delimited"\ndelimiter = {json.dumps(delimiter)}\nencoding = "{encoding}"']
    if not header:
        said += [f'[[column]]\nname = "{name}"' for name in NAMES]
    plain = header and encoding == "utf-8" and (name[-4:], delimiter) in ((".csv", ","), (".tsv", "\t"))
    return Sent(name, out.getvalue().encode(encoding), "" if plain else "\n".join(said))


def fixed(_: Path) -> Sent:
    layout = shipped_layout("request-600")
    columns = tomllib.loads(layout)["column"]
    lines = []
    for row in cells_of(KEYS):
        stated = dict(zip(NAMES, row, strict=True))
        lines.append("".join(stated.get(c["name"], "").ljust(c["length"]) for c in columns) + "\n")
    return Sent("l.txt", "".join(lines).encode(), layout)


def ssnvs(_: Path) -> Sent:
    layout = shipped_layout("ssnvs")
    columns = tomllib.loads(layout)["column"]
    lines = []
    for key in KEYS:
        stated = {"last_name": "QUILLFEATHER", "user_control_data": key, "ssn": "900016103"}
        lines.append("".join(stated.get(c["name"], "").ljust(c["length"]) for c in columns) + "\n")
    mapping = {"request_key": "user_control_data", "name.surname": "last_name", "name.given": "first_name"}
    mapping |= {"name.middle": "middle_name", "birth_date": "date_of_birth", "taxpayer_number": "ssn"}
    return Sent("l.dat", "".join(lines).encode(), layout, mapping)


def xlsx(folder: Path) -> Sent:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [NAMES, *cells_of(KEYS)]:
        written = [openpyxl.cell.WriteOnlyCell(sheet, text) for text in row]
        for cell in written:
            cell.data_type = "s"
        sheet.append(written)
    book.save(folder / "l.xlsx")
    return Sent("l.xlsx", (folder / "l.xlsx").read_bytes())


def parquet(folder: Path) -> Sent:
    columns = zip(*cells_of(KEYS), strict=True)
    pq.write_table(pa.table({n: list(c) for n, c in zip(NAMES, columns, strict=True)}), folder / "l.parquet")
    return Sent("l.parquet", (folder / "l.parquet").read_bytes())


def jsonl(_: Path) -> Sent:
    lines = [{"request_key": key, "name": {"full": "Zebulon Quillfeather"}} for key in KEYS]
    return Sent("l.jsonl", "".join(json.dumps(line) + "\n" for line in lines).encode())


SENT: dict[str, Callable[[Path], Sent]] = {
    "csv": lambda _: delimited("l.csv", ","),
    "tsv": lambda _: delimited("l.tsv", "\t"),
    "semicolons": lambda _: delimited("l.csv", ";"),
    "pipes": lambda _: delimited("l.txt", "|"),
    "windows-1252": lambda _: delimited("l.csv", ";", encoding="windows-1252"),
    "no header": lambda _: delimited("l.dat", ";", header=False),
    "no header, tabs": lambda _: delimited("l.tsv", "\t", header=False),
    "fixed": fixed,
    "ssnvs": ssnvs,
    "xlsx": xlsx,
    "parquet": parquet,
    "jsonl": jsonl,
}


def received(house: Any, sent: Sent, *, zipped: Path | None = None) -> Any:
    form = Form.model_validate({**form_of(people.FRAUD_HEAD, "agency-head"), "columns": sent.columns or {}})
    files = compose_with_report(
        form, sent.raw, sent.name, house.cast[people.FRAUD_HEAD], {}, house.clock(), f"{7:032x}", sent.layout,
        line_pieces(sent.name, [sent.raw]),
    ).files  # fmt: skip
    if zipped is not None:
        with zipfile.ZipFile(zipped, "w") as archive:
            for name, raw in files.items():
                archive.writestr(name, raw)
        files = dict(open_submission(zipped))
    return pipeline.receive(house.gate, files).submission


def written(house: Any, number: Any, folder: Path) -> dict[str, bytes]:
    write_determination(folder, pipeline.determination(house.gate, number))
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def read_text(raw: bytes, sent: Sent, layout: bytes | None) -> Iterator[dict[str, str]]:
    """Read a delimited or fixed-width determination with nothing of the gateway's own."""
    stated: dict[str, Any] = tomllib.loads(sent.layout) if sent.layout else {}
    text = raw.decode(stated.get("encoding", "utf-8"))
    own = tomllib.loads(layout.decode()) if layout is not None else {}
    if own.get("kind") == "fixed":
        lines = text.split("\n")
        assert lines.pop() == ""
        for line in lines:
            assert len(line) == own["width"]
            yield {c["name"]: line[c["start"] - 1 :][: c["length"]].rstrip() for c in own["column"]}
        return
    delimiter = stated.get("delimiter", "\t" if sent.name.endswith(".tsv") else ",")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    names = [c["name"] for c in own["column"]] if own else rows.pop(0)
    assert tuple(names) == COLUMNS
    for row in rows:
        yield dict(zip(names, row, strict=True))


def read_sheet(raw: bytes) -> Iterator[dict[str, str]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(raw)).worksheets
    names, *rows = sheet.iter_rows()
    assert tuple(cell.value for cell in names) == COLUMNS
    for row in rows:
        assert {cell.data_type for cell in row[1:] if cell.value is not None} == {"s"}
        yield {name: str(cell.value or "") for name, cell in zip(COLUMNS, row, strict=True)}


def read_parquet(raw: bytes) -> Iterator[dict[str, str]]:
    for row in pq.read_table(io.BytesIO(raw)).to_pylist():
        yield {n: ";".join(v) if isinstance(v, list) else str("" if v is None else v) for n, v in row.items()}


def read_back(files: dict[str, bytes], sent: Sent) -> list[dict[str, str]]:
    name = f"determination{sent.name[1:]}"
    if sent.name.endswith(".xlsx"):
        return list(read_sheet(files[name]))
    if sent.name.endswith(".parquet"):
        return list(read_parquet(files[name]))
    return list(read_text(files[name], sent, files.get("determination.layout.toml")))


def objects(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["determination.jsonl"].splitlines()]


@pytest.mark.parametrize("form", SENT)
def test_every_form_comes_back_line_for_line(house: Any, tmp_path: Path, form: str) -> None:
    sent = SENT[form](tmp_path)
    files = written(house, received(house, sent), tmp_path / "out")
    head, *lines, tail = objects(files)
    assert [line["request_key"] for line in lines] == list(KEYS)
    assert (head["lines"], sum(tail["counts"].values())) == (5, 5)
    if form == "jsonl":
        assert set(files) == {"determination.jsonl"}
        return
    found = read_back(files, sent)
    exact = form in ("xlsx", "parquet")
    assert [row["request_key"] for row in found] == [k if exact else GUARDED.get(k, k) for k in KEYS]
    for row, line in zip(found, lines, strict=True):
        assert row["ordinal"] == str(line["ordinal"])
        assert [row["confirmation"], row["disposition"]] == [line["confirmation"], line["disposition"]]
        assert row["codes"] == ";".join(r["code"] for r in line["reasons"])
        assert [row["name"], row["taxpayer_number"]] == [
            line.get("name", ""),
            line.get("taxpayer_number", ""),
        ]
    shown = json.dumps(found, ensure_ascii=False).casefold()
    assert not any(word in shown for word in ("zebulon", "quillfeather", "marzipan", "900016103"))


@pytest.mark.parametrize("form", SENT)
def test_the_same_determination_is_the_same_bytes(house: Any, tmp_path: Path, form: str) -> None:
    number = received(house, SENT[form](tmp_path))
    assert written(house, number, tmp_path / "one") == written(house, number, tmp_path / "other")


@pytest.mark.parametrize("form", ["no header", "no header, tabs", "fixed", "ssnvs"])
def test_columns_that_are_named_nowhere_else_come_with_a_layout_that_intake_would_read(
    house: Any, tmp_path: Path, form: str
) -> None:
    sent = SENT[form](tmp_path)
    layout = written(house, received(house, sent), tmp_path / "out")["determination.layout.toml"]
    read, asked = parse_layout(layout.decode()), parse_layout(sent.layout)
    assert (read.kind, read.delimiter, read.encoding) == (asked.kind, asked.delimiter, asked.encoding)


def test_a_line_that_cannot_be_read_has_its_line_too(house: Any, tmp_path: Path) -> None:
    sent = delimited("l.csv", ",")
    broken = Sent(sent.name, sent.raw.replace(b"K 1,Zebulon", b"K 1,x,Zebulon"))
    found = read_back(written(house, received(house, broken), tmp_path / "out"), broken)
    assert (found[0]["ordinal"], found[0]["disposition"]) == ("1", "E")
    assert [row["request_key"] for row in found] == ["", *(GUARDED.get(k, k) for k in KEYS[1:])]


def test_what_came_in_a_zip_comes_back_as_the_line_file_in_it(house: Any, tmp_path: Path) -> None:
    sent = delimited("l.csv", ";")
    number = received(house, sent, zipped=tmp_path / "submission.zip")
    files = written(house, number, tmp_path / "out")
    assert [row["request_key"] for row in read_back(files, sent)] == [GUARDED.get(k, k) for k in KEYS]


TASK = """<HI1Message xmlns="http://uri.etsi.org/03120/common/2019/10/Core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
xmlns:t="http://uri.etsi.org/03120/common/2020/09/Task"><Payload><RequestPayload><ActionRequests><ActionRequest><CREATE>
<HI1Object xsi:type="t:LDTaskObject"><t:Reference>US-{0}</t:Reference><t:RequestDetails><t:RequestValues><t:RequestValue>
<t:FormatType><t:FormatOwner>lawgate</t:FormatOwner><t:FormatName>name.full</t:FormatName></t:FormatType><t:Value>Zebulon Quillfeather</t:Value>
</t:RequestValue></t:RequestValues></t:RequestDetails></HI1Object></CREATE></ActionRequest></ActionRequests></RequestPayload></Payload></HI1Message>"""


def test_an_ldtask_comes_back_under_its_ldid(house: Any, tmp_path: Path) -> None:
    tasks = [task for n in (1, 2) for task in read_ldtasks(io.BytesIO(TASK.format(n).encode()))]
    assert [task.wrong for task in tasks] == ["", ""]
    sent = Sent("l.jsonl", b"".join(task.line for task in tasks))
    _, *lines, _ = objects(written(house, received(house, sent), tmp_path / "out"))
    assert [line["request_key"] for line in lines] == ["US-1", "US-2"]
    assert all(line["reasons"] for line in lines)
