"""What the memory writes of the domain it reads back equal, type by type; anything else it refuses."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawgate.domain.errors import StoreError
from lawgate.domain.kept import Accounting
from lawgate.domain.steps import (
    Admitted,
    Approved,
    Authorised,
    Line,
    LineStatus,
    Matched,
    Proposed,
    Received,
    Rejected,
    SignedDecision,
)
from lawgate.store.codec import decode, encode

TEXT = st.text(st.characters(), max_size=8)  # lone surrogates included: a JSON line may hold them
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(),
    bool: st.booleans(),
    bytes: st.binary(max_size=40),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the domain."""
    if hint in SCALARS:
        return SCALARS[hint]
    if hasattr(hint, "__supertype__"):
        return values_of(hint.__supertype__)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(cast(Any, hint), **{f.name: values_of(hints[f.name]) for f in fields(hint)})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    args = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(values_of(args[0]), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(TEXT, values_of(args[1]), max_size=2)
    assert get_origin(hint) in (Union, types.UnionType)
    if len(args) == 2:
        return st.none() | values_of(args[0])
    return JSON


STEPS = (Line, Received, Rejected, Admitted, Approved, Matched, Proposed, Authorised, LineStatus, Accounting)


@pytest.mark.parametrize("kind", STEPS)
def test_what_is_written_of_a_step_is_read_back_equal(kind: Any) -> None:
    @settings(suppress_health_check=[HealthCheck.too_slow])  # a loaded machine, not the values
    @given(values_of(kind))
    def read_after_write(value: Any) -> None:
        raw = encode(value)
        assert raw.isascii()
        assert decode(kind, raw) == value

    read_after_write()


SIGNED = SignedDecision("s", "k", "p", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": 1},
        {"at": "2026-01-01T00:00:00"},
        {"at": "yesterday"},
        {"more": "members"},
        {"person": None},
    ],
)
def test_another_form_is_refused(change: dict[str, Any]) -> None:
    plain = json.loads(encode(SIGNED))
    assert decode(SignedDecision, json.dumps(plain).encode()) == SIGNED
    with pytest.raises(StoreError, match="SignedDecision"):
        decode(SignedDecision, json.dumps({**plain, **change}).encode())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"sha256":"s"}'])
def test_bytes_that_are_no_step_are_refused(raw: bytes) -> None:
    with pytest.raises(StoreError):
        decode(SignedDecision, raw)


@pytest.mark.parametrize(
    "value",
    [1.5, {1: "a"}, {"a": object()}, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), {"a", "b"}],
)
def test_a_value_the_domain_does_not_use_is_not_written(value: Any) -> None:
    with pytest.raises(StoreError):
        encode(value)
