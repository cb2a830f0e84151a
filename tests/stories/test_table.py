"""docs/failures-of-2025.md lists all twenty-seven failures, and every test it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "failures-of-2025.md"
LATER = {"F-17", "F-18", "F-24"}
"""Failures that only a later part can meet, because what they are about comes after the hand-over."""


def rows() -> dict[str, str]:
    found = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| F-"))
    return {line.split("|")[1].strip(): line for line in found}


def stories() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("test_*.py"))
    names = (node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))
    return {name for name in names if re.match(r"test_f\d\d_", name)}


def test_all_twenty_seven_are_listed_once_and_in_order() -> None:
    assert list(rows()) == [f"F-{n}" for n in range(1, 28)]
    text = TABLE.read_text(encoding="utf-8")
    assert sum(line.startswith("| F-") for line in text.splitlines()) == 27


def test_every_test_named_in_the_table_exists_and_every_story_is_in_it() -> None:
    named = {row: set(re.findall(r"`(test_f\d\d_\w+)`", text)) for row, text in rows().items()}
    assert set().union(*named.values()) == stories()
    for row, tests in named.items():
        assert all(test.startswith(f"test_f{int(row[2:]):02d}_") for test in tests), row


def test_what_has_no_story_names_the_part_that_closes_it() -> None:
    without = {row for row, text in rows().items() if not re.search(r"`test_f\d\d_", text)}
    assert without == LATER
    assert all(re.search(r"[Pp]art [BCDE]\b", rows()[row]) for row in without)
