"""The matching rule of design section 5, clause by clause, in both directions: what agrees is found, what deviates is not.

Everywhere one John Smith of 742 N Main St, Springfield IL 62704 is on record and is asked for; only what is written differs. Each
test asks twice: the rule as it is written down, and an index with the compiled engine.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lawgate.domain.steps import Verdict, VerdictKind
from lawgate.records.row import RecordRow

Row = Callable[..., RecordRow]
Ask = Callable[..., Verdict]
ONE, NONE, AMBIGUOUS = VerdictKind.ONE, VerdictKind.NONE, VerdictKind.AMBIGUOUS


def outcome(verdict: Verdict) -> tuple[VerdictKind, str]:
    if verdict.kind is not ONE:
        assert (verdict.record_id, verdict.addresses, verdict.bars, verdict.stated_is_last_known) == (
            None,
            (),
            (),
            False,
        )
    return verdict.kind, verdict.reason


FOUND = (ONE, "301")


def test_same_name_at_same_address_is_found(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1")])) == FOUND


@pytest.mark.parametrize(
    ("on_record", "stated"),
    [
        ({}, {"given": "JOHN", "surname": "smith"}),
        ({"surname": "O'Brien"}, {"surname": "OBRIEN"}),
        ({"surname": "De la Cruz"}, {"surname": "DELACRUZ"}),
        ({"surname": "Garcia Lopez"}, {"surname": "Lopez-Garcia"}),
        ({"surname": "Garcia Lopez", "middle": "Rosa"}, {"surname": "Garcia", "middle": "ROSA"}),
        ({"surname": "Lopez", "middle": "Rosa"}, {"surname": "Garcia Lopez", "middle": "Rosa"}),
        ({"given": "Maria Jose"}, {"given": "Maria", "middle": "Jose"}),
        ({"middle": "Quincy"}, {"middle": "Q."}),
        ({"middle": "Quincy"}, {}),
        ({"street": "North Main Street"}, {}),
        ({"unit": "Apt 5"}, {"unit": "#5"}),
        ({"unit": "Apt 5"}, {"unit": ""}),
        ({}, {"unit": "5"}),
        ({"zip": "62704-1111"}, {"zip": "62704"}),
        ({"city": "Sprngfld"}, {}),
        ({"zip": "62707"}, {}),
        ({"suffix": "Jr."}, {"suffix": "JR"}),
        ({"birth_date": "1980-05-06"}, {"birth_date": "1980-05-06"}),
        ({"birth_date": "1980-05-06"}, {}),
        ({"taxpayer_number": "900-70-1234"}, {"taxpayer_number": "900701234"}),
        ({}, {"taxpayer_number": "900701234"}),
        ({}, {"taxpayer_number": "N/A", "birth_date": "unknown"}),
        ({"suffix": "Jr", "birth_date": "1980-05-06"}, {"birth_date": "1980-05-06"}),
    ],
)
def test_what_agrees_or_is_silent_is_found(
    row: Row, ask: Ask, on_record: dict[str, str], stated: dict[str, str]
) -> None:
    assert outcome(ask([row("r1", **on_record)], **{**on_record_names(on_record), **stated})) == FOUND


def on_record_names(on_record: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in on_record.items() if k in ("given", "surname")}


@pytest.mark.parametrize(
    ("on_record", "stated", "reason"),
    [
        ({"surname": "Smyth"}, {}, "320"),  # likeness is not sameness
        ({"given": "Jon"}, {}, "320"),
        ({"surname": "Garcia Lopez"}, {"surname": "Garcia"}, "320"),  # one part, no middle name
        (
            {"surname": "Garcia Lopez", "middle": "R"},
            {"surname": "Garcia", "middle": "R"},
            "320",
        ),  # an initial is no name
        ({"surname": "Garcia Lopez", "middle": "Rosa"}, {"surname": "Garcia", "middle": "Ana"}, "320"),
        ({"surname": "Garcia Lopez Ruiz"}, {"surname": "Ruiz Lopez Garcia"}, "320"),
        ({"number": "743"}, {}, "340"),
        ({"street": "S Main St"}, {}, "340"),
        ({"street": "Main St"}, {}, "340"),
        ({"street": "N Main Ave"}, {}, "340"),
        ({"zip": "62707", "city": "Chatham"}, {}, "340"),
        ({"zip": "62707", "state": "MO"}, {}, "340"),
        ({"unit": "5"}, {"unit": "6"}, "310"),
        ({"unit": "5", "given": "Ann"}, {"unit": "6"}, "340"),
        ({"suffix": "Jr"}, {"suffix": "Sr"}, "331"),
        ({"middle": "Quincy"}, {"middle": "R"}, "331"),
        ({"middle": "Robert"}, {"middle": "Roger"}, "331"),
        ({"birth_date": "1980-05-06"}, {"birth_date": "1980-06-05"}, "331"),
        ({"taxpayer_number": "900701234"}, {"taxpayer_number": "900701235"}, "331"),
        ({}, {"birth_date": "2023-01-01"}, "331"),  # born after the tax year
        ({}, {"birth_date": "1890-01-01"}, "331"),  # 132 years old
        ({"birth_date": "2023-01-01"}, {}, "331"),
        (
            {"birth_date": "1980-05-06"},
            {"birth_date": "06/05/1980"},
            "331",
        ),  # stated and unreadable agrees with nothing
        ({"taxpayer_number": "900701234"}, {"taxpayer_number": "XXX-XX-1234"}, "331"),
    ],
)
def test_what_deviates_is_not_found(
    row: Row, ask: Ask, on_record: dict[str, str], stated: dict[str, str], reason: str
) -> None:
    assert outcome(ask([row("r1", **on_record)], **stated)) == (NONE, reason)


@pytest.mark.parametrize("suffixes", [("Jr", ""), ("", "Jr"), ("III", "")])
def test_a_suffix_on_one_side_only_could_be_the_parent_or_child(
    row: Row, ask: Ask, suffixes: tuple[str, str]
) -> None:
    assert outcome(ask([row("r1", suffix=suffixes[0])], suffix=suffixes[1])) == (AMBIGUOUS, "330")


# -- nicknames and initials: only with nobody else of that surname at the address --------------------------------------


@pytest.mark.parametrize(("on_record", "stated"), [("R", "Robert"), ("Robert", "R."), ("R", "R")])
def test_an_initial_needs_a_birth_date_or_taxpayer_number(
    row: Row, ask: Ask, on_record: str, stated: str
) -> None:
    """Robert's sister Rose, who is not on record, is ``R. Smith`` of that address too: so it was in one of 500 such requests."""
    facts = {"birth_date": "1980-05-06", "taxpayer_number": "900701234"}
    rows = [row("r1", given=on_record, **facts), row("r2", given="Ann", surname="Lee")]
    assert outcome(ask(rows, given=stated)) == (AMBIGUOUS, "330")
    assert outcome(ask(rows, given=stated, middle="A")) == (AMBIGUOUS, "330")
    for said in facts:
        assert outcome(ask(rows, given=stated, **{said: facts[said]})) == FOUND
    family = [*rows, row("r3", given="Ann")]
    assert outcome(ask(family, given=stated, birth_date="1980-05-06")) == (AMBIGUOUS, "330")
    written_out = [row("r1", given="Robert"), row("r1", given="R", tax_year=2020)]
    assert outcome(ask(written_out, given="Robert")) == FOUND


@pytest.mark.parametrize(("on_record", "stated"), [("Robert", "Bob"), ("Bob", "Robert")])
@pytest.mark.parametrize("facts", [{"middle": "Q"}, {"birth_date": "1980-05-06"}])
def test_a_nickname_is_enough_when_alone_and_not_the_only_word_for_it(
    row: Row, ask: Ask, on_record: str, stated: str, facts: dict[str, str]
) -> None:
    """Barb Meyer, not on record, moved in where Barbara K. Meyer had lived: so it was in one of a million such requests."""
    alone = [row("r1", given=on_record, **facts), row("r2", given="Ann", surname="Lee")]
    assert outcome(ask(alone, given=stated)) == (AMBIGUOUS, "330")
    assert outcome(ask(alone, given=stated, **facts)) == FOUND
    family = [row("r1", given=on_record, **facts), row("r2", given="Ann")]
    assert outcome(ask(family, given=stated, **facts)) == (AMBIGUOUS, "330")
    part_shared = [row("r1", given=on_record, **facts), row("r2", given="Ann", surname="Smith Lee")]
    assert outcome(ask(part_shared, given=stated, **facts)) == (AMBIGUOUS, "330")


def test_a_middle_name_that_is_not_on_record_needs_a_birth_date_or_taxpayer_number(
    row: Row, ask: Ask
) -> None:
    """Robert A. Wright, not on record, lives where Robert Wright had lived: so it was in five of a million such requests."""
    facts = {"birth_date": "1980-05-06", "taxpayer_number": "900701234"}
    assert outcome(ask([row("r1", **facts)], middle="Q")) == (AMBIGUOUS, "330")
    for said in facts:
        assert outcome(ask([row("r1", **facts)], middle="Q", **{said: facts[said]})) == FOUND
    assert outcome(ask([row("r1", tax_year=2020, middle="Q"), row("r1")], middle="Q")) == FOUND


def test_two_short_forms_of_one_name_are_not_a_pair(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1", given="Rob")], given="Bob")) == (NONE, "320")


def test_relatives_of_other_names_do_no_harm_to_a_full_name(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1"), row("r2", given="Ann"), row("r3", given="Tom")])) == FOUND


def test_who_is_not_on_record_is_not_found_through_relatives_who_are(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1"), row("r2", given="Ann")], given="Tom")) == (NONE, "320")


# -- exactly one ------------------------------------------------------------------------------------------------------


def test_two_of_one_name_at_one_address_are_a_tie(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1"), row("r2")])) == (AMBIGUOUS, "330")


@pytest.mark.parametrize("other", [{"given": "J"}, {"given": "Jack"}, {"middle": "Q"}])
def test_somebody_who_could_be_meant_as_well_makes_it_a_tie(
    row: Row, ask: Ask, other: dict[str, str]
) -> None:
    assert outcome(ask([row("r1"), row("r2", **other)])) == (AMBIGUOUS, "330")


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [
        ("suffix", "Jr", "Sr"),
        ("birth_date", "1980-05-06", "1950-01-02"),
        ("taxpayer_number", "900701234", "900705678"),
        ("middle", "Q", "R"),
    ],
)
def test_a_stated_datum_tells_two_namesakes_apart(
    row: Row, ask: Ask, field: str, mine: str, theirs: str
) -> None:
    rows = [row("r1", **{field: mine}), row("r2", **{field: theirs})]
    assert outcome(ask(rows)) == (AMBIGUOUS, "330")
    found = ask(rows, **{field: mine})
    assert (found.kind, found.record_id) == (ONE, "r1")
    assert outcome(ask(rows, **{field: theirs + "9" if field == "taxpayer_number" else "III"}))[0] is not ONE


@pytest.mark.parametrize(
    ("field", "mine", "theirs"), [("suffix", "Jr", "Sr"), ("birth_date", "1980-05-06", "1950-01-02")]
)
def test_that_the_other_differs_is_not_enough_where_mine_is_silent(
    row: Row, ask: Ask, field: str, mine: str, theirs: str
) -> None:
    rows = [row("r1"), row("r2", **{field: theirs})]
    assert outcome(ask(rows, **{field: mine})) == (AMBIGUOUS, "330")


def test_a_taxpayer_number_never_stands_in_for_name_or_address(row: Row, ask: Ask) -> None:
    number = {"taxpayer_number": "900701234"}
    assert outcome(ask([row("r1", number="9", **number)], **number)) == (NONE, "340")
    assert outcome(ask([row("r1", surname="Jones", **number)], **number)) == (NONE, "320")
    assert (
        outcome(ask([row("r1", given="Robert", **number), row("r2", given="Ann")], given="Bob", **number))[0]
        is AMBIGUOUS
    )


def test_one_contradiction_anywhere_in_the_history_counts(row: Row, ask: Ask) -> None:
    moved = [row("r1", tax_year=2022), row("r1", tax_year=2020, number="9", birth_date="1950-01-02")]
    assert outcome(ask(moved, birth_date="1980-05-06")) == (NONE, "331")


def test_a_contradiction_names_its_field_and_no_value(row: Row, ask: Ask) -> None:
    verdict = ask([row("r1", birth_date="1950-01-02")], birth_date="1980-05-06")
    assert verdict.differs == {"birth_date": "differs"}


# -- units ------------------------------------------------------------------------------------------------------------


def test_a_missing_unit_is_enough_only_if_one_record_fits(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1", unit="5"), row("r2", unit="6", given="Ann")])) == FOUND
    assert outcome(ask([row("r1", unit="5"), row("r2", unit="6")])) == (AMBIGUOUS, "330")
    assert outcome(ask([row("r1", unit="5"), row("r2")])) == (AMBIGUOUS, "330")


def test_a_record_without_unit_is_doubtful_beside_a_namesake_in_another(row: Row, ask: Ask) -> None:
    assert outcome(ask([row("r1"), row("r2", unit="6")], unit="5")) == (AMBIGUOUS, "330")
    assert outcome(ask([row("r1", unit="5"), row("r2", unit="6")], unit="5")) == FOUND


def test_a_unit_is_needed_when_the_record_has_several(row: Row, ask: Ask) -> None:
    moved_within = [row("r1", unit="5", tax_year=2020), row("r1", unit="6", tax_year=2022)]
    assert outcome(ask(moved_within)) == (AMBIGUOUS, "330")
    assert outcome(ask(moved_within, unit="5")) == FOUND


# -- addresses shared by many filers ----------------------------------------------------------------------------------


def test_an_address_of_many_filers_gives_no_answer_to_a_name(row: Row, ask: Ask) -> None:
    crowd = [row(f"r{n}", given="Ann", surname=f"Lee{'abcdefgh'[n]}") for n in range(5)]
    mine = row("r9", birth_date="1980-05-06", taxpayer_number="900701234")
    assert outcome(ask([*crowd, mine], max_filers=6)) == FOUND
    assert outcome(ask([*crowd, mine], max_filers=5)) == (AMBIGUOUS, "332")
    assert outcome(ask([*crowd, mine], birth_date="1980-05-06")) == FOUND
    assert outcome(ask([*crowd, mine], taxpayer_number="900701234")) == FOUND
    assert outcome(ask([*crowd, mine], birth_date="1980-05-07")) == (NONE, "331")


def test_units_of_one_building_are_addresses_of_their_own(row: Row, ask: Ask) -> None:
    building = [row(f"r{n}", unit=str(n), given="Ann", surname="Lee") for n in range(1, 9)]
    assert outcome(ask([*building, row("r9", unit="9")], unit="9")) == FOUND
    assert outcome(ask([*building, row("r9", unit="9")])) == (AMBIGUOUS, "332")


# -- boxes and abroad -------------------------------------------------------------------------------------------------


def test_a_box_is_a_delivery_line_and_never_differs(row: Row, ask: Ask) -> None:
    box = {"number": "", "street": "", "box": "PO Box 12"}
    assert outcome(ask([row("r1", **box)], **{**box, "box": "12"})) == FOUND
    assert outcome(ask([row("r1", **box)], **{**box, "box": "PO Box 13"})) == (NONE, "340")
    assert outcome(ask([row("r1", **box)], box="PO Box 12")) == (
        NONE,
        "340",
    )  # the stated house is not on record
    assert outcome(ask([row("r1", box="PO Box 12")], box="PO Box 12")) == FOUND
    assert outcome(ask([row("r1", box="PO Box 12")], box="PO Box 13")) == (NONE, "340")


def test_abroad_city_and_country_decide(row: Row, ask: Ask) -> None:
    there = {
        "number": "10",
        "street": "Rue Haute",
        "city": "Bruxelles",
        "state": "",
        "zip": "1000",
        "country": "Belgium",
    }
    assert outcome(ask([row("r1", **there)], **{**there, "country": "BE", "zip": ""})) == FOUND
    assert outcome(ask([row("r1", **there)], **{**there, "city": "Liège"})) == (NONE, "340")
    assert outcome(ask([row("r1", **there)], **{**there, "country": "France"})) == (NONE, "340")


# -- what ONE says ----------------------------------------------------------------------------------------------------


def test_the_whole_history_comes_with_its_provenance_latest_first(row: Row, ask: Ask) -> None:
    rows = [
        row("r1", tax_year=2020),
        row("r1", tax_year=2022, number="9", source="third-party", form="W-2", bars=("602",)),
        row("r2", tax_year=2022, number="9", given="Ann"),
    ]
    verdict = ask(rows)
    assert [(a.tax_year, a.source, a.form, a.parts["number"]) for a in verdict.addresses] == [
        (2022, "third-party", "W-2", "9"),
        (2020, "taxpayer", "1040", "742"),
    ]
    assert verdict.addresses[0].parts == {
        "number": "9",
        "street": "N Main St",
        "city": "Springfield",
        "state": "IL",
        "zip": "62704",
    }
    assert verdict.bars == ("602",)
    assert not verdict.stated_is_last_known


@pytest.mark.parametrize(
    ("latest", "stated", "is_last"),
    [
        ({}, {}, True),
        ({"zip": "62704-1111", "street": "NORTH MAIN ST"}, {}, True),
        ({"number": "9"}, {}, False),
        ({"unit": "5"}, {}, False),
        ({}, {"unit": "5"}, True),
    ],
)
def test_the_stated_address_is_the_last_known_only_if_it_says_as_much(
    row: Row, ask: Ask, latest: dict[str, str], stated: dict[str, str], is_last: bool
) -> None:
    verdict = ask([row("r1", tax_year=2020), row("r1", tax_year=2022, **latest)], **stated)
    assert (verdict.kind, verdict.stated_is_last_known) == (ONE, is_last)


def test_the_fields_compared_are_named_without_values(row: Row, ask: Ask) -> None:
    verdict = ask([row("r1", city="Sprngfld", birth_date="1980-05-06")], birth_date="1980-05-06")
    assert verdict.differs == {
        "given": "agrees", "surname": "agrees", "birth_date": "agrees", "number": "agrees", "street": "agrees", "city": "differs",
        "state": "agrees", "zip": "agrees",
    }  # fmt: skip


# -- everybody alike (I-11) -------------------------------------------------------------------------------------------


PEOPLE = [("John", "Smith"), ("Minh", "Nguyễn"), ("Tuấn", "Lê"), ("José", "De la Cruz"), ("Siobhán", "O’Brien"), ("Omar", "al-Hassan"),
          ("Soo", "Na"), ("Łukasz", "Wójcik"), ("Chris", "Null"), ("伟", "王"), ("Nia", "van der Berg"), ("Aiyana", "Two Rivers")]  # fmt: skip


@pytest.mark.parametrize(("given", "surname"), PEOPLE)
def test_every_kind_of_name_gets_the_same_answers(row: Row, ask: Ask, given: str, surname: str) -> None:
    me = {"given": given, "surname": surname}
    assert outcome(ask([row("r1", **me)], **me)) == FOUND
    assert outcome(ask([row("r1", **me), row("r2", given="Pat", surname=surname)], **me)) == FOUND
    assert outcome(ask([row("r1", **me), row("r2", **me)], **me)) == (AMBIGUOUS, "330")
    assert outcome(ask([row("r1", **me)], given=given, surname="Other")) == (NONE, "320")
    assert outcome(ask([row("r1", suffix="Jr", **me)], **me)) == (AMBIGUOUS, "330")


def test_nothing_but_stated_data_decides(row: Row, ask: Ask) -> None:
    plain = ask([row("r1"), row("r2", given="Ann")])
    other = ask(
        [
            row("z", source="agency", form="1099", bars=("602",), tax_year=2019),
            row("a", given="Ann", source="third-party"),
        ]
    )
    assert outcome(plain) == outcome(other) == FOUND
