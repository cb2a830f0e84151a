"""The thousand requests: chosen in one fixed way, without the truth, and each with its own matter, reason and officer."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from lawgate.identity.address import read_address
from lawgate.identity.name import read_name
from lawgate.rehearsal.asks import FAULTY, ONE_ADDRESS, THOUSAND, Ask, addresses, choose_asks
from lawgate.rehearsal.people import OFFICERS
from lawgate.rehearsal.reasons import FIRST_DEPARTURE, MATTERS, REASONS, RELEVANCE, reason
from lawgate.rehearsal.submissions import COLUMNS, THEIR_HEADINGS, well_formed
from lawgate.rehearsal.world import Asked, Known, world_requests, world_truth


@pytest.fixture(scope="module")
def world() -> tuple[Asked, ...]:
    return world_requests()


@pytest.fixture(scope="module")
def asks(world: tuple[Asked, ...]) -> tuple[Ask, ...]:
    return choose_asks(world)


@pytest.fixture(scope="module")
def lines(world: tuple[Asked, ...]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(well_formed(world)[0].raw.decode(), newline="")))


def part(ask: Ask, prefix: str) -> dict[str, str]:
    return {k[len(prefix) :]: v for k, v in ask.fields.items() if k.startswith(prefix)}


def test_the_choice_is_the_first_that_fit_in_the_worlds_order(
    world: tuple[Asked, ...], asks: tuple[Ask, ...]
) -> None:
    assert len(asks) == THOUSAND
    order = [asked.key for asked in world]
    chosen = [order.index(ask.key) for ask in asks]
    assert chosen == sorted(set(chosen))
    assert choose_asks(world) == asks
    assert choose_asks(world, 10) == asks[:10]


def test_everybody_the_demonstration_has_to_show_is_among_them(asks: tuple[Ask, ...]) -> None:
    truth = world_truth()
    known = [truth[ask.key] for ask in asks]
    on_record = sum(bool(k.record_id) for k in known)
    companions = sum(k.with_members for k in known)
    assert (on_record, companions, THOUSAND - on_record - companions) == (795, 154, 51)


def test_few_state_no_name_or_address_and_few_ask_about_one_address(asks: tuple[Ask, ...]) -> None:
    bad = [
        a for a in asks
        if not (read_address(part(a, "address.")).sufficient and read_name(part(a, "name.")).sufficient)  # type: ignore[arg-type]
    ]  # fmt: skip
    assert len(bad) == FAULTY
    assert len(addresses(asks)) >= (THOUSAND - FAULTY) / ONE_ADDRESS


def test_each_request_has_its_own_matter_and_reason_and_one_of_twenty_officers(
    lines: list[dict[str, str]],
) -> None:
    assert len({line["reasons"] for line in lines}) == THOUSAND
    assert len({line["proceeding.case_number"] for line in lines}) == THOUSAND
    assert len({line["proceeding.opened"] for line in lines}) == THOUSAND
    assert set(Counter(line["AGENT"] for line in lines).values()) == {50}
    assert {line["AGENT"] for line in lines} == set(OFFICERS)


def test_no_half_of_a_reason_is_stated_more_often_than_guard_allows() -> None:
    stated = [reason(number) for number in range(REASONS)]
    assert len(set(stated)) == REASONS == THOUSAND
    halves = Counter(half for text in stated for half in (*MATTERS, *RELEVANCE) if half in text)
    assert max(halves.values()) <= 40
    with pytest.raises(IndexError):
        reason(REASONS)


def test_facts_of_an_alleged_offence_stand_only_in_the_lines_of_that_offence(
    lines: list[dict[str, str]],
) -> None:
    stated = [line for line in lines if line["offence_facts.final_order_date"]]
    assert len(stated) == REASONS - FIRST_DEPARTURE
    assert stated == [line for line in lines if line["criminal_statute"] == "8 U.S.C. 1253(a)(1)"]


def test_the_mapping_names_every_column_of_the_file(world: tuple[Asked, ...]) -> None:
    ingredients, _ = well_formed(world)
    heading = ingredients.raw.decode().split("\r\n", 1)[0].split(",")
    columns = ingredients.form["columns"]
    assert isinstance(columns, dict)
    assert list(columns) == list(COLUMNS)
    assert list(columns.values()) == heading
    assert set(THEIR_HEADINGS.values()) <= set(heading)


def test_the_truth_is_not_in_the_submission(world: tuple[Asked, ...]) -> None:
    raw = well_formed(world)[0].raw.decode()
    known: list[Known] = list(world_truth().values())
    assert not any(k.record_id in raw for k in known if k.record_id)
    assert not any(asked.key in raw for asked in world)
