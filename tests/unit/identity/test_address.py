"""An address is an address (I-3; law F-1 to F-3): what the exchange of 2025 let through is refused here, part by part."""

from __future__ import annotations

import pytest

from lawgate.domain.steps import Json
from lawgate.identity.address import read_address

HOUSE: dict[str, Json] = {
    "number": "742",
    "street": "Evergreen Terrace",
    "city": "Springfield",
    "state": "IL",
    "zip": "62704",
}
BOX: dict[str, Json] = {"box": "PO Box 12", "city": "Springfield", "state": "IL", "zip": "62704"}


def house(**changed: Json) -> dict[str, Json]:
    return {**HOUSE, **changed}


@pytest.mark.parametrize(
    "address",
    [
        HOUSE,
        BOX,
        house(zip="62704-1234"),
        house(zip="627041234"),
        house(state="illinois"),
        house(country="United States of America"),
        house(country="N/A"),
        house(unit="Apt 5"),
        house(unit="N/A"),
        house(number="12-A"),
        house(number="123 1/2"),
        house(number="N6W23001"),
        house(number="45-12", street="Queens Blvd", city="Queens", state="NY", zip="11104"),
        house(street="Broadway"),
        house(street="W 300 S"),
        house(street="42nd St"),
        house(street="Avenue X"),
        house(street="N A St"),
        house(street="County Road 5"),
        house(street="Park Ave"),
        house(street="Hospital Dr"),
        house(street="General Jackson Rd"),
        house(predirectional="N"),
        {**BOX, "box": "RR 2 Box 15"},
        {**BOX, "box": "12"},
        {**BOX, "box": "", "street": "P.O. Box 12"},
        {"box": "PSC 3 Box 44", "city": "APO", "state": "AE", "zip": "09012"},
        {"number": "10", "street": "Calle Luna", "city": "San Juan", "state": "PR", "zip": "00901"},
        {"street": "Avenida Reforma 222", "city": "Ciudad de México", "country": "Mexico", "zip": "06600"},
        {"number": "5", "street": "王府井大街", "city": "北京市", "country": "China"},
    ],
)
def test_a_whole_address_is_sufficient(address: dict[str, Json]) -> None:
    reading = read_address(dict(address))
    assert (reading.sufficient, reading.code, reading.missing) == (True, "", ())
    assert reading.parts is not None


@pytest.mark.parametrize(
    "nothing", [None, "", "742 Evergreen Terrace", 12, [], {}, {"number": "", "street": " "}]
)
def test_nothing_stated_in_an_object_is_no_address(nothing: Json) -> None:
    reading = read_address(nothing)
    assert (reading.sufficient, reading.code, reading.parts) == (False, "222", None)


def test_an_address_stated_both_in_text_and_in_parts_is_stated_no_way() -> None:
    assert read_address({**HOUSE, "text": "elsewhere"}).missing == ("parts",)
    assert read_address({**HOUSE, "text": ""}).sufficient


FILLERS = [
    "Failed to Provide", "FAILED TO PROVIDE 12345", "Unknown Address", "NA NA", "N/A", "n.a.", "none", "unknown", "homeless", "general delivery",
    "same", "Same as above", "x", "XXXX", "0", "00000", "Don't Care 12345", "dont care", "Not Provided", "...", "-----", "???", "aaaa", "[REDACTED]",
    "No Fixed Abode", "Address",
]  # fmt: skip


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("part", ["number", "street", "city", "state", "zip"])
def test_a_filler_in_a_needed_part_is_that_part_missing(part: str, filler: str) -> None:
    reading = read_address(house(**{part: filler}))
    assert not reading.sufficient
    assert reading.code == "223"
    assert part in reading.missing


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("zip", "12345"),  # a ZIP of New York
        ("zip", "6270"),
        ("zip", "627O4"),
        ("zip", "6-2704"),
        ("zip", "99999"),
        ("zip", "217-555-0123"),
        ("number", "217-555-0123"),
        ("number", "555-1234"),
        ("number", "A123456789"),
        ("number", "123-45-6789"),
        ("number", "12XX"),
        ("number", "1*"),
        ("number", "Evergreen"),
        ("street", "A123456789"),
        ("street", "12345"),
        ("street", "St"),
        ("street", "N W"),
        ("street", "County Jail"),
        ("street", "Federal Detention Center"),
        ("street", "Unknown St"),
        ("street", "PO Box"),
        ("street", "E******** Ter"),
        ("city", "62704"),
        ("city", "S__________"),
        ("state", "Ill-annoyed"),
        ("state", "ZZ"),
        ("unit", "Apt 1*"),
        ("country", "***"),
        ("country", "Nowhereland"),
        ("predirectional", "QQ"),
    ],
)
def test_codes_masks_and_places_that_do_not_belong_together_are_missing(part: str, code: str) -> None:
    reading = read_address(house(**{part: code}))
    assert (reading.sufficient, reading.code) == (False, "223")
    assert part in reading.missing


@pytest.mark.parametrize("part", sorted(HOUSE))
def test_a_missing_part_is_named_and_never_made_up(part: str) -> None:
    assert read_address({k: v for k, v in HOUSE.items() if k != part}).missing == (part,)
    assert read_address(house(**{part: 62704})).missing == (part,)


@pytest.mark.parametrize(
    "box", ["PO Box", "PO Box X", "PO Box 0", "PO Box 1*", "N/A", "PSC 3", "RR 2", "HC 68"]
)
def test_a_box_without_a_number_is_no_delivery_line(box: str) -> None:
    assert read_address({**BOX, "box": box}).missing == ("box",)


def test_a_place_name_alone_is_no_address() -> None:
    reading = read_address({"city": "Springfield", "state": "IL", "zip": "62704"})
    assert reading.missing == ("number", "street")
    assert read_address({"street": "Springfield"}).missing == ("number", "city", "state", "zip")


@pytest.mark.parametrize("part", ["street", "city"])
def test_abroad_street_locality_and_country_are_needed(part: str) -> None:
    whole: dict[str, Json] = {
        "number": "10",
        "street": "Rue Haute",
        "city": "Bruxelles",
        "country": "Belgium",
    }
    assert read_address(dict(whole)).sufficient
    assert read_address({**whole, part: ""}).missing == (part,)
    assert part in read_address({**whole, part: "unknown"}).missing
    assert part in read_address({**whole, part: "XXXXX"}).missing


def test_a_filler_beside_a_good_box_is_dropped_and_not_kept_as_data() -> None:
    parts = read_address({**BOX, "number": "0", "street": "Unknown"}).parts
    assert parts is not None
    assert (parts.number, parts.street) == ("", "")


def test_a_directional_stated_twice_is_stated_once() -> None:
    parts = read_address(house(predirectional="N", street="North Grand Ave")).parts
    assert parts is not None
    assert parts.street == "North Grand Ave"


def test_a_number_before_the_street_is_taken_where_there_is_no_part_for_it_and_not_where_it_is_blank() -> (
    None
):
    line: dict[str, Json] = {
        "street": "414 East 3rd Street",
        "city": "Springfield",
        "state": "IL",
        "zip": "62704",
    }
    parts = read_address(dict(line)).parts
    assert parts is not None
    assert (parts.number, parts.street) == ("414", "East 3rd Street")
    assert read_address({**line, "number": ""}).missing == ("number", "street")
    assert read_address({**line, "number": None}).missing == ("number", "street")
    for street in (
        "East 3rd Street",
        "3rd Street",
        "12",
        "300 S",
        "1040 Individual Income",
        "2020 Tax Return",
        "500 MG Tylenol",
    ):
        assert not read_address({**line, "street": street}).sufficient, street


@pytest.mark.parametrize(
    "street",
    ["3 Adults", "Hard Drive", "Call Center", "Tax Court", "North America", "Main St Brooklyn Heights Annex Of", "Calle y número", "# 4-B", "6B", "null 6B"],
)  # fmt: skip
def test_what_has_no_form_of_a_street_or_is_a_thing_is_none(street: str) -> None:
    assert "street" in read_address(house(street=street)).missing


@pytest.mark.parametrize("sign", ["\ud800", "\ue000", "\u0378", "█"])
def test_a_sign_that_cannot_be_read_hides_what_stood_there(sign: str) -> None:
    text = "12 Oak St, Houston, TX 77002"
    assert read_address({"text": text}).sufficient
    for place in range(len(text)):
        assert not read_address({"text": text[:place] + sign + text[place + 1 :]}).sufficient, place
    for part, said in HOUSE.items():
        assert isinstance(said, str)
        assert not read_address(house(**{part: sign + said[1:]})).sufficient
        assert not read_address(house(**{part: said[:1] + sign + said[2:]})).sufficient
