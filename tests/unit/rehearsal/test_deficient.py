"""The deficient submissions: each lacks exactly what it is there to lack."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from lawgate.domain.standing import Agreement, OfficeHolder, Safeguard, SafeguardStatus, in_force
from lawgate.rehearsal import people
from lawgate.rehearsal.deficient import (
    bad_envelope,
    deficient,
    expired_agreement,
    number_instead,
    one_official,
    open_finding,
    people_to_name,
    placeholders,
)
from lawgate.rehearsal.submissions import Ingredients
from lawgate.rehearsal.world import Filed, world_records

STATUTE_OFFICES = {"agency-head", "inspector-general", "assistant-attorney-general"}


@pytest.fixture(scope="module")
def filed() -> tuple[Filed, ...]:
    return people_to_name()


def rows(ingredients: Ingredients) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ingredients.raw.decode(), newline="")))


def test_five_submissions_and_none_may_touch_a_record(filed: tuple[Filed, ...]) -> None:
    all_five = deficient(filed)
    assert len({i.name for i in all_five}) == 5
    assert all(i.expected.lookups == 0 for i in all_five)
    assert all("A" not in i.expected.letters for i in all_five)
    assert all(i.expected.codes for i in all_five)


def test_placeholders_stand_beside_people_who_are_on_record(filed: tuple[Filed, ...]) -> None:
    found = rows(placeholders(filed))
    records = world_records()
    for one, row in zip(filed[:12], found, strict=True):
        names = {(r.name.given, r.name.surname) for r in records.history(one.record_id)}
        assert (row["name.given"], row["name.surname"]) in names
    streets = {row["address.street"] for row in found}
    assert {"Failed to Provide", "Unknown Address", "Don't Care", "NA"} <= streets
    for row in found:
        assert not all(row[f"address.{part}"] for part in ("number", "street", "city", "state", "zip"))


def test_the_right_number_stands_without_any_address_column(filed: tuple[Filed, ...]) -> None:
    found = rows(number_instead(filed))
    records = world_records()
    for one, row in zip(filed[:12], found, strict=True):
        assert row["taxpayer_number"] in {r.taxpayer_number for r in records.history(one.record_id)}
    assert not [column for column in found[0] if column.startswith("address")]


def test_one_official_is_named_for_all_and_nobody_attests(filed: tuple[Filed, ...]) -> None:
    ingredients = one_official(filed)
    assert {row["engaged_officer"] for row in rows(ingredients)} == {ingredients.official}
    assert ingredients.officers == ()
    holder = next(
        e
        for e in people.standing_entries()
        if isinstance(e, OfficeHolder) and e.person == ingredients.official
    )
    assert holder.office == ingredients.form["office"]
    assert holder.office not in STATUTE_OFFICES


def test_the_exchanged_file_is_another_one(filed: tuple[Filed, ...]) -> None:
    ingredients = bad_envelope(filed)
    assert ingredients.swapped_after_signing is not None
    assert ingredients.swapped_after_signing != ingredients.raw
    assert ingredients.expected.rejected == "103"


def test_the_finding_is_open_and_the_agreement_ran_out(filed: tuple[Filed, ...]) -> None:
    day = date(2026, 11, 22)
    entries = people.standing_entries()
    open_at = open_finding(filed).form["agency"]
    found = [e for e in entries if isinstance(e, Safeguard) and e.agency == open_at]
    assert [e.status for e in found] == [SafeguardStatus.OPEN_FINDING]
    expired_at = expired_agreement(filed).form["agency"]
    agreements = [e for e in entries if isinstance(e, Agreement)]
    assert expired_at in {a.agency for a in agreements}
    assert expired_at not in {a.agency for a in in_force(agreements, day)}
    assert expired_agreement(filed).form["agreement"] in {a.id for a in agreements}


def test_no_address_is_asked_about_often_enough_to_be_held(filed: tuple[Filed, ...]) -> None:
    asked: dict[tuple[str, ...], int] = {}
    for ingredients in (one_official(filed), open_finding(filed), expired_agreement(filed)):
        for row in rows(ingredients):
            key = tuple(row[f"address.{part}"] for part in ("number", "street", "zip"))
            asked[key] = asked.get(key, 0) + 1
    assert max(asked.values()) == 1
