"""The worked cases hold, try every rule both ways, and would notice the loss of any rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Received, SubmissionId
from lawgate.statutes.cases import Case, failures, read_cases
from lawgate.statutes.check import check_request, prepare
from lawgate.statutes.pack import Pack


def deviations(pack: Pack, case: Case) -> tuple[str, ...]:
    if case.forgotten:
        return case.deviations(case.checked(pack).findings)
    received = Received(SubmissionId("0" * 16), "0" * 64, case.cover, case.received_at)
    prepared = prepare(case.pack_read_so(pack), received, case.standing, case.now)
    return case.deviations(check_request(prepared, case.line).findings)


def without(pack: Pack, rule: str) -> Pack:
    return replace(
        pack,
        rules=tuple(r for r in pack.rules if r.id != rule),
        denies=tuple(denied for denied in pack.denies if denied != rule),
    )


def test_every_worked_case_holds(shelf: Any) -> None:
    cases = shelf.cases()
    assert len(cases) >= 40 or shelf.pack.denies
    assert {case.title: found for case in cases if (found := deviations(shelf.pack, case))} == {}


def test_the_runner_that_needs_no_submission_agrees(shelf: Any) -> None:
    assert failures(shelf.pack, shelf.read("cases.toml")) == ()


def test_titles_are_different(shelf: Any) -> None:
    titles = [case.title for case in shelf.cases()]
    assert len(set(titles)) == len(titles)


def test_every_rule_is_tried_at_its_best_unmet_and_unknown(shelf: Any) -> None:
    tried: dict[str, set[Outcome]] = {}
    for case in shelf.cases():
        for rule, outcome in case.find.items():
            tried.setdefault(rule, set()).add(outcome)
    for rule in shelf.pack.rules:
        assert tried[rule.id] & {Outcome.MET, Outcome.ASK} or rule.id in shelf.pack.denies, rule.id
    unmet = {rule for rule, outcomes in tried.items() if Outcome.UNMET in outcomes}
    unknown = {rule for rule, outcomes in tried.items() if Outcome.UNKNOWN in outcomes}
    assert unmet == {rule.id for rule in shelf.pack.rules}
    assert unknown == {rule.id for rule in shelf.pack.rules}


def told(pack: Pack, cases: tuple[Case, ...], *how: str) -> bool:
    return any(d.startswith(how) for case in cases for d in deviations(pack, case))


def test_deleting_a_rule_breaks_a_case(shelf: Any) -> None:
    cases = shelf.cases()
    assert [r.id for r in shelf.pack.rules if not told(without(shelf.pack, r.id), cases, "")] == []


FINER = {"usc26-6103-i-2": {"R-5b"}, "usc13-9": {"P-508"}}
"""R-5b says more finely what R-5c stops as well, and a denial stops everything."""


def test_each_rule_alone_decides_how_a_case_ends_or_puts_its_question(shelf: Any) -> None:
    """Not only the missing finding is noticed."""
    cases, finer = shelf.cases(), FINER.get(shelf.pack.id, set())
    rules = [r.id for r in shelf.pack.rules if r.id not in finer]
    assert [r for r in rules if not told(without(shelf.pack, r), cases, "ends ", "asks ")] == []


def test_a_case_that_changes_what_is_not_there_is_refused(shelf: Any) -> None:
    text = shelf.read("cases.toml")
    for mistake in (
        'change = { "cover.ofice.x" = 1 }',
        'remove = ["line.nmae"]',
        "expect = 1",
    ):
        with pytest.raises(StatuteError):
            read_cases(f'{text}\n[[case]]\ntitle = "t"\n{mistake}\nfind = {{}}\nend = "on"\n')
