"""A small replay from the command's own code: three rows, no wrong answer, counts that add up, a page and a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lawgate.cli.replay import as_document
from lawgate.domain.errors import SettingsError
from lawgate.rehearsal.replay import REPORT, replay
from lawgate.rehearsal.replay_rows import Replay
from lawgate.rehearsal.replay_stage import limits_of, settings_text
from lawgate.settings import EXAMPLE

LINES = 400


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return replay(tmp_path_factory.mktemp("replay") / "played", LINES, 4, lambda _: None)


def test_as_submitted_it_is_refused_at_the_door_and_no_record_is_touched(played: Replay) -> None:
    row = played.rows[0]
    assert row.lookups == 0
    assert row.ended.by_code == {"rejected": {"101": LINES}}


def test_put_in_order_every_line_ends_and_nobody_is_told_what_may_not_be(played: Replay) -> None:
    row = played.rows[1]
    assert sum(row.ended.letters.values()) == LINES
    assert set(row.ended.letters) == {"A", "X"}
    told = row.against
    assert (
        row.lookups
        == row.handed_over
        == row.ended.letters["A"]
        == told.released + told.confirmed + told.no_answer
    )
    assert (told.without_verified_address, told.wrong_person, told.wrong_address, row.insufficient_told) == (
        0,
        0,
        0,
        0,
    )
    assert told.released >= 5
    assert told.confirmed >= 3
    assert row.exact
    assert sum(sum(found.values()) for found in told.by_kind.values()) == LINES


def test_the_example_guard_keeps_what_the_raised_one_let_by(played: Replay) -> None:
    row = played.rows[2]
    assert row.lookups == 0
    assert row.exact
    assert row.ended.letters == {
        "H": played.rows[1].ended.letters["A"],
        "X": played.rows[1].ended.letters["X"],
    }
    assert row.ended.by_code["X"] == played.rows[1].ended.by_code["X"]
    assert set(row.ended.why_held) == set(row.ended.by_code["H"])


def test_the_limits_of_row_2_are_the_example_s_with_nothing_but_numbers_raised() -> None:
    assert limits_of(settings_text(raised=False)) == limits_of(EXAMPLE)
    raised, given = limits_of(settings_text(raised=True)), limits_of(EXAMPLE)
    assert raised.keys() == given.keys()
    assert {name for name in raised if raised[name] == given[name]} == {
        "window_days",
        "same_reasons_minimum",
        "filers_per_address",
    }


def test_what_was_kept_opens_and_the_log_holds(played: Replay) -> None:
    assert len(played.kept) == played.opened == 2
    assert played.ledger_sound
    assert played.sound


def test_the_document_has_what_was_asked_for(played: Replay) -> None:
    document = json.loads(json.dumps(as_document(played), default=str))
    wanted = {
        "lines", "lookups", "released", "confirmed", "refused_by_code", "released_without_verified_address", "wrong_person_released",
        "seconds", "peak_memory_mb",
    }  # fmt: skip
    assert [row["row"] for row in document["rows"]] == [1, 2, 3]
    assert all(wanted <= set(row) for row in document["rows"])
    assert document["rows"][1]["seconds"].keys() == {
        "index of records", "receive, check, guard", "decide, match, minimise", "authorise, log", "seal, hand over", "account",
        "held against the truth (no step of the gateway)",
    }  # fmt: skip
    assert document["assumptions"]
    assert document["documented"]


def test_the_page_says_the_same_and_names_nobody(played: Replay) -> None:
    page = (played.folder / REPORT).read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    assert "47,289" in page
    assert "42,695" in page
    assert f"{played.rows[1].against.released:,}" in page
    lines = (
        (played.folder / "files" / "as-submitted" / "datafile.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1:]
    )
    surnames = {line.split(",")[1] for line in lines if len(line.split(",")[1]) > 7}
    assert not [name for name in surnames if name in page]


def test_the_same_command_again_changes_nothing(played: Replay) -> None:
    again = replay(played.folder, LINES, 4, lambda _: None)
    assert again.resumed
    assert [(r.lookups, r.ended, r.against, r.handed_over) for r in again.rows] == [
        (r.lookups, r.ended, r.against, r.handed_over) for r in played.rows
    ]
    assert again.sound


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError):
        replay(tmp_path, LINES, 4, lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
