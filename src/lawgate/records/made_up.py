"""Makes requests up out of encoded records, to fit and to measure the model: never from a real request.

Each begins with one record's row. Some ask about that person, written as people write; the others about somebody who is not on record
there: a relative, a namesake who lives elsewhere, a former tenant, one in another unit. Equality is all that is compared, so a
misspelt word is any other word.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lawgate.records.encode import (
    BIRTH,
    BORN,
    FLAGS,
    FORENAMES,
    GIVEN,
    GIVEN_FIRST,
    MIDDLE,
    MIDDLE_FIRST,
    PART_1,
    PART_2,
    SUFFIX,
    SURNAME,
    TAXPAYER,
    TWO_PARTS,
    UNIT,
    ZIP_PLACE,
    Nicknames,
)

Array = np.ndarray[Any, Any]

_FORENAMES = [GIVEN, GIVEN_FIRST, MIDDLE, MIDDLE_FIRST, FORENAMES]
_SURNAMES = [SURNAME, PART_1, PART_2]
_PERSON = [SUFFIX, BIRTH, TAXPAYER, BORN]
MEMBER, RELATIVE, NAMESAKE, FORMER, OTHER_UNIT = range(5)
_KINDS = (0.7, 0.15, 0.05, 0.05, 0.05)

NICKNAME, INITIAL, TYPO = 0.05, 0.02, 0.02
MIDDLE_DROPPED, MIDDLE_INITIAL, SUFFIX_DROPPED = 0.4, 0.3, 0.5
NUMBER_STATED, NUMBER_WRONG = 0.2, 0.02
UNIT_DROPPED, ZIP_WRONG = 0.1, 0.02


def make_up(words: Array, nicknames: Nicknames, count: int, seed: int) -> tuple[Array, Array]:
    """Return ``count`` requests as words, and for each the row of the record that is right, or -1 for nobody on record.

    ``words`` are encoded rows of records, none with three surnames or more. The same rows and seed give the same requests.
    """
    chance = np.random.default_rng(seed)
    if not len(words):
        return words[:0].copy(), np.zeros(0, np.int64)
    home, donor = chance.integers(len(words), size=(2, count))
    kind = chance.choice(len(_KINDS), size=count, p=_KINDS)
    asked = words[home].copy()
    for columns, kinds in (
        (_FORENAMES + _PERSON, (RELATIVE, NAMESAKE, FORMER, OTHER_UNIT)),
        (_SURNAMES, (NAMESAKE, FORMER, OTHER_UNIT)),
    ):
        rows = np.flatnonzero(np.isin(kind, kinds))
        for column in columns:
            asked[rows, column] = words[donor[rows], column]
    _two_parts(asked)

    def some(share: float) -> Array:
        found: Array = np.flatnonzero(chance.random(count) < share)
        return found

    def other(rows: Array) -> Array:
        return chance.integers(1 << 32, 1 << 63, size=len(rows), dtype=np.uint64)

    moved = np.flatnonzero(kind == OTHER_UNIT)
    asked[moved, UNIT] = other(moved)
    _nicknamed(asked, some(NICKNAME), nicknames, chance)
    rows = some(MIDDLE_DROPPED)
    asked[rows, FORENAMES] = asked[rows, GIVEN]
    asked[rows, MIDDLE] = asked[rows, MIDDLE_FIRST] = 0
    rows = some(MIDDLE_INITIAL)
    rows = rows[asked[rows, MIDDLE] != 0]
    asked[rows, FORENAMES], asked[rows, MIDDLE] = other(rows), asked[rows, MIDDLE_FIRST]
    rows = some(INITIAL)
    rows = rows[asked[rows, GIVEN_FIRST] != 0]
    asked[rows, GIVEN], asked[rows, FORENAMES] = asked[rows, GIVEN_FIRST], other(rows)
    for words_of_name in ([GIVEN, FORENAMES], [SURNAME, PART_1]):
        rows = some(TYPO)
        for column in words_of_name:
            asked[rows, column] = other(rows)
    asked[some(SUFFIX_DROPPED), SUFFIX] = 0
    for number in (BIRTH, TAXPAYER):
        silent, wrong = some(1 - NUMBER_STATED), some(NUMBER_WRONG)
        asked[wrong, number] = np.where(asked[wrong, number] != 0, other(wrong), 0)
        asked[silent, number] = 0
    asked[asked[:, BIRTH] == 0, BORN] = 0
    asked[some(UNIT_DROPPED), UNIT] = 0
    rows = some(ZIP_WRONG)
    asked[rows, ZIP_PLACE] = other(rows)
    return asked, np.where(kind == MEMBER, home, -1)


def _two_parts(asked: Array) -> None:
    asked[:, FLAGS] &= ~TWO_PARTS
    asked[asked[:, PART_2] != 0, FLAGS] |= TWO_PARTS


def _nicknamed(asked: Array, rows: Array, table: Nicknames, chance: np.random.Generator) -> None:
    at = np.minimum(np.searchsorted(table.names, asked[rows, GIVEN]), len(table.names) - 1)
    rows, at = rows[known := table.names[at] == asked[rows, GIVEN]], at[known]
    listed = table.starts[at] + chance.integers(1 << 30, size=len(at)) % (
        table.starts[at + 1] - table.starts[at]
    )
    asked[rows, GIVEN] = table.listed[listed]
    asked[rows, FORENAMES] = np.where(
        asked[rows, MIDDLE] == 0, asked[rows, GIVEN], chance.integers(1 << 32, 1 << 63, size=len(rows), dtype=np.uint64)
    )  # fmt: skip
