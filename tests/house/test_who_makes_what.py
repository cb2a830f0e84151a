"""Each step type is made in its own room and nowhere else: there is no second path to an answer (I-1, I-6)."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "lawgate"

MAKERS = {
    "Received": {"intake"},
    "Rejected": {"intake"},
    "Checked": {"statutes"},
    "Admitted": {"guard"},
    "Approved": {"review"},
    "Verdict": {"records"},
    "Matched": {"records"},
    "Proposed": {"disclosure", "review"},  # review narrows a proposal to "no answer" when it is withheld
    "Authorised": {"review"},
    "Package": {"disclosure"},
    "make_receipt": {"ledger"},
}


PUTS_TOGETHER = "store/line_box.py"
"""Reads steps back from what was kept of them, each without the step it rests on."""


def calls(tree: ast.AST) -> set[str]:
    """Names called in a module, as ``Name(...)`` or ``module.Name(...)``, and names handed to ``replace``-like copies."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            found.add(
                target.id
                if isinstance(target, ast.Name)
                else target.attr
                if isinstance(target, ast.Attribute)
                else ""
            )
    return found


def makers_of(root: Path) -> dict[str, set[str]]:
    made: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*.py")):
        room = path.relative_to(root).parts[0]
        if (path.name == "receipt.py" and room == "domain") or path == root / PUTS_TOGETHER:
            continue
        for name in calls(ast.parse(path.read_text())) & MAKERS.keys():
            made.setdefault(name, set()).add(room)
    return made


def test_each_step_type_is_made_in_its_room_only() -> None:
    made = makers_of(SRC)
    assert {name: rooms - MAKERS[name] for name, rooms in made.items() if rooms - MAKERS[name]} == {}


def test_each_step_type_is_made_somewhere() -> None:
    assert set(MAKERS) - set(makers_of(SRC)) == set()


def test_a_planted_maker_is_found(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "shortcut.py").write_text(
        "from lawgate.domain import steps\nx = steps.Authorised(None, None, 1)\n"
    )
    assert makers_of(tmp_path) == {"Authorised": {"cli"}}
