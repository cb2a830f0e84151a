"""Takes request lines out of an ETSI TS 103 120 message: each LDTaskObject to be created is one line.

The standard leaves open how a name or an address is written in a RequestValue: that is for a national profile. This one is ``lawgate``: a value whose FormatOwner
is ``lawgate`` has one of our dotted column names as its FormatName, and the task's Reference (the LDID) is the request key. A value of another owner
is not taken for something it may not be: its task is refused by its place in the file, and the others are read. Signature and authorisation in the message
are not looked at: a submission is signed anew, by the official and the officers, over the lines that come out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lawgate.domain.errors import MalformedRequestError
from lawgate.domain.steps import Json
from lawgate.intake.columns import header_of, row_of
from lawgate.intake.fields import KEY, LISTS, check_fields, is_column

OWNER = "lawgate"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SPACE = "{http://uri.etsi.org/03120/common/"
MAX_VALUES = 200
"""So many values one task may have."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task by its place among the file's tasks, from 1: its line as JSON, or what is ``wrong`` with it, without any of its data."""

    place: int
    line: bytes = b""
    wrong: str = ""


def read_ldtasks(file: IO[bytes]) -> Iterator[Task]:
    """Read the tasks of a message one after the other, in bounded memory.

    Raises MalformedRequestError ("101") for what is no message of TS 103 120: not XML, a document type or entity in it, another root.
    """
    place, root, opened = 0, None, list[Element]()
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                opened.append(element)
                if root is None:
                    root = _message(element)
                continue
            opened.pop()
            if _name(element) == "HI1Object":
                if element.get(_TYPE, "").rpartition(":")[2] == "LDTaskObject":
                    place += 1
                    yield _task(place, element, {_name(parent) for parent in opened})
                element.clear()
    except (ParseError, DefusedXmlException):
        raise MalformedRequestError("101", "the file is no XML that can be read") from None
    if root is None:
        raise MalformedRequestError("101", "the file is empty")


def _message(root: Element) -> Element:
    if _name(root) != "HI1Message" or not root.tag.startswith(_SPACE):
        raise MalformedRequestError("101", "the file is no message of ETSI TS 103 120")
    return root


def _task(place: int, element: Element, inside: set[str]) -> Task:
    if "CREATE" not in inside:
        return Task(place, wrong="it is no task to be created")
    found = [
        (_text(v, "FormatOwner"), _text(v, "FormatName"), _text(v, "Value"))
        for v in element.iter()
        if _name(v) == "RequestValue"
    ]
    if len(found) > MAX_VALUES:
        return Task(place, wrong=f"it has more than {MAX_VALUES} values")
    cells: dict[str, Json] = {KEY: _text(element, "Reference")}
    for owner, name, value in found:
        if owner != OWNER or not is_column(name) or name == KEY:
            return Task(place, wrong="a value is of a format that this profile does not have")
        if name in LISTS:
            items = cells.setdefault(name, [])
            assert isinstance(items, list)
            items.append(value)
        elif name in cells:
            return Task(place, wrong="a value stands twice")
        else:
            cells[name] = value
    row = row_of(place, list(cells.values()), header_of(tuple(cells), {}))
    good, bad = check_fields(row.data)
    if bad:
        return Task(place, wrong=f"{bad[0][1]} is not in its form")
    return Task(place, json.dumps(good, ensure_ascii=False).encode() + b"\n")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element, name: str) -> str:
    found = next((e for e in element.iter() if _name(e) == name), None)
    return "" if found is None else (found.text or "").strip()
