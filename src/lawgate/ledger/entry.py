"""The grammar of a log entry: canonical JSON of strings and integers, 1 to 4096 bytes, so that all readers read the same."""

from __future__ import annotations

from lawgate.domain.errors import LedgerError
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical, parse_canonical, parse_common

MAX_ENTRY = 4096
_LEAVES = {str, int}


def parse_entry(raw: bytes) -> dict[str, Json]:
    """Read an entry's bytes; its type is not looked at. Raises LedgerError for anything outside the grammar."""
    if not 1 <= len(raw) <= MAX_ENTRY:
        raise LedgerError("an entry has 1 to 4096 bytes")
    common = parse_common(raw)
    if common is not None:
        return common
    try:
        value = parse_canonical(raw)
    except ValueError:
        raise LedgerError("an entry is not canonical JSON") from None
    if not _allowed(value):
        raise LedgerError("an entry holds something other than strings and integers")
    return value


def write_entry(value: dict[str, Json]) -> bytes:
    """Write an entry. Raises LedgerError if it would not be read back."""
    try:
        raw = canonical(value)
    except ValueError:
        raise LedgerError("an entry has no canonical form") from None
    parse_entry(raw)
    return raw


def _allowed(value: Json) -> bool:
    kind = type(value)
    if kind is str or kind is int:
        return True
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if members is None:
        return False
    return set(map(type, members)) <= _LEAVES or all(_allowed(member) for member in members)
