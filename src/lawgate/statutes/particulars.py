"""Reads a ``pack.toml``: what a lawyer writes of a ground beside its words. Every fault is named with its heading and what to write."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lawgate.domain.errors import StatuteError
from lawgate.domain.finding import Basis
from lawgate.domain.standing import Role
from lawgate.statutes.pack import Authority, Ground, HumanStep, Pack, Permitted, Rests, Source, Switch
from lawgate.statutes.rule import Element

FILE = "pack.toml"
SOURCES = ("taxpayer", "third-party", "agency")
"""Whom an address on record can come from."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Id = Annotated[str, StringConstraints(pattern=r"^usc[0-9]+-[0-9a-z-]+$")]
_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_From = Annotated[str, StringConstraints(pattern=f"^({'|'.join(SOURCES)})$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Part):
    name: Text
    file: Text
    day: date
    sha256: _Digest


class _Permitted(_Part):
    item: Text
    sources: tuple[_From, ...] = Field(min_length=1)
    authority: Text


class _Offices(_Part):
    any_agency: tuple[Text, ...]
    justice: tuple[Text, ...]


class _Step(_Part):
    id: Text
    citation: Text
    basis: Basis
    by: Role
    sentence: Text
    kept: Text


class _Authority(_Part):
    kind: Rests
    name: Text


class _Switch(_Part):
    name: Text
    value: bool
    authority: _Authority


class _Version(_Part):
    version: Annotated[str, StringConstraints(pattern="^[0-9a-z][0-9a-z.-]*$")]
    in_force_from: date | None = None
    in_force_until: date | None = None
    applied: bool = True
    rests_on: tuple[_Authority, ...] = Field(min_length=1)
    switch: tuple[_Switch, ...] = ()


class _Requirement(_Part):
    id: Text
    elements: tuple[Text, ...] = ()
    reason: str = ""


class _Particulars(_Part):
    id: _Id
    title: Text
    citation: Text
    accounted: bool
    purpose_code: Text
    authority: Text
    minimising: Text
    terms: Text
    source: tuple[_Source, ...] = Field(min_length=1)
    permitted: tuple[_Permitted, ...] = ()
    offices: _Offices
    denies: tuple[Text, ...] = ()
    step: tuple[_Step, ...] = ()
    version: tuple[_Version, ...] = Field(min_length=1)
    excused: dict[str, Text] = {}
    requirement: tuple[_Requirement, ...] = ()
    bound: dict[str, _Digest] = {}


def read_ground(particulars: str, rules: Sequence[Element]) -> Ground:
    """Make a ground of a ``pack.toml`` and its rules.

    Raises StatuteError, which names every fault by its heading and says what to write there.
    """
    written = _written(particulars)
    return Ground(tuple(_pack(written, version, rules) for version in written.version))


def faults(particulars: str) -> tuple[str, ...]:
    """Return what is wrong with the form of a ``pack.toml``, one sentence each: where it stands and what to write."""
    try:
        document = tomllib.loads(particulars)
    except tomllib.TOMLDecodeError as fault:
        return (f"{FILE}: this is no TOML: {fault}",)
    try:
        _Particulars.model_validate(document)
    except ValidationError as fault:
        return tuple(_said(fault))
    return ()


def _written(particulars: str) -> _Particulars:
    if found := faults(particulars):
        raise StatuteError("\n".join(("the particulars of a pack are not in order:", *found)))
    return _Particulars.model_validate(tomllib.loads(particulars))


def _said(fault: ValidationError) -> Iterator[str]:
    for error in fault.errors(include_url=False):
        yield f"{FILE}, {_place(error['loc'])}: {_advice(error)}"


def _place(where: Sequence[str | int]) -> str:
    """Say where a fault stands: a table by its heading, a repeated one with its number, then the key."""
    said: list[str] = []
    for part in where:
        if isinstance(part, int):
            said[-1] = f"[[{said[-1]}]] number {part + 1}"
        else:
            said.append(part)
    return ", ".join(said)


def _advice(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "it is missing; write it"
    if kind == "extra_forbidden":
        return "no such key is known here; remove it, or correct its spelling"
    if kind == "enum":
        return f"write one of {context['expected']}"
    if kind == "string_too_short":
        return "write something; blank says nothing"
    if kind == "string_pattern_mismatch":
        return f"write text of the form {context['pattern']}"
    if kind == "too_short":
        return "write at least one"
    if kind.startswith("date"):
        return "write a day, as 2026-02-24, without quotation marks"
    if kind.startswith("bool"):
        return "write true or false"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}"


def _pack(written: _Particulars, version: _Version, rules: Sequence[Element]) -> Pack:
    return Pack(
        id=written.id,
        title=written.title,
        version=version.version,
        since=version.in_force_from,
        until=version.in_force_until,
        applied=version.applied,
        rests_on=tuple(map(_authority, version.rests_on)),
        citation=written.citation,
        sources=tuple(Source(s.name, s.file, s.day, s.sha256) for s in written.source),
        rules=tuple(rules),
        permitted=tuple(Permitted(p.item, p.sources, p.authority) for p in written.permitted),
        minimising=written.minimising,
        steps=tuple(HumanStep(s.id, s.citation, s.basis, s.by, s.sentence, s.kept) for s in written.step),
        offices=written.offices.any_agency,
        justice_offices=written.offices.justice,
        denies=written.denies,
        switches=tuple(Switch(s.name, s.value, _authority(s.authority)) for s in version.switch),
        accounted=written.accounted,
        purpose_code=written.purpose_code,
        authority=written.authority,
        terms=written.terms,
    )


def _authority(written: _Authority) -> Authority:
    return Authority(written.kind, written.name)
