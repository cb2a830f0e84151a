"""The index in a file: built whole or not at all, checked to the last byte before use, and silent about what it refuses."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_file import Reader
from lawgate.adapters.local_records import open_index
from lawgate.adapters.record_sources import COLUMNS
from lawgate.domain.errors import RecordEngineError
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.rule import Query, query_of

KEY = bytes(range(32))
ROW = dict.fromkeys(COLUMNS, "") | {
    "record_id": "r1", "given": "Zebulon", "surname": "Quartermain", "birth_date": "1980-05-06", "taxpayer_number": "900701234", "number": "742",
    "predirectional": "N", "street": "Main St", "city": "Springfield", "state": "IL", "zip": "62704", "tax_year": "2022", "source": "taxpayer",
    "form": "1040", "bars": "601; 602",
}  # fmt: skip


def write(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(
        tmp_path / "records.csv",
        ROW,
        ROW | {"tax_year": "2020", "number": "9"},
        ROW | {"record_id": "r2", "given": "Ann"},
    )


@pytest.fixture
def index(tmp_path: Path, source: Path) -> Path:
    build_index([source], tmp_path / "index", KEY, os.urandom)
    return tmp_path / "index"


def asked(**changed: str) -> Query:
    row = ROW | changed
    return query_of(stated_name(row), stated_parts(row), row["birth_date"], row["taxpayer_number"])


def test_what_was_built_is_found_with_all_its_rows(index: Path) -> None:
    engine = open_index(index, KEY)
    assert (engine.info.rows, engine.info.records, engine.info.keys, engine.lookups) == (3, 2, 4, 0)
    one, ann, nobody, unsaid = engine.look_up([asked(), asked(given="Ann"), asked(number="1"), None], 5)
    assert (one.record_id, ann.record_id, nobody.reason, unsaid.reason) == ("r1", "r2", "340", "340")
    assert engine.lookups == 4
    assert [a.tax_year for a in one.addresses] == [2022, 2020]
    assert one.addresses[0].parts["street"] == "N Main St"
    assert (one.bars, one.addresses[0].source, one.stated_is_last_known) == (("601", "602"), "taxpayer", True)
    assert engine.look_up([asked(number="9")], 5)[0].stated_is_last_known is False


def test_csv_and_parquet_say_the_same(tmp_path: Path, source: Path, index: Path) -> None:
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = arrow.Table.from_pylist(
        [{**r, "tax_year": int(r["tax_year"]), "middle": None, "nationality": "any"} for r in rows]
    )
    parquet.write_table(table, tmp_path / "records.parquet")
    build_index([tmp_path / "records.parquet"], tmp_path / "other", KEY, os.urandom)
    one, other = open_index(index, KEY), open_index(tmp_path / "other", KEY)
    assert one.look_up([asked()], 5) == other.look_up([asked()], 5)
    assert one.info.built_from != other.info.built_from


def test_the_predirectional_column_may_be_absent_and_others_are_left_alone(tmp_path: Path) -> None:
    columns = (*(c for c in COLUMNS if c != "predirectional"), "nationality")
    path = write(tmp_path / "a.csv", ROW | {"nationality": "any"}, columns=columns)
    build_index([path], tmp_path / "index", KEY, os.urandom)
    (verdict,) = open_index(tmp_path / "index", KEY).look_up([asked(predirectional="")], 5)
    assert verdict.addresses[0].parts["street"] == "Main St"


def test_many_parts_are_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ROW | {"record_id": f"r{n // 2}", "number": str(n // 5 + 1), "given": f"Ann{n // 2}", "tax_year": str(2015 + n % 2)}
        for n in range(400)
    ]  # fmt: skip
    build_index([write(tmp_path / "a.csv", *rows)], tmp_path / "one", KEY, os.urandom)
    monkeypatch.setattr("lawgate.adapters.index_build._PART", 40)
    build_index([write(tmp_path / "a.csv", *rows)], tmp_path / "many", KEY, os.urandom)
    one, many = open_index(tmp_path / "one", KEY), open_index(tmp_path / "many", KEY)
    queries = [asked(number=row["number"], given=row["given"]) for row in rows]
    assert one.info == many.info
    assert one.look_up(queries, 9) == many.look_up(queries, 9)
    assert all(v.record_id == row["record_id"] for v, row in zip(one.look_up(queries, 9), rows, strict=True))


def test_an_empty_source_is_an_index_of_nobody(tmp_path: Path) -> None:
    info = build_index([write(tmp_path / "a.csv")], tmp_path / "index", KEY, os.urandom)
    assert (info.rows, open_index(tmp_path / "index", KEY).info) == (0, info)


def test_every_flipped_missing_or_added_byte_is_found_before_it_can_decide(index: Path) -> None:
    raw = index.read_bytes()
    right = open_index(index, KEY).look_up([asked(), asked(given="Ann")], 5)
    changed = [
        raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]
        for n in [*range(40), *range(40, len(raw), 511), *range(len(raw) - 60, len(raw))]
    ]
    for wrong in [*changed, raw[:-1], raw[:16], raw[:5], b"", raw + b"\0", raw[:65536] + raw]:
        index.write_bytes(wrong)
        with pytest.raises(RecordEngineError):
            open_index(index, KEY).check_all()
        with suppress(
            RecordEngineError
        ):  # what is not used need not be found at once, but it says nothing wrong
            assert open_index(index, KEY).look_up([asked(), asked(given="Ann")], 5) == right
    index.write_bytes(raw)
    open_index(index, KEY).check_all()


@pytest.mark.parametrize("section", ["buckets", "entries", "lines", "where", "records", "names"])
def test_a_changed_byte_in_any_section_that_is_used_is_refused(index: Path, section: str) -> None:
    reader = Reader(index, KEY)
    raw, at = index.read_bytes(), reader.start(section)
    index.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    with pytest.raises(RecordEngineError, match="was changed"):
        open_index(index, KEY).look_up([asked(), asked(number="9"), asked(given="Ann")], 5)


def test_blocks_and_pages_cannot_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROW | {"record_id": f"r{n}", "number": str(n + 1)} for n in range(2000)]
    build_index([write(tmp_path / "a.csv", *rows)], tmp_path / "index", KEY, os.urandom)
    raw = (tmp_path / "index").read_bytes()
    at = Reader(tmp_path / "index", KEY).start("records")
    for size, start in ((1 << 16, 0), (1 << 16, 1 << 16), (4096, at)):
        one, other = raw[start : start + size], raw[start + size : start + 2 * size]
        (tmp_path / "index").write_bytes(raw[:start] + other + one + raw[start + 2 * size :])
        with pytest.raises(RecordEngineError):
            open_index(tmp_path / "index", KEY).check_all()
        with pytest.raises(RecordEngineError):
            open_index(tmp_path / "index", KEY).look_up([asked(number=str(n + 1)) for n in range(2000)], 5)


def test_nothing_of_a_record_stands_in_clear_and_the_key_is_needed(index: Path) -> None:
    raw = index.read_bytes()
    for said in (
        b"Quartermain",
        b"QUARTERMAIN",
        b"Zebulon",
        b"Springfield",
        b"MAIN",
        b"900701234",
        b"1980-05-06",
        b"r1\x1f",
    ):
        assert said not in raw
    assert index.stat().st_mode & 0o077 == 0
    for key in (bytes(32), b"short"):
        with pytest.raises(RecordEngineError):
            open_index(index, key)
    with pytest.raises(RecordEngineError):
        open_index(index.with_name("none"), KEY)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"street": "Quartermain\x1e"}, "line 3, column street: has a control character"),
        ({"bars": "\x1fQuartermain"}, "line 3, column bars: has a control character"),
        ({"tax_year": "Quartermain"}, "line 3, column tax_year: is not a year"),
        ({"tax_year": ""}, "line 3, column tax_year"),
        ({"tax_year": "22"}, "line 3, column tax_year"),
        ({"record_id": " "}, "line 3, column record_id"),
        ({"source": "Quartermain"}, "line 3, column source"),
    ],
)
def test_an_unreadable_row_is_named_by_line_and_column_and_never_quoted(
    tmp_path: Path, index: Path, change: dict[str, str], said: str
) -> None:
    before = index.read_bytes()
    bad = write(tmp_path / "bad.csv", ROW, ROW | change)
    with pytest.raises(RecordEngineError) as refused:
        build_index([bad], index, KEY, os.urandom)
    assert said in str(refused.value)
    assert "Quartermain" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not a CSV file"),
        (b"record_id,given\nr1,Zebulon\n", "missing columns: middle, surname"),
        (",".join((*COLUMNS, "zip")).encode() + b"\n", "stand twice: zip"),
        (",".join(COLUMNS).encode() + b"\nr1,Quartermain\n", "line 2 does not have the columns"),
        (",".join(COLUMNS).encode() + b"\n" + b"Qu\xff" + b"," * 19 + b"\n", "line 2 is not UTF-8"),
    ],
)
def test_a_source_that_is_not_whole_is_refused_and_not_quoted(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "bad.csv").write_bytes(raw)
    with pytest.raises(RecordEngineError, match=said) as refused:
        build_index([tmp_path / "bad.csv"], tmp_path / "index", KEY, os.urandom)
    assert "Quartermain" not in str(refused.value)
    assert not (tmp_path / "index").exists()


def test_parquet_with_numbers_where_text_belongs_is_refused(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {c: [v] for c, v in ROW.items()}
    parquet.write_table(arrow.table(columns | {"zip": [2139]}), tmp_path / "bad.parquet")
    with pytest.raises(RecordEngineError, match="column zip is not text"):
        build_index([tmp_path / "bad.parquet"], tmp_path / "index", KEY, os.urandom)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 Quartermain")
    with pytest.raises(RecordEngineError, match="not a readable Parquet file"):
        build_index([tmp_path / "bad.parquet"], tmp_path / "index", KEY, os.urandom)


@pytest.mark.parametrize("name", ["records.xlsx", "missing.csv"])
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordEngineError, match=name):
        build_index([tmp_path / name], tmp_path / "index", KEY, os.urandom)
    with pytest.raises(RecordEngineError):
        build_index([], tmp_path / "index", KEY, os.urandom)


@pytest.mark.parametrize("moment", ["os.fsync", "os.replace"])
def test_a_kill_while_building_leaves_the_old_index_whole(index: Path, source: Path, moment: str) -> None:
    before = index.read_bytes()
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom lawgate.adapters.index_build import build_index\n"
        f"{moment} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build_index([Path(sys.argv[1])], Path(sys.argv[2]), bytes(range(32)), os.urandom)\n"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-c", program, source, index], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == -9
    assert index.read_bytes() == before
    open_index(index, KEY).check_all()
    build_index([source], index, KEY, os.urandom)  # and the next build is not in its way
    assert index.read_bytes() != before
