"""``records evaluate`` on files: the shipped world's figures as facts, columns of other names, and nothing but counts said."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lawgate.cli.main import app
from lawgate.rehearsal import world

RECORDS = [
    {"id": "1", "first": "Zebulon", "last": "Quillfeather", "no": "12", "road": "Marzipan Row", "town": "Boise", "st": "ID", "code": "83702"},
    {"id": "1", "first": "Zebulon", "last": "Quillfeather", "no": "7", "road": "Saffron Ct", "town": "Eugene", "st": "OR", "code": "97401"},
    {"id": "2", "first": "Ottoline", "last": "Brackenthorpe", "no": "48", "road": "Gingerbread Ln", "town": "Tucson", "st": "AZ", "code": "85701"},
]  # fmt: skip
REQUESTS = [
    {"full": "Zebulon Quillfeather", "text": "7 Saffron Court, Eugene, OR 97401", "right": "1"},
    {"full": "Ottoline Brackenthorpe", "text": "12 Marzipan Row, Boise, ID 83702", "right": "2"},
    {"full": "Cosimo Vandersnickle", "text": "48 Gingerbread Lane, Tucson, AZ 85701", "right": ""},
]
MAP = [
    "record_id=id",
    "given=first",
    "surname=last",
    "number=no",
    "street=road",
    "city=town",
    "state=st",
    "zip=code",
]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    records, requests = write(tmp_path / "r.csv", RECORDS), write(tmp_path / "q.csv", REQUESTS)
    maps = [word for pair in MAP for word in ("--map", pair)]
    return [
        "records",
        "evaluate",
        "--records",
        str(records),
        "--requests",
        str(requests),
        "--truth",
        "right",
        *maps,
    ]


def told(words: list[str]) -> dict[str, Any]:
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_shipped_world_gives_the_published_figures() -> None:
    """Facts of the shipped files and of the rule, not goals: whoever changes either measures again and says why.

    Nobody is taken for somebody else. What is lost: a request in six states no address or name by the gate (number, street or place
    left out or misspelt, as noise does), one in eight asks at one of the six group quarters of hundreds of filers, where a name alone
    is not enough, and no return states a birth date; the rest is noise in a datum that must be equal, and addresses never filed from.
    """
    found = told(
        ["records", "evaluate", "--records", str(world.RECORDS), "--requests", str(world.REQUESTS),
         "--truth", "record_id", "--truth-file", str(world.TRUTH)]
    )  # fmt: skip
    counts = {name: found[name] for name in ("rows", "records", "requests", "members", "non_members")}
    assert counts == {
        "rows": 133_112,
        "records": 13_049,
        "requests": 12_075,
        "members": 9_544,
        "non_members": 2_531,
    }
    assert (found["matched_wrong"], found["non_members_matched"], found["wrong_persons"], found["wrong"]) == (
        0,
        0,
        0,
        [],
    )
    assert (found["matched_right"], found["missed"], found["found_share"]) == (5_523, 4_021, 0.5787)
    assert found["missed_by_cause"] == {
        "what is stated is not an address": 1697,
        "address of many filers": 1126,
        "the record does not have the address": 337,
        "contradicts: birth_date": 196,
        "written differently: given name": 188,
        "what is stated is not a name": 168,
        "written differently: surname": 152,
        "written differently: street": 56,
        "written differently: number": 53,
        "somebody else there could be meant": 23,
        "written differently: given name, surname": 9,
        "contradicts: middle": 8,
        "written differently: given name, street": 4,
        "written differently: given name, number": 1,
        "written differently: place": 1,
        "written differently: surname, number": 1,
        "written differently: unit": 1,
    }
    assert set(found["seconds"]) == {"read", "index", "match"}
    assert found["peak_memory_mb"] > 0


def test_columns_of_other_names_free_text_and_several_address_rows(words: list[str]) -> None:
    found = told(words)
    assert (found["matched_right"], found["missed"], found["non_members"], found["non_members_matched"]) == (
        1,
        1,
        1,
        0,
    )
    assert (found["rows"], found["records"], found["found_share"]) == (3, 2, 0.5)
    assert found["missed_by_cause"] == {"the record does not have the address": 1}


def test_maps_may_follow_one_another(words: list[str]) -> None:
    short = [w for w in words if w != "--map" and "=" not in w]
    assert told([*short, "--map", *MAP]) | {"seconds": 0, "peak_memory_mb": 0} == told(words) | {
        "seconds": 0,
        "peak_memory_mb": 0,
    }


def test_nothing_of_anybody_is_printed(words: list[str]) -> None:
    for how in ([], ["--json"]):
        said = CliRunner().invoke(app, [*words, *how]).output
        for row in (*RECORDS, *REQUESTS):
            assert not [v for v in row.values() if len(v) > 4 and v in said]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--truth", "gone"), "missing columns: gone"),
        (("--map", "salary=x"), "ours=theirs"),
        (("--map", "given"), "ours=theirs"),
    ],
)
def test_what_cannot_be_used_is_said(words: list[str], change: tuple[str, str], said: str) -> None:
    done = CliRunner().invoke(app, [*words, *change])
    assert done.exit_code != 0
    assert said in f"{done.output} {done.exception}"


def test_a_truth_apart_must_be_of_the_same_requests(tmp_path: Path, words: list[str]) -> None:
    apart = write(tmp_path / "t.csv", [{"right": "1"}])
    done = CliRunner().invoke(app, [*words, "--truth-file", str(apart)])
    assert "one by one" in str(done.exception)


def test_no_home_and_no_django_is_needed(tmp_path: Path, words: list[str]) -> None:
    program = (
        "import sys\nfrom lawgate.cli.main import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code, end\n"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django'], 'django'\n"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["q.csv", "r.csv"]
