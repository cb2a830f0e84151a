"""LDTasks of an ETSI TS 103 120 message become request lines; what the profile does not have is refused and never guessed."""

from __future__ import annotations

import io
import json
from xml.sax.saxutils import escape

import pytest

from lawgate.adapters.ldtask import read_ldtasks
from lawgate.domain.errors import MalformedRequestError

CORE = "http://uri.etsi.org/03120/common/2019/10/Core"
TASK = "http://uri.etsi.org/03120/common/2020/09/Task"
COMMON = "http://uri.etsi.org/03120/common/2016/02/Common"


def value(name: str, text: str, owner: str = "lawgate") -> str:
    kind = f"<t:FormatType><c:FormatOwner>{owner}</c:FormatOwner><c:FormatName>{name}</c:FormatName></t:FormatType>"
    return f"<t:RequestValue>{kind}<t:Value>{escape(text)}</t:Value></t:RequestValue>"


def task(key: str, *values: str, kind: str = "t:LDTaskObject") -> str:
    details = f"<t:RequestDetails><t:RequestValues>{''.join(values)}</t:RequestValues></t:RequestDetails>"
    return f'<HI1Object xsi:type="{kind}"><ObjectIdentifier>7b</ObjectIdentifier><t:Reference>{key}</t:Reference>{details}</HI1Object>'


def message(*objects: str, action: str = "CREATE") -> io.BytesIO:
    items = "".join(f"<ActionRequest><{action}>{item}</{action}></ActionRequest>" for item in objects)
    spaces = f'xmlns="{CORE}" xmlns:t="{TASK}" xmlns:c="{COMMON}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    return io.BytesIO(
        f"<HI1Message {spaces}><Header/><Payload><RequestPayload>{items}</RequestPayload></Payload></HI1Message>".encode()
    )


def test_a_task_becomes_a_line() -> None:
    values = [
        value("name.full", "Ana Muñoz"),
        value("address.text", "12 N Main St, Eugene, OR 97401"),
        value("taxable_periods", "2023"),
        value("taxable_periods", "2024"),
    ]
    first, second = read_ldtasks(message(task("GB-1", *values), task("GB-2")))
    assert json.loads(first.line) == {
        "request_key": "GB-1",
        "name": {"full": "Ana Muñoz"},
        "address": {"text": "12 N Main St, Eugene, OR 97401"},
        "taxable_periods": ["2023", "2024"],
    }
    assert json.loads(second.line) == {"request_key": "GB-2"}


def test_other_objects_are_no_lines() -> None:
    assert not list(read_ldtasks(message(task("GB-1", kind="a:AuthorisationObject"))))


@pytest.mark.parametrize(
    "bad",
    [
        task("GB-1", value("E164", "447700900000", owner="ETSI")),
        task("GB-1", value("nationality", "XX")),
        task("GB-1", value("request_key", "GB-9")),
        task("GB-1", value("name.full", "A"), value("name.full", "B")),
    ],
)
def test_a_value_outside_the_profile_refuses_its_task_alone(bad: str) -> None:
    first, second = read_ldtasks(message(bad, task("GB-2")))
    assert first.wrong
    assert not first.line
    assert second.line


def test_only_tasks_to_be_created_are_read() -> None:
    (only,) = read_ldtasks(message(task("GB-1"), action="CANCEL"))
    assert only.wrong


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not xml",
        b"<HI1Message/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><HI1Message xmlns="http://uri.etsi.org/03120/common/2019/10/Core">&b;</HI1Message>',
    ],
)
def test_what_is_no_message_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        list(read_ldtasks(io.BytesIO(raw)))
