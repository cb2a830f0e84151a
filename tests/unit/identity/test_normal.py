"""Writing alone never makes two people of one (law F-20), nor one of two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lawgate.identity.address import AddressParts
from lawgate.identity.name import NameParts
from lawgate.identity.nicknames import PAIRS, is_nickname
from lawgate.identity.normal import address_key_text, normal_address, normal_name, person_text

HOUSE = AddressParts("742", "Evergreen Terrace", "", "", "Springfield", "Illinois", "62704", "")
ANN = NameParts("Ann", "", "Lee", "")


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("street", ["N Main St", "North Main Street", "n. main st.", "NORTH MAIN STR"]),
        ("street", ["Saint John's Ave", "St. Johns Avenue", "ST JOHN'S AV"]),
        ("street", ["Peña Blvd", "PENA BOULEVARD", "Pen\u0303a Blvd."]),
        ("street", ["Main St NW", "Main Street Northwest"]),
        ("street", ["Highway 12", "Hwy 12"]),
        ("number", ["123", "0123", " 123 "]),
        ("number", ["12A", "12-A", "12 a"]),
        ("unit", ["Apt 5B", "#5-B", "5 b", "UNIT 5B", "Apt. 05B", "No. 5B"]),
        ("unit", ["Floor 2", "FL 2", "Flr. 2"]),
        ("unit", ["", "N/A", "none", "Apt N/A"]),
        ("box", ["PO Box 12", "P.O. Box 12", "Post Office Box 012", "POB 12", "12", "PO Box #12"]),
        ("box", ["RR 2 Box 15", "Rural Route 2, Box 15", "R.R. 2 Box 15"]),
        ("city", ["St. Louis", "SAINT LOUIS", "st louis"]),
        ("state", ["IL", "Illinois", "il"]),
        ("state", ["DC", "D.C.", "District of Columbia"]),
        ("zip", ["62704", "62704-1234", "627041234"]),
        ("country", ["", "US", "U.S.A.", "United States"]),
    ],
)
def test_ways_of_writing_one_thing_have_one_form(field: str, written: list[str]) -> None:
    forms = {normal_address(replace(HOUSE, **{field: text})) for text in written}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("street", "N St", "North St"),
        ("street", "5th Ave", "Fifth Ave"),
        ("street", "5th Ave", "5th St"),
        ("street", "N Main St", "S Main St"),
        ("street", "N Main St", "Main St"),
        ("unit", "1-2", "12"),
        ("unit", "Fl 2", "Apt 2"),
        ("number", "12", "12A"),
        ("number", "45-12", "4512"),
        ("zip", "62704", "62705"),
        ("box", "PO Box 12", "RR 12"),
    ],
)
def test_different_things_keep_different_forms(field: str, one: str, other: str) -> None:
    assert normal_address(replace(HOUSE, **{field: one})) != normal_address(replace(HOUSE, **{field: other}))


def test_a_unit_written_into_the_street_is_the_same_unit() -> None:
    assert normal_address(replace(HOUSE, street="Main St Apt 5")) == normal_address(
        replace(HOUSE, street="Main St", unit="5")
    )
    assert normal_address(replace(HOUSE, street="Main St #5B")) == normal_address(
        replace(HOUSE, street="Main St", unit="Apt 5B")
    )


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("surname", ["O'Brien", "OBRIEN", "O Brien", "o’brien"]),
        ("surname", ["De La Cruz", "DELACRUZ", "de-la-Cruz"]),
        ("surname", ["García-López", "GARCIA LOPEZ", "Garcia y Lopez"]),
        ("surname", ["Müller", "Mu\u0308ller", "MULLER"]),
        ("given", ["Jean-Luc", "JEAN LUC", "Jean Luc"]),
        ("suffix", ["Jr", "Jr.", "JUNIOR"]),
        ("suffix", ["", "MD", "N/A"]),
        ("middle", ["", "NMN"]),
    ],
)
def test_ways_of_writing_one_name_have_one_form(field: str, written: list[str]) -> None:
    assert len({normal_name(replace(ANN, **{field: text})) for text in written}) == 1


def test_a_suffix_written_after_the_surname_is_a_suffix() -> None:
    assert normal_name(NameParts("John", "", "Smith Jr.", "")) == normal_name(
        NameParts("John", "", "Smith", "JR")
    )
    assert normal_name(NameParts("John Jr", "", "Smith", "")) == normal_name(
        NameParts("John", "", "Smith", "JR")
    )
    assert normal_name(NameParts("John", "", "Smith", "II")).suffix == "II"


def test_double_surnames_stay_ordered_parts() -> None:
    assert normal_name(replace(ANN, surname="García de la Cruz")).surnames == ("GARCIA", "DELACRUZ")


def test_nicknames_count_as_listed_and_not_through_a_third_name() -> None:
    assert len(PAIRS) >= 150
    assert is_nickname("ROBERT", "BOB")
    assert is_nickname("PEPE", "JOSE")
    assert not is_nickname("BOB", "ROB")
    assert not is_nickname("ROBERT", "ROBERT")


def test_fingerprint_texts_do_not_depend_on_how_it_is_written() -> None:
    one, other = normal_address(HOUSE), normal_address(replace(HOUSE, city="Sprngfld", zip="62704-9999"))
    assert address_key_text(one) == address_key_text(other)
    assert address_key_text(one) != address_key_text(normal_address(replace(HOUSE, unit="2")))
    married = NameParts("Ana", "M", "Garcia Lopez", "")
    turned = NameParts("ANA", "", "López García", "Sr")
    assert person_text(normal_name(married), one) == person_text(normal_name(turned), other)
    assert person_text(normal_name(married), one) != person_text(normal_name(ANN), one)
