"""The demonstration as a whole, with every real part: it is sound, and its counts against the truth are the published ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from lawgate.domain.errors import SettingsError
from lawgate.rehearsal.demo import perform
from lawgate.rehearsal.truth import MEMBER
from lawgate.store.open import close_database


@pytest.mark.slow
def test_a_thousand_requests_end_as_published_and_nobody_is_told_about_somebody_else(tmp_path: Path) -> None:
    said: list[str] = []
    done = perform(tmp_path / "demo", said.append)
    close_database()
    assert done.sound
    truth = done.against_truth
    assert (truth.told, truth.rightly_silent, truth.missed, truth.wrong_person) == (634, 205, 161, 0)
    assert sum(truth.missed_by_cause.values()) == truth.missed
    assert truth.by_situation[MEMBER] == (795, 634)
    steps = {s.word: (s.lines, dict(s.ended)) for s in done.data.steps}
    # Guard held ten lines: one name at one address, stated with two birth dates. The scripted officer returns them.
    assert steps["decide"] == (960, {"returned": 10})
    assert steps["match"] == (950, {})
    assert done.packages == done.opened == 950
    assert done.data.reconciliation.exact


def test_a_folder_that_no_demonstration_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(SettingsError):
        perform(tmp_path, lambda _: None)
    assert (tmp_path / "mine").read_text() == "kept"
