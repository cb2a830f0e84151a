"""The fields of a request line: which there are, what form each has, and what is wrong with one that is not in it.

A field that is absent, one that is blank and one that holds a placeholder stay three different values; only the form is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from lawgate.domain.steps import Json
from lawgate.identity.fold import holds_unseen

KEY = "request_key"
FACTS = "offence_facts"
LISTS = ("taxable_periods", "items_requested")
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("given", "middle", "surname", "suffix", "full"),
    "address": (
        "number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country", "text",
    ),
    "proceeding": ("kind", "case_number", "opened", "status"),
}  # fmt: skip
ORDER = (
    KEY, "name", "address", "taxpayer_number", "birth_date", "taxable_periods", "criminal_statute", FACTS, "proceeding",
    "statutory_authority", "reasons", "engaged_officer", "items_requested",
)  # fmt: skip

SEEN_WHOLE = ("name", "address")
"""Fields whose every sign must be one that is seen: what is not seen may stand in place of what is needed."""

_FACT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SHOWABLE = re.compile(r"[A-Za-z][A-Za-z0-9_.\- ]{0,39}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**53 - 1
"""RFC 8785 §3.2.2.3: no greater integer has a canonical form."""


def known_columns() -> tuple[str, ...]:
    """Return the dotted column names of a CSV line file in their usual order; ``offence_facts.<fact>`` columns come on top."""
    dotted = (tuple(f"{field}.{part}" for part in PARTS.get(field, ())) or (field,) for field in ORDER)
    return tuple(name for names in dotted for name in names if name != FACTS)


def is_column(name: str) -> bool:
    """Say whether a dotted name is a column of the format."""
    field, _, fact = name.partition(".")
    return name in _COLUMNS or (field == FACTS and _FACT.fullmatch(fact) is not None)


def shown(name: str) -> str:
    """Return a field's name as it may be repeated in a report: as it is if it looks like a name, else a stand-in."""
    return name if _SHOWABLE.fullmatch(name) else "(a name not fit to print)"


def check_fields(data: Mapping[str, object]) -> tuple[dict[str, Json], list[tuple[str, str]]]:
    """Sort a line's fields into those in their form and ``(code, dotted name)`` of those that are not (112, 114) or not known (113)."""
    good: dict[str, Json] = {}
    bad: list[tuple[str, str]] = []
    for name, value in data.items():
        problems = [] if _is_usual(name, value) else list(_problems(name, value))
        if problems:
            bad += problems
        else:
            good[name] = value  # type: ignore[assignment]  # _problems has just established it
    return good, bad


def _is_usual(name: str, value: object) -> bool:
    """Say quickly, of most fields, that nothing is wrong with them; ``_problems`` says what is wrong with others."""
    if isinstance(value, str):
        return name in _TEXTS and _is_text(value)
    known = _PARTS.get(name)
    if known is not None:
        fits = _is_seen if name in SEEN_WHOLE else _is_text
        return isinstance(value, dict) and value.keys() <= known and all(map(fits, value.values()))
    return name in LISTS and _is_list(value)


def _problems(name: str, value: object) -> Iterator[tuple[str, str]]:
    if name not in ORDER:
        yield "113", shown(name)
    elif name in PARTS:
        yield from _part_problems(name, value, lambda part: part in PARTS[name], _is_text)
    elif name == FACTS:
        yield from _part_problems(name, value, lambda fact: _FACT.fullmatch(fact) is not None, _is_fact)
    elif not (_is_list(value) if name in LISTS else _is_text(value)):
        yield "112", name


def _part_problems(
    name: str, value: object, known: Callable[[str], bool], fits: Callable[[object], bool]
) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield "112", name
        return
    for part, inner in value.items():
        if not known(part):
            yield "113", shown(f"{name}.{part}")
        elif not fits(inner):
            yield "112", f"{name}.{part}"
        elif name in SEEN_WHOLE and not _is_seen(inner):
            yield "114", f"{name}.{part}"


def _is_text(value: object) -> bool:
    """A string that UTF-8 can write: JSON's escapes can make lone surrogates, which no canonical form has."""
    return isinstance(value, str) and (value.isascii() or _SURROGATE.search(value) is None)


def _is_seen(value: object) -> bool:
    return isinstance(value, str) and _is_text(value) and not holds_unseen(value)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_fact(value: object) -> bool:
    return _is_text(value) or (isinstance(value, int) and abs(value) <= _LARGEST)


_COLUMNS = frozenset(known_columns())
_TEXTS = frozenset(ORDER) - {*PARTS, *LISTS, FACTS}
_PARTS = {name: frozenset(parts) for name, parts in PARTS.items()}
