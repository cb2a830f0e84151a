"""What must hold of guard's counts however a requester cuts, orders or pads what is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgate.domain.kept import EarlierLine, EarlierMatter
from lawgate.domain.steps import Attestation, Disposition, Line, SubmissionId
from lawgate.guard.limits import Limits
from lawgate.guard.packed import COUNTED
from lawgate.guard.traces import ACROSS_AGENCIES, Traces

HUGE = 10**9
OPEN = Limits(30, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, HUGE, 1.0, HUGE, HUGE, HUGE, 1.0, HUGE)
LIMIT = 3
ROLLING = {
    "officer": "officer_lines_per_window",
    "official": "official_lines_per_window",
    "agency": "agency_lines_per_window",
    "address": "address_repeats_per_window",
    "case": "case_lines_per_window",
    "opened": "cases_of_one_day_per_window",
    "reasons": "same_reasons_per_window",
}
"""Every limit that counts lines in the window, and the kind of trace it counts."""

EVERYTHING = replace(OPEN, **dict.fromkeys(ROLLING.values(), LIMIT), unusable_addresses_per_window=LIMIT)

Asked = tuple[int, int, int, int, int]
ASKED = st.tuples(*[st.integers(0, 2)] * 4, st.integers(0, 3))
FILES = st.lists(st.lists(ASKED, min_size=1, max_size=6), min_size=1, max_size=5)
WORDS = (
    "cheques forged in a printing house",
    "crop insurance for fields never planted",
    "wires to a branch abroad",
)


def line(world: Any, ordinal: int, key: str, asked: Asked) -> Line:
    officer, house, case, words, name = asked
    address = dict(world.line(1).data["address"], number=str(100 + house))
    made: Line = world.line(
        ordinal,
        request_key=key,
        address=address if house else {"text": "Failed to Provide"},
        name={"given": "Mara", "surname": f"Quill{'abcd'[name]}"},
        proceeding={"case_number": f"C-{case}", "opened": f"2026-01-0{1 + case}"},
        reasons=WORDS[words],
    )
    return replace(made, attestation=Attestation("k", f"officer-{officer}", "aa" * 32))


class Gateway:
    """Guard with a memory of its own, as the pipeline uses it; every line goes on."""

    def __init__(self, world: Any, limits: Limits) -> None:
        self.world, self.limits, self.sent = world, limits, 0
        self.kept: list[tuple[int, Traces, dict[str, bytes]]] = []

    def send(self, asked: Sequence[Asked]) -> list[tuple[str, set[str]]]:
        lines = [line(self.world, n, f"{self.sent}/{n}", a) for n, a in enumerate(asked, 1)]
        earlier: dict[str, Counter[bytes]] = {}
        found: dict[bytes, list[tuple[EarlierLine, bytes]]] = {}
        for number, one, marks in self.kept:
            for kind in (*COUNTED, *marks):
                earlier.setdefault(kind, Counter()).update(
                    one.marks(kind) if kind in COUNTED else [marks[kind]]
                )
            place = EarlierLine(SubmissionId(f"{number:016}"), one.ordinal, Disposition.ANSWERED)
            for matter, said in one.matters:
                found.setdefault(matter, []).append((place, said))
        before = {m: EarlierMatter(*map(tuple, zip(*pairs, strict=True))) for m, pairs in found.items()}
        agreement = replace(self.world.standing().agreements[0], max_lines=HUGE)
        guard, left = self.world.guard(lines, self.limits, agreement, earlier, before)
        common = self.world.tracer().common
        for one in left:
            unusable = {"unusable"} if one.address else set()
            self.kept.append((self.sent, one, {k: m for k, m in common.items() if k not in unusable}))
        self.sent += 1
        said = guard.admit(left, earlier)
        return [
            (one.request_key, {h.code for h in holds}) for one, (holds, _) in zip(lines, said, strict=True)
        ]


def free_by_mark(
    world: Any, kind: str, files: Sequence[Sequence[Asked]], limits: Limits
) -> Mapping[bytes, int]:
    """Count the lines that go on without a hold, by each fingerprint of a kind they left."""
    gateway, free = Gateway(world, limits), Counter[bytes]()
    for number, asked in enumerate(files):
        for ordinal, (_, codes) in enumerate(gateway.send(asked), 1):
            marks = {
                mark
                for n, one, common in gateway.kept
                if (n, one.ordinal) == (number, ordinal)
                for mark in (one.marks(kind) if kind in COUNTED else [common[kind]])
            }
            free.update(marks if not codes else ())
    return free


@pytest.mark.parametrize("kind", sorted(ROLLING))
@settings(max_examples=25, deadline=None)
@given(files=FILES)
def test_cutting_a_submission_up_never_frees_more_than_the_limit_and_the_whole_frees_no_more(
    world: Any, kind: str, files: list[list[Asked]]
) -> None:
    limits = replace(OPEN, **{ROLLING[kind]: LIMIT})
    whole = [asked for file in files for asked in file]
    cut, at_once = (free_by_mark(world, kind, f, limits) for f in (files, [whole]))
    every = free_by_mark(world, kind, [whole], OPEN)
    for mark, count in every.items():
        assert cut.get(mark, 0) <= LIMIT
        assert at_once.get(mark, 0) == (count if count <= LIMIT else 0)


@settings(max_examples=25, deadline=None)
@given(files=FILES, after=ASKED)
def test_once_everything_was_sent_it_makes_no_difference_in_how_many_files_it_came(
    world: Any, files: list[list[Asked]], after: Asked
) -> None:
    cut, at_once = Gateway(world, EVERYTHING), Gateway(world, EVERYTHING)
    for file in files:
        cut.send(file)
    at_once.send([asked for file in files for asked in file])
    assert [codes for _, codes in cut.send([after])] == [codes for _, codes in at_once.send([after])]


def test_many_files_of_one_line_each_free_no_more_than_the_limit(world: Any) -> None:
    gateway = Gateway(world, replace(OPEN, agency_lines_per_window=50))
    held = [bool(gateway.send([(n % 3, 1 + n % 2, n % 3, n % 3, n % 4)])[0][1]) for n in range(120)]
    assert held == [False] * 50 + [True] * 70


@settings(max_examples=40, deadline=None)
@given(asked=st.lists(ASKED, min_size=1, max_size=12), seed=st.randoms(use_true_random=False))
def test_the_order_of_lines_makes_no_difference(world: Any, asked: list[Asked], seed: Any) -> None:
    limits = replace(EVERYTHING, same_reasons_share=0.4, same_reasons_minimum=2, unusable_address_share=0.3)
    straight = Gateway(world, limits).send(asked)
    turned = list(range(len(asked)))
    seed.shuffle(turned)
    other = Gateway(world, limits).send([asked[i] for i in turned])
    assert [codes for _, codes in other] == [straight[i][1] for i in turned]


@settings(max_examples=40, deadline=None)
@given(asked=st.lists(ASKED, min_size=1, max_size=8), more=st.lists(ASKED, max_size=8), before=FILES)
def test_adding_lines_never_removes_a_hold_by_a_number(
    world: Any, asked: list[Asked], more: list[Asked], before: list[list[Asked]]
) -> None:
    alone, among = Gateway(world, EVERYTHING), Gateway(world, EVERYTHING)
    for file in before:
        among.send(file)
    held = alone.send(asked)
    with_more = among.send(asked + more)
    assert all(codes <= others for (_, codes), (_, others) in zip(held, with_more, strict=False))


@settings(max_examples=25, deadline=None)
@given(files=FILES)
def test_a_lower_limit_never_frees_a_line_that_a_higher_one_holds(
    world: Any, files: list[list[Asked]]
) -> None:
    lower = replace(EVERYTHING, **dict.fromkeys(ROLLING.values(), LIMIT - 1))
    strict, mild = Gateway(world, lower), Gateway(world, EVERYTHING)
    for file in files:
        pairs = zip(strict.send(file), mild.send(file), strict=True)
        assert all(mild_codes <= strict_codes for (_, strict_codes), (_, mild_codes) in pairs)


def test_unusable_addresses_are_counted_over_files_that_are_thinned_out(world: Any) -> None:
    gateway = Gateway(world, replace(OPEN, unusable_addresses_per_window=3))
    bad, good = (0, 0, 0, 0, 0), [(n % 3, 1 + n % 2, n % 3, n % 3, n % 4) for n in range(1, 6)]
    held = [{c for _, codes in gateway.send([bad, *good]) for c in codes} & {"406"} for _ in range(5)]
    assert held == [set(), set(), set(), {"406"}, {"406"}]


@pytest.mark.parametrize("kind", ["officer", "address"])
def test_officer_and_address_are_counted_over_all_agencies(world: Any, kind: str) -> None:
    assert kind in ACROSS_AGENCIES
    asked = line(world, 1, "k", (1, 1, 1, 1, 1))
    assert world.marks(asked)[kind] == world.marks(asked, agency="other")[kind]
    assert world.marks(asked)["case"] != world.marks(asked, agency="other")["case"]
