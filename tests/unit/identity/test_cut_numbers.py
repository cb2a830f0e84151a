"""A number that may have been cut in two is no number; numbers that belong side by side stay."""

from __future__ import annotations

import pytest

from lawgate.identity.address import read_address, read_text

TULSA = "Tulsa, OK 74103"


@pytest.mark.parametrize(
    "text",
    [
        *(f"{line}, {TULSA}" for line in (
            "1 12 Magnolia Ave", "11 2 Magnolia Ave", "1 23A Magnolia Ave", "3 112 Magnolia Ave", "12 34 56th Ave", "100 1 2th St", "100 W 1 2th St", "1 12 Hwy 20",
            "112 Hwy 2 1", "1 12 Hwy. 17-92", "1 12 N Main St", "112 N 12 00 W", "PO Box 1 234", "RR 2 Box 1 5", "RR 1 2 Box 15", "112 Magnolia Ave, # 1 2",
            "112 Magnolia Ave Apt 1 2", "PMB 1 12 PO Box 4960", "1 8 Mile Rd PO Box 38 5",
        )),
        "123 4 Magnolia Ave, Tulsa, OK 741 03",
        "14 Calle 5 18, Carolina, PR 00985",
        "A1 7 Calle B, San Juan PR 00926",
        "1 12 Rue de Rivoli, 75001 Paris, France",
        "Hauptstr. 1 2, 10115 Berlin, Germany",
        "Colonia Kennedy, Bloque 5, Casa 1 2, Tegucigalpa, Honduras",
    ],
)  # fmt: skip
def test_two_readings_are_none(text: str) -> None:
    assert read_text(text).code == "223", read_text(text).parts


@pytest.mark.parametrize(
    "text",
    [
        *(f"{line}, {TULSA}" for line in (
            "112 Magnolia Ave", "100 12th St", "100 5 Ave", "12 42 St", "9052 6 Mile Road", "100 W 1200 N", "12 1/2 Magnolia Ave", "112 Hwy. 17-92", "12 Mile Hill Rd",
            "2345 N 1200 East Rd", "112 Magnolia Ave, Suite B-4", "Apt 4 44 Elm Ave", "112 Magnolia Ave, Bldg 5, 201",
        )),
        "F1-14 Calle C, San Juan PR 00926",
        "Storgatan 18, 852 30 Sundsvall, Sweden",
        "Avenida Amazonas N24-03, Quito, Ecuador",
    ],
)  # fmt: skip
def test_what_can_be_read_one_way_only_is_taken(text: str) -> None:
    assert read_text(text).sufficient, read_text(text).missing


@pytest.mark.parametrize(
    ("part", "stated"),
    [("number", "1 12"), ("street", "12 Magnolia Ave"), ("street", "Hwy 2 1"), ("unit", "Apt 1 2"), ("zip", "741 03")],
)  # fmt: skip
def test_in_parts_as_in_text(part: str, stated: str) -> None:
    whole = {"number": "11", "street": "Magnolia Ave", "unit": "Apt 2", "city": "Tulsa", "state": "OK", "zip": "74103"}  # fmt: skip
    assert read_address(whole).sufficient
    assert not read_address({**whole, part: stated}).sufficient


def test_a_street_called_as_at_home_is_refused_where_none_is() -> None:
    assert read_text("12 Elm St, Tulsa, Guatemala").missing == ("country",)
    assert read_text("12 Elm St, Tulsa, OK, Canada").missing == ("country",)
    assert read_text("12 Elm St, Vancouver, BC, Canada").sufficient
    assert read_text("6a Avenida 9-18, Zona 1, Ciudad de Guatemala, Guatemala").sufficient
