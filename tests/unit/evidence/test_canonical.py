"""The quick writer and the library give the same bytes, or refuse the same values."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from lawgate.evidence.canonical import canonical, parse_canonical

TEXT = st.text(st.characters(), max_size=12)  # surrogates, controls and characters beyond 16 bits among them
NUMBERS = (
    st.integers() | st.integers(2**53 - 3, 2**53 + 3) | st.integers(-(2**53) - 3, -(2**53) + 3) | st.floats()
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT | st.tuples(TEXT),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def library(value: Any) -> bytes | None:
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return None


def ours(value: Any) -> bytes | None:
    try:
        return canonical(value)
    except ValueError:
        return None


@given(VALUES)
@example({"a": "".join(map(chr, range(0x20)))})
@example({"é": 1, "z": 2, "a": 3})
@example({"\ufb33": 1, "\U0001f600": 2})
@example({"a": [{"b": '\x7f\u2028</script>\\"/\U0010ffff'}]})
@example("\ud800")
@example([2**53, -(2**53)])
def test_the_bytes_are_the_librarys(value: Any) -> None:
    assert ours(value) == library(value)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_what_is_read_back_is_its_own_form(value: Any) -> None:
    raw = ours(value)
    try:
        read = parse_canonical(raw or b"")
    except ValueError:
        return
    assert canonical(read) == raw


@pytest.mark.parametrize("value", [{1: "a"}, {"a": b"x"}, {"a": {1, 2}}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


def test_what_is_too_deep_is_refused() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="no canonical"):
        canonical(value)
