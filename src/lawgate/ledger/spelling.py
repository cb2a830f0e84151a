"""The one spelling that names, numbers and base64 have in the log's texts; every other spelling is refused."""

from __future__ import annotations

import binascii
import re

from lawgate.domain.errors import LedgerError

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


def check_name(name: str) -> str:
    """Return the name if a key may have it. Raises LedgerError if empty, or with white space, ``+`` or a control character."""
    if not name or any(char.isspace() or char == "+" or char < " " for char in name):
        raise LedgerError("a key name is empty or holds white space or a plus sign")
    return name


def parse_decimal(text: str) -> int:
    """Read a decimal number in its one spelling: digits only, no leading zero, below 10^18. Raises LedgerError."""
    if _DECIMAL.fullmatch(text) is None:
        raise LedgerError("a number is not in plain decimal")
    return int(text)


def encode64(raw: bytes) -> str:
    """Write standard base64 with padding (RFC 4648 §4)."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def decode64(text: str) -> bytes:
    """Read base64 in its one canonical spelling. Raises LedgerError for any other."""
    try:
        spelt = text.encode("ascii")
        raw = binascii.a2b_base64(spelt, strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise LedgerError("not base64") from None
    if binascii.b2a_base64(raw, newline=False) != spelt:
        raise LedgerError("not the canonical base64")
    return raw
