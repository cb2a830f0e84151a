"""The drawing at the top of ``domain/errors.py`` is the tree of the classes below it."""

from __future__ import annotations

import inspect
import re

from lawgate.domain import errors

BRANCH = re.compile(r"^ {4}(?P<indent>(?:│   |    )*)(?:[├└]── )?(?P<name>\w+Error)\b")


def drawn() -> dict[str, str]:
    """Each drawn class with the one it hangs from; the root hangs from ``Exception``."""
    assert errors.__doc__ is not None
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in errors.__doc__.splitlines():
        found = BRANCH.match(line)
        if found is None:
            continue
        depth = len(found["indent"]) // 4 + ("── " in line)
        path[depth:] = [found["name"]]
        parents[found["name"]] = path[depth - 1] if depth else "Exception"
    return parents


def there() -> dict[str, str]:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__]
    return {c.__name__: c.__base__.__name__ for c in classes}


def test_the_drawing_is_the_tree() -> None:
    assert drawn() == there()


def test_every_error_says_how_the_command_line_ends() -> None:
    codes = {c.__name__: c.exit_code for c in (getattr(errors, name) for name in there())}
    assert set(codes.values()) <= {1, 2, 4, 6, 7, 75}
    assert codes["LedgerError"] == 6
    assert codes["QuorumError"] == 75
