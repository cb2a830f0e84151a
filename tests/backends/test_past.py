"""Of what is kept of a line, reading the past takes some members: they are members of it, and another form is refused."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import msgspec
import pytest

from lawgate.domain.errors import StoreError
from lawgate.store import past as store_past
from lawgate.store.bodies import AnswerBody, ApprovalBody, LookupBody, Said, StatusBody

BODIES = [
    (store_past.Found, StatusBody),
    (store_past.Found, ApprovalBody),
    (store_past.SaidKind, Said),
    (store_past.Looked, LookupBody),
    (store_past.Left, AnswerBody),
]


@pytest.mark.parametrize(("some", "body"), BODIES)
def test_what_is_read_of_a_kept_value_is_a_part_of_it(some: type[msgspec.Struct], body: Any) -> None:
    assert set(some.__struct_fields__) <= {f.name for f in fields(body)}


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"findings":"1"}', b'{"findings":null}', b"\xff"])
def test_another_form_is_refused(raw: bytes) -> None:
    with pytest.raises(StoreError, match="form this version reads"):
        store_past._found(raw)


def test_half_a_pair_of_surrogates_beside_it_does_no_harm() -> None:
    assert store_past._found(b'{"request_key":"\\ud800","findings":3}').findings == 3
    assert store_past._found(b'{"findings":3,"hints":["\\udfff"]}').findings == 3
