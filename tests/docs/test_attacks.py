"""docs/attacks.md lists all twenty-four attacks in order, names what catches each, and every test it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    found = (line for line in TABLE.splitlines() if re.match(r"\| \d+ \|", line))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def all_names() -> set[str]:
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "verifier" / "tests").glob("test_*.py")]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_all_twenty_four_are_listed_once_and_in_order() -> None:
    assert [row[0] for row in rows()] == [str(n) for n in range(1, 25)]


def test_each_names_what_catches_it_and_a_test_that_exists() -> None:
    known = all_names()
    for number, attack, caught, tried in rows():
        named = re.findall(r"`(test_\w+)`", tried)
        assert all((attack, caught, named)), number
        assert set(named) <= known, (number, set(named) - known)
        assert re.sub(r"`test_\w+`", "", tried).strip() == "", number


def test_what_stays_is_said_by_name() -> None:
    residual = {row[0] for row in rows() if "*Residual*:" in row[2]}
    assert residual == {"4", "6", "7", "9", "10", "13", "15", "17", "21", "22", "24"}


def test_each_test_that_the_page_on_security_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_[a-z_]+)`", page))
    assert named
    assert named <= all_names()
