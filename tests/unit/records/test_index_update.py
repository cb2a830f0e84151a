"""Updates of the index: what they refuse, and that a kill or a fault leaves the old one whole."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lawgate.adapters import index_update, local_records
from lawgate.adapters.arrow import Column, arrow
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_file import Array, Reader
from lawgate.adapters.index_parts import record_prints
from lawgate.adapters.index_update import update_index
from lawgate.adapters.local_records import open_index
from lawgate.adapters.record_sources import COLUMNS, RecordSource, WithdrawnIds
from lawgate.domain.errors import RecordEngineError
from lawgate.identity.address import stated_parts
from lawgate.identity.name import stated_name
from lawgate.records.engine import IndexInfo
from lawgate.records.rule import Query, query_of

KEY = bytes(range(32))
ROW = dict.fromkeys(COLUMNS, "") | {
    "record_id": "r1", "given": "Zebulon", "surname": "Quartermain", "number": "742", "street": "Main St", "city": "Springfield",
    "state": "IL", "zip": "62704", "tax_year": "2022", "source": "taxpayer", "form": "1040",
}  # fmt: skip
ANN = ROW | {"record_id": "r2", "given": "Ann"}


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index([write(tmp_path / "all.csv", ROW, ANN)], tmp_path / "index", KEY, os.urandom)
    return tmp_path / "index"


def update(index: Path, *rows: dict[str, str], gone: str = "") -> IndexInfo:
    withdrawn = index.with_name("gone.csv")
    withdrawn.write_text("record_id\n" + gone, encoding="utf-8")
    changed = [RecordSource(write(index.with_name("some.csv"), *rows))]
    return update_index(changed, [WithdrawnIds(withdrawn)], index, KEY, os.urandom)


def asked(**changed: str) -> Query:
    row = ROW | changed
    return query_of(stated_name(row), stated_parts(row), "", "")


def found(index: Path, *queries: Query) -> list[str]:
    return [verdict.record_id or "" for verdict in open_index(index, KEY).look_up(queries, 5)]


def test_a_record_moves_another_goes_a_third_comes(index: Path) -> None:
    info = update(index, ROW | {"number": "9"}, ROW | {"record_id": "r3", "given": "Uma"}, gone="r2\n")
    queries = asked(), asked(number="9"), asked(given="Ann"), asked(given="Uma")
    assert found(index, *queries) == ["", "r1", "", "r3"]
    assert (info.rows, info.records) == (2, 2)
    assert open_index(index, KEY).info == info
    raw = index.read_bytes()
    assert update(index, gone="r1\nr3\n").records == 0
    assert found(index, *queries) == ["", "", "", ""]
    assert len(index.read_bytes()) <= len(raw)


def test_what_is_said_of_one_record_says_nothing_of_another(index: Path) -> None:
    before = open_index(index, KEY).look_up([asked(given="Ann")], 5)
    update(index, ROW | {"bars": "601", "tax_year": "2025"})
    assert open_index(index, KEY).look_up([asked(given="Ann")], 5) == before
    assert open_index(index, KEY).look_up([asked()], 5)[0].bars == ("601",)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("r9\nr2\n", "not on record: 1; nothing was changed"),
        ("r1\n", "withdrawn at once: 1"),
        (" \n", "line 2, column record_id"),
    ],
)
def test_a_withdrawal_that_cannot_be_meant_changes_nothing(index: Path, gone: str, said: str) -> None:
    before = index.read_bytes()
    with pytest.raises(RecordEngineError, match=said) as refused:
        update(index, ROW | {"number": "9"}, gone=gone)
    assert index.read_bytes() == before
    assert "r9" not in str(refused.value)
    with pytest.raises(RecordEngineError, match="nothing to change"):
        update(index)
    assert sorted(p.name for p in index.parent.iterdir() if p.name.startswith(".index")) == [".index.lock"]


def test_a_damaged_index_is_not_carried_on(index: Path) -> None:
    raw, reader = index.read_bytes(), Reader(index, KEY)
    for section in ("records", "where", "lines", "entries", "buckets"):
        at = reader.start(section)
        damaged = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        index.write_bytes(damaged)
        with pytest.raises(RecordEngineError, match="was changed"):
            update(index, ROW | {"number": "9"})
        assert index.read_bytes() == damaged
    with pytest.raises(RecordEngineError, match="cannot be read"):
        update(index.with_name("none"), ROW)


def test_an_index_with_other_normal_forms_is_built_anew(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lawgate.adapters.index_update.forms_digest", lambda: "other")
    with pytest.raises(RecordEngineError, match="build it anew"):
        update(index, ROW)


def test_what_the_records_do_not_say_is_not_taken_out(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lawgate.adapters.index_parts.normal_columns", _without_units_and_suffixes)
    before = index.read_bytes()
    with pytest.raises(RecordEngineError, match="does not say of a record what its rows say"):
        update(index, gone="r1\n")
    assert index.read_bytes() == before


def _without_units_and_suffixes(table: object) -> object:
    from lawgate.adapters.normal_columns import normal_columns

    columns = normal_columns(table)
    return columns | {"given": columns["surname"]}


def test_an_update_has_its_own_keys_for_everything_but_its_words(index: Path) -> None:
    old, copy = Reader(index, KEY), index.with_name("copy")
    shutil.copy(index, copy)
    update(index, ROW | {"number": "9"})
    new = Reader(index, KEY)
    assert new.keys.words("texts").tolist() == old.keys.words("texts").tolist()
    assert new.keys.digests != old.keys.digests
    assert new.keys.named("pages", 32) != old.keys.named("pages", 32)
    update(index, ROW | {"number": "10"})
    assert Reader(index, KEY).keys.words("lines").tolist() == old.keys.words("lines").tolist()


KILLED = """
import os, signal, sys
from pathlib import Path
from lawgate.adapters import index_file, spill
from lawgate.adapters import index_update, local_records
from lawgate.adapters.arrow import Column, arrow
from lawgate.adapters.index_build import build_index
from lawgate.adapters.index_update import update_index
from lawgate.adapters.record_sources import RecordSource, WithdrawnIds
act, moment, left, source, gone, target = sys.argv[1:]
owner, name = {"put": (index_file.Writer, "_put"), "end": (index_file.Writer, "end"), "spill": (spill.Spill, "put"), "fsync": (os, "fsync"),
               "replace": (os, "replace"), "settle": (index_file, "settle")}[moment]
real, left = getattr(owner, name), [int(left)]
def counted(*given):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given)
setattr(owner, name, counted)
if act == "build":
    build_index([Path(source)], Path(target), bytes(range(32)), os.urandom)
else:
    update_index([RecordSource(Path(source))], [WithdrawnIds(Path(gone))], Path(target), bytes(range(32)), os.urandom)
"""
MOMENTS = [
    ("put", 0),
    ("put", 4),
    ("put", 9),
    ("spill", 0),
    ("spill", 2),
    ("end", 0),
    ("fsync", 0),
    ("replace", 0),
    ("settle", 0),
]


@pytest.mark.parametrize(
    ("act", "moment", "left"),
    [
        pytest.param(
            act, moment, left, marks=() if (act, moment) == ("update", "replace") else pytest.mark.slow
        )
        for act in ("build", "update")
        for moment, left in MOMENTS
        if act == "build" or moment != "spill"
    ],
)
def test_a_kill_at_any_write_leaves_the_old_index_or_the_new_one(
    index: Path, act: str, moment: str, left: int
) -> None:
    before = index.read_bytes()
    source = write(index.with_name("some.csv"), ROW | {"number": "9"})
    gone = index.with_name("gone.csv")
    gone.write_text("record_id\nr2\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, act, moment, str(left), source, gone, index],
        env=environment,
        check=False,
    )
    assert done.returncode == -9
    open_index(index, KEY).check_all()
    queries = asked(), asked(number="9"), asked(given="Ann")
    if moment == "settle":
        assert found(index, *queries) == ["", "r1", ""]
    else:
        assert index.read_bytes() == before
        assert found(index, *queries) == ["r1", "", "r2"]
        update(index, ROW | {"number": "9"}, gone="r2\n")  # what was left behind is in nobody's way
        assert found(index, *queries) == ["", "r1", ""]
    assert sorted(p.name for p in index.parent.iterdir() if p.name.startswith(".index")) == [".index.lock"]


def test_a_record_that_has_another_s_fingerprint_by_chance_does_not_take_its_place(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of_r2(ids: Column, texts: Array) -> Array:
        return record_prints(arrow.array(["r2"] * len(ids)), texts)

    before = index.read_bytes()
    monkeypatch.setattr(index_update, "record_prints", all_of_r2)
    with pytest.raises(RecordEngineError, match="by chance the fingerprint of another"):
        update(index, ROW | {"record_id": "r3"})
    with pytest.raises(RecordEngineError, match="by chance the fingerprint of another"):
        update(index, gone="r3\n")
    assert index.read_bytes() == before


def test_an_index_with_other_normal_forms_is_not_opened(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_records, "forms_digest", lambda: "of another version")
    with pytest.raises(RecordEngineError, match="build it again with `lawgate records index`"):
        open_index(index, KEY)
