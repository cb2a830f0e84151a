"""I-9 at rest: after everybody has opened every page, no file of the served home holds a word of a request or of a record in clear."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

WORDS = (
    "Zebulon", "Quillfeather", "Marzipan", "1961-05-17", "CASE-010", "CASE-020", "key-010", "key-020",
)  # fmt: skip
pytestmark = pytest.mark.slow


def spellings(word: str) -> Iterator[bytes]:
    """A word as it may stand in a file: in any case, in UTF-16, in hex, in base64 at each of its three places."""
    for text in {word, word.upper(), word.lower()}:
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield raw.hex().encode()
        for shift, first in enumerate((0, 2, 3)):
            # Only the characters that hold bits of the word alone, whatever stands before and after it.
            yield base64.b64encode(b"\0" * shift + raw)[first : 8 * (shift + len(raw)) // 6]


NEEDLES = {needle: word for word in WORDS for needle in spellings(word) if len(needle) >= 6}


def found_in(raw: bytes) -> set[str]:
    return {word for needle, word in NEEDLES.items() if needle in raw}


def test_no_file_of_a_served_home_holds_a_word_of_a_request_or_a_record(scene: Any, everybody: Any) -> None:
    shown = {
        word
        for person in everybody.values()
        for path in scene.pages().values()
        for word in found_in(person.get(path).text.encode())
    }
    assert {"Zebulon", "Quillfeather", "Marzipan"} <= shown, "the pages did show them"
    files = {p.relative_to(scene.home): p.read_bytes() for p in scene.home.rglob("*") if p.is_file()}
    assert any(path.name.startswith("service.sqlite3") for path in files)
    assert {str(path): found_in(raw) for path, raw in files.items() if found_in(raw)} == {}
    assert found_in((scene.folder / "served.log").read_bytes()) == set()
