"""Reads the page of a pack that quotes the law: its headings, and the paragraphs set off as word-for-word quotations."""

from __future__ import annotations

from collections.abc import Iterable

from lawgate.statutes.pack import Pack
from lawgate.statutes.rule import Rule


def headings(text: str) -> dict[str, tuple[str, ...]]:
    """Return each second-level heading of a ``text.md`` with the paragraphs quoted under it."""
    found: dict[str, list[str]] = {}
    quoted: list[str] = []
    for line in text.splitlines():
        if line.startswith("## "):
            quoted = found.setdefault(line.removeprefix("## ").strip(), [])
        elif line.startswith("> "):
            quoted.append(line.removeprefix("> "))
    return {heading: tuple(paragraphs) for heading, paragraphs in found.items()}


def misquoted(text: str, laws: Iterable[str]) -> tuple[str, ...]:
    """Return the quoted paragraphs of a ``text.md`` that do not occur, word for word, in the text of any of the law files."""
    sources = tuple(laws)
    quoted = (p for paragraphs in headings(text).values() for p in paragraphs)
    return tuple(p for p in quoted if not any(p in law for law in sources))


def anchors(pack: Pack) -> frozenset[str]:
    """Return every heading that an element of the pack, or one of its alternatives, was written from."""
    groups: Iterable[tuple[str, ...]] = (
        (rule.anchor,) if isinstance(rule, Rule) else (rule.anchor, *(r.anchor for r in rule.rules))
        for rule in pack.rules
    )
    return frozenset(anchor for group in groups for anchor in group)
