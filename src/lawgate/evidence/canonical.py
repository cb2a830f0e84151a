"""RFC 8785 canonical JSON: one value has one spelling, and no other spelling is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Annotated, Never, cast

import msgspec
import rfc8785

from lawgate.domain.steps import Json

_TEXT = {str}
_TEXT_OR_NUMBER = {str, int}
_GREATEST = 2**53 - 1
_WRITER = msgspec.json.Encoder(order="sorted")
_READER = msgspec.json.Decoder()
_Scalar = str | Annotated[int, msgspec.Meta(ge=-_GREATEST, le=_GREATEST)]
_COMMON = msgspec.json.Decoder(dict[str, _Scalar | dict[str, _Scalar] | list[_Scalar]])
"""Reads the form that nearly all entries have, and refuses every other in one step."""


def canonical(value: Json) -> bytes:
    """Write a value as RFC 8785 canonical JSON (UTF-8).

    Raises ValueError for what has no canonical form: an integer beyond 2^53 - 1 (RFC 8785 §3.2.2.3), a lone surrogate.
    """
    try:
        # This writer gives the very same bytes for such values, many times faster; a property says so.
        return _WRITER.encode(value) if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise ValueError("value has no canonical JSON form") from None


def written(value: Json) -> Json:
    """Write a value once for all the places it is a part of: what this returns stands for it in ``canonical``, and is of use nowhere else.

    Raises ValueError as ``canonical`` does.
    """
    return cast(Json, msgspec.Raw(canonical(value)))


def parse_canonical(raw: bytes) -> dict[str, Json]:
    """Read one canonical JSON object.

    Raises ValueError for anything that is not its own canonical form: other key order or spacing, duplicate keys, floats,
    a byte too many. So two readers of the same bytes can never see two values.
    """
    value = _quickly(raw)
    return _strictly(raw) if value is None else value


def parse_common(raw: bytes) -> dict[str, Json] | None:
    """Read one canonical JSON object in ASCII whose members are strings and integers, or lists and objects of those; None for any other."""
    # In ASCII, names are sorted by their bytes.
    if not raw.isascii():
        return None
    try:
        common = _COMMON.decode(raw)
    except msgspec.MsgspecError:
        return None
    # Written again, another spelling of a name or a number is another.
    return cast(dict[str, Json], common) if _WRITER.encode(common) == raw else None


def _quickly(raw: bytes) -> dict[str, Json] | None:
    """Read what the fast writer would write just so; None is for all else, which is looked at closely."""
    common = parse_common(raw)
    if common is not None:
        return common
    try:
        value: object = _READER.decode(raw)
        if isinstance(value, dict) and _is_plain(value) and _WRITER.encode(value) == raw:
            return value
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return None
    return None


def _strictly(raw: bytes) -> dict[str, Json]:
    try:
        value: Json = _STRICT.decode(raw.decode("utf-8"))
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
_STRICT = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


def _is_plain(value: object) -> bool:
    """Say whether a value holds only texts, truth values, nulls and integers that have a canonical form, under names in ASCII, or what is
    written already.

    Other names sort by their UTF-16 spelling, and what is of any other type is the library's to judge.
    """
    kind = type(value)
    if kind is str:
        return True
    if kind is dict:
        members: dict[str, object] = value  # type: ignore[assignment]
        return _are_texts(members) and "".join(members).isascii() and _are_plain(members.values())
    if kind is int:
        return -_GREATEST <= value <= _GREATEST  # type: ignore[operator]
    if kind is list:
        items: list[object] = value  # type: ignore[assignment]
        return _are_plain(items)
    return kind is bool or value is None or kind is msgspec.Raw


def _are_texts(values: Collection[object]) -> bool:
    return set(map(type, values)) <= _TEXT


def _are_plain(values: Collection[object]) -> bool:
    kinds = set(map(type, values))
    if kinds <= _TEXT:
        return True
    if kinds <= _TEXT_OR_NUMBER:
        numbers = [value for value in values if type(value) is int]
        return min(numbers) >= -_GREATEST and max(numbers) <= _GREATEST
    return all(type(value) is str or _is_plain(value) for value in values)
