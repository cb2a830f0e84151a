"""What the people on record are told is the same in both languages, and quotes the statute in its own words."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lawgate.web
from lawgate.statutes.packs import usc26_6103_i_2
from lawgate.web.subjects import LANGUAGES

TEMPLATES = Path(lawgate.web.__file__).parent / "templates" / "subjects"
LAW = Path(os.environ.get("LAWGATE_LAW") or Path(__file__).parents[4] / "shared" / "law")
STATUTE = Path(usc26_6103_i_2.__file__).with_name("text.md").read_text(encoding="utf-8")


class Shape(HTMLParser):
    """The elements of a page in their order, with their ids, and what stands in each."""

    def __init__(self, raw: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._inside: list[int] = []
        self.feed(raw)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "i":  # a foreign word
            self.shape.append((tag, dict(attrs).get("id") or ""))
            self.texts.append("")
            self._inside.append(len(self.texts) - 1)

    def handle_endtag(self, tag: str) -> None:
        if tag != "i":
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside[-1]] += data


def read(language: str) -> Shape:
    return Shape((TEMPLATES / f"{language}.html").read_text(encoding="utf-8"))


def test_both_languages_have_the_same_parts() -> None:
    first, *others = [read(language) for language in LANGUAGES]
    assert [name for tag, name in first.shape if tag == "h2"] == [
        "law", "never", "entry", "key", "check", "wrong",
    ]  # fmt: skip
    for other in others:
        assert other.shape == first.shape


def test_nothing_but_statutes_and_commands_is_left_untranslated() -> None:
    english, spanish = read("en"), read("es")
    for (tag, _), ours, theirs in zip(english.shape, english.texts, spanish.texts, strict=True):
        words = re.sub(r"\{[{%].*?[%}]\}|\W", "", ours)
        same = ours.strip() == theirs.strip()
        assert same == (tag in {"blockquote", "code", "pre"} or not words), ours


@pytest.mark.parametrize("language", LANGUAGES)
def test_statutes_are_quoted_in_their_own_words(language: str) -> None:
    page = read(language)
    quotes = [said for (tag, _), said in zip(page.shape, page.texts, strict=True) if tag == "blockquote"]
    assert len(quotes) == 3
    assert all(plain(said) in plain(STATUTE) for said in quotes[:2])
    law = LAW / "usc-26-7431.md"  # no pack rests on it
    if not law.is_file():
        message = f"law files are not there (LAWGATE_LAW names their folder): {law.name}"
        if os.environ.get("LAWGATE_REQUIRE") == "all":
            pytest.fail(message)
        pytest.skip(message)
    assert plain(quotes[2]) in plain(law.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_ask_nothing(language: str) -> None:
    raw = (TEMPLATES / f"{language}.html").read_text(encoding="utf-8")
    assert not re.search(r"<(form|input|select|textarea|button)", raw)
