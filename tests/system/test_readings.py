"""A reading through the whole pipeline: chosen by the day of receipt, kept with the submission, replayed under another without a look-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate import wiring
from lawgate.cli.answer import _conflicts
from lawgate.domain.errors import NotPermittedError
from lawgate.domain.steps import AnswerKind, SubmissionId
from lawgate.oversight.replay import replay_submission
from lawgate.oversight.reread import Flip
from lawgate.oversight.survey import annual_of_home
from lawgate.statutes.pack import Ground


def ground_of(house: Any) -> Ground:
    (ground,) = house.gate.packs.values()
    assert isinstance(ground, Ground)
    return ground


def test_the_reading_of_the_day_of_receipt_is_kept_with_the_submission(house: Any) -> None:
    submission = house.receive(house.many("confirmed"))
    assert house.gate.memory.received(submission).pack_version == "1"


def test_a_later_reading_is_chosen_from_its_first_day_on(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pack, day = ground_of(house).current, house.clock().date()
    two = Ground((replace(pack, until=day), replace(pack, version="2", since=day)))
    monkeypatch.setattr(wiring.packs, "GROUNDS", (two,))
    house = replace(house, gate=replace(house.gate, packs={pack.id: two}))
    submission = house.logged(house.one())
    assert house.gate.memory.received(submission).pack_version == "2"
    assert len(house.packages(submission)) == 1


def test_an_answer_carries_the_terms_of_its_ground(house: Any) -> None:
    submission = house.logged(house.one())
    (package,) = house.packages(submission)
    terms = package.files["terms.txt"].decode()
    assert ground_of(house).current.terms in terms
    assert "(usc26-6103-i-2@1)" in terms


def test_which_of_these_should_not_have_left_is_said_without_a_look_up(house: Any) -> None:
    submission = house.logged()
    kinds = {
        p.authorised.proposed.matched.approved.line.ordinal: p.authorised.proposed.kind
        for p in house.gate.memory.logged(submission)
    }
    before = (house.engine.lookups, house.gate.memory.tally(), house.gate.memory.size())
    ground = ground_of(house)
    done = replay_submission(house.gate.memory, ground, submission, ground.version("manual"))
    assert (house.engine.lookups, house.gate.memory.tally(), house.gate.memory.size()) == before
    told = [n for n, kind in kinds.items() if kind is not AnswerKind.NO_ANSWER]
    assert [f.ordinal for f in done.left] == told
    assert {f.flip for f in done.left} == {Flip.SHOULD_NOT_HAVE_LEFT}
    silent = [c for c in done.counts if c.told == "N"]
    assert {c.flip for c in silent} == {Flip.SHOULD_NOT_HAVE_BEEN_LOOKED_UP.value}
    assert sum(c.lines for c in silent) == len(kinds) - len(told)
    assert sum(c.lines for c in done.counts) == done.lines == 6


def test_merely_set_forth_names_whom_the_address_kept_back_and_nothing_else(house: Any) -> None:
    submission = house.logged(*house.many("nobody", "confirmed"))
    ground = ground_of(house)
    done = replay_submission(house.gate.memory, ground, submission, ground.version("policy-2025"))
    assert [(c.flip, c.told, c.lines) for c in done.counts] == [(Flip.MIGHT_HAVE_BEEN_FOUND.value, "N", 1)]
    assert done.left == ()


def test_under_its_own_reading_a_submission_flips_nowhere(house: Any) -> None:
    submission = house.logged()
    ground = ground_of(house)
    assert replay_submission(house.gate.memory, ground, submission, ground.current).counts == ()


def test_lines_that_wait_are_replayed_as_they_stand(house: Any) -> None:
    submission = house.receive(house.many("confirmed", "released"))
    ground = ground_of(house)
    (count,) = replay_submission(house.gate.memory, ground, submission, ground.version("manual")).counts
    assert (count.flip, count.told, count.lines) == (Flip.WOULD_NOT_GO_ON.value, "", 2)


def test_a_submission_that_was_never_received_is_not_replayed(house: Any) -> None:
    ground = ground_of(house)
    with pytest.raises(NotPermittedError):
        replay_submission(house.gate.memory, ground, SubmissionId("0" * 16), ground.current)


def test_answers_that_are_not_accounted_for_are_left_out_of_the_report_of_the_year(house: Any) -> None:
    house.logged(house.one())
    year = house.clock().year
    counted = annual_of_home(house.gate, year)
    assert (counted.requests, counted.disclosures, counted.not_accounted) == (1, 1, 0)
    exempt = Ground((replace(ground_of(house).current, accounted=False),))
    report = annual_of_home(replace(house.gate, packs={exempt.id: exempt}), year)
    assert (report.requests, report.disclosures, report.not_accounted) == (0, 0, 1)


def test_a_conflict_of_bar_and_ground_is_put_to_a_person_and_nothing_is_told(house: Any) -> None:
    """The bar of this record stands in no table, so it conflicts: the person who releases hears of it, and the answer says nothing."""
    submission = house.proposed(*house.many("barred", "confirmed"))
    (batch,) = house.gate.memory.batches(submission)
    assert list(_conflicts(house.gate, batch)) == ["1"]
    house.authorise(submission)
    answers = [a.authorised.proposed for a in house.gate.memory.logged(submission)]
    assert (answers[0].kind, answers[0].fields) == (AnswerKind.NO_ANSWER, {})
