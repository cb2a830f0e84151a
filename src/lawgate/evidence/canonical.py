"""RFC 8785 canonical JSON: one value has one spelling, and no other spelling is read."""

from __future__ import annotations

import hashlib
import json
from typing import Never

import rfc8785

from lawgate.domain.steps import Json

_GREATEST = 2**53 - 1
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)


def canonical(value: Json) -> bytes:
    """Write a value as RFC 8785 canonical JSON (UTF-8).

    Raises ValueError for what has no canonical form: an integer beyond 2^53 - 1 (RFC 8785 §3.2.2.3), a lone surrogate.
    """
    try:
        # The standard library's C writer gives the very same bytes for such values, many times faster; a property says so.
        return _WRITER.encode(value).encode("utf-8") if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise ValueError("value has no canonical JSON form") from None


def parse_canonical(raw: bytes) -> dict[str, Json]:
    """Read one canonical JSON object.

    Raises ValueError for anything that is not its own canonical form: other key order or spacing, duplicate keys, floats,
    a byte too many. So two readers of the same bytes can never see two values.
    """
    try:
        value: Json = _READER.decode(raw.decode("utf-8"))
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


def _refuse(_text: str) -> Never:
    raise ValueError("a number that is not an integer")


# Made once: json.loads makes one for each call that asks for anything special.
_READER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


def _is_plain(value: object) -> bool:
    """Say whether a value holds only texts, truth values, nulls and integers that have a canonical form, under names in ASCII.

    Other names sort by their UTF-16 spelling, and what is of any other type is the library's to judge.
    """
    kind = type(value)
    if kind is str:
        return True
    if kind is dict:
        members: dict[object, object] = value  # type: ignore[assignment]
        for name, member in members.items():
            if type(name) is not str or not name.isascii():
                return False
            if type(member) is not str and not _is_plain(member):
                return False
        return True
    if kind is int:
        return -_GREATEST <= value <= _GREATEST  # type: ignore[operator]
    if kind is list:
        items: list[object] = value  # type: ignore[assignment]
        return all(type(item) is str or _is_plain(item) for item in items)
    return kind is bool or value is None
