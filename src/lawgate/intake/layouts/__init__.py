"""Layouts that are shipped, each one file: what the official signs is its text."""

from __future__ import annotations

from importlib.resources import files

SHIPPED = ("ssnvs", "tin-matching", "request-600")
"""The names of the shipped layouts."""


def shipped_layout(name: str) -> str:
    """Return the text of a shipped layout. Raises KeyError for a name that is none of ``SHIPPED``."""
    if name not in SHIPPED:
        raise KeyError(name)
    return (files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
