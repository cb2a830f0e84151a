"""Reads a JSON Lines file: each physical line is one object, and a line that is not costs only itself."""

from __future__ import annotations

import json
import re
from typing import Never

from lawgate.intake.rows import (
    Chunk,
    Row,
    checked,
    decoded,
    physical_lines,
    unreadable,
)

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|[{}]')


class _DuplicateMemberError(ValueError):
    """An object has the same member twice."""


def read_jsonl(chunk: Chunk) -> list[Row]:
    """Read every line of a chunk, in order; an empty line is an unreadable one."""
    return [_row(number, piece) for number, piece in enumerate(physical_lines(chunk.raw), chunk.number)]


def _row(number: int, piece: bytes) -> Row:
    text = decoded(number, piece)
    if isinstance(text, Row):
        return text
    try:
        value = _READER.decode(text)
    except json.JSONDecodeError as error:
        return unreadable(number, "not a JSON object", at=error.pos + 1)
    except _DuplicateMemberError:
        return unreadable(number, "a member stands twice in one object", at=_second_place(text))
    except (ValueError, RecursionError):
        return unreadable(number, "not a JSON object of this format")
    if not isinstance(value, dict):
        return unreadable(number, "not a JSON object", at=1)
    return checked(number, value)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateMemberError
    return members


def _no_number(_text: str) -> Never:
    raise ValueError("NaN and Infinity are not JSON")


_READER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)


def _second_place(text: str) -> int | None:
    """Find the character position (from 1) of the first repeated member name; ``text`` is valid JSON."""
    open_objects: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            open_objects.append(set())
        elif token[0] == "}":
            open_objects.pop()
        elif token[2] is not None:
            name = json.loads(token[1])  # escapes can spell one name in several ways
            if name in open_objects[-1]:
                return token.start() + 1
            open_objects[-1].add(name)
    return None
