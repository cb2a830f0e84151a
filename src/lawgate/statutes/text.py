"""Reads the page of a pack that quotes the law: its headings, and the paragraphs set off as word-for-word quotations."""

from __future__ import annotations

from collections.abc import Iterable

from lawgate.evidence.canonical import canonical, sha256_hex
from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Rule


def headings(text: str) -> dict[str, tuple[str, ...]]:
    """Return each second-level heading of a ``text.md`` with the paragraphs quoted under it."""
    return {
        heading: tuple(line.removeprefix("> ") for line in lines if line.startswith("> "))
        for heading, lines in _sections(text).items()
    }


def word_digests(text: str) -> dict[str, str]:
    """Return for each heading the SHA-256 (hex) of its words: the quoted paragraphs, or the page's own where it quotes none."""
    quoted = headings(text)
    own = {
        heading: [" ".join(line.split()) for line in lines if line.strip()]
        for heading, lines in _sections(text).items()
    }
    return {heading: sha256_hex(canonical([*words] or [*own[heading]])) for heading, words in quoted.items()}


def own_words(text: str) -> dict[str, str]:
    """Return for each heading what the page says of it in the project's own words, in one line; empty if it says nothing."""
    return {
        heading: " ".join(" ".join(line for line in lines if not line.startswith(">")).split())
        for heading, lines in _sections(text).items()
    }


def misquoted(text: str, laws: Iterable[str]) -> tuple[str, ...]:
    """Return the quoted paragraphs of a ``text.md`` that do not occur, word for word, in the text of any of the law files."""
    sources = tuple(laws)
    quoted = (p for paragraphs in headings(text).values() for p in paragraphs)
    return tuple(p for p in quoted if not any(p in law for law in sources))


def anchored(pack: Pack) -> dict[str, str]:
    """Return every element of the pack and every alternative, by id, with the heading it was written from."""
    found: dict[str, str] = {}
    for element in pack.rules:
        found[element.id] = element.anchor
        if not isinstance(element, Rule):
            found.update((rule.id, rule.anchor) for rule in element.rules)
    return found


def _sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("## "):
            lines = found.setdefault(line.removeprefix("## ").strip(), [])
        else:
            lines.append(line)
    return found
