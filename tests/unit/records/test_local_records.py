"""The index in a file: built whole or not at all, sealed to the last byte, and silent about what it refuses."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.local_records import build_index, open_index
from lawgate.adapters.record_sources import COLUMNS
from lawgate.domain.errors import RecordEngineError
from lawgate.identity.normal import normal_address
from lawgate.records.keys import keys_of

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


def test_what_was_built_is_found_by_its_keys(index: Path) -> None:
    engine = open_index(index, KEY)
    assert (engine.info.rows, engine.info.records, engine.info.keys, engine.lookups) == (3, 2, 4, 0)
    keys = keys_of(normal_address(engine.history("r2")[0].address))
    assert [r.record_id for r in engine.candidates(keys)] == ["r1", "r2"]
    assert engine.candidates(("S|1|NO SUCH ST|62704",)) == ()
    assert engine.lookups == 2
    assert [r.tax_year for r in engine.history("r1")] == [2020, 2022]
    assert engine.history("r9") == ()
    row = engine.history("r1")[1]
    assert (row.name.given, row.address.street, row.bars, row.source) == (
        "Zebulon",
        "N Main St",
        ("601", "602"),
        "taxpayer",
    )


def test_csv_and_parquet_say_the_same(tmp_path: Path, source: Path, index: Path) -> None:
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = arrow.Table.from_pylist(
        [{**r, "tax_year": int(r["tax_year"]), "middle": None, "nationality": "any"} for r in rows]
    )
    parquet.write_table(table, tmp_path / "records.parquet")
    build_index([tmp_path / "records.parquet"], tmp_path / "other", KEY, os.urandom)
    one, other = open_index(index, KEY), open_index(tmp_path / "other", KEY)
    assert one.history("r1") == other.history("r1")
    assert one.info.built_from != other.info.built_from


def test_the_predirectional_column_may_be_absent_and_others_are_left_alone(tmp_path: Path) -> None:
    columns = (*(c for c in COLUMNS if c != "predirectional"), "nationality")
    path = write(tmp_path / "a.csv", ROW | {"nationality": "any"}, columns=columns)
    build_index([path], tmp_path / "index", KEY, os.urandom)
    assert open_index(tmp_path / "index", KEY).history("r1")[0].address.street == "Main St"


def test_an_empty_source_is_an_index_of_nobody(tmp_path: Path) -> None:
    info = build_index([write(tmp_path / "a.csv")], tmp_path / "index", KEY, os.urandom)
    assert (info.rows, open_index(tmp_path / "index", KEY).info) == (0, info)


def test_every_flipped_missing_or_added_byte_is_found(index: Path) -> None:
    raw = index.read_bytes()
    changed = [
        raw[:n] + bytes([raw[n] ^ 1]) + raw[n + 1 :]
        for n in [*range(40), *range(40, len(raw), 97), len(raw) - 1]
    ]
    for wrong in [*changed, raw[:-1], raw[:16], raw[:5], b"", raw + b"\0", raw + raw[16:]]:
        index.write_bytes(wrong)
        with pytest.raises(RecordEngineError):
            open_index(index, KEY)
    index.write_bytes(raw)
    assert open_index(index, KEY).info.rows == 3


def test_several_sealed_pieces_cannot_be_moved_or_dropped(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lawgate.adapters.local_records._PIECE", 256)
    build_index([source], tmp_path / "index", KEY, os.urandom)
    assert open_index(tmp_path / "index", KEY).info.rows == 3
    raw, size = (tmp_path / "index").read_bytes(), 256 + 16
    for wrong in (
        raw[:16] + raw[16 + size :],
        raw[: 16 + size],
        raw[:16] + raw[16 + size : 16 + 2 * size] + raw[16 : 16 + size] + raw[16 + 2 * size :],
    ):
        (tmp_path / "index").write_bytes(wrong)
        with pytest.raises(RecordEngineError):
            open_index(tmp_path / "index", KEY)


def test_nothing_of_a_record_stands_in_clear_and_the_key_is_needed(index: Path) -> None:
    assert b"Quartermain" not in index.read_bytes()
    assert index.stat().st_mode & 0o077 == 0
    for key in (bytes(32), b"short"):
        with pytest.raises(RecordEngineError):
            open_index(index, key)
    with pytest.raises(RecordEngineError):
        open_index(index.with_name("none"), KEY)


@pytest.mark.parametrize(
    ("change", "said"),
    [
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
        "import os, signal, sys\nfrom pathlib import Path\nfrom lawgate.adapters.local_records import build_index\n"
        f"{moment} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build_index([Path(sys.argv[1])], Path(sys.argv[2]), bytes(range(32)), os.urandom)\n"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-c", program, source, index], env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == -9
    assert index.read_bytes() == before
    assert open_index(index, KEY).info.rows == 3
    build_index([source], index, KEY, os.urandom)  # and the next build is not in its way
    assert index.read_bytes() != before
