"""Writes normal forms as fingerprints: one row of words for each request or record row, the same for both.

A column is its texts one behind another in UTF-8, and the positions where each begins and the last one ends (as Arrow keeps it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lawgate.identity.nicknames import PAIRS, nicknames_of
from lawgate.records.compiled import Bytes, Places, Word, Words, compiled
from lawgate.records.fingerprint import NOTHING, pair, text_print, text_prints

COLUMNS = (
    "given", "middle", "surname", "suffix", "number", "street", "unit", "box", "city", "state", "zip", "country", "birth_date",
    "taxpayer_number",
)  # fmt: skip
"""The normal forms that are encoded, in this order."""

# Places in a row of words.
GIVEN, GIVEN_FIRST, MIDDLE, MIDDLE_FIRST, FORENAMES, SURNAME, PART_1, PART_2, SUFFIX = range(9)
BIRTH, TAXPAYER, UNIT, BOX, STREET_LINE, BOX_LINE, STATE, ZIP_PLACE, CITY_PLACE, FLAGS, BORN = range(9, 20)
WIDTH = 20
FACE = (
    GIVEN,
    GIVEN_FIRST,
    MIDDLE,
    MIDDLE_FIRST,
    FORENAMES,
    SURNAME,
    PART_1,
    PART_2,
    SUFFIX,
    BIRTH,
    TAXPAYER,
    UNIT,
    BOX,
)
"""What is compared between a request and a row, in the order in which an index keeps it."""

# Bits of FLAGS.
ABROAD, STREET, NUMBERED, STREET_KEY, BOX_KEY, TWO_PARTS, MORE_PARTS = (np.uint64(1 << n) for n in range(7))

# One word for each kind of composed fingerprint, so that no two kinds can meet.
_LINE, _BOXED, _ZIP, _CITY, _FAR, _KEY = (np.uint64(n) for n in range(11, 17))
_SPACE = 32


class Column(NamedTuple):
    """The texts of one column: their bytes, and where each begins (with one more position at the end)."""

    data: Bytes
    offsets: Places


@dataclass(frozen=True, slots=True)
class Encoded:
    """Requests or rows as words: ``words`` has WIDTH of them a row; ``more`` holds the surnames from the third on."""

    words: Words
    more: Words
    more_at: Places


class Nicknames(NamedTuple):
    """The table of nicknames under one key: sorted fingerprints of names, and those listed with each."""

    names: Words
    starts: Places
    listed: Words


def column_of(texts: Sequence[str]) -> Column:
    """Make a column of Python texts; none of them may hold a line break, which no normal form does."""
    data = np.frombuffer(("\n".join(texts) + "\n").encode() if texts else b"", dtype=np.uint8)
    ends = np.flatnonzero(data == 10)
    if len(ends) != len(texts):
        raise ValueError("a normal form holds a line break")
    # Each text but the first begins behind the line break of the one before; the break itself is cut off by ``_closed_up``.
    return _closed_up(data, ends)


def _closed_up(data: Bytes, ends: Places) -> Column:
    offsets = np.zeros(len(ends) + 1, dtype=np.int64)
    offsets[1:] = ends - np.arange(len(ends))
    return Column(data[data != 10], offsets)


def encode(columns: Mapping[str, Column], key: Words) -> Encoded:
    """Fingerprint normal forms under one key; ``columns`` has every one of COLUMNS, all of one length."""
    rows = len(columns["given"].offsets) - 1
    words = np.zeros((rows, WIDTH), dtype=np.uint64)
    for name, place in (
        ("given", GIVEN),
        ("middle", MIDDLE),
        ("suffix", SUFFIX),
        ("birth_date", BIRTH),
        ("taxpayer_number", TAXPAYER),
        ("unit", UNIT),
        ("box", BOX),
        ("state", STATE),
    ):
        text_prints(key, *columns[name], words[:, place])
    _firsts(key, *columns["given"], words[:, GIVEN_FIRST])
    _firsts(key, *columns["middle"], words[:, MIDDLE_FIRST])
    _forenames(key, *columns["given"], *columns["middle"], words[:, FORENAMES])
    more_at = np.zeros(rows + 1, dtype=np.int64)
    more = np.zeros(_surnames_beyond(*columns["surname"]), dtype=np.uint64)
    _surnames(key, *columns["surname"], words, more, more_at)
    _born(*columns["birth_date"], words[:, BORN])
    places = np.zeros((rows, 5), dtype=np.uint64)
    for at, name in enumerate(("number", "street", "city", "zip", "country")):
        text_prints(key, *columns[name], places[:, at])
    street = columns["street"]
    for row in np.flatnonzero(_digits(*street, words)):
        # Beyond ASCII Python alone knows what a digit is.
        text = bytes(street.data[street.offsets[row] : street.offsets[row + 1]]).decode()
        words[row, FLAGS] |= NUMBERED if any(c.isdigit() for c in text) else NOTHING
    us = np.uint64(
        text_print(key, np.frombuffer(b"US", dtype=np.uint8), 0, 2)
    )  # numba hands out plain integers
    _lines_and_places(key, places, us, words)
    return Encoded(words, more, more_at)


def nickname_table(key: Words) -> Nicknames:
    """Fingerprint the table of nicknames."""
    names = sorted({name for listed in PAIRS for name in listed})
    prints = _prints(key, names)
    order = np.argsort(prints)
    others = [sorted(nicknames_of(names[at])) for at in order]
    starts = np.cumsum([0, *map(len, others)]).astype(np.int64)
    return Nicknames(prints[order], starts, _prints(key, [name for row in others for name in row]))


def _prints(key: Words, texts: Sequence[str]) -> Words:
    out = np.zeros(len(texts), dtype=np.uint64)
    text_prints(key, *column_of(texts), out)
    return out


@compiled
def _firsts(key: Words, data: Bytes, offsets: Places, out: Words) -> None:
    # Only a letter of the Latin alphabet can be an initial: in other scripts one sign may be a whole name.
    for row in range(len(offsets) - 1):
        start = offsets[row]
        if start < offsets[row + 1] and data[start] < 128:
            out[row] = text_print(key, data, start, start + 1)


@compiled
def _forenames(
    key: Words, given: Bytes, given_at: Places, middle: Bytes, middle_at: Places, out: Words
) -> None:
    scratch = np.empty(256, dtype=np.uint8)
    for row in range(len(given_at) - 1):
        first, second = given_at[row + 1] - given_at[row], middle_at[row + 1] - middle_at[row]
        if len(scratch) < first + second + 1:
            scratch = np.empty(first + second + 1, dtype=np.uint8)
        length = 0
        for at in range(given_at[row], given_at[row + 1]):
            scratch[length] = given[at]
            length += 1
        if first > 0 and second > 0:
            scratch[length] = _SPACE
            length += 1
        for at in range(middle_at[row], middle_at[row + 1]):
            scratch[length] = middle[at]
            length += 1
        out[row] = text_print(key, scratch, 0, length)


@compiled
def _surnames_beyond(data: Bytes, offsets: Places) -> int:
    beyond = 0
    for row in range(len(offsets) - 1):
        spaces = 0
        for at in range(offsets[row], offsets[row + 1]):
            spaces += data[at] == _SPACE
        beyond += max(spaces - 1, 0)
    return beyond


@compiled
def _surnames(key: Words, data: Bytes, offsets: Places, words: Words, more: Words, more_at: Places) -> None:
    scratch = np.empty(256, dtype=np.uint8)
    beyond = 0
    for row in range(len(offsets) - 1):
        start, end = offsets[row], offsets[row + 1]
        if len(scratch) < end - start:
            scratch = np.empty(end - start, dtype=np.uint8)
        parts, length, begin = 0, 0, start
        for at in range(start, end + 1):
            if at < end and data[at] != _SPACE:
                scratch[length] = data[at]
                length += 1
                continue
            if at > begin:
                found = text_print(key, data, begin, at)
                if parts < 2:
                    words[row, PART_1 + parts] = found
                else:
                    more[beyond] = found
                    beyond += 1
                parts += 1
            begin = at + 1
        words[row, SURNAME] = text_print(key, scratch, 0, length)
        if parts == 2:
            words[row, FLAGS] |= TWO_PARTS
        elif parts > 2:
            words[row, FLAGS] |= MORE_PARTS
        more_at[row + 1] = beyond


@compiled
def _born(data: Bytes, offsets: Places, out: Words) -> None:
    for row in range(len(offsets) - 1):
        start = offsets[row]
        if offsets[row + 1] - start >= 4:
            year = 0
            for at in range(start, start + 4):
                year = year * 10 + (data[at] - 48)
            out[row] = np.uint64(year)


@compiled
def _digits(data: Bytes, offsets: Places, words: Words) -> Bytes:
    beyond = np.zeros(len(offsets) - 1, dtype=np.uint8)
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            if 48 <= data[at] <= 57:
                words[row, FLAGS] |= NUMBERED
            elif data[at] >= 128:
                beyond[row] = 1
    return beyond


@compiled
def _lines_and_places(key: Words, places: Words, us: Word, words: Words) -> None:
    # As keys.py has it: a delivery line needs a number (abroad it may stand in the street), and a place.
    for row in range(len(places)):
        number, street, city, code, country = places[row]
        flags = words[row, FLAGS]
        abroad = country != us
        if abroad:
            flags |= ABROAD
        if street != NOTHING:
            flags |= STREET
            if number != NOTHING or (abroad and (flags & NUMBERED) != NOTHING):
                flags |= STREET_KEY
            if number != NOTHING:
                flags |= NUMBERED
            words[row, STREET_LINE] = pair(key, pair(key, _LINE, number), street)
        if words[row, BOX] != NOTHING:
            flags |= BOX_KEY
            words[row, BOX_LINE] = pair(key, _BOXED, words[row, BOX])
        if abroad:
            if city != NOTHING and country != NOTHING:
                words[row, CITY_PLACE] = pair(key, pair(key, _FAR, city), country)
        else:
            if code != NOTHING:
                words[row, ZIP_PLACE] = pair(key, _ZIP, code)
            if city != NOTHING and words[row, STATE] != NOTHING:
                words[row, CITY_PLACE] = pair(key, pair(key, _CITY, city), words[row, STATE])
        words[row, FLAGS] = flags


@compiled
def address_key(key: Words, line: Word, place: Word) -> Word:
    """Return the key of a delivery line in a place; 0 where there is none."""
    return NOTHING if line == NOTHING or place == NOTHING else pair(key, line, place)
