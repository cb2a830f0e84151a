"""Reads the members of a signed document strictly; what is missing or of another kind cannot be acted on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lawgate.domain.errors import MalformedRequestError, NotPermittedError
from lawgate.domain.kept import BATCH_LINES
from lawgate.domain.steps import Json

MOST_LINES = BATCH_LINES
"""How many lines one signed document may name: what one person answers for at once, and what is held in memory and kept in one transaction."""


def text_of(payload: Mapping[str, Json], name: str) -> str:
    """Return a member that must be a string. Raises MalformedRequestError otherwise."""
    value = payload.get(name)
    if not isinstance(value, str):
        raise _wrong(name)
    return value


def number_of(payload: Mapping[str, Json], name: str) -> int:
    """Return a member that must be an integer. Raises MalformedRequestError otherwise."""
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name)
    return value


def flag_of(payload: Mapping[str, Json], name: str) -> bool:
    """Return a member that must be true or false and may be absent (false). Raises MalformedRequestError otherwise."""
    value = payload.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(name)
    return value


def object_of(payload: Mapping[str, Json], name: str) -> dict[str, Json]:
    """Return a member that must be an object and may be absent (empty). Raises MalformedRequestError otherwise."""
    value = payload.get(name, {})
    if not isinstance(value, dict):
        raise _wrong(name)
    return value


def array_of(payload: Mapping[str, Json], name: str) -> list[Json]:
    """Return a member that must be an array. Raises MalformedRequestError otherwise."""
    value = payload.get(name)
    if not isinstance(value, list):
        raise _wrong(name)
    return value


def ordinals_of(payload: Mapping[str, Json], name: str) -> tuple[int, ...]:
    """Return a member that must be an array of distinct line numbers, in ascending order. Raises MalformedRequestError otherwise."""
    found: list[int] = []
    for value in array_of(payload, name):
        if not isinstance(value, int) or isinstance(value, bool) or value in found:
            raise _wrong(name)
        found.append(value)
    return tuple(sorted(found))


def lines_of(payload: Mapping[str, Json]) -> dict[int, dict[str, Json]]:
    """Return the lines of a decision or authorisation by ordinal, in line order.

    Raises NotPermittedError if there are more than ``MOST_LINES``, a line is named twice or ``count`` is not their number,
    MalformedRequestError for another form.
    """
    if len(array_of(payload, "lines")) > MOST_LINES:
        raise NotPermittedError(f"one document names at most {MOST_LINES} lines; sign several")
    found: dict[int, dict[str, Json]] = {}
    for line in array_of(payload, "lines"):
        if not isinstance(line, dict):
            raise _wrong("lines")
        ordinal = number_of(line, "ordinal")
        if ordinal in found:
            raise NotPermittedError(f"line {ordinal} is named twice")
        found[ordinal] = line
    if number_of(payload, "count") != len(found):
        raise NotPermittedError("the document's count is not the number of its lines")
    return dict(sorted(found.items()))


def require_members(line: Mapping[str, Json], known: Collection[str]) -> None:
    """Pass if a line has no member the format does not know: what is not understood is not acted on. Raises MalformedRequestError."""
    if not set(line) <= set(known):
        raise MalformedRequestError("113", "the document has a member that is not known")


def _wrong(name: str) -> MalformedRequestError:
    return MalformedRequestError("112", f"the document's {name} has the wrong form")
