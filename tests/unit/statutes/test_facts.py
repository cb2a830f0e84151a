"""Facts are immutable, present only if stated in a kind that can be read, and offence facts reach nobody who did not ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawgate.domain.standing import SafeguardStatus
from lawgate.domain.steps import Line
from lawgate.statutes.cases import Case
from lawgate.statutes.facts import COMMON_FACTS, LINE_FACTS, OFFENCE, common_facts, line_facts
from lawgate.statutes.wording import read_cited

TEXT_FACTS = ("criminal_statute", "statutory_authority", "reasons", "engaged_officer")
CITED_FACTS = ("criminal_statute", "statutory_authority")
LIST_FACTS = ("taxable_periods", "items_requested")

anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    [*TEXT_FACTS, *LIST_FACTS, "name", "address", "proceeding", "offence_facts", "request_key", "birth_date"]
)


def with_data(line: Line, **changes: Any) -> Line:
    return replace(line, data={**line.data, **changes})


def test_a_request_in_good_order_supplies_every_fact(base: Case) -> None:
    line = with_data(base.line, offence_facts={"final_order_date": "2024-01-15", "days": 91})
    assert line_facts(line).keys() == LINE_FACTS.keys()
    wanted = line_facts(line, ("final_order_date", "removal_ground"))
    assert wanted.keys() - LINE_FACTS.keys() == {OFFENCE + "final_order_date"}
    assert common_facts(base.cover, base.received_at, base.standing, base.now).keys() == COMMON_FACTS.keys()


@given(st.dictionaries(fields, anything))
def test_any_data_gives_known_facts_of_immutable_kinds_and_never_raises(data: dict[str, Any]) -> None:
    facts = line_facts(Line(1, "k", data, "0" * 64), ("0", "a"))
    assert facts.keys() <= LINE_FACTS.keys() | {OFFENCE + "0", OFFENCE + "a"}
    for value in facts.values():
        assert isinstance(value, str | int | tuple) or value.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", TEXT_FACTS)
def test_absent_blank_placeholder_and_unreadable_are_different(base: Case, name: str) -> None:
    absent = replace(base.line, data={k: v for k, v in base.line.data.items() if k != name})
    assert "line." + name not in line_facts(absent)
    read = read_cited if name in CITED_FACTS else str
    assert line_facts(with_data(base.line, **{name: ""}))["line." + name] == read("")
    assert line_facts(with_data(base.line, **{name: "N/A"}))["line." + name] == read("N/A")
    for unreadable in (None, 5, True, ["x"], {"x": "y"}):
        assert "line." + name not in line_facts(with_data(base.line, **{name: unreadable}))


@pytest.mark.parametrize("name", LIST_FACTS)
def test_a_list_is_blank_if_empty_and_unreadable_if_anything_in_it_is_not_text(base: Case, name: str) -> None:
    assert line_facts(with_data(base.line, **{name: ""}))["line." + name] == ()
    assert line_facts(with_data(base.line, **{name: []}))["line." + name] == ()
    assert line_facts(with_data(base.line, **{name: ["2023"]}))["line." + name] == ("2023",)
    for unreadable in ("2023", 2023, [2023], ["2023", None], {"2023": ""}):
        assert "line." + name not in line_facts(with_data(base.line, **{name: unreadable}))


@pytest.mark.parametrize("name", ["name", "address"])
def test_a_name_or_address_with_a_part_that_is_not_text_is_unreadable(base: Case, name: str) -> None:
    parts = base.line.data[name]
    assert isinstance(parts, dict)
    for part in parts:
        assert "line." + name not in line_facts(with_data(base.line, **{name: {**parts, part: 5}}))


@pytest.mark.parametrize("unreadable", [None, ["2024-01-15"], {"day": 15}])
def test_an_offence_fact_that_is_not_plain_is_not_there_and_takes_no_other_with_it(
    base: Case, unreadable: object
) -> None:
    line = with_data(base.line, offence_facts={"final_order_date": unreadable, "removal_ground": ""})
    facts = line_facts(line, ("final_order_date", "removal_ground"))
    assert OFFENCE + "final_order_date" not in facts
    assert facts[OFFENCE + "removal_ground"] == ""


def test_a_line_without_offence_facts_supplies_none(base: Case) -> None:
    nothing: tuple[Any, ...] = ("", None, [], {})
    for stated in nothing:
        facts = line_facts(with_data(base.line, offence_facts=stated), ("final_order_date",))
        assert not [name for name in facts if name.startswith(OFFENCE)]


def test_offices_are_read_on_the_day_of_signing_and_the_day_of_receipt(base: Case) -> None:
    (head,) = base.standing.offices
    left = replace(head, until=base.received_at.date())
    facts = common_facts(base.cover, base.received_at, replace(base.standing, offices=(left,)), base.now)
    assert facts["standing.offices_on_signing"] == {"agency-head"}
    assert facts["standing.offices_on_receipt"] == frozenset()


def test_what_may_change_after_receipt_is_read_now(base: Case) -> None:
    later = base.now + timedelta(days=30)
    (agreement,), (safeguard,) = base.standing.agreements, base.standing.safeguards
    standing = replace(
        base.standing,
        agreements=(replace(agreement, until=date(2026, 11, 20)),),
        safeguards=(
            safeguard,
            replace(safeguard, status=SafeguardStatus.OPEN_FINDING, since=date(2026, 11, 10)),
        ),
    )
    now = common_facts(base.cover, base.received_at, standing, base.now)
    then = common_facts(base.cover, base.received_at, standing, later)
    assert (now["standing.agreement_in_force"], then["standing.agreement_in_force"]) == (True, False)
    assert (now["standing.safeguard"], then["standing.safeguard"]) == (
        SafeguardStatus.ACCEPTED,
        SafeguardStatus.OPEN_FINDING,
    )


def test_keys_of_other_roles_are_no_officer_keys(base: Case) -> None:
    keys = common_facts(base.cover, base.received_at, base.standing, base.now)["standing.officer_keys"]
    assert isinstance(keys, Mapping)
    assert [key.person for key in keys.values()] == ["p-officer"]
