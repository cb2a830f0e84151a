"""``lawgate pack replay`` as somebody types it: which of these should not have left, without an index to look anything up in."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def answered(busy: Any) -> tuple[Any, str]:
    desk, number = busy
    desk.decide(number)
    desk.look(number)
    desk.authorise(number)
    return desk, number


def test_releases_that_another_reading_does_not_let_go_are_listed_with_the_rule(
    answered: tuple[Any, str],
) -> None:
    desk, number = answered
    (desk.folder / "lawgate-home" / "records" / "index").unlink()  # nothing can be looked up any more
    said = desk("pack", "replay", "--submission", number, "--pack", "usc26-6103-i-2@manual", "--json").json
    assert (said["from"], said["to"]) == ("usc26-6103-i-2@1", "usc26-6103-i-2@manual")
    gone = said["left"]
    assert gone
    assert all(
        line["because"].startswith("R-17 UNMET (policy switch on 26 U.S.C. 6103(i)(2)(C)") for line in gone
    )
    assert {line["flip"] for line in gone} == {"should not have left"}
    assert {line["told"] for line in gone} <= {"R", "C"}
    assert sum(count["lines"] for count in said["counts"] if count["told"] in ("R", "C")) == len(gone)


def test_a_person_reads_how_many_left_and_that_nobody_was_looked_up(answered: tuple[Any, str]) -> None:
    desk, number = answered
    out = desk("pack", "replay", "--submission", number, "--pack", "usc26-6103-i-2@manual").out
    assert "No record was looked up." in out
    assert "left that this reading does not let go" in out
    assert "should not have left: R-17 UNMET" in out


@pytest.mark.parametrize("pack", ["usc26-6103-i-2@no-such", "no-such@1", "usc26-6103-m-2@1"])
def test_a_reading_that_is_not_there_or_of_another_ground_is_a_mistake_and_not_an_empty_answer(
    busy: Any, pack: str
) -> None:
    desk, number = busy
    said = desk("pack", "replay", "--submission", number, "--pack", pack, code=None)
    assert said.code in (2, 7)
    assert said.out == ""


def test_a_number_nobody_was_given_is_a_mistake(busy: Any) -> None:
    desk, _ = busy
    assert (
        desk("pack", "replay", "--submission", "0" * 16, "--pack", "usc26-6103-i-2@manual", code=2).out == ""
    )


def test_a_conflict_of_bar_and_ground_has_a_column_in_the_list_of_answers(answered: tuple[Any, str]) -> None:
    desk, number = answered
    (row,) = desk("answer", "list", number, "--json").json
    assert row["conflicts"] == {}
