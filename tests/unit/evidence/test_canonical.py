"""The quick way to write canonical JSON and the library's way are one way."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lawgate.evidence.canonical import canonical

LARGEST = 2**53 - 1
LEAVES = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(VALUES)
def test_every_value_is_written_as_the_library_writes_it(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_every_text_is_escaped_as_the_library_escapes_it(text: str) -> None:
    assert canonical({text: text}) == rfc8785.dumps({text: text})


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, [2**53], {"a": -(2**53)}, {"a": ["\ud800"]}])
def test_what_has_no_canonical_form_is_refused_both_ways(value: object) -> None:
    with pytest.raises(ValueError, match="no canonical JSON form"):
        canonical(value)  # type: ignore[arg-type]
