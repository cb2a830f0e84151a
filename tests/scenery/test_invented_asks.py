"""The hundred requests and the truth about them: each expectation is a plain fact of the town."""

from __future__ import annotations

import pytest

from invented.asks import Ask, hundred_asks
from invented.town import Dwelling, Town, build_town
from lawgate.domain.steps import AnswerKind


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town()


@pytest.fixture(scope="module")
def asks(town: Town) -> tuple[Ask, ...]:
    return hundred_asks(town)


def last_known(town: Town, ask: Ask) -> Dwelling:
    return max(
        (f for f in town.filed(ask.person) if f.source == "taxpayer"), key=lambda f: f.tax_year
    ).dwelling


def delivery(ask: Ask) -> tuple[str, str, str]:
    return ask.fields["address.number"], ask.fields["address.box"], ask.fields["address.zip"]


def test_the_mix_is_as_announced(asks: tuple[Ask, ...]) -> None:
    kinds = [ask.kind.value for ask in asks]
    assert {kind: kinds.count(kind) for kind in "RCN"} == {"R": 28, "C": 46, "N": 26}
    assert len({ask.phenomenon for ask in asks}) >= 20


@pytest.mark.parametrize("seed", [1, 2, 3, 17, 99])
def test_other_towns_are_large_enough_too(seed: int) -> None:
    assert len(hundred_asks(build_town(seed))) == 100


def test_nobody_is_asked_about_twice(asks: tuple[Ask, ...]) -> None:
    assert len({ask.person.id for ask in asks}) == 100


def test_who_is_confirmed_is_on_record_at_the_stated_address_last(town: Town, asks: tuple[Ask, ...]) -> None:
    for ask in asks:
        if ask.kind is AnswerKind.CONFIRMED:
            home = last_known(town, ask)
            assert delivery(ask) == (home.number, home.box, home.place.zip)
            assert {f.tax_year for f in town.filed(ask.person)} & set(ask.periods)
            assert not ask.person.bars


def test_who_is_released_is_on_record_at_the_stated_address_and_elsewhere_in_the_periods(
    town: Town, asks: tuple[Ask, ...]
) -> None:
    for ask in asks:
        if ask.kind is AnswerKind.RELEASED:
            filed = [f for f in town.filed(ask.person) if f.source == "taxpayer"]
            assert any(
                delivery(ask) == (f.dwelling.number, f.dwelling.box, f.dwelling.place.zip) for f in filed
            )
            within = [f for f in filed if f.tax_year in ask.periods]
            assert ask.released == max(within, key=lambda f: f.tax_year).dwelling
            assert ask.released is not None
            assert delivery(ask)[0] != ask.released.number
            assert not ask.person.bars


def test_nobody_else_on_record_bears_an_answered_name_at_the_stated_address(
    town: Town, asks: tuple[Ask, ...]
) -> None:
    for ask in asks:
        if ask.kind is AnswerKind.NO_ANSWER:
            continue
        bearers = {
            f.person.record_id
            for f in town.filings
            if (f.dwelling.number, f.dwelling.box, f.dwelling.place.zip) == delivery(ask)
            and f.person.surname == ask.person.surname
            and f.person.given[0] == ask.person.given[0]
            and f.person.suffix == ask.person.suffix
            and f.dwelling.unit[-2:] == ask.fields["address.unit"][-2:]
        }
        assert bearers == {ask.person.record_id}


def test_each_silence_has_its_fact(town: Town, asks: tuple[Ask, ...]) -> None:
    silent: dict[str, list[Ask]] = {}
    for ask in asks:
        if ask.kind is AnswerKind.NO_ANSWER:
            silent.setdefault(ask.phenomenon, []).append(ask)
    known = {(f.dwelling.number, f.dwelling.box, f.dwelling.place.zip) for f in town.filings}
    assert all(not a.person.record_id for a in silent["household member not on record"])
    assert all(delivery(a) in known for a in silent["household member not on record"])
    for phenomenon in ("namesake elsewhere", "address not on record", "same street, other city"):
        assert all(delivery(a) not in known for a in silent[phenomenon])
    assert all(a.fields["birth_date"] != a.person.born.isoformat() for a in silent["birth date contradicts"])
    assert all(
        a.fields["taxpayer_number"] != a.person.taxpayer_number for a in silent["taxpayer number contradicts"]
    )
    assert all(a.person.bars for a in silent["determination stands"])
    for ask in silent["no return in the periods"]:
        assert not {f.tax_year for f in town.filed(ask.person)} & set(ask.periods)
    assert all(a.fields["name.suffix"] == "" and a.person.suffix for a in silent["suffix not stated"])
