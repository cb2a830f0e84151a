"""The domain's dataclasses as JSON bytes and back: what was written is read back equal, and anything else is refused.

The types themselves say the form. Pydantic would do this, but cannot follow the recursive alias ``Json`` on Python 3.11, where the
standard library has no ``type`` statement.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import Json

T = TypeVar("T")
Decoder = Callable[[Any], Any]
Path = tuple[str, ...]


def encode(value: object, less: Path = ()) -> bytes:
    """Write a value of the domain as JSON bytes, but for the member at ``less``, which stands elsewhere.

    Raises StoreError for a type the domain does not use.
    """
    plain = _plain(value)
    if less:
        del _holder(plain, less)[less[-1]]
    return json.dumps(plain, separators=(",", ":")).encode("ascii")


def decode(kind: type[T], raw: bytes, more: Path = (), member: bytes = b"") -> T:
    """Read back what ``encode`` wrote of a ``kind``, its member at ``more`` put back. Raises StoreError for another form."""
    try:
        plain = json.loads(raw)
        if more:
            _holder(plain, more)[more[-1]] = json.loads(member)
        return cast(T, _decoder(cast(Hashable, kind))(plain))
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"a kept {kind.__name__} does not have the form this version reads") from None


def _holder(plain: Json, path: Path) -> dict[str, Json]:
    for name in path[:-1]:
        plain = _dict(plain)[name]
    return _dict(plain)


def _plain(value: object) -> Json:
    if value is None or type(value) in (str, int, bool):
        return cast(Json, value)
    if isinstance(value, Enum):
        return cast(Json, value.value)
    members = _members(cast(Hashable, type(value)))
    if members is not None:
        return {name: _plain(getattr(value, name)) for name in members}
    if isinstance(value, Mapping):
        if any(type(k) is not str for k in value):
            raise StoreError("a mapping whose keys are not texts cannot be kept")
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, bytes):
        return value.hex()
    return _plain_time(value)


@cache
def _members(kind: Hashable) -> tuple[str, ...] | None:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else None


def _plain_time(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise StoreError("a moment without a time zone cannot be kept")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise StoreError(f"a value of type {type(value).__name__} cannot be kept")


@cache
def _decoder(hint: Hashable) -> Decoder:
    """Choose, once per type, how its JSON is read."""
    scalar = _SCALARS.get(hint)
    if scalar is not None:
        return scalar
    if hasattr(hint, "__supertype__"):
        return _decoder(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return _dataclass_decoder(cast(type, hint))
    return _generic_decoder(hint)


def _generic_decoder(hint: Any) -> Decoder:
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _decoder(args[0])
        return lambda raw: tuple(item(v) for v in _list(raw))
    if origin is Mapping:
        value = _decoder(args[1])
        return lambda raw: {k: value(v) for k, v in _dict(raw).items()}
    if origin in (Union, types.UnionType):
        return _union_decoder(args)
    raise TypeError("no form for this type")


def _union_decoder(args: tuple[Any, ...]) -> Decoder:
    if len(args) == 2 and type(None) in args:
        inner = _decoder(next(a for a in args if a is not type(None)))
        return lambda raw: None if raw is None else inner(raw)
    # The only other union of the domain is Json: it is its own form.
    return lambda raw: raw


def _dataclass_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    members = {f.name: _decoder(hints[f.name]) for f in fields(kind)}

    def read(raw: Any) -> object:
        if _dict(raw).keys() != members.keys():
            raise ValueError("other members")
        return kind(**{name: member(raw[name]) for name, member in members.items()})

    return read


def _text(raw: Any) -> str:
    if type(raw) is not str:
        raise TypeError("not a text")
    return raw


def _integer(raw: Any) -> int:
    if type(raw) is not int:
        raise TypeError("not an integer")
    return raw


def _boolean(raw: Any) -> bool:
    if type(raw) is not bool:
        raise TypeError("not a boolean")
    return raw


def _list(raw: Any) -> list[Any]:
    if type(raw) is not list:
        raise TypeError("not a list")
    return raw


def _dict(raw: Any) -> dict[str, Any]:
    if type(raw) is not dict:
        raise TypeError("not an object")
    return raw


def _moment(raw: Any) -> datetime:
    moment = datetime.fromisoformat(_text(raw))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment.astimezone(UTC)


_SCALARS: dict[Any, Decoder] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    bytes: lambda raw: bytes.fromhex(_text(raw)),
    datetime: _moment,
    date: lambda raw: date.fromisoformat(_text(raw)),
}
