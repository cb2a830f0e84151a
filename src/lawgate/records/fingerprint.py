"""Keyed fingerprints: SipHash-2-4 (Aumasson and Bernstein, 2012) of texts, and of two words.

Without the key a fingerprint says nothing about its text, and nobody can try texts against it. 0 stands for no text, 1 for
what is stated and cannot be read.
"""

from __future__ import annotations

import numpy as np

from lawgate.records.compiled import Bytes, Places, Word, Words, compiled

_C0, _C1 = np.uint64(0x736F6D6570736575), np.uint64(0x646F72616E646F6D)
_C2, _C3 = np.uint64(0x6C7967656E657261), np.uint64(0x7465646279746573)
_FF = np.uint64(0xFF)
_S13, _S16, _S17, _S21, _S32 = np.uint64(13), np.uint64(16), np.uint64(17), np.uint64(21), np.uint64(32)
_S43, _S47, _S48, _S51 = np.uint64(43), np.uint64(47), np.uint64(48), np.uint64(51)
_S8, _S56 = np.uint64(8), np.uint64(56)
_SIXTEEN = np.uint64(16 << 56)
_QUESTION = 63  # "?", how an unreadable datum is written in normal form
_TWO = np.uint64(2)

NOTHING, UNREADABLE = np.uint64(0), np.uint64(1)


@compiled
def _rounds(v0, v1, v2, v3, count):
    for _ in range(count):
        v0 += v1
        v2 += v3
        v1 = (v1 << _S13) | (v1 >> _S51)
        v3 = (v3 << _S16) | (v3 >> _S48)
        v1 ^= v0
        v3 ^= v2
        v0 = (v0 << _S32) | (v0 >> _S32)
        v2 += v1
        v0 += v3
        v1 = (v1 << _S17) | (v1 >> _S47)
        v3 = (v3 << _S21) | (v3 >> _S43)
        v1 ^= v2
        v3 ^= v0
        v2 = (v2 << _S32) | (v2 >> _S32)
    return v0, v1, v2, v3


@compiled
def siphash(key: Words, data: Bytes, start: int, end: int) -> Word:
    """Return SipHash-2-4 of ``data[start:end]`` under a key of two words."""
    v0, v1, v2, v3 = key[0] ^ _C0, key[1] ^ _C1, key[0] ^ _C2, key[1] ^ _C3
    whole = start + ((end - start) // 8) * 8
    for at in range(start, whole, 8):
        word = np.uint64(0)
        for n in range(8):
            word |= np.uint64(data[at + n]) << np.uint64(8 * n)
        v3 ^= word
        v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
        v0 ^= word
    word = (np.uint64(end - start) & _FF) << _S56
    for n in range(end - whole):
        word |= np.uint64(data[whole + n]) << np.uint64(8 * n)
    v3 ^= word
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
    v0 ^= word
    v2 ^= _FF
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 4)
    return v0 ^ v1 ^ v2 ^ v3


@compiled
def pair(key: Words, one: Word, other: Word) -> Word:
    """Return SipHash-2-4 of two words, in that order; never 0 or 1."""
    v0, v1, v2, v3 = key[0] ^ _C0, key[1] ^ _C1, key[0] ^ _C2, key[1] ^ _C3
    v3 ^= one
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
    v0 ^= one
    v3 ^= other
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
    v0 ^= other
    v3 ^= _SIXTEEN
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 2)
    v0 ^= _SIXTEEN
    v2 ^= _FF
    v0, v1, v2, v3 = _rounds(v0, v1, v2, v3, 4)
    found = v0 ^ v1 ^ v2 ^ v3
    return found if found >= _TWO else found + _TWO


@compiled
def text_print(key: Words, data: Bytes, start: int, end: int) -> Word:
    """Return the fingerprint of one text: 0 for none, 1 for the mark of what cannot be read."""
    if start == end:
        return NOTHING
    if end == start + 1 and data[start] == _QUESTION:
        return UNREADABLE
    found = siphash(key, data, start, end)
    return found if found >= _TWO else found + _TWO


@compiled
def text_prints(key: Words, data: Bytes, offsets: Places, out: Words) -> None:
    """Put the fingerprint of each text of a column into ``out``."""
    for row in range(len(offsets) - 1):
        out[row] = text_print(key, data, offsets[row], offsets[row + 1])
