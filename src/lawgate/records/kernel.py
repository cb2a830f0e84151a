"""Decides requests over an index: probe, compare and decide in one pass for each request, as records/rule.py says it.

rule.py is the law of the matter; tests/properties/test_engine.py holds this to it, verdict by verdict. Nothing here ranks, and
nothing in the rule is a degree: words are equal or they are not. The model
(model.py) may take an answer back and do nothing else. The clauses bear the numbers they have in rule.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lawgate.identity.nicknames import PAIRS, nicknames_of
from lawgate.records.compiled import Levels, Marks, Place, Places, Word, Words, compiled, inlined
from lawgate.records.encode import (
    ABROAD,
    BORN,
    BOX_KEY,
    BOX_LINE,
    CITY_PLACE,
    FACE,
    FLAGS,
    GIVEN,
    MORE_PARTS,
    NUMBERED,
    STATE,
    STREET,
    STREET_KEY,
    STREET_LINE,
    SURNAME,
    ZIP_PLACE,
    Encoded,
    address_key,
)
from lawgate.records.fingerprint import NOTHING, UNREADABLE, pair
from lawgate.records.layout import (
    COUNT_BITS,
    FIRST_FACE,
    IMPOSSIBLE,
    KIND,
    LARGEST_GROUP,
    LAST,
    LINE,
    PARTS,
    RECORD,
    TENANT,
    YEARS,
    record_mask,
    years_mask,
)
from lawgate.records.model import bounds_of

NOBODY = -1

SILENT, AGREES, DIFFERS = 0, 1, 2
SAID = ("suffix", "middle", "birth_date", "taxpayer_number")
"""What a packed comparison holds, two bits each from the lowest on: SILENT, AGREES or DIFFERS."""

_OTHER, _INITIAL, _NICKNAME, _EQUAL = range(4)
_COUNT_BITS, _COUNT = np.uint64(COUNT_BITS), np.uint64(LARGEST_GROUP)
_TWO_BITS = np.uint64(2)
_ONE = np.uint64(1)
_YEAR_BITS = np.uint64(16)
_YEAR = np.uint64(0xFFFF)
_ANY_DIFFERS = 0b10101010
_MIDDLE_SAID, _BIRTH_SAID, _TAXPAYER_SAID = 2, 4, 6
_OLDEST = 120

# The request's own words at the delivery line, in the order of FACE; then what is no part of a line of the index; and behind these
# the nicknames of its given name and its surnames from the third on, _NICKNAMES and _MORE of them.
_G, _G1, _M, _M1, _F, _S, _P1, _P2, _X, _B, _T, _U, _BOX = range(len(FACE))
_LAST, _NONE, _UNREAD, _MASK, _LINE, _FLAGS, _BORN, _NICKNAMES, _MORE, _OWN = range(len(FACE), len(FACE) + 10)
_MOST_NICKNAMES = max(len(nicknames_of(name)) for pair_of_names in PAIRS for name in pair_of_names)
_FACE = np.array(FACE)
_FACES = len(FACE)
_STATED = np.array([_X, _M, _B, _T])
_ROUNDED = 1e-9


class Requests(NamedTuple):
    """Encoded requests, and the two address keys of each with the delivery line they are of (0 where there is none)."""

    words: Words
    more: Words
    more_at: Places
    lines: Words
    keys: Words


class Table(NamedTuple):
    """An index: ``lines`` of 16 words, ``entries`` (key, and first line with count) sorted by key, and where each bucket begins.

    ``shift`` cuts a key to its bucket. ``names``, ``starts`` and ``listed`` are the table of nicknames.
    """

    lines: Words
    entries: Words
    buckets: Words
    shift: np.uint64
    names: Words
    starts: Places
    listed: Words


class Veto(NamedTuple):
    """The model as the kernel takes it: ``odds`` by pattern (``records/model.py``), and ``at``, under which no posterior answers.

    Of the names that are not rare, fingerprints in order and how common each is: ``given`` with ``given_bands``, and surnames.
    ``least`` and ``most`` bound the odds (``bounds_of``): most posteriors are known to be high enough from these alone.
    """

    odds: Levels
    at: float
    given: Words
    given_bands: Places
    surnames: Words
    surname_bands: Places
    least: Levels
    most: Levels


def veto_with(odds: Levels, at: float, names: Sequence[Words]) -> Veto:
    """Return the model with these odds and this threshold; ``names`` are the four arrays of names and bands."""
    given, given_bands, surnames, surname_bands = names
    return Veto(odds, at, given, given_bands, surnames, surname_bands, *bounds_of(odds))


def asked_of(key: Words, stated: Encoded) -> Requests:
    """Say of encoded requests where they ask."""
    lines, keys = np.zeros(len(stated.words), np.uint64), np.zeros((len(stated.words), 2), np.uint64)
    lines_asked(key, stated.words, lines, keys)
    return Requests(stated.words, stated.more, stated.more_at, lines, keys)


@compiled
def lines_asked(key: Words, words: Words, lines: Words, keys: Words) -> None:
    """Say for each request at which delivery line it asks, and under which keys: none without a house, box or route number."""
    for n in range(len(words)):
        flags = words[n, FLAGS]
        if (flags & STREET) != NOTHING and (flags & STREET_KEY) != NOTHING:
            line = words[n, STREET_LINE]
        elif (flags & BOX_KEY) != NOTHING and ((flags & STREET) == NOTHING or (flags & NUMBERED) != NOTHING):
            line = words[n, BOX_LINE]
        else:
            continue
        lines[n] = line
        keys[n, 0] = address_key(key, line, words[n, ZIP_PLACE])
        keys[n, 1] = address_key(key, line, words[n, CITY_PLACE])


@inlined
def find(entries: Words, buckets: Words, shift: Word, key: Word) -> tuple[Place, Place]:
    """Return where the entries of one key begin and end."""
    if key == NOTHING:
        return 0, 0
    at, end = np.int64(buckets[key >> shift]), np.int64(buckets[(key >> shift) + np.uint64(1)])
    while at < end and entries[at, 0] < key:
        at += 1
    first = at
    while at < end and entries[at, 0] == key:
        at += 1
    return first, at


@inlined
def extent(entry: Word) -> tuple[Place, Place]:
    """Return the first line of a group and the one behind its last."""
    first = np.int64(entry >> _COUNT_BITS)
    return first, first + np.int64(entry & _COUNT)


@compiled
def mark_buckets(keys: Words, table: Table, origin: int, bits: int, marks: Marks) -> None:
    """Mark the blocks of the file that hold the buckets of these keys; the buckets begin at byte ``origin``."""
    for n in range(len(keys)):
        for which in range(2):
            at = origin + 8 * np.int64(keys[n, which] >> table.shift)
            _mark(marks, at, at + 15, bits)


@compiled
def mark_entries(keys: Words, table: Table, origin: int, bits: int, marks: Marks) -> None:
    """Mark the blocks that hold the entries in the buckets of these keys."""
    for n in range(len(keys)):
        for which in range(2):
            bucket = keys[n, which] >> table.shift
            first, end = table.buckets[bucket], table.buckets[bucket + _ONE]
            if first < end:
                _mark(marks, origin + 16 * np.int64(first), origin + 16 * np.int64(end) - 1, bits)


@compiled
def mark_lines(keys: Words, table: Table, origin: int, bits: int, marks: Marks) -> None:
    """Mark the blocks that hold the lines under these keys, and the line behind them, whose kind ends the last one's."""
    for n in range(len(keys)):
        for which in range(2):
            start, end = find(table.entries, table.buckets, table.shift, keys[n, which])
            for at in range(start, end):
                first, stop = extent(table.entries[at, 1])
                last = min(stop + 1, len(table.lines))
                _mark(marks, origin + 8 * LINE * first, origin + 8 * LINE * last - 1, bits)


@compiled
def _mark(marks: Marks, first: Place, last: Place, bits: int) -> None:
    for block in range(first >> bits, (last >> bits) + 1):
        marks[block] = True


@compiled
def more_in_order(more: Words, more_at: Places, order: Places) -> tuple[Words, Places]:
    """Put the surnames from the third on into another order of the requests."""
    out, out_at, count = np.zeros_like(more), np.zeros_like(more_at), 0
    for n in range(len(order)):
        for at in range(more_at[order[n]], more_at[order[n] + 1]):
            out[count] = more[at]
            count += 1
        out_at[n + 1] = count
    return out, out_at


@compiled
def decide_all(
    key: Words,
    asked: Requests,
    table: Table,
    veto: Veto,
    max_filers: int,
    start: int,
    end: int,
    reasons: Places,
    records: Places,
    said: Places,
) -> None:
    """Decide requests ``start`` up to ``end``: a 3xx reason, the record found (or NOBODY), and the packed comparison for each.

    A record that the rule finds is taken back (333) if its posterior is under the threshold. Nothing is ever added.
    """
    own = np.zeros(_OWN + _MOST_NICKNAMES, dtype=np.uint64)
    there = np.zeros(max_filers + 1, dtype=np.uint64)
    groups = np.zeros((64, 2), dtype=np.int64)
    for n in range(start, end):
        count, groups = _groups(asked.keys[n, 0], asked.keys[n, 1], table, groups)
        if count == 0:
            reasons[n], records[n], said[n] = 340, NOBODY, 0
            continue
        own = _put_request(key, asked, n, table, own)
        reasons[n], records[n], said[n], likely = _decide(
            key, own, table.lines, groups, count, there, veto.least, veto.most
        )
        # What the bounds say is rounded in another order than the posterior itself: where they are as close as that, they say nothing.
        if records[n] == NOBODY or likely >= veto.at + _ROUNDED:
            continue
        bands = _bands(asked.words[n], veto)
        # Written so that what is no number is no answer either.
        if not _posterior(key, own, table.lines, groups, count, records[n], bands, veto.odds) >= veto.at:
            reasons[n], records[n], said[n] = 333, NOBODY, 0


@compiled
def posteriors_of(
    key: Words, asked: Requests, table: Table, veto: Veto, records: Places, out: Levels
) -> None:
    """Write for each request the posterior of the record that was found for it; 0 where there is NOBODY."""
    own = np.zeros(_OWN + _MOST_NICKNAMES, dtype=np.uint64)
    groups = np.zeros((64, 2), dtype=np.int64)
    for n in range(len(records)):
        if records[n] != NOBODY:
            count, groups = _groups(asked.keys[n, 0], asked.keys[n, 1], table, groups)
            own = _put_request(key, asked, n, table, own)
            bands = _bands(asked.words[n], veto)
            out[n] = _posterior(key, own, table.lines, groups, count, records[n], bands, veto.odds)


@compiled
def patterns_of(key: Words, asked: Requests, table: Table, veto: Veto, out: Places) -> int:
    """Write the pattern of every request with every tenant at its address and unit, and return how many were written: no more than fit."""
    own = np.zeros(_OWN + _MOST_NICKNAMES, dtype=np.uint64)
    groups = np.zeros((64, 2), dtype=np.int64)
    written = 0
    for n in range(len(asked.words)):
        count, groups = _groups(asked.keys[n, 0], asked.keys[n, 1], table, groups)
        if count == 0:
            continue
        own = _put_request(key, asked, n, table, own)
        bands = _bands(asked.words[n], veto)
        for group in range(count):
            for at in range(groups[group, 0], groups[group, 1]):
                if not _in_building(own, table.lines, at) or _unit(own, table.lines, at) == DIFFERS:
                    continue
                if written < len(out):
                    out[written] = _pattern(key, own, table.lines, at, bands)
                    written += 1
    return written


@inlined
def _bands(words, veto) -> tuple[int, int]:
    given = np.searchsorted(veto.given, words[GIVEN])
    surname = np.searchsorted(veto.surnames, words[SURNAME])
    known = given < len(veto.given) and veto.given[given] == words[GIVEN]
    known_too = surname < len(veto.surnames) and veto.surnames[surname] == words[SURNAME]
    return veto.given_bands[given] if known else 0, veto.surname_bands[surname] if known_too else 0


@inlined
def _pattern(key, own, lines, at, bands) -> int:
    given, surname = _given(own, lines, at), 0
    if given == _EQUAL:
        given += bands[0]
    if _surname_agrees(own, lines, at):
        surname = 3 + bands[1] if own[_S] == lines[at, FIRST_FACE + _S] else 2
    elif _surname_shared(own, lines, at):
        surname = 1
    record = np.int64((lines[at, RECORD] >> _TWO_BITS) ^ own[_MASK])
    said = _contradictions(key, own, lines, at, record)
    pattern = given * 6 + surname
    for field in range(0, 8, 2):
        pattern = pattern * 3 + _says(said, field)
    return pattern * 2 + (1 if _unit(own, lines, at) == AGREES else 0)


@compiled
def _posterior(key, own, lines, groups, count, fit, bands, odds) -> float:
    best, others = 0.0, 0.0
    for group in range(count):
        for at in range(groups[group, 0], groups[group, 1]):
            if not _in_building(own, lines, at) or _unit(own, lines, at) == DIFFERS:
                continue
            found = odds[_pattern(key, own, lines, at, bands)]
            if np.int64((lines[at, RECORD] >> _TWO_BITS) ^ own[_MASK]) == fit:
                best = max(best, found)
            else:
                others += found
    return best / (1.0 + best + others)


@compiled
def _groups(by_zip, by_city, table, groups):
    # A group stands under its key by ZIP and its key by city, mostly both of them asked for: each is taken once.
    count = 0
    for which in range(2):
        key = by_zip if which == 0 else by_city
        first, end = find(table.entries, table.buckets, table.shift, key)
        for at in range(first, end):
            start, stop = extent(table.entries[at, 1])
            known = False
            if which == 1:
                for other in range(count):
                    known = known or groups[other, 0] == start
            if known:
                continue
            if count == len(groups):
                wider = np.zeros((2 * count, 2), dtype=np.int64)
                wider[:count] = groups
                groups = wider
            groups[count, 0], groups[count, 1] = start, stop
            count += 1
    return count, groups


@compiled
def _put_request(key, asked, n, table, own) -> Words:
    room = _OWN + _MOST_NICKNAMES + asked.more_at[n + 1] - asked.more_at[n]
    if len(own) < room:
        own = np.zeros(room, dtype=np.uint64)
    line, words = asked.lines[n], asked.words
    own[_NONE] = pair(key, line, NOTHING)
    for at in range(_FACES):
        word = words[n, _FACE[at]]
        own[at] = own[_NONE] if word == NOTHING else pair(key, line, word)
    own[_FLAGS], own[_BORN] = words[n, FLAGS], words[n, BORN]
    own[_LAST] = pair(key, line, words[n, STATE if (words[n, FLAGS] & ABROAD) != NOTHING else STREET_LINE])
    own[_UNREAD] = pair(key, line, UNREADABLE)
    own[_MASK] = record_mask(key, line)
    own[_LINE] = line
    end = _OWN
    name = np.searchsorted(table.names, words[n, GIVEN])
    if name < len(table.names) and table.names[name] == words[n, GIVEN]:
        for at in range(table.starts[name], table.starts[name + 1]):
            own[end] = pair(key, line, table.listed[at])
            end += 1
    own[_NICKNAMES] = np.uint64(end - _OWN)
    for at in range(asked.more_at[n], asked.more_at[n + 1]):
        own[end] = pair(key, line, asked.more[at])
        end += 1
    own[_MORE] = np.uint64(asked.more_at[n + 1] - asked.more_at[n])
    return own


@compiled
def _decide(key, own, lines, groups, count, there, least, most):
    anybody, elsewhere, several_bear, several_fit = False, False, False, False
    bearer, fit, bearer_said, own_said = NOBODY, NOBODY, 0, 0
    fit_at = 0
    for group in range(count):
        for at in range(groups[group, 0], groups[group, 1]):
            if not _in_building(own, lines, at):
                continue
            unit = _unit(own, lines, at)
            if unit != DIFFERS:
                anybody = True
            if not _bears(own, lines, at):
                continue
            if unit == DIFFERS:
                elsewhere = True
                continue
            record = np.int64((lines[at, RECORD] >> _TWO_BITS) ^ own[_MASK])
            if record == bearer or record == fit:
                continue
            found = _contradictions(key, own, lines, at, record)
            several_bear = several_bear or bearer != NOBODY
            bearer, bearer_said = record, found
            if found & _ANY_DIFFERS == 0:
                several_fit = several_fit or fit != NOBODY
                fit, own_said, fit_at = record, found, at
    # 1 · 2: somebody at the address, and of that name.
    if not anybody:
        return 310 if elsewhere else 340, NOBODY, 0, 0.0
    if bearer == NOBODY:
        return 320, NOBODY, 0, 0.0
    # 3: nothing stated contradicts, for one record alone.
    if fit == NOBODY:
        return 331, NOBODY, 0 if several_bear else bearer_said, 0.0
    if several_fit:
        return 330, NOBODY, 0, 0.0
    # 4: nobody else could be meant.
    somebody_else, given, likely = _somebody_else(key, own, lines, groups, count, fit, own_said, least, most)
    if somebody_else:
        return 330, NOBODY, 0, 0.0
    sure = _says(own_said, _BIRTH_SAID) == AGREES or _says(own_said, _TAXPAYER_SAID) == AGREES
    named = given == _EQUAL or (given == _NICKNAME and _says(own_said, _MIDDLE_SAID) == AGREES)
    middle_open = own[_M] != own[_NONE] and _says(own_said, _MIDDLE_SAID) == SILENT
    if not sure and (not named or middle_open or _suffix_open(own, lines, fit_at)):
        return 330, NOBODY, 0, 0.0
    # 5: not an address of many.
    if not sure and _crowded(own, lines, groups, count, there):
        return 332, NOBODY, 0, 0.0
    return 301, fit, own_said, likely


@inlined
def _in_building(own, lines, at) -> bool:
    if lines[at, RECORD] & KIND != TENANT:
        return False
    if _agreement(own, own[_BOX], lines[at, FIRST_FACE + _BOX]) == DIFFERS:
        return False
    if (own[_FLAGS] & ABROAD) != NOTHING:
        return _agreement(own, own[_LAST], lines[at, LAST]) != DIFFERS
    # Found under its box though it states a street: the street must be the same all the same.
    by_box = (own[_FLAGS] & STREET) != NOTHING and (own[_FLAGS] & STREET_KEY) == NOTHING
    return not by_box or own[_LAST] == lines[at, LAST]


@inlined
def _agreement(own, one, other) -> int:
    if one == own[_NONE] or other == own[_NONE]:
        return SILENT
    return AGREES if one == other and one != own[_UNREAD] else DIFFERS


@inlined
def _unit(own, lines, at) -> int:
    stated, on_record = own[_U], lines[at, FIRST_FACE + _U]
    if stated == own[_NONE] and on_record == own[_NONE]:
        return AGREES
    return _agreement(own, stated, on_record)


@inlined
def _bears(own, lines, at) -> bool:
    return _surname_agrees(own, lines, at) and _given(own, lines, at) != _OTHER


@inlined
def _surname_agrees(own, lines, at) -> bool:
    nothing, one, two = own[_NONE], lines[at, FIRST_FACE + _P1], lines[at, FIRST_FACE + _P2]
    if own[_P1] == nothing or one == nothing:
        return False
    if own[_S] == lines[at, FIRST_FACE + _S]:
        return True
    more_on_record = at + 1 < len(lines) and lines[at + 1, RECORD] & KIND == PARTS
    if more_on_record or (own[_FLAGS] & MORE_PARTS) != NOTHING:
        return False
    double, double_on_record = own[_P2] != nothing, two != nothing
    if double and double_on_record:
        return own[_P1] == two and own[_P2] == one
    if double == double_on_record:
        return False
    shared = own[_P1] == one or own[_P1] == two if double_on_record else one == own[_P1] or one == own[_P2]
    whole_middle = own[_M] != nothing and own[_M] != own[_M1]
    return shared and whole_middle and own[_M] == lines[at, FIRST_FACE + _M]


@inlined
def _surname_shared(own, lines, at) -> bool:
    if own[_S] == lines[at, FIRST_FACE + _S]:
        return True
    for part in (_P1, _P2):
        if _among(own, lines[at, FIRST_FACE + part]):
            return True
    behind = at + 1
    while behind < len(lines) and lines[behind, RECORD] & KIND == PARTS:
        for n in range(_FACES):
            if _among(own, lines[behind, FIRST_FACE + n]):
                return True
        behind += 1
    return False


@inlined
def _among(own, part) -> bool:
    if part == own[_NONE]:
        return False
    if part == own[_P1] or part == own[_P2]:
        return True
    for n in range(_OWN + np.int64(own[_NICKNAMES]), _OWN + np.int64(own[_NICKNAMES] + own[_MORE])):
        if own[n] == part:
            return True
    return False


@inlined
def _given(own, lines, at) -> int:
    nothing, stated, on_record = own[_NONE], own[_G], lines[at, FIRST_FACE + _G]
    if stated == nothing or on_record == nothing:
        return _OTHER
    first = lines[at, FIRST_FACE + _G1]
    if own[_G1] == first and first != nothing and (stated == first or on_record == first):
        return _INITIAL
    if stated == on_record or own[_F] == lines[at, FIRST_FACE + _F]:
        return _EQUAL
    for n in range(_OWN, _OWN + np.int64(own[_NICKNAMES])):
        if own[n] == on_record:
            return _NICKNAME
    return _OTHER


@inlined
def _middle(own, lines, at) -> int:
    nothing, stated, on_record = own[_NONE], own[_M], lines[at, FIRST_FACE + _M]
    if (stated != nothing or on_record != nothing) and own[_F] == lines[at, FIRST_FACE + _F]:
        return AGREES
    if stated == nothing or on_record == nothing:
        return SILENT
    first = lines[at, FIRST_FACE + _M1]
    if (stated == own[_M1]) or (on_record == first):
        return AGREES if own[_M1] == first and first != nothing else DIFFERS
    return AGREES if stated == on_record else DIFFERS


@compiled
def _contradictions(key, own, lines, at, record) -> int:
    # Every word of a line that is no tenant's belongs to the tenant before it. A middle name may rightly change over the years.
    suffix, middle, birth, taxpayer = SILENT, SILENT, SILENT, SILENT
    behind = at
    while True:
        if lines[behind, RECORD] & KIND != PARTS:
            suffix = max(suffix, _agreement(own, own[_X], lines[behind, FIRST_FACE + _X]))
            birth = max(birth, _agreement(own, own[_B], lines[behind, FIRST_FACE + _B]))
            taxpayer = max(taxpayer, _agreement(own, own[_T], lines[behind, FIRST_FACE + _T]))
            found = _middle(own, lines, behind)
            middle = found if middle == SILENT or found == AGREES else middle
        behind += 1
        if behind == len(lines) or lines[behind, RECORD] & KIND == TENANT:
            break
    years = lines[at, YEARS] ^ years_mask(key, own[_LINE], np.uint64(record))
    if not _possible(years, own[_BORN]):
        birth = DIFFERS
    return suffix | middle << 2 | birth << _BIRTH_SAID | taxpayer << _TAXPAYER_SAID


@inlined
def _possible(years, born):
    if (years & IMPOSSIBLE) != NOTHING:
        return False
    if born == NOTHING:
        return True
    first, last, year = (
        np.int64(years & _YEAR),
        np.int64((years >> _YEAR_BITS) & _YEAR),
        np.int64(born),
    )
    return first >= year and last - year <= _OLDEST


@inlined
def _says(said: int, field: int) -> int:
    return (said >> field) & 3


@compiled
def _somebody_else(key, own, lines, groups, count, fit, own_said, least, most) -> tuple[bool, int, float]:
    # Beside what the rule asks, a bound of the posterior: no less than ``least`` for the one, no more than ``most`` for each other.
    any_exact, several_units = False, False
    best, best_exact = (
        _OTHER,
        _OTHER,
    )  # how the given name compares at its best, in the order in which it counts
    unit_known = own[_NONE]
    one, others, compared, stated = 0.0, 0.0, 0, 0
    for field in range(0, 8, 2):
        compared = compared * 3 + _says(own_said, field)
    for field in range(4):
        stated |= (own[_STATED[field]] != own[_NONE]) << field
    for group in range(count):
        for at in range(groups[group, 0], groups[group, 1]):
            record = np.int64((lines[at, RECORD] >> _TWO_BITS) ^ own[_MASK])
            if record != fit or not _in_building(own, lines, at):
                continue
            on_record = lines[at, FIRST_FACE + _U]
            if on_record != own[_NONE]:
                several_units = several_units or (unit_known != own[_NONE] and on_record != unit_known)
                unit_known = on_record
            unit = _unit(own, lines, at)
            if unit == DIFFERS or not _bears(own, lines, at):
                continue
            given = _given(own, lines, at)
            best = max(best, given)
            same = own[_S] == lines[at, FIRST_FACE + _S]
            one = max(one, least[((given * 2 + same) * 81 + compared) * 2 + (unit == AGREES)])
            if unit == AGREES:
                any_exact = True
                best_exact = max(best_exact, given)
    if own[_U] == own[_NONE] and several_units:
        return True, _OTHER, 0.0
    given_name = best_exact if any_exact else best
    # Where the unit is missing on one side, everybody in the building is at the address.
    for group in range(count):
        for at in range(groups[group, 0], groups[group, 1]):
            record = np.int64((lines[at, RECORD] >> _TWO_BITS) ^ own[_MASK])
            if record == fit or not _in_building(own, lines, at):
                continue
            if any_exact and _unit(own, lines, at) == DIFFERS:
                continue
            other_given, shared = _given(own, lines, at), _surname_shared(own, lines, at)
            others += most[(other_given * 2 + shared) * 16 + stated]
            if not shared:
                continue
            if given_name != _EQUAL:
                return True, given_name, 0.0
            if other_given == _OTHER:
                continue
            if not _tells_apart(own_said, _contradictions(key, own, lines, at, record)):
                return True, given_name, 0.0
    return False, given_name, one / (1.0 + one + others)


@inlined
def _tells_apart(own_said: int, other: int) -> bool:
    for field in range(0, 8, 2):
        if _says(own_said, field) == AGREES and _says(other, field) == DIFFERS:
            return True
    return False


@inlined
def _suffix_open(own, lines, at) -> bool:
    on_record = False
    behind = at
    while True:
        if lines[behind, RECORD] & KIND != PARTS:
            on_record = on_record or lines[behind, FIRST_FACE + _X] != own[_NONE]
        behind += 1
        if behind == len(lines) or lines[behind, RECORD] & KIND == TENANT:
            break
    return on_record != (own[_X] != own[_NONE])


@inlined
def _crowded(own, lines, groups, count, there) -> bool:
    # ``there`` has one place more than filers are allowed: once it is full, the address is crowded.
    known = 0
    for group in range(count):
        for at in range(groups[group, 0], groups[group, 1]):
            if not _in_building(own, lines, at) or _unit(own, lines, at) == DIFFERS:
                continue
            record = lines[at, RECORD] >> _TWO_BITS
            seen = False
            for n in range(known):
                seen = seen or there[n] == record
            if seen:
                continue
            there[known] = record
            known += 1
            if known == len(there):
                return True
    return False
