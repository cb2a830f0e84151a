"""RFC 8785 canonical JSON: one value has one spelling, and no other spelling is read."""

from __future__ import annotations

import hashlib
import json
from typing import Never

import rfc8785

from lawgate.domain.steps import Json


def canonical(value: Json) -> bytes:
    """Write a value as RFC 8785 canonical JSON (UTF-8).

    Raises ValueError for what has no canonical form: an integer beyond 2^53 - 1 (RFC 8785 §3.2.2.3), a lone surrogate.
    """
    try:
        # The standard library writes such values in the same way, thirty times faster, and lines come by the million.
        return _written(value).encode("utf-8") if _is_usual(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise ValueError("value has no canonical JSON form") from None


def parse_canonical(raw: bytes) -> dict[str, Json]:
    """Read one canonical JSON object.

    Raises ValueError for anything that is not its own canonical form: other key order or spacing, duplicate keys, floats,
    a byte too many. So two readers of the same bytes can never see two values.
    """
    try:
        value: Json = json.loads(raw.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ValueError("not JSON of strings and integers") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    if canonical(value) != raw:
        raise ValueError("not in canonical form")
    return value


def sha256_hex(raw: bytes) -> str:
    """Return the SHA-256 digest as 64 lower-case hex digits."""
    return hashlib.sha256(raw).hexdigest()


_written = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
).encode
_LARGEST = 2**53 - 1


def _is_usual(value: object) -> bool:
    """Say whether a value is made only of what the standard library writes as RFC 8785 does.

    That is: texts, booleans, null, integers in range, lists, and objects with ASCII names (others are sorted by UTF-16 units).
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        for name, inner in value.items():  # type: ignore[attr-defined]
            if type(name) is not str or not name.isascii():
                return False
            if type(inner) is not str and not _is_usual(inner):
                return False
        return True
    if kind is list:
        return all(type(inner) is str or _is_usual(inner) for inner in value)  # type: ignore[attr-defined]
    return kind is int and -_LARGEST <= value <= _LARGEST  # type: ignore[operator]


def _refuse(_text: str) -> Never:
    raise ValueError("number is not an integer")
