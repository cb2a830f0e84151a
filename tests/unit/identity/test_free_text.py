"""One field of free text is read by its structure (I-3; law F-1 to F-3); what is missing is named."""

from __future__ import annotations

import pytest

from lawgate.identity.address import AddressParts, read_text
from lawgate.identity.normal import normal_address


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("123 main st apt 4b houston tx 77002-1234", ("123", "MAIN ST", "APT 4B", "", "HOUSTON", "TX")),
        ("12 1/2 Oak Ave, Springfield, IL 62704", ("12 1/2", "OAK AVE", "", "", "SPRINGFIELD", "IL")),
        ("W204 N11912 Goldendale Rd, Germantown, WI 53022", ("W204 N11912", "GOLDENDALE RD", "", "", "GERMANTOWN", "WI")),
        ("842 E 1700 S Salt Lake City UT 84105", ("842", "E 1700 S", "", "", "SALT LAKE CITY", "UT")),
        ("1200 Broadway New York NY 10001", ("1200", "BROADWAY", "", "", "NEW YORK", "NY")),
        ("123 Park Ave West Palm Beach FL 33401", ("123", "PARK AVE", "", "", "WEST PALM BEACH", "FL")),
        ("PO BOX 12 123 Main St Houston TX 77002", ("123", "MAIN ST", "", "PO BOX 12", "HOUSTON", "TX")),
        ("RR 2, Box 15A, Smithville, TX 78957", ("", "", "", "RR 2 BOX 15A", "SMITHVILLE", "TX")),
        ("PSC 3 BOX 4120 APO AE 09021", ("", "", "", "PSC 3 BOX 4120", "APO", "AE")),
        ("CARR 123 KM 4.5, UTUADO PR 00641", ("KM 4.5", "CARR 123", "", "", "UTUADO", "PR")),
        ("John Smith\n123 Main Street\nHouston, TX 77002\nUSA", ("123", "MAIN STREET", "", "", "HOUSTON", "TX")),
        ("12 King St, Charleston West Virginia 25301", ("12", "KING ST", "", "", "CHARLESTON", "WEST VIRGINIA")),
    ],
)  # fmt: skip
def test_the_parts_are_found(text: str, line: tuple[str, ...]) -> None:
    parts = read_text(text).parts
    assert parts is not None
    assert (parts.number, parts.street, parts.unit, parts.box, parts.city, parts.state) == line


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Don't Care 12345", {"number", "street", "city", "state", "zip"} - {"zip"}),
        ("Houston, TX 77002", {"number", "street"}),
        ("123 Main St", {"city", "state", "zip"}),
        ("123 Main St, TX 77002", {"city"}),
        ("7 Shelter Cove Rd, RI 02903", {"city"}),
        ("7 Elm Street Extension, RI 02903", {"city"}),
        ("7 US Hwy 64 West, NC 28906", {"city"}),
        ("123 Main St, Houston, TX", {"zip"}),
        ("123 Main St, Houston, TX 90210", {"zip"}),
        ("123 Main St, Houston 77002", {"state"}),
        ("123 Houston TX 77002", {"street"}),
        ("1** Main St, Houston, TX 77002", {"number"}),
        ("100 Main St & 5th Ave, Houston, TX 77002", {"street"}),
        ("PO Box XXX, Houston, TX 77002", {"number"}),
    ],
)
def test_a_refusal_names_the_missing_part(text: str, missing: set[str]) -> None:
    reading = read_text(text)
    assert (reading.sufficient, reading.code) == (False, "223")
    assert missing <= set(reading.missing), reading.missing


@pytest.mark.parametrize(
    ("text", "street", "city"),
    [
        ("100 Main St Charles IL 60174", "MAIN", "ST CHARLES"),  # Charles is no town there
        ("12 Elm St East La Grande OR 97850", "ELM ST EAST", "LA GRANDE"),
        ("12 Elm St East Lansing MI 48823", "ELM ST", "EAST LANSING"),
        ("4 Lake Forest Dr Lake Forest IL 60045", "LAKE FOREST DR", "LAKE FOREST"),
    ],
)
def test_the_towns_of_the_zip_say_where_the_town_begins(text: str, street: str, city: str) -> None:
    parts = read_text(text).parts
    assert parts is not None
    assert (parts.street, parts.city) == (street, city)


@pytest.mark.parametrize(
    "text",
    ["123 Park Ave West Palm Beach FL 33480", "500 Port St Lucie FL 34952"],
)
def test_where_street_and_town_cannot_be_told_apart_nothing_is_guessed(text: str) -> None:
    assert not read_text(text).sufficient


def test_an_institution_with_a_whole_address_is_one_and_says_so() -> None:
    reading = read_text("Krome Detention Center, 18201 SW 12th St, Miami, FL 33194")
    assert (reading.sufficient, reading.institution) == (True, True)
    assert not read_text("18201 Hospital Dr, Miami, FL 33194").institution


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EAST LAKE ROAD", "E Lake Rd"), ("County Road 12", "CR 12"), ("U.S. Highway 64 W", "US Hwy 64 West"), ("State Route 9", "SR 9"),
        ("Farm to Market Road 1960", "FM 1960"), ("Fort Washington Ave", "Ft Washington Avenue"), ("Main St N.W.", "Main Street NW"),
    ],
)  # fmt: skip
def test_one_street_written_two_ways_has_one_form(one: str, other: str) -> None:
    forms = {
        normal_address(AddressParts("12", s, "", "", "Houston", "TX", "77002", "")) for s in (one, other)
    }
    assert len(forms) == 1
