"""The page: self-contained, without script, and nothing put into it can become markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgate.oversight.data import Event, FollowedLine, ReportData
from lawgate.oversight.page import render
from lawgate.oversight.style import STYLE

VOID = {"meta", "rect", "br", "line", "path"}


class Reader(HTMLParser):
    """Collects tags, attributes, texts and whether elements are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def strings_replaced(value: Any, text: str) -> Any:
    """The same data with every string replaced."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(strings_replaced(v, text) for v in value)
    if isinstance(value, dict):
        return dict(zip([text], value.values(), strict=False))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: strings_replaced(getattr(value, f.name), text) for f in fields(value)}
        )
    return value


def test_the_page_loads_nothing_and_runs_nothing(report: ReportData) -> None:
    page = render(report)
    reader = read(page)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "a", "base"} & set(reader.tags)
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert not [
        name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "href", "style")
    ]


def test_the_policy_allows_exactly_the_style_sheet_on_the_page(report: ReportData) -> None:
    page = render(report)
    sheet = re.search(r"<style>(.*?)</style>", page, re.S)
    assert sheet is not None
    assert sheet.group(1) == STYLE
    digest = base64.b64encode(hashlib.sha256(sheet.group(1).encode()).digest()).decode()
    policy = next(v for n, v in read(page).attributes if n == "content" and "default-src" in v)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="<>\"'&;= /-!abcscriptonx\u202e", min_size=1, max_size=40))
def test_no_text_becomes_markup(report: ReportData, text: str) -> None:
    plain = read(render(strings_replaced(report, "x")))
    hostile = read(render(strings_replaced(report, text)))
    assert hostile.tags == plain.tags
    assert [n for n, _ in hostile.attributes] == [n for n, _ in plain.attributes]


def test_a_hostile_text_is_shown_as_it_is(report: ReportData) -> None:
    text = "</style><script>alert('1')</script>"
    page = render(replace(report, title=text))
    assert text not in page
    assert "&lt;script&gt;" in page


def test_it_says_first_that_all_is_synthetic_and_scripts_are_named_as_such(report: ReportData) -> None:
    reader = read(render(report))
    body = "".join(reader.texts[reader.texts.index("SYNTHETIC") :])
    assert body.startswith("SYNTHETIC")
    scripted = sum(e.scripted for walk in (report.answer, report.refusal) for e in walk.events)
    assert scripted > 0
    assert reader.texts.count("a script") == scripted


def test_it_can_be_read_without_seeing_it(report: ReportData) -> None:
    page = render(report)
    reader = read(page)
    assert ("lang", "en") in reader.attributes
    assert reader.tags.count("h1") == 1
    assert reader.tags.count("table") == reader.tags.count("caption")
    assert reader.tags.count("svg") == reader.tags.count("desc")
    levels = [int(tag[1]) for tag in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    identifiers = [value for name, value in reader.attributes if name == "id"]
    assert len(identifiers) == len(set(identifiers))


def test_the_funnel_says_every_number_as_text(report: ReportData) -> None:
    texts = read(render(report)).texts
    for step in report.steps:
        assert step.word in texts
        assert str(step.lines) in texts
    assert any("30 refused" in text for text in texts)


def test_what_was_missed_stands_there_with_its_cause(report: ReportData) -> None:
    page = render(report)
    assert "7 of 9 requests ended as they must" in page
    assert "address of many filers" in page
    assert "Why nothing was told" not in render(replace(report, missed_by_cause={}))


def test_a_broken_count_is_said_in_words(report: ReportData) -> None:
    wrong = replace(report.reconciliation.equalities[0], holds=False)
    broken = replace(
        report.reconciliation, equalities=(wrong, *report.reconciliation.equalities[1:]), exact=False
    )
    page = render(replace(report, reconciliation=broken))
    assert "NOT exact" in page
    assert "✗ NO" in page


def test_digests_are_shortened(report: ReportData) -> None:
    leaf = "ab" * 32
    event = Event("Logged", "x", "y", False, "answer", 3, leaf)
    page = render(replace(report, answer=FollowedLine("t", "o", (event,))))
    assert leaf not in page
    assert "abababababab…" in page


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes() -> Iterator[dict[str, str]]:
    for block in re.findall(r":root\{(.*?)\}", STYLE, re.S):
        found = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", block))
        if found:
            yield found


@pytest.mark.parametrize("palette", list(palettes())[:2], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(palette: dict[str, str]) -> None:
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent", "warn") for ground in ("page", "card")]
    pairs += [
        ("warn", "warn-page"),
        ("good", "good-page"),
        ("good", "page"),
        ("ink", "code"),
        ("soft", "page"),
    ]
    for ink, ground in pairs:
        light, dark = sorted((luminance(palette[ink]), luminance(palette[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
