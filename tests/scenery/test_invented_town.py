"""The synthetic town: the same seed, the same bytes; every difficulty is there; nothing is there that must not be."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from invented.names import DOUBLE_SURNAMES, PLACES, SURNAME_FORMS
from invented.record_source import COLUMNS, write_records
from invented.town import CROWD, YEARS, Town, build_town


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_records(tmp_path / f"{name}.csv", build_town(7))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_another_seed_gives_another_town() -> None:
    assert build_town(7).filings != build_town(8).filings


def test_every_filing_is_a_row(tmp_path: Path, town: Town) -> None:
    write_records(tmp_path / "r.csv", town)
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(town.filings)


def test_no_column_can_hold_what_no_record_may() -> None:
    assert set(COLUMNS) == {
        *("record_id", "given", "middle", "surname", "suffix", "birth_date", "taxpayer_number"),
        *("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country"),
        *("tax_year", "source", "form", "bars"),
    }


def test_it_is_a_small_town(town: Town) -> None:
    assert 350 <= len(town.people()) <= 450
    assert 150 <= len(town.households) <= 170
    assert len({p.id for p in town.people()}) == len(town.people())


def test_no_taxpayer_number_can_belong_to_anybody(town: Town) -> None:
    numbers = [p.taxpayer_number for p in town.people()]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert len(number) == 9
        assert number[0] == "9"
        assert 1 <= int(number[3:5]) <= 49


def test_surnames_of_every_written_form_are_on_record(town: Town) -> None:
    on_record = {f.person.surname for f in town.filings}
    for form, names in SURNAME_FORMS.items():
        assert on_record & set(names), form


def test_every_address_is_one_of_the_real_places_and_has_a_delivery_line(town: Town) -> None:
    for filing in town.filings:
        home = filing.dwelling
        assert home.place in PLACES
        assert bool(home.box) != bool(home.number and home.street)


def test_the_town_has_every_phenomenon(town: Town) -> None:
    suffixes = {(p.given, p.surname): set[str]() for p in town.people() if p.suffix}
    for person in town.people():
        if person.suffix:
            suffixes[person.given, person.surname].add(person.suffix)
    assert {"Sr", "Jr"} in suffixes.values()
    homes = Counter((f.dwelling, f.tax_year) for f in town.filings if f.form == "1040")
    assert max(homes.values()) >= CROWD // 2
    assert any(f.dwelling.box.startswith("PO Box") for f in town.filings)
    assert any(f.dwelling.box.startswith("RR") for f in town.filings)
    assert any(not p.record_id for p in town.people())
    assert any(p.bars for p in town.people())
    assert any(p.surname in DOUBLE_SURNAMES for p in town.people())
    assert {f.tax_year for f in town.filings} == set(YEARS)
    assert any(len(h.moves) == 3 for h in town.households)


def test_flats_of_one_building_have_people_of_one_surname(town: Town) -> None:
    buildings: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for home in town.of_kind("flat"):
        flat = home.moves[0][1]
        buildings.setdefault((flat.number, flat.street, flat.place.zip), []).append(
            (home.members[0].surname, flat.unit)
        )
    same = [
        (one, two)
        for flats in buildings.values()
        for one in flats
        for two in flats
        if one[0] == two[0] and one[1] < two[1]
    ]
    assert same


def test_namesakes_live_in_two_flats_of_one_building(town: Town) -> None:
    flats = town.of_kind("namesake-flat")
    for one, two in zip(flats[::2], flats[1::2], strict=True):
        a, b = one.moves[0][1], two.moves[0][1]
        assert (one.members[0].given, one.members[0].surname) == (
            two.members[0].given,
            two.members[0].surname,
        )
        assert (a.number, a.street, a.place) == (b.number, b.street, b.place)
        assert a.unit != b.unit


def test_the_form_says_the_source(town: Town) -> None:
    assert {(f.source, f.form) for f in town.filings} == {
        ("taxpayer", "1040"),
        ("third-party", "W-2"),
        ("third-party", "1099-INT"),
    }


def test_some_employers_lag_behind_a_move(town: Town) -> None:
    own = {(f.person.id, f.tax_year): f.dwelling for f in town.filings if f.source == "taxpayer"}
    late = [
        f for f in town.filings if f.source == "third-party" and f.dwelling != own[f.person.id, f.tax_year]
    ]
    assert late
    assert all(f.tax_year < YEARS[-1] for f in late)


def test_filers_were_of_age(town: Town) -> None:
    assert all(f.tax_year - f.person.born.year >= 18 for f in town.filings)
