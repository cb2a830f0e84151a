"""I-9 at rest, on the way: after each step, and not only at the end, no file of the home holds a word of a request or of a record."""

from __future__ import annotations

import base64
from typing import Any

import pytest

WORDS = (
    "Zebulon", "Quillfeather", "Ottoline", "Brackenthorpe", "Marzipan", "Gingerbread", "Saffron", "900016103", "900026103",
    "1961-05-17", "1971-11-23", "CASE-001", "key-001", "Xylophone",
)  # fmt: skip


def found_in(raw: bytes) -> set[str]:
    low = raw.lower()
    return {
        word
        for word in WORDS
        for text in (word.lower(),)
        if text.encode() in low
        or text.encode("utf-16-le") in low
        or word.encode().hex().encode() in low
        or any(
            base64.b64encode(b"\0" * shift + word.encode())[first : 8 * (shift + len(word)) // 6] in raw
            for shift, first in enumerate((0, 2, 3))
        )
    }


def in_clear(house: Any) -> dict[str, set[str]]:
    return {
        name: found_in(name.encode() + raw)
        for name, raw in house.every_byte()
        if found_in(name.encode() + raw)
    }


@pytest.mark.sqlite
def test_after_each_step_no_file_holds_a_word_of_a_request_or_a_record(house: Any) -> None:
    lines = house.many()
    lines[0] |= {"taxpayer_number": "900-01-6103", "birth_date": "1961-05-17"}
    lines[1] |= {"birth_date": "1971-11-23"}
    assert in_clear(house) == {}
    submission = house.receive(lines)
    assert in_clear(house) == {}
    house.approve(submission)
    assert in_clear(house) == {}
    house.two_look(submission)
    house.authorise(submission)
    assert in_clear(house) == {}
    handed = [house.read(package) for package in house.packages(submission)]
    assert found_in(repr(handed).encode()), "the answers did say something"
    assert in_clear(house) == {}
