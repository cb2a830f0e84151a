"""A name is a given name and a surname; whoever bears a rare one is not told that it is none."""

from __future__ import annotations

import pytest

from lawgate.domain.steps import Json
from lawgate.identity.name import NameParts, read_name


@pytest.mark.parametrize(
    ("given", "surname"),
    [
        ("Ann", "Lee"),
        ("J", "Smith"),
        ("Soo", "Na"),
        ("Chris", "Null"),
        ("Seán", "O'Brien"),
        ("Minh", "Lê"),
        ("伟", "王"),
        ("Ana", "De la Cruz"),
    ],
)
def test_given_name_and_surname_are_enough(given: str, surname: str) -> None:
    assert read_name({"given": given, "surname": surname}).parts == NameParts(given, "", surname, "")


@pytest.mark.parametrize(
    "filler",
    ["", " ", "Unknown", "FNU", "lnu", "X", "J***", "XXXX", "123", "A1", "???", "Failed to Provide", "aaaa"],
)
@pytest.mark.parametrize("part", ["given", "surname"])
def test_a_filler_is_no_name(part: str, filler: str) -> None:
    reading = read_name({"given": "Ann", "surname": "Lee", part: filler})
    assert (reading.sufficient, reading.missing, reading.parts) == (False, (part,), None)


@pytest.mark.parametrize("nothing", [None, "", "Ann Lee", 3, [], {}])
def test_what_is_not_an_object_with_a_name_is_no_name(nothing: Json) -> None:
    assert read_name(nothing).missing == ("given", "surname")


def test_words_that_are_fillers_and_surnames_are_fillers_only_together() -> None:
    assert not read_name({"given": "NA", "surname": "NA"}).sufficient
    assert not read_name({"given": "None", "surname": "Null"}).sufficient


def test_a_struck_out_middle_name_is_not_the_same_as_none() -> None:
    assert read_name({"given": "Ann", "middle": "R***", "surname": "Lee"}).missing == ("middle",)


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Ann Lee", NameParts("Ann", "", "Lee", "")),
        ("Lee, Ann Rose", NameParts("Ann", "Rose", "Lee", "")),
        ("Garcia Lopez, Ana", NameParts("Ana", "", "Garcia Lopez", "")),
        ("John Q. Smith, Jr.", NameParts("John", "Q.", "Smith", "Jr.")),
        ("Smith, John Q. Jr.", NameParts("John", "Q.", "Smith", "Jr.")),
        ("Juan Carlos de la Cruz", NameParts("Juan", "Carlos", "de la Cruz", "")),
        ("SMITH, JR, JOHN Q", NameParts("JOHN", "Q", "SMITH", "JR")),
        ("SMITH, JOHN Q, JR.", NameParts("JOHN", "Q", "SMITH", "JR.")),
        ("SMITH JR, JOHN Q", NameParts("JOHN", "Q", "SMITH JR", "")),
        ("Mr. John Smith", NameParts("John", "", "Smith", "")),
        ("Dr. Ana Diaz MD", NameParts("Ana", "", "Diaz", "")),
        ("Ana de León y Ruiz", NameParts("Ana", "", "de León y Ruiz", "")),
        ("De la Cruz Lopez, María Elena", NameParts("María", "Elena", "De la Cruz Lopez", "")),
        ("O'Brien, Sean III", NameParts("Sean", "", "O'Brien", "III")),
        ("John Smith III", NameParts("John", "", "Smith", "III")),
    ],
)
def test_a_full_name_is_read_by_its_form(full: str, parts: NameParts) -> None:
    assert read_name({"full": full}).parts == parts


def test_one_word_or_two_ways_at_once_is_no_name() -> None:
    assert read_name({"full": "Cher"}).missing == ("given",)
    assert read_name({"full": "Ann Lee", "given": "Bob"}).missing == ("parts",)
