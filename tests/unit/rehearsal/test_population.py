"""The population: the same from the same seed, in whatever order its blocks are made; plausible, and nobody in it can exist."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lawgate.identity.address import read_address
from lawgate.identity.nicknames import nicknames_of
from lawgate.identity.states import zip_belongs
from lawgate.rehearsal import population_words as words
from lawgate.rehearsal.population import BLOCK, Block, blocks_of, full_surnames, make_block
from lawgate.rehearsal.population_homes import FIRST_YEAR, LAST_YEAR, QUARTERS
from lawgate.rehearsal.population_records import table_of

PEOPLE = 60_000


@pytest.fixture(scope="module")
def block() -> Block:
    return make_block(7, 0, PEOPLE)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(block: Block) -> None:
    assert table_of(make_block(7, 0, PEOPLE)).equals(table_of(block))
    assert not table_of(make_block(8, 0, PEOPLE)).equals(table_of(block))


def test_blocks_have_the_people_of_the_population_between_them(block: Block) -> None:
    assert blocks_of(PEOPLE) == 2
    second = make_block(7, 1, PEOPLE)
    assert (len(block.born), len(second.born)) == (BLOCK, PEOPLE - BLOCK)
    assert second.first == BLOCK
    assert not set(block.taxpayer_number.tolist()) & set(second.taxpayer_number.tolist())


def test_no_taxpayer_number_can_be_anybodys(block: Block) -> None:
    numbers = block.taxpayer_number.tolist()
    assert len(set(numbers)) == len(numbers)
    assert all(900 <= n // 1_000_000 <= 999 and 1 <= n // 10_000 % 100 <= 49 for n in numbers)


def test_a_record_has_no_field_for_nationality_or_status(block: Block) -> None:
    assert not [
        name
        for name in table_of(block).column_names
        if "nation" in name or "status" in name or "citizen" in name
    ]


def test_towns_belong_to_their_zip_codes() -> None:
    places = zip(words.CITIES, words.STATE_CODES, words.ZIPS, strict=True)
    assert all(zip_belongs(code, state) for _, state, code in places)
    assert len(words.CITIES) > 400


def test_every_address_on_record_is_an_address(block: Block) -> None:
    rows = table_of(block).slice(0, 4000).to_pylist()
    parts = ("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country")
    refused = [row for row in rows if not read_address({part: row[part] for part in parts}).sufficient]
    assert not refused


def test_names_are_common_and_rare_as_in_a_census(block: Block) -> None:
    counted = Counter(full_surnames(block))
    assert counted.most_common(1)[0][1] > 200
    assert sum(n == 1 for n in counted.values()) > 3000
    assert {"-", " "} <= {c for name in counted for c in name if not c.isalpha()}


def test_nobody_of_a_household_has_anothers_name_but_parent_and_child(block: Block) -> None:
    named = Counter(
        zip(block.household.tolist(), block.given, full_surnames(block), block.suffix, strict=True)
    )
    assert max(named.values()) == 1
    alike = Counter(zip(block.household.tolist(), block.given, full_surnames(block), strict=True))
    twice = {household for (household, _, _), count in alike.items() if count > 1}
    suffixed = set(block.household[block.suffix == "Jr"].tolist())
    assert twice <= suffixed
    assert len(twice) > 100


def test_no_given_name_is_the_short_form_of_another() -> None:
    names = {name.upper() for name in words.GIVEN}
    assert not [(name, short) for name in names for short in nicknames_of(name) & names]


def test_the_parent_of_a_child_of_that_name_is_on_record_with_a_suffix(block: Block) -> None:
    juniors = np.flatnonzero(block.suffix == "Jr")
    assert (block.suffix[juniors - 1] == "Sr").all()
    assert block.on_record[juniors - 1].all()


def test_only_who_is_on_record_files_and_only_from_where_they_lived(block: Block) -> None:
    filings, homes = block.filings, block.homes
    assert block.on_record[filings.person].all()
    assert ((filings.tax_year >= FIRST_YEAR) & (filings.tax_year <= LAST_YEAR)).all()
    stays = homes.stays_of(block.household)
    lived = set(
        zip(
            np.repeat(np.arange(len(block.born)), stays.counts).tolist(),
            homes.dwelling[stays.which].tolist(),
            strict=True,
        )
    )
    assert set(zip(filings.person.tolist(), filings.dwelling.tolist(), strict=True)) <= lived
    assert 0.02 < filings.third_party.mean() < 0.2


def test_some_move_some_share_buildings_some_live_with_many_and_some_next_to_a_namesake(block: Block) -> None:
    homes = block.homes
    assert 0.4 < (np.diff(homes.begins) > 1).mean() < 0.5
    assert max(Counter(homes.building.tolist()).values()) >= 12
    crowds = Counter(homes.dwelling[homes.kind[homes.dwelling] == QUARTERS].tolist())
    assert max(crowds.values()) >= 30
    heads = np.flatnonzero(block.position == 0)
    here, there = heads[homes.namesakes], heads[homes.namesakes + 1]
    assert len(here) > 10
    assert (full_surnames(block)[here] == full_surnames(block)[there]).all()
    assert (block.given[here] == block.given[there]).all()
    relet = homes.dwelling != np.arange(len(homes.dwelling))
    assert (relet & (homes.kind[homes.dwelling] != QUARTERS)).sum() > 1000
