"""A town belongs to its ZIP (I-3): an office's or customary name, a near neighbour's, or one slip; nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lawgate.identity.address import read_address
from lawgate.identity.town import town_belongs, zip_exists


def belongs(town: str, state: str, zip5: str) -> bool:
    return town_belongs(tuple(town.upper().split()), state, zip5)


@pytest.mark.parametrize(
    ("town", "state", "zip5"),
    [
        ("Houston", "TX", "77002"),
        ("NYC", "NY", "10001"),  # customary
        ("Queens", "NY", "11104"),
        ("St Charles", "MO", "63301"),
        ("Saint Charles", "MO", "63301"),
        ("Mt Vernon", "NY", "10550"),
        ("N Las Vegas", "NV", "89030"),
        ("O Fallon", "MO", "63366"),
        ("DeSoto", "TX", "75115"),
        ("De Soto", "TX", "75115"),
        ("Leander", "TX", "78641"),
        ("Cedar Park", "TX", "78641"),  # a neighbour's
        ("Sprnigfield", "IL", "62704"),  # one slip
        ("Springfeld", "IL", "62704"),
        ("Sprinngfield", "IL", "62704"),
        ("APO", "AE", "09021"),
    ],
)
def test_a_town_of_the_zip_belongs(town: str, state: str, zip5: str) -> None:
    assert belongs(town, state, zip5)


@pytest.mark.parametrize(
    ("town", "state", "zip5"),
    [
        ("Blah", "TX", "75001"),
        ("Houston", "TX", "75201"),  # another city's ZIP
        ("Oakland", "CA", "94103"),  # near, but another area
        ("Houston", "OK", "77002"),
        ("Dallas", "TX", "75199"),  # no such ZIP
        ("Spingfeld", "IL", "62704"),  # two slips
        ("Canton", "GA", "30144"),
        ("Internal Revenue Service", "NY", "00501"),
        ("Macys Finance", "NY", "10001"),
        ("None", "AK", "99762"),  # one letter from Nome
        ("Nome", "AK", "99501"),
        ("Frankfurt", "AE", "09021"),
        ("Houston", "", "77002"),
        ("", "TX", "77002"),
    ],
)
def test_no_other_town_belongs(town: str, state: str, zip5: str) -> None:
    assert not belongs(town, state, zip5)


def test_a_zip_is_of_one_state() -> None:
    assert zip_exists("77002", "TX")
    assert not zip_exists("77002", "OK")
    assert not zip_exists("77000", "TX")
    assert not zip_exists("77002", "XX")


@pytest.mark.parametrize(
    ("town", "zip5", "missing"),
    [
        ("Blah", "75001", "city"),
        ("Addison", "75099x", "zip"),
        ("Addison", "75000", "zip"),
        ("Waco", "75001", "city"),
    ],
)
def test_the_gate_says_which_part_does_not_belong(town: str, zip5: str, missing: str) -> None:
    line = {"number": "12", "street": "Oak Rd", "city": town, "state": "TX", "zip": zip5}
    assert read_address(dict(line)).missing == (missing,)


def test_the_table_is_read_when_first_asked_and_not_before() -> None:
    code = (
        "from lawgate.identity import address, town; assert not town._towns.cache_info().currsize; "
        "address.read_text('12 Oak Rd, Addison, TX 75001'); assert town._towns.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
