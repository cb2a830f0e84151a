"""Checking a whole line: everything is kept, in order; forgetting or garbling any fact never makes a line answerable (I-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgate.domain.code import CODES
from lawgate.domain.finding import Outcome
from lawgate.domain.steps import Checked, Disposition, Line
from lawgate.statutes.cases import Case
from lawgate.statutes.check import Prepared, check_request, disposition, prepare_cover
from lawgate.statutes.facts import OFFENCE, line_facts
from lawgate.statutes.packs.usc26_6103_i_2 import PACK
from lawgate.statutes.rule import ANSWERABLE, evaluate

RANK = {Outcome.UNMET: 0, Outcome.UNKNOWN: 0, Outcome.ASK: 1, Outcome.MET: 2}
"""What counts as better: from not answerable to asked, from asked to met. Whether a line is refused or returned does not."""

LINE_FIELDS = (
    "name", "address", "taxable_periods", "criminal_statute", "proceeding", "statutory_authority", "reasons", "engaged_officer",
    "items_requested", "offence_facts",
)  # fmt: skip
STATED: dict[str, list[Any]] = {
    "name": [{"given": "Ann", "surname": "Example"}, {"given": "", "surname": ""}, {"full": "Ann Example"}],
    "address": [
        {"number": "12", "street": "N Main St", "city": "Eugene", "state": "OR", "zip": "97401"},
        {"street": "Don't Care", "zip": "12345"},
        {"number": ""},
        {"text": "12 N Main St, Eugene OR 97401"},
    ],
    "taxable_periods": [["2023"], [], ["2099"], ["all"]],
    "criminal_statute": ["18 U.S.C. 1343", "8 U.S.C. 1253(a)(1)", "8 U.S.C. 1253(a)(1)(B)", "16 U.S.C. 3372(a)", "26 U.S.C. 7201", "", "n/a"],
    "proceeding": [
        {"kind": kind, "case_number": number, "opened": opened, "status": status}
        for kind in ("preparation", "investigation", "grand-jury", "civil", "")
        for number in ("EX-1", "")
        for opened in ("2026-03-02", "2099-01-01", "spring")
        for status in ("open", "closed")
    ],
    "statutory_authority": ["18 U.S.C. 1343", "28 U.S.C. 533", "26 U.S.C. 7201", "N/A", ""],
    "reasons": ["", "law enforcement", "Wire transfers from two victims reached an account in this name."],
    "engaged_officer": ["p-officer", "p-other", "", "unknown"],
    "items_requested": [["address"], ["address", "wages"], []],
    "offence_facts": [
        {"final_order_date": day, "removal_ground": ground, "judicial_review": review, "court_order_date": court}
        for day in ("2024-03-02", "2026-10-30", "")
        for ground in ("8 U.S.C. 1227(a)(1)(B)", "8 U.S.C. 1182(a)", "overstayed", "")
        for review in ("no", True, "perhaps")
        for court in ("2024-09-02", "2026-10-30", "")
    ],
}  # fmt: skip
UNREADABLE: list[Any] = [
    None,
    5,
    True,
    [1],
    [["x"]],
    {"x": 1},
    {"kind": 1, "opened": None, "given": 3, "street": 4},
]


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """Any mixture of well-stated, badly stated, unreadable and absent facts."""
    data: dict[str, Any] = {"request_key": "K"}
    for name, stated in STATED.items():
        if draw(st.integers(0, 9)):
            data[name] = draw(st.sampled_from(stated if draw(st.integers(0, 9)) else UNREADABLE))
    return data


def line_of(data: dict[str, Any], base: Case, attested: bool = True) -> Line:
    return Line(1, "K", data, "0" * 64, base.line.attestation if attested else None)


def better(before: Checked, after: Checked) -> list[str]:
    pairs = zip(before.findings, after.findings, strict=True)
    return [b.rule for b, a in pairs if RANK[a.outcome] > RANK[b.outcome]]


def may_go_on(checked: Checked) -> bool:
    return disposition(checked) is None


def never_improved(prepared: Prepared, before: Line, after: Line) -> None:
    was, became = check_request(prepared, before), check_request(prepared, after)
    assert better(was, became) == []
    assert may_go_on(was) or not may_go_on(became)


def forgettings(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The same line without one fact: each field in turn, and each part of the proceeding and of the offence."""
    without = [{k: v for k, v in data.items() if k != name} for name in LINE_FIELDS if name in data]
    for whole in ("proceeding", "offence_facts"):
        if isinstance(parts := data.get(whole), dict):
            without += [{**data, whole: {k: v for k, v in parts.items() if k != part}} for part in parts]
    return without


def garblings(data: dict[str, Any], garbage: object) -> list[dict[str, Any]]:
    """The same line with one fact unreadable: each field in turn, and each part of the proceeding and of the offence."""
    garbled = [{**data, name: garbage} for name in LINE_FIELDS]
    # Yes and no may be written as true and false: that is another answer, and not an unreadable one.
    for whole in ("proceeding",) if isinstance(garbage, bool) else ("proceeding", "offence_facts"):
        if isinstance(parts := data.get(whole), dict):
            garbled += [{**data, whole: {**parts, part: garbage}} for part in parts]
    return garbled


def no_loss_ever_helps(base: Case, prepared: Prepared, data: dict[str, Any], garbage: object) -> None:
    before = line_of(data, base)
    for changed in (*forgettings(data), *garblings(data, garbage)):
        never_improved(prepared, before, line_of(changed, base))
    never_improved(prepared, before, line_of(data, base, attested=False))


@given(lines(), st.sampled_from(UNREADABLE))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_fact_that_is_absent_or_unreadable_never_improves_a_finding(
    base: Case, prepared: Prepared, data: dict[str, Any], garbage: object
) -> None:
    no_loss_ever_helps(base, prepared, data, garbage)


@pytest.mark.slow
@given(lines(), st.sampled_from(UNREADABLE))
@settings(max_examples=4_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_fact_that_is_absent_or_unreadable_never_improves_a_finding_in_thousands_of_lines(
    base: Case, prepared: Prepared, data: dict[str, Any], garbage: object
) -> None:
    no_loss_ever_helps(base, prepared, data, garbage)


@given(lines(), st.data())
def test_losing_several_facts_at_once_never_improves_a_finding(
    base: Case, prepared: Prepared, data: dict[str, Any], draw: st.DataObject
) -> None:
    lost = draw.draw(st.sets(st.sampled_from(LINE_FIELDS), min_size=2))
    rest = {name: value for name, value in data.items() if name not in lost}
    never_improved(prepared, line_of(data, base), line_of(rest, base))


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_settled_once_for_many_lines_is_what_each_element_says_of_each(
    base: Case, prepared: Prepared, data: st.DataObject
) -> None:
    line = line_of(data.draw(lines()), base, data.draw(st.booleans()))
    facts = {**prepared.facts, **line_facts(line, prepared.offence)}
    alone = tuple(evaluate(element, facts) for element in PACK.rules)
    assert check_request(prepared, line).findings == alone
    # Yes and no may be true and false, but 1 and 0 are neither: what is remembered must not confuse them.
    review = {"final_order_date": "2024-03-02", "removal_ground": "8 U.S.C. 1227(a)(1)(B)"}
    for said in (True, 1, False, 0):
        told = dict(
            base.line.data,
            criminal_statute="8 U.S.C. 1253(a)(1)",
            offence_facts={**review, "judicial_review": said},
        )
        one = line_of(told, base)
        facts = {**prepared.facts, **line_facts(one, prepared.offence)}
        assert check_request(prepared, one).findings == tuple(evaluate(e, facts) for e in PACK.rules)


def test_every_fact_of_a_line_in_good_order_is_needed(base: Case, prepared: Prepared) -> None:
    assert may_go_on(check_request(prepared, base.line))
    for forgotten in forgettings(dict(base.line.data)):
        assert not may_go_on(check_request(prepared, replace(base.line, data=forgotten)))
    assert not may_go_on(check_request(prepared, replace(base.line, attestation=None)))


def test_losing_any_part_of_the_register_never_permits(base: Case, all_cases: tuple[Case, ...]) -> None:
    for case in all_cases:
        pack = case.pack_read_so(PACK)
        before = check_request(
            prepare_cover(pack, case.cover, case.received_at, case.standing, case.now), case.line
        )
        for kind in ("agencies", "offices", "agreements", "safeguards", "keys"):
            for n in range(len(getattr(case.standing, kind))):
                rest = getattr(case.standing, kind)[:n] + getattr(case.standing, kind)[n + 1 :]
                lost = replace(case.standing, **{kind: rest})
                prepared = prepare_cover(pack, case.cover, case.received_at, lost, case.now)
                after = check_request(prepared, case.line)
                assert better(before, after) == []
                assert not may_go_on(after)


def test_common_facts_missing_are_unknown_not_permitted(base: Case, prepared: Prepared) -> None:
    for fact in prepared.facts:
        poorer = replace(prepared, facts={k: v for k, v in prepared.facts.items() if k != fact})
        assert not may_go_on(check_request(poorer, base.line))
        assert better(check_request(prepared, base.line), check_request(poorer, base.line)) == []


def test_findings_are_all_kept_in_the_order_of_the_pack(base: Case, prepared: Prepared) -> None:
    empty = check_request(prepared, Line(1, "K", {}, "0" * 64))
    ids = [rule.id for rule in PACK.rules]
    assert [f.rule for f in empty.findings] == ids
    assert [f.rule for f in check_request(prepared, base.line).findings] == ids


def test_an_empty_line_meets_nothing_that_a_line_must_say(prepared: Prepared) -> None:
    empty = check_request(prepared, Line(1, "K", {}, "0" * 64))
    line_rules = {r.id for r in PACK.rules if any(f.startswith("line.") for f in r.facts)}
    assert {f.rule for f in empty.having(Outcome.UNKNOWN)} == line_rules
    assert disposition(empty) is Disposition.RETURNED


def test_refused_goes_before_returned(base: Case, prepared: Prepared) -> None:
    data = {**base.line.data, "reasons": ""}
    del data["name"]
    checked = check_request(prepared, replace(base.line, data=data))
    assert checked.having(Outcome.UNKNOWN)
    assert disposition(checked) is Disposition.REFUSED


def test_a_finding_repeats_no_value_of_the_request(base: Case, prepared: Prepared) -> None:
    shown = repr(check_request(prepared, base.line).findings)
    for value in ("Example", "Eugene", "97401", "EX-2026-0042", "Wire transfers", "p-officer"):
        assert value not in shown


@pytest.mark.parametrize("number", ["900010001", "900-01-0001", ""])
def test_a_taxpayer_number_changes_nothing(base: Case, prepared: Prepared, number: str) -> None:
    for data in (base.line.data, {k: v for k, v in base.line.data.items() if k != "address"}):
        bare, numbered = (
            check_request(prepared, replace(base.line, data=d))
            for d in (data, {**data, "taxpayer_number": number})
        )
        assert bare.findings == numbered.findings


def test_an_offence_fact_that_no_rule_declares_changes_nothing(base: Case, prepared: Prepared) -> None:
    for statute in ("18 U.S.C. 1343", "8 U.S.C. 1253(a)(1)"):
        data: dict[str, Any] = {**base.line.data, "criminal_statute": statute}
        stated = {**data, "offence_facts": {"status": "x", "country": "y", "entered": 2001}}
        bare, told = (check_request(prepared, replace(base.line, data=d)) for d in (data, stated))
        assert bare.findings == told.findings


def test_offence_facts_are_seen_by_the_rules_of_the_offence_and_no_others() -> None:
    declaring = {rule.id for rule in PACK.rules if any(f.startswith(OFFENCE) for f in rule.facts)}
    assert declaring == {f"R-15{letter}" for letter in "cdefhijklmn"}


def test_every_refusal_cites_a_failed_rule_with_its_provision(all_cases: tuple[Case, ...]) -> None:
    """R-18: on a valid request the holder shall disclose, so nothing but a finding refuses, and each says under what."""
    for case in all_cases:
        checked = case.checked(PACK)
        failed = [f for f in checked.findings if f.outcome not in ANSWERABLE]
        assert (disposition(checked) is None) is (failed == [])
        assert all(f.citation and f.sentence and CODES[f.code].citation for f in failed)


def test_a_line_is_checked_as_each_element_alone_would_be(base: Case, all_cases: tuple[Case, ...]) -> None:
    for case in all_cases:
        facts = case.facts(PACK)
        alone = tuple(
            evaluate(r, {f: facts[f] for f in r.facts if f in facts}) for r in case.pack_read_so(PACK).rules
        )
        assert case.checked(PACK).findings == alone


def test_what_is_answerable_is_met_or_asked(base: Case, prepared: Prepared) -> None:
    assert {f.outcome for f in check_request(prepared, base.line).findings} == ANSWERABLE
