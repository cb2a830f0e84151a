"""How the rows of an index lie in words, and how they are made: everything at one address stands together.

A tenant is what one record says at one address: name, unit, box, and the first of the record's facts (middle name, suffix, birth
date, taxpayer number). Further facts of the record, and its surnames from the third on, stand in lines behind it. Rows of one
record that say the same at one address are one tenant, whatever their years.

Every word is fingerprinted once more together with the delivery line it stands at. So equal names at two addresses have nothing
in common in the index, nobody can count how often a name occurs, and the rows of one record cannot be put together without the key.
"""

from __future__ import annotations

import numpy as np

from lawgate.records.compiled import Places, Word, Words, compiled
from lawgate.records.encode import (
    ABROAD,
    BIRTH,
    BOX_KEY,
    BOX_LINE,
    CITY_PLACE,
    FACE,
    FLAGS,
    FORENAMES,
    MIDDLE,
    STATE,
    STREET_KEY,
    STREET_LINE,
    SUFFIX,
    TAXPAYER,
    ZIP_PLACE,
    address_key,
)
from lawgate.records.fingerprint import NOTHING, pair

LINE = 16
"""Words in one line of an index: years, record and kind, the thirteen of FACE, and the street line (abroad the state)."""

YEARS, RECORD = 0, 1
FIRST_FACE = 2
LAST = 15

COUNT_BITS = 24
"""The low bits of an entry's second word: how many lines its group has; the bits above say which is the first."""
LARGEST_GROUP = (1 << COUNT_BITS) - 1

TENANT, PARTS, FACTS = np.uint64(0), np.uint64(1), np.uint64(2)
KIND = np.uint64(3)
_KIND_BITS = np.uint64(2)
IMPOSSIBLE = np.uint64(1 << 32)
_YEAR_BITS = np.uint64(16)

# What a record's number and years are hidden with: the line's word for these two, which no fingerprint of a text can be.
_HIDE_RECORD, _HIDE_YEARS = np.uint64(2), np.uint64(3)

_FACE = np.array(FACE)
_FACTS = np.array([MIDDLE, FORENAMES, SUFFIX, BIRTH, TAXPAYER])
_FACES = len(FACE)
_OLDEST = 120
_NO_FIRST = 0xFFFF


@compiled
def record_mask(key: Words, line: Word) -> Word:
    """Return what record numbers at one delivery line are hidden with."""
    return pair(key, line, _HIDE_RECORD) >> _KIND_BITS


@compiled
def years_mask(key: Words, line: Word, record: Word) -> Word:
    """Return what the years of one record at one delivery line are hidden with."""
    return pair(key, pair(key, line, _HIDE_YEARS), record)


@compiled
def lay_out(key, words, more, more_at, years, births, starts, numbers, lines, keys, write):
    """Lay out records whose rows stand together: record ``n`` has rows ``starts[n]`` up to ``starts[n + 1]``
    and is number ``numbers[n]`` of the index.

    Returns how many lines there are; with ``write`` it fills ``lines`` and, beside each, the keys of its address by ZIP and by city.
    """
    count = 0
    for n in range(len(starts) - 1):
        start, end = starts[n], starts[n + 1]
        record = np.uint64(numbers[n])
        span = _span(years, births, start, end)
        for row in range(start, end):
            for kind in range(2):
                has = words[row, FLAGS] & (STREET_KEY if kind == 0 else BOX_KEY)
                if has == NOTHING or _said_before(words, more, more_at, start, row, kind):
                    continue
                line = words[row, STREET_LINE if kind == 0 else BOX_LINE]
                by_zip = address_key(key, line, words[row, ZIP_PLACE])
                by_city = address_key(key, line, words[row, CITY_PLACE])
                if by_zip == NOTHING and by_city == NOTHING:
                    continue
                first = count
                if write:
                    _put(key, line, words, row, lines[count])
                count += 1
                for at in range(more_at[row], more_at[row + 1], _FACES):
                    if write:
                        _put_parts(key, line, more, at, more_at[row + 1], lines[count])
                    count += 1
                for other in range(start, end):
                    if _same_facts(words, row, other) or _facts_before(words, start, other):
                        continue
                    if write:
                        _put(key, line, words, other, lines[count])
                        lines[count, RECORD] = FACTS
                    count += 1
                if write:
                    hidden = (record ^ record_mask(key, line)) << _KIND_BITS
                    for at in range(first, count):
                        lines[at, RECORD] |= hidden
                        lines[at, YEARS] = span ^ years_mask(key, line, record)
                        keys[at, 0] = by_zip
                        keys[at, 1] = by_city
    return count


@compiled
def _span(years: Places, births: Words, start: int, end: int) -> Word:
    # Year 0 is none stated. With none at all the span is such that any birth date fits it.
    first, last = _NO_FIRST, 0
    for row in range(start, end):
        if years[row] != 0:
            first, last = min(first, years[row]), max(last, years[row])
    span = np.uint64(first) | (np.uint64(last) << _YEAR_BITS)
    for row in range(start, end):
        born = np.int64(births[row])
        if born != 0 and not (first >= born and last - born <= _OLDEST):
            span |= IMPOSSIBLE
    return span


@compiled
def _put(key, line, words, row, out) -> None:
    out[RECORD] = TENANT
    for at in range(_FACES):
        out[FIRST_FACE + at] = pair(key, line, words[row, _FACE[at]])
    last = STATE if (words[row, FLAGS] & ABROAD) != NOTHING else STREET_LINE
    out[LAST] = pair(key, line, words[row, last])


@compiled
def _put_parts(key, line, more, start, end, out) -> None:
    out[RECORD] = PARTS
    for at in range(_FACES):
        found = more[start + at] if start + at < end else NOTHING
        out[FIRST_FACE + at] = pair(key, line, found)
    out[LAST] = pair(key, line, NOTHING)


@compiled
def _said_before(words, more, more_at, start, row, kind) -> bool:
    line = STREET_LINE if kind == 0 else BOX_LINE
    for other in range(start, row):
        same = (
            words[other, line] == words[row, line]
            and words[other, ZIP_PLACE] == words[row, ZIP_PLACE]
            and words[other, CITY_PLACE] == words[row, CITY_PLACE]
            and words[other, STATE] == words[row, STATE]
            and words[other, STREET_LINE] == words[row, STREET_LINE]
            and words[other, FLAGS] == words[row, FLAGS]
            and more_at[other + 1] - more_at[other] == more_at[row + 1] - more_at[row]
        )
        for at in range(_FACES):
            same = same and words[other, _FACE[at]] == words[row, _FACE[at]]
        if same:
            for at in range(more_at[row + 1] - more_at[row]):
                same = same and more[more_at[other] + at] == more[more_at[row] + at]
        if same:
            return True
    return False


@compiled
def _same_facts(words: Words, one: int, other: int) -> bool:
    for at in range(len(_FACTS)):
        if words[one, _FACTS[at]] != words[other, _FACTS[at]]:
            return False
    return True


@compiled
def _facts_before(words: Words, start: int, row: int) -> bool:
    for other in range(start, row):
        if _same_facts(words, other, row):
            return True
    return False
