"""What must hold of people's part whatever they write: they narrow, they are two, and what leaves is the least."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgate.disclosure.answer import OPENINGS_BYTES, PAYLOAD_BYTES, AnswerTerms, openings, padded, payload
from lawgate.disclosure.determination import rows
from lawgate.disclosure.minimise import minimise
from lawgate.domain.errors import LawgateError, StoreError
from lawgate.domain.finding import Basis, Finding, Outcome
from lawgate.domain.kept import Batch, SampleReview
from lawgate.domain.standing import EnrolledKey, Role
from lawgate.domain.steps import (
    AddressOnRecord,
    Admitted,
    AnswerKind,
    Approved,
    Attestation,
    Authorised,
    Checked,
    Cover,
    Disposition,
    Hold,
    Line,
    LineState,
    LineStatus,
    Matched,
    Proposed,
    Received,
    SignedDecision,
    SubmissionId,
    Verdict,
    VerdictKind,
)
from lawgate.domain.stop import Stop, StopScope
from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.evidence.commitment import commit, opens
from lawgate.guard.stops import biting, stops_line
from lawgate.review.authorise import Authorisation, authorise
from lawgate.review.decide import Decided, decide
from lawgate.review.sample import SampleState, draw_sample, sample_passed

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SUBMISSION = SubmissionId("0123456789ABCDEF")
ITEMS = ("address", "income", "name")
YEARS = ("2021", "2022", "2023")
PEOPLE = ("person-1", "person-2", "person-3")


def key(person: str, role: Role, scripted: bool = False) -> EnrolledKey:
    keyid = sha256_hex(f"{person}{role}".encode())[:32]
    return EnrolledKey(keyid, "00" * 32, person, "records", role, NOW, scripted=scripted)


def signed(by: EnrolledKey) -> SignedDecision:
    return SignedDecision("ab" * 32, by.keyid, by.person, NOW)


def line(ordinal: int, items: list[str], years: list[str], officer: str = "officer") -> Line:
    data: Any = {"request_key": f"k{ordinal}", "items_requested": items, "taxable_periods": years}
    attestation = Attestation("ee" * 16, officer, "aa" * 32)
    return Line(ordinal, f"k{ordinal}", data, sha256_hex(canonical(data)), attestation)


def received(official: str = "official") -> Received:
    cover = Cover(
        "0" * 32, NOW, "asking", "agency-head", official, None, "ground", "agreement", "lines.jsonl", "", "", 1,
        {}, "use", "dd" * 16, "ff" * 32,
    )  # fmt: skip
    return Received(SUBMISSION, "ee" * 32, cover, NOW)


def subset(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True) if values else st.just([])


def mostly(right: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Lean towards what is right, so that many documents come through and the assertions after them are reached."""
    return st.sampled_from([right] * (8 * len(others)) + list(others))


outcomes = mostly(True, False).flatmap(
    lambda good: st.lists(
        st.sampled_from([Outcome.MET, Outcome.ASK] if good else list(Outcome)), min_size=1, max_size=4
    )
)


@st.composite
def said_lines(
    draw: st.DrawFn, ordinal: int, found: list[Outcome], items: list[str], years: list[str]
) -> Any:
    """A line of a decision as a careful officer writes it, with some carelessness mixed in."""
    wild = draw(mostly(False, True))
    asks = [f"r-{n}" for n, outcome in enumerate(found) if outcome is Outcome.ASK or wild]
    said: dict[str, Any] = {
        "ordinal": draw(mostly(ordinal, 1, 3)),
        "verdict": draw(mostly("approve", "refuse", "return")),
        "answers": {
            ask: {"met": draw(mostly(True, False)), "reason": draw(mostly("because", ""))} for ask in asks
        },
        "release_hold": draw(mostly(True, False)),
    }
    if draw(st.booleans()):
        said["items"] = draw(subset(ITEMS if wild else tuple(items))) or items
    if draw(st.booleans()):
        said["periods"] = draw(subset(YEARS if wild else tuple(years))) or years
    return said


def docket_of(found: list[Outcome], items: list[str], years: list[str], held: bool) -> list[Admitted]:
    findings = tuple(
        Finding(f"r-{n}", outcome, "citation", Basis.STATUTE, "230", "?") for n, outcome in enumerate(found)
    )
    holds = (Hold("402", "many"),) if held else ()
    return [Admitted(Checked(line(n, items, years, "person-3"), findings), holds) for n in (1, 2)]


@given(
    st.data(),
    outcomes,
    subset(ITEMS).filter(bool),
    subset(YEARS).filter(bool),
    mostly("person-1", "person-2", "person-3"),
    mostly(Role.DISCLOSURE_OFFICER, Role.RELEASING_OFFICER, Role.COUNSEL),
    mostly(False, True),
    st.booleans(),
    mostly(0, 1),
)
def test_whatever_an_officer_signs_an_approval_only_narrows_and_rests_on_every_element(
    data: st.DataObject,
    found: list[Outcome],
    items: list[str],
    years: list[str],
    person: str,
    role: Role,
    scripted: bool,
    held: bool,
    miscounted: int,
) -> None:
    said = [data.draw(said_lines(n, found, items, years)) for n in range(1, data.draw(st.integers(1, 3)))]
    by, count = key(person, role, scripted), len(said) + miscounted
    document: Any = {"submission": SUBMISSION, "count": count, "lines": said}
    docket = docket_of(found, items, years, held)

    def run() -> Decided:
        return decide(docket, document, signed(by), by, received("person-2"), scripted_allowed=False)

    try:
        decided = run()
    except LawgateError:
        return
    assert decided == run()
    assert (role, scripted) == (Role.DISCLOSURE_OFFICER, False)
    assert person == "person-1" or (person == "person-3" and not said)
    assert len(decided.approved) + len(decided.closed) == count == len(said)
    words = {one["ordinal"]: one for one in said}
    for approved in decided.approved:
        word = words[approved.line.ordinal]
        assert set(approved.items) <= set(items) & set(word.get("items", items))
        assert {str(p) for p in approved.periods} <= set(years) & set(word.get("periods", years))
        assert all(f.outcome is Outcome.MET for f in approved.findings)
        assert {Outcome.UNMET, Outcome.UNKNOWN}.isdisjoint(found)
        assert all(word["answers"][f"r-{n}"]["met"] for n, o in enumerate(found) if o is Outcome.ASK)
        assert not held or word["release_hold"]


addresses = st.builds(
    AddressOnRecord,
    st.fixed_dictionaries({"street": st.sampled_from(["A St", "B St"]), "zip": st.just("97301")}),
    st.integers(2020, 2024),
    st.sampled_from(["taxpayer", "third-party", "agency", "rumour"]),
    st.just("1040"),
)
verdicts = st.builds(
    Verdict,
    st.sampled_from(list(VerdictKind)),
    st.sampled_from(["301", "320", "330"]),
    st.just("record-1"),
    st.lists(addresses, max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from([(), ("b-3",)]),
)
matches = st.builds(
    lambda asked, items, periods, verdict: Matched(
        Approved(SUBMISSION, line(1, asked, list(YEARS)), (), tuple(items), tuple(map(int, periods)), "ee" * 16,
                 signed(key("approver", Role.DISCLOSURE_OFFICER))),
        verdict,
    ),
    subset(ITEMS), subset(ITEMS), subset(YEARS), verdicts,
)  # fmt: skip


def from_anywhere(items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(items, ("taxpayer", "third-party", "agency"))


@given(matches, subset(ITEMS))
def test_what_is_proposed_lies_within_asked_permitted_approved_and_matched(
    matched: Matched, permitted: list[str]
) -> None:
    proposed = minimise(matched, from_anywhere(permitted))
    approved = matched.approved
    assert proposed == minimise(matched, from_anywhere(permitted))
    for limit in (approved.line.data["items_requested"], permitted, approved.items):
        assert isinstance(limit, list | tuple)
        assert set(proposed.fields) <= set(limit)
    if proposed.kind is not AnswerKind.RELEASED:
        assert not proposed.fields
    if proposed.kind is not AnswerKind.NO_ANSWER:
        assert matched.verdict.kind is VerdictKind.ONE
        assert any(a.tax_year in approved.periods for a in matched.verdict.addresses)
    address = proposed.fields.get("address")
    if isinstance(address, dict):
        assert address["tax_year"] in approved.periods
        assert not matched.verdict.stated_is_last_known
        known = [{**a.parts, "tax_year": a.tax_year, "source": a.source} for a in matched.verdict.addresses]
        assert address in known


@given(matches, subset(ITEMS))
def test_every_answer_has_the_same_padded_sizes_and_its_openings_open(
    matched: Matched, permitted: list[str]
) -> None:
    by = signed(key("releaser", Role.RELEASING_OFFICER))
    authorised = Authorised(minimise(matched, from_anywhere(permitted)), by, 1)
    terms = AnswerTerms(frozenset(permitted), "00" * 32)
    names = ("request_key", "kind", "fields", "items", "periods", "sentence")
    salts = {name: hashlib.sha256(name.encode()).digest() for name in names}
    said = payload(authorised, "0" * 32, terms)
    opened = openings(authorised, "0" * 32, salts, terms)
    assert len(padded(said, PAYLOAD_BYTES)) == PAYLOAD_BYTES
    assert len(padded(opened, OPENINGS_BYTES)) == OPENINGS_BYTES
    inner: Any = opened["openings"]
    for name in names:
        value = inner[name]["value"]
        assert value == said[name]
        assert opens(commit(salts[name], name, value), bytes.fromhex(inner[name]["salt"]), name, value)


@given(
    matches,
    mostly(
        ("authorise", "none"),
        ("withhold", "informant-or-impairment"),
        ("authorise", ""),
        ("withhold", "none"),
    ),
    mostly("releaser", "approver", "official", "officer"),
    mostly(None, "504", "701"),
    mostly(False, True),
    mostly([("person-1", False), ("person-2", False)], [("person-1", False)], [("person-1", True)] * 2, []),
)
def test_whatever_is_signed_a_release_is_by_another_person_after_a_good_sample_and_never_more(
    matched: Matched,
    words: tuple[str, str],
    person: str,
    code: str | None,
    stopped: bool,
    looks: list[tuple[str, bool]],
) -> None:
    proposed = minimise(matched, from_anywhere(ITEMS))
    by = key(person, Role.RELEASING_OFFICER)
    reviews = [
        SampleReview(SUBMISSION, 1, signed(key(who, Role.COUNSEL)), (1,) if wrong else ())
        for who, wrong in looks
    ]
    verdict, determination = words
    said: Any = {"ordinal": 1, "verdict": verdict, "determination": determination}
    document: Any = {"submission": SUBMISSION, "batch": 1, "count": 1, "lines": [said]}

    def run() -> Authorisation:
        return authorise(
            [proposed], document, signed(by), by, Batch(SUBMISSION, 1, "seed", (1,), (1,)), reviews,
            received(), still_good=lambda _: code, person_stopped=lambda _: stopped, impaired=(), scripted_allowed=False,
        )  # fmt: skip

    try:
        result = run()
    except LawgateError:
        return
    assert result == run()
    assert person == "releaser"
    assert len({who for who, _ in looks}) >= 2
    assert not any(wrong for _, wrong in looks)
    assert (len(result.authorised), len(result.left)) == ((0, 1) if code else (1, 0))
    for authorised in result.authorised:
        _assert_no_more_than(proposed, authorised.proposed)
        if stopped or verdict == "withhold" or matched.verdict.bars:
            assert authorised.proposed.kind is AnswerKind.NO_ANSWER


def _assert_no_more_than(proposed: Proposed, told: Proposed) -> None:
    assert told.matched == proposed.matched
    assert told.kind in (proposed.kind, AnswerKind.NO_ANSWER)
    assert dict(told.fields) in (dict(proposed.fields), {})


@given(st.text(), st.sets(st.integers(1, 500), min_size=1, max_size=60), st.integers(1, 70))
def test_a_sample_is_drawn_from_the_batch_and_the_same_whoever_draws_it(
    seed: str, ordinals: set[int], size: int
) -> None:
    with suppress(UnicodeEncodeError):
        drawn = draw_sample(seed, tuple(ordinals), size)
        assert drawn == draw_sample(seed, sorted(ordinals, reverse=True), size)
        assert set(drawn) <= ordinals
        assert len(drawn) == min(size, len(ordinals))
        assert list(drawn) == sorted(drawn)


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans()), max_size=5))
def test_a_sample_passes_only_by_two_people_and_no_error(looks: list[tuple[str, bool]]) -> None:
    reviews = [
        SampleReview(SUBMISSION, 1, signed(key(who, Role.COUNSEL)), (1,) if wrong else ())
        for who, wrong in looks
    ]
    wrong = any(wrong for _, wrong in looks)
    two = len({who for who, _ in looks}) >= 2
    expected = SampleState.FAILED if wrong else SampleState.PASSED if two else SampleState.WAITING
    assert sample_passed(reviews) is expected


@given(
    st.lists(st.tuples(st.sampled_from(list(LineState)), st.sampled_from(list(Disposition))), max_size=30),
    st.randoms(use_true_random=False),
)
def test_a_determination_has_one_line_out_per_line_in_and_in_order(
    stood: list[tuple[LineState, Disposition]], shuffle: Any
) -> None:
    lines = [Line(n, f"k{n}", {}, "") for n in range(1, len(stood) + 1)]
    statuses = [
        LineStatus(SUBMISSION, n, f"k{n}", state, letter, ("301", "602", "402"))
        for n, (state, letter) in enumerate(stood, 1)
    ]
    found = list(rows(statuses, lines))
    assert [(r.ordinal, r.request_key) for r in found] == [(n, f"k{n}") for n in range(1, len(stood) + 1)]
    assert not {c.code for r in found for c in r.reasons} & {"301", "602"}
    for row, (state, _) in zip(found, stood, strict=True):
        if state in (LineState.APPROVED, LineState.PROPOSED):
            assert [c.code for c in row.reasons] == ["902"]
    mixed = shuffle.sample(statuses, len(statuses))
    if mixed != statuses:
        with pytest.raises(StoreError):
            list(rows(mixed, lines))
    if lines:
        with pytest.raises(StoreError):
            list(rows(statuses, lines[1:]))


@given(
    st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=2))),
    st.sampled_from(list(StopScope)),
)
def test_a_stop_bites_from_its_moment_on_until_it_is_lifted(
    offset: timedelta, lifted: timedelta | None, scope: StopScope
) -> None:
    subject = "" if scope is StopScope.EVERYTHING else "s"
    stop = Stop("stop", scope, subject, "order", "k", "11" * 32, NOW)
    if lifted is not None:
        stop = replace(stop, lifted_at=NOW + lifted, lift_sha256="22" * 32)
    moment = NOW + offset
    expected = offset >= timedelta(0) and (lifted is None or offset < lifted)
    assert (biting([stop], moment) == (stop,)) is expected
    found = stops_line([stop], moment, pack="s", agency="s", submission="s", officer="s", persons={"s"})
    assert (found == stop) is expected
