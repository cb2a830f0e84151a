"""The shipped world: the files are the ones the manifest names, hold nothing they must not, and have real places in them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pyarrow import parquet

from lawgate.adapters.record_sources import COLUMNS
from lawgate.domain.errors import SettingsError
from lawgate.identity.states import zip_belongs
from lawgate.rehearsal import world

ROOT = Path(__file__).parents[3]
FILES = (world.RECORDS, world.REQUESTS, world.TRUTH)


def columns(path: Path) -> list[str]:
    return list(parquet.ParquetFile(path).schema_arrow.names)  # type: ignore[no-untyped-call]  # pyarrow ships no annotations


def rows(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = parquet.read_table(path).to_pylist()  # type: ignore[no-untyped-call]
    return found


def test_the_manifest_names_every_file_and_its_bytes() -> None:
    said = dict(reversed(line.split()) for line in world.SUMS.read_text(encoding="utf-8").splitlines())
    assert said == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert set(world.FOLDER.glob("*.parquet")) == set(FILES)


def test_the_files_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FILES) < 1_500_000


def test_no_column_says_sex_race_or_ethnicity_and_the_truth_lies_apart() -> None:
    assert set(columns(world.RECORDS)) == set(COLUMNS) - {"predirectional"}
    assert columns(world.REQUESTS) == [
        "request_key", "given", "middle", "surname", "birth_date", "number", "street", "unit", "city", "state", "zip",
    ]  # fmt: skip
    assert columns(world.TRUTH) == ["request_key", "record_id", "with_members", "dataset"]


def test_the_licence_and_the_authors_stand_beside_the_files() -> None:
    notice = (world.FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    for needed in (
        "pseudopeople",
        "Institute for Health Metrics and Evaluation",
        "BSD 3-Clause",
        "Redistributions of source code",
    ):
        assert needed in notice


def test_ten_years_of_returns_and_a_record_for_each_person() -> None:
    found = rows(world.RECORDS)
    assert len(found) == 133_112
    assert len({row["record_id"] for row in found}) == 13_049
    assert {row["tax_year"] for row in found} == set(range(2016, 2026))
    assert {(row["source"], row["form"]) for row in found} == {
        ("taxpayer", "1040"), ("third-party", "W-2"), ("third-party", "1099"), ("third-party", ""),
    }  # fmt: skip


def test_each_street_lies_in_one_place_of_washington() -> None:
    """Noise is kept, so a street has other places too; the one it was given is by far the most frequent."""
    places: dict[str, dict[tuple[str, str], int]] = {}
    for row in rows(world.RECORDS):
        if row["street"]:
            counted = places.setdefault(row["street"], {})
            place = (row["city"], row["zip"])
            counted[place] = counted.get(place, 0) + 1
    often = {street: counted for street, counted in places.items() if sum(counted.values()) >= 50}
    assert len(often) > 100
    for counted in often.values():
        (_, postcode), most = max(counted.items(), key=lambda item: item[1])
        assert most > 0.8 * sum(counted.values())
        assert zip_belongs(postcode, "WA")


def test_the_truth_names_records_that_are_there_and_speaks_of_every_request() -> None:
    records = {row["record_id"] for row in rows(world.RECORDS)}
    truth = rows(world.TRUTH)
    assert [row["request_key"] for row in truth] == [asked.key for asked in world.world_requests()]
    assert {row["record_id"] for row in truth} - {""} <= records
    assert not [row for row in truth if row["record_id"] and row["with_members"]]


def test_a_changed_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(world.FOLDER, tmp_path / "data")
    target = tmp_path / "data" / "truth.parquet"
    target.write_bytes(target.read_bytes() + b"\0")
    monkeypatch.setattr(world, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(world, "SUMS", tmp_path / "data" / "SHA256SUMS")
    with pytest.raises(SettingsError, match="truth"):
        world.world_requests()


@pytest.mark.slow
def test_the_script_makes_the_files_again_byte_for_byte(tmp_path: Path) -> None:
    python = Path(os.environ.get("LAWGATE_WORLD_PYTHON", ROOT / ".venv-world" / "bin" / "python"))
    if not python.exists():
        pytest.skip(
            "pseudopeople is not there: `make world` sets it up in an environment of its own (.venv-world)"
        )
    subprocess.run([python, ROOT / "tools" / "make_world.py", tmp_path], check=True, capture_output=True)
    for path in (*FILES, world.SUMS):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
