"""Replay: the past under another reading, from what was kept and without a look-up; it names lines and releases nothing (I-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate.adapters.pack_shelf import pack_files
from lawgate.domain.finding import Finding, Outcome
from lawgate.domain.past import PastLine, Told
from lawgate.domain.steps import Checked
from lawgate.oversight.reread import LEFT, Flip, Flipped, Rereading, replay, reread
from lawgate.statutes.cases import Case, read_cases
from lawgate.statutes.check import check_request, letter_of, prepare_cover
from lawgate.statutes.pack import Pack, Rests
from lawgate.statutes.packs.usc26_6103_i_2 import GROUND, PACK
from lawgate.statutes.rule import Rule

CASES = read_cases(pack_files(PACK).cases)
GOOD = CASES[0]
MANUAL, POLICY = GROUND.version("manual"), GROUND.version("policy-2025")


def by_title(start: str) -> Case:
    return next(c for c in CASES if c.title.startswith(start))


def reading(old: Pack, new: Pack, case: Case = GOOD) -> Rereading:
    return reread(old, new, case.cover, case.received_at, case.standing, case.now)


def checked(pack: Pack, case: Case) -> Checked:
    """As the line was found on its day under a reading then in force."""
    in_force = pack.as_if_in_force(case.received_at.date())
    return check_request(
        prepare_cover(in_force, case.cover, case.received_at, case.standing, case.now), case.line
    )


def answered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(replace(f, outcome=Outcome.MET) if f.outcome is Outcome.ASK else f for f in findings)


def of(case: Case, findings: tuple[Finding, ...], **became: Any) -> PastLine:
    return PastLine(case.line.ordinal, findings, line=case.line, **became)


def past(pack: Pack, case: Case = GOOD, **became: Any) -> PastLine:
    return of(case, answered(checked(pack, case).findings), **became)


def one(old: Pack, new: Pack, line: PastLine, case: Case = GOOD) -> Flipped | None:
    found = list(replay(reading(old, new, case), [line]))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("told", list(Told))
def test_under_the_reading_of_the_day_nothing_flips(told: Told) -> None:
    assert one(PACK, PACK, past(PACK, told=told, reason="301" if told is not Told.NOTHING else "")) is None


def test_an_address_that_left_on_a_request_for_nothing_else_should_not_have_under_the_long_reading() -> None:
    flipped = one(PACK, MANUAL, past(PACK, told=Told.RELEASED, reason="301"))
    assert flipped is not None
    assert flipped.flip is Flip.SHOULD_NOT_HAVE_LEFT
    assert [(f.rule, f.outcome) for f in flipped.because] == [("R-17", Outcome.UNMET)]
    assert flipped.authority is not None
    assert flipped.authority.kind is Rests.MANUAL, "the reading of 2026 is no authority for the long one"


def test_a_line_looked_up_and_told_nothing_should_not_have_been_looked_up() -> None:
    flipped = one(PACK, MANUAL, past(PACK, told=Told.NO_ANSWER, reason="330"))
    assert flipped is not None
    assert flipped.flip is Flip.SHOULD_NOT_HAVE_BEEN_LOOKED_UP


def test_a_line_that_still_waits_would_not_go_on() -> None:
    flipped = one(PACK, MANUAL, past(PACK))
    assert flipped is not None
    assert flipped.flip is Flip.WOULD_NOT_GO_ON


def test_of_2025_what_left_without_its_address_matched_should_not_have_left() -> None:
    """42,695 lines in the small: under “merely set forth” they left, and a matching address is asked for now."""
    line = past(POLICY, told=Told.RELEASED, reason="301", address_matched=False)
    flipped = one(POLICY, PACK, line)
    assert flipped is not None
    assert flipped.flip is Flip.SHOULD_NOT_HAVE_LEFT
    assert flipped.authority is not None
    assert flipped.authority.name.startswith("Center for Taxpayer Rights v. IRS")
    assert one(POLICY, PACK, replace(line, address_matched=True)) is None


@pytest.mark.parametrize(
    ("reason", "found"),
    [("310", True), ("320", True), ("340", True), ("330", False), ("331", False), ("350", False)],
)
def test_merely_set_forth_names_whom_the_address_kept_back_and_releases_nothing(
    reason: str, found: bool
) -> None:
    flipped = one(PACK, POLICY, past(PACK, told=Told.NO_ANSWER, reason=reason))
    assert (flipped is not None) is found
    if flipped is not None:
        assert flipped.flip is Flip.MIGHT_HAVE_BEEN_FOUND
        assert flipped.flip not in LEFT


def test_a_delegate_who_was_heard_under_the_policy_is_not_under_the_statute() -> None:
    case = by_title("A delegation is stated")
    line = past(POLICY, case, told=Told.RELEASED, reason="301")
    assert letter_of(line.findings) is None
    flipped = one(POLICY, PACK, line, case)
    assert flipped is not None
    assert (flipped.flip, [f.rule for f in flipped.because]) == (Flip.SHOULD_NOT_HAVE_LEFT, ["R-2"])
    refused = one(PACK, POLICY, of(case, checked(PACK, case).findings), case)
    assert refused is not None
    assert refused.flip is Flip.WOULD_GO_ON
    assert [f.outcome for f in refused.because] == [Outcome.ASK]


def with_rule(pack: Pack, rule: str, **changes: Any) -> Pack:
    return replace(
        pack, version="x", applied=False,
        rules=tuple(replace(r, **changes) if isinstance(r, Rule) and r.id == rule else r for r in pack.rules),
    )  # fmt: skip


def asks(line_items_requested: object) -> Outcome:
    return Outcome.ASK


def test_a_question_that_nobody_was_asked_is_named() -> None:
    new = with_rule(
        PACK, "R-17", facts=("line.items_requested",), predicate=asks, question="May it be given alone?"
    )
    flipped = one(PACK, new, past(PACK, told=Told.RELEASED, reason="301"))
    assert flipped is not None
    assert flipped.flip is Flip.NOT_ASKED
    assert flipped.because[0].sentence == "May it be given alone?"


def test_a_persons_answer_of_the_day_stands() -> None:
    """R-8 is read otherwise in its words only; that it was answered as not met is not lost by asking again."""
    new = with_rule(PACK, "R-8", sentence="In other words.")
    found = tuple(replace(f, outcome=Outcome.UNMET) if f.rule == "R-8" else f for f in past(PACK).findings)
    assert one(PACK, new, of(GOOD, found)) is None


def test_a_past_that_the_reading_of_the_day_no_longer_gives_is_said_so() -> None:
    found = tuple(replace(f, outcome=Outcome.UNMET) if f.rule == "R-17" else f for f in past(PACK).findings)
    flipped = one(PACK, MANUAL, of(GOOD, found))
    assert flipped is not None
    assert flipped.flip is Flip.FOUND_OTHERWISE_NOW


def test_a_line_that_was_never_checked_flips_under_no_reading() -> None:
    assert one(PACK, MANUAL, of(GOOD, ())) is None


def test_only_what_differs_is_asked_again() -> None:
    assert reading(PACK, MANUAL).asked_again == {"R-17"}
    assert reading(PACK, POLICY).asked_again == {"R-2"}
    assert reading(PACK, MANUAL).wanted == {"line.items_requested", "pack.address_only_allowed"}
    assert reading(PACK, POLICY).wanted == set()


@given(
    st.lists(st.tuples(st.sampled_from(CASES), st.sampled_from(list(Told)))),
    st.sampled_from([MANUAL, POLICY]),
)
@settings(max_examples=60, deadline=None)
def test_replay_agrees_with_checking_anew_under_the_other_reading(
    lines: list[tuple[Case, Told]], new: Pack
) -> None:
    """What is refused or returned under the new reading is what a fresh check refuses or returns, line by line."""
    for case, told in lines:
        if case.forgotten or case.switches:
            continue
        before, after = checked(PACK, case), checked(new, case)
        line = of(case, before.findings, told=told, reason="301" if told is not Told.NOTHING else "")
        flipped = one(PACK, new, line, case)
        same = letter_of(before.findings) is letter_of(after.findings)
        if told is Told.NOTHING:
            assert (flipped is None) is same
        elif not same and letter_of(after.findings) is not None:
            assert flipped is not None


def test_a_stream_is_read_as_a_stream() -> None:
    """1.28 million lines are never all in memory: the core takes one, and gives it back before it takes the next."""
    taken = Counter[str]()

    def stream() -> Iterator[PastLine]:
        for n in range(5):
            taken["lines"] += 1
            line = past(PACK, told=Told.RELEASED, reason="301")
            yield replace(line, ordinal=n + 1)

    found = replay(reading(PACK, MANUAL), stream())
    assert (next(found).ordinal, taken["lines"]) == (1, 1)
    assert [f.ordinal for f in found] == [2, 3, 4, 5]
