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

import msgspec

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import Json

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any], Any]

_WRITER = msgspec.json.Encoder()
_READER = msgspec.json.Decoder()


def encode(value: object) -> bytes:
    """Write a value of the domain as JSON bytes. Raises StoreError for a type the domain does not use."""
    kind = type(value)
    try:
        plain = _dataclass_encoder(kind)(value) if is_dataclass(kind) else _plain(value)
        return _written(plain)
    except (TypeError, ValueError, AttributeError):
        raise StoreError(f"a value of type {kind.__name__} cannot be kept") from None


def decode(kind: type[T], raw: bytes) -> T:
    """Read back what ``encode`` wrote of a ``kind``. Raises StoreError for another form."""
    try:
        return cast(T, _decoder(cast(Hashable, kind))(_read(raw)))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreError(f"a kept {kind.__name__} does not have the form this version reads") from None


def _written(plain: Any) -> bytes:
    """Write in ASCII. Most of what is kept is in ASCII as it is; half a surrogate pair JSON can say, and UTF-8 cannot."""
    try:
        raw = _WRITER.encode(plain)
    except UnicodeEncodeError:
        raw = b""
    if raw and raw.isascii():
        return raw
    return json.dumps(plain, separators=(",", ":")).encode("ascii")


def _read(raw: bytes) -> Any:
    try:
        return _READER.decode(raw)
    except msgspec.MsgspecError:
        return json.loads(raw)


def _is_json(value: Any) -> bool:
    """Say whether a value is of the type ``Json`` as it stands."""
    kind = type(value)
    if kind is dict:
        return all(type(k) is str and (type(v) is str or _is_json(v)) for k, v in value.items())
    if kind is list:
        return all(type(v) is str or _is_json(v) for v in value)
    return value is None or kind is str or kind is int or kind is bool


def _json(value: Any) -> Any:
    """Let through what is ``Json`` as it stands, and make it of what is like it."""
    return value if _is_json(value) else _plain(value)


def _plain(value: Any) -> Json:
    """Check a value of the type ``Json`` or a scalar; what is none is refused."""
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return cast(Json, value)
    if isinstance(value, Mapping):
        if any(type(k) is not str for k in value):
            raise TypeError("a mapping whose keys are not texts")
        return {k: v if type(v) is str else _plain(v) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [_plain(v) for v in value]
    raise TypeError("not JSON")


@cache
def _dataclass_encoder(kind: Any) -> Encoder:
    """Choose, once per type, how its members are written; a text or a number is written as it stands."""
    hints = get_type_hints(kind)
    members = [(f.name, _encoder(hints[f.name])) for f in fields(kind)]

    def write(value: Any) -> dict[str, Any]:
        return {
            name: getattr(value, name) if member is None else member(getattr(value, name))
            for name, member in members
        }

    return write


@cache
def _encoder(hint: Hashable) -> Encoder | None:
    """Choose, once per type, how it is written; None for what JSON writes by itself."""
    if hint in (str, int, bool):
        return None
    if hint in _WRITTEN:
        return _WRITTEN[hint]
    if hasattr(hint, "__supertype__"):
        return _encoder(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if is_dataclass(hint):
        return _dataclass_encoder(hint)
    return _generic_encoder(hint)


def _generic_encoder(hint: Any) -> Encoder | None:
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _encoder(args[0])
        return None if item is None else lambda value: [item(v) for v in value]
    if origin in (Union, types.UnionType) and len(args) == 2 and type(None) in args:
        inner = _encoder(next(a for a in args if a is not type(None)))
        return None if inner is None else lambda value: None if value is None else inner(value)
    # Json, and mappings of texts to it.
    return _json


def _moment_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC).isoformat()


_WRITTEN: dict[Any, Encoder] = {
    bytes: bytes.hex,
    datetime: _moment_text,
    date: date.isoformat,
}


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
    if origin is Mapping and args[1] is str:
        return _texts
    if origin is Mapping:
        return _dict  # values of Json are their own form
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
    # A text, number or truth value is looked at right here; only what has parts is handed on.
    members = [(f.name, _exact(hints[f.name]), _decoder(hints[f.name])) for f in fields(kind)]

    def read(raw: Any) -> object:
        if len(_dict(raw)) != len(members):
            raise ValueError("other members")
        values = []
        for name, exact, member in members:
            value = raw[name]
            if exact is None:
                value = member(value)
            elif type(value) is not exact:
                raise TypeError("another type")
            values.append(value)
        return kind(*values)

    return read


def _exact(hint: Any) -> type | None:
    plain = getattr(hint, "__supertype__", hint)
    return plain if plain in (str, int, bool) else None


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


def _texts(raw: Any) -> dict[str, str]:
    if not all(type(v) is str for v in _dict(raw).values()):
        raise TypeError("not texts")
    return cast(dict[str, str], raw)


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
