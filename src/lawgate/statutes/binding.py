"""Holds a pack to its page of the law: every provision is encoded or excused, and every rule is bound to the words it was written from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lawgate.statutes.pack import Pack
from lawgate.statutes.text import anchored, word_digests


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table of what a request must be: the ``elements`` that encode it, or the ``reason`` why none does."""

    id: str
    elements: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Bonds:
    """What ``pack.toml`` says of the page: headings ``excused`` with a reason, rule id to digest of its words, requirements."""

    excused: Mapping[str, str]
    bound: Mapping[str, str]
    requirements: tuple[Requirement, ...]


def read_bonds(particulars: str) -> Bonds:
    """Read the tables ``excused``, ``bound`` and ``requirement`` of a ``pack.toml``."""
    document: dict[str, Any] = tomllib.loads(particulars)
    rows = (
        Requirement(row["id"], tuple(row.get("elements", ())), row.get("reason", ""))
        for row in document.get("requirement", [])
    )
    return Bonds(document.get("excused", {}), document.get("bound", {}), tuple(rows))


def unaccounted(pack: Pack, text: str, bonds: Bonds) -> tuple[str, ...]:
    """Return every provision of the page that is neither encoded nor excused, or both, and every excuse for what is not there."""
    provisions, encoded = word_digests(text), set(anchored(pack).values())
    wrong = [
        f"text.md, “{p}”: it is neither encoded by a rule nor excused; write a rule whose anchor it is, or its reason under [excused] in pack.toml"
        for p in provisions
        if p not in encoded | bonds.excused.keys()
    ]
    wrong += [
        f"pack.toml, [excused], “{p}”: it is excused, though a rule encodes it; remove the excuse"
        for p in bonds.excused
        if p in encoded
    ]
    wrong += [
        f"pack.toml, [excused], “{p}”: it is excused, but is no provision of the page; write the heading as text.md has it"
        for p in bonds.excused
        if p not in provisions
    ]
    wrong += [
        f"pack.toml, [excused], “{p}”: it is excused without a reason; write why no rule encodes it"
        for p, reason in bonds.excused.items()
        if not reason.strip()
    ]
    return tuple(wrong)


def unbound(pack: Pack, text: str, bonds: Bonds) -> tuple[str, ...]:
    """Return every rule that is not bound to the words it was written from, by its id, its provision and what its digest is now."""
    words, anchors = word_digests(text), anchored(pack)
    wrong = []
    for rule, anchor in anchors.items():
        if anchor not in words:
            wrong.append(
                f"rules.py, {rule} was written from “{anchor}”, which is not on the page; write the heading as text.md has it"
            )
        elif rule not in bonds.bound:
            wrong.append(
                f'pack.toml, [bound]: {rule} is bound to no words; read it beside “{anchor}”, then write "{rule}" = "{words[anchor]}"'
            )
        elif bonds.bound[rule] != words[anchor]:
            wrong.append(
                f'{rule}: the words of “{anchor}” changed since it was written; read it again, then write "{rule}" = "{words[anchor]}" under [bound] in pack.toml'
            )
    return (
        *wrong,
        *(
            f"pack.toml, [bound]: {rule} is bound, but there is no such rule; remove the line"
            for rule in bonds.bound
            if rule not in anchors
        ),
    )


def unfounded(pack: Pack, bonds: Bonds) -> tuple[str, ...]:
    """Return every requirement without element or reason, or with an unknown element, and every element no requirement names."""
    elements = {element.id for element in pack.rules}
    named = {element for row in bonds.requirements for element in row.elements}
    wrong = [
        f"pack.toml, [[requirement]]: requirement {row.id} needs elements or a reason, and not both"
        for row in bonds.requirements
        if bool(row.elements) is bool(row.reason.strip())
    ]
    wrong += [
        f"pack.toml, [[requirement]]: requirement {row.id}: there is no element {e} in rules.py"
        for row in bonds.requirements
        for e in row.elements
        if e not in elements
    ]
    return (
        *wrong,
        *(
            f"pack.toml, [[requirement]]: {element} stands under no requirement; add it to the one it encodes"
            for element in sorted(elements - named)
        ),
    )
