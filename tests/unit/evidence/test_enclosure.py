from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lawgate.domain.errors import LedgerError
from lawgate.evidence.enclosure import enclose, take_out

READER, ANOTHER = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


@given(st.binary(max_size=3000), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_the_reader_takes_out_what_was_enclosed_and_nobody_else(clear: bytes, answer: str) -> None:
    enclosed = enclose(READER.public_key(), answer, clear)
    assert take_out(READER, answer, enclosed) == clear
    assert enclosed != enclose(READER.public_key(), answer, clear), "a data key for each"
    for reader, name in ((ANOTHER, answer), (READER, answer[::-1] + "0")):
        with pytest.raises(LedgerError):
            take_out(reader, name, enclosed)


def test_not_a_byte_of_it_can_change_or_be_missing() -> None:
    enclosed = enclose(READER.public_key(), "0" * 32, b"clear")
    for at in range(len(enclosed)):
        for changed in (enclosed[:at], enclosed[:at] + bytes([enclosed[at] ^ 1]) + enclosed[at + 1 :]):
            with pytest.raises(LedgerError):
                take_out(READER, "0" * 32, changed)
