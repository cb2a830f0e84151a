"""Intervals hold what they promise, against values from tables; forms of writing are read off the name alone."""

from __future__ import annotations

import pytest

from lawgate.identity.name import NameParts
from lawgate.records.measure import at_most, share, written_forms


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(0, 10, 0.0, 0.27754), (5, 10, 0.23659, 0.76341), (81, 263, 0.2553, 0.3662), (10, 10, 0.72246, 1.0)]
)  # fmt: skip
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_of_nothing_a_share_is_anything() -> None:
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("count", "of", "bound"),
    [(0, 1_000_000, 2.995728e-06), (0, 10, 0.258866), (1, 10, 0.394163), (3, 100, 0.0757), (10, 10, 1.0)],
)
def test_the_bound_is_clopper_and_pearsons(count: int, of: int, bound: float) -> None:
    assert at_most(count, of) == pytest.approx(bound, rel=1e-3)


@pytest.mark.parametrize(
    ("surname", "forms"),
    [
        ("Li", {"surname of up to 4 letters", "surname in one part", "surname of up to 2 records"}),
        ("Smith", {"surname of 5 to 8 letters", "surname in one part", "surname of more than 20 records"}),
        ("García López", {"surname of 9 letters or more", "surname in two parts or more", "surname of up to 2 records", "letters beyond A to Z"}),
        ("de la Cruz", {"surname of 5 to 8 letters", "surname in one part", "surname of 3 to 20 records", "surname with a particle"}),
    ],
)  # fmt: skip
def test_forms_are_those_of_the_written_surname(surname: str, forms: set[str]) -> None:
    bearers = {"SMITH": 50, "DELACRUZ": 3}
    assert set(written_forms(NameParts("Ann", "", surname, ""), bearers)) == forms
