"""RFC 8785 canonical JSON: writes it, and reads only bytes that are exactly what it would write."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import TypeAlias

from lawgate_verifier.refused import Refused, demand

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

# RFC 7493 section 2.2: beyond this an integer is not the same number for every reader.
LARGEST_INTEGER = 2**53 - 1


def encode(value: Json) -> bytes:
    """Write a value in canonical form. Raises Refused for what has none (NaN, huge integers, lone surrogates)."""
    try:
        return _text(value).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise Refused(0, "The JSON holds broken characters or is nested too deeply.") from None


def parse(raw: bytes) -> Json:
    """Read canonical JSON. Raises Refused unless writing the value again gives the very same bytes.

    The comparison is what refuses duplicate members, spaces, other escapes and other orders.
    """
    try:
        value: Json = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(0, "The bytes are not JSON.") from None
    demand(encode(value) == raw, "The JSON is not in canonical form.")
    return value


def parse_object(raw: bytes) -> dict[str, Json]:
    """Read a canonical JSON object. Raises Refused for anything else."""
    value = parse(raw)
    if not isinstance(value, dict):
        raise Refused(0, "The JSON is not an object.")
    return value


def is_plain(value: Json) -> bool:
    """Say whether a value is made of strings, integers, objects and arrays only (format section 1)."""
    if isinstance(value, dict):
        return all(is_plain(inner) for inner in value.values())
    if isinstance(value, list):
        return all(is_plain(inner) for inner in value)
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _text(value: Json) -> str:
    if isinstance(value, dict):
        # RFC 8785 section 3.2.3: members in the order of their UTF-16 code units.
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_string(name)}:{_text(inner)}" for name, inner in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_text(inner) for inner in value) + "]"
    if isinstance(value, str):
        return _string(value)
    return _scalar(value)


def _string(value: str) -> str:
    # The standard library's escapes with ensure_ascii off are those of RFC 8785 section 3.2.2.2.
    return json.dumps(value, ensure_ascii=False)


def _scalar(value: int | float | bool | None) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return _float(value)
    demand(abs(value) <= LARGEST_INTEGER, "An integer is too large to be the same for every reader.")
    return str(value)


def _float(value: float) -> str:
    """Write a double as ECMAScript's Number::toString does: shortest digits, exponents beyond 21 places and below 1e-6."""
    demand(math.isfinite(value), "A number is not finite.")
    if value == 0:
        return "0"
    _, digits_found, exponent = Decimal(repr(abs(value))).as_tuple()
    digits = "".join(map(str, digits_found))
    point = len(digits) + int(exponent)
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if 0 < point <= 21:
        whole, rest = digits[:point].ljust(point, "0"), digits[point:]
        return sign + whole + (f".{rest}" if rest else "")
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"
