"""What one entry of the log may say: its type, its members and the form of each, and nothing else (format sections 2 and 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lawgate_verifier.canonical import Json, is_plain, parse_object
from lawgate_verifier.refused import Refused, demand

LARGEST_ENTRY = 4096
COMMITTED = ("request_key", "kind", "fields", "items", "periods", "sentence")
ROLES = (
    "requesting-official",
    "engaged-officer",
    "disclosure-officer",
    "releasing-officer",
    "counsel",
    "court",
)
SCOPES = ("everything", "pack", "agency", "submission", "officer", "person")

Check = Callable[[Json], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A well-formed entry; ``index`` is its number, which counts through all years (format section 1)."""

    index: int
    kind: str
    members: Mapping[str, Json]

    def text(self, member: str) -> str:
        """Read a member that the grammar makes a string."""
        value = self.members[member]
        assert isinstance(value, str)
        return value

    def number(self, member: str) -> int:
        """Read a member that the grammar makes an integer."""
        value = self.members[member]
        assert isinstance(value, int)
        return value

    def table(self, member: str) -> dict[str, Json]:
        """Read a member that the grammar makes an object."""
        value = self.members[member]
        assert isinstance(value, dict)
        return value

    def counted(self) -> dict[str, int]:
        """Read ``counts``: lines by letter."""
        return {letter: count for letter, count in self.table("counts").items() if isinstance(count, int)}


def parse_entry(index: int, raw: bytes) -> Entry:
    """Read one entry. Raises Refused naming the first member that is missing, unknown or of the wrong form."""
    demand(1 <= len(raw) <= LARGEST_ENTRY, "An entry does not have 1 to 4096 bytes.")
    members = parse_object(raw)
    demand(is_plain(members), "An entry holds something else than strings and integers.")
    kind = members.get("type")
    if not isinstance(kind, str) or kind not in _GRAMMAR:
        raise Refused(0, "An entry is of a type that the format does not have.")
    grammar = _COMMON | _GRAMMAR[kind]
    demand(set(members) == set(grammar), f"An entry of type {kind} does not have exactly its members.")
    for name, fits in grammar.items():
        demand(fits(members[name]), f"The member {name} of an entry of type {kind} is not of its form.")
    demand(_agrees(kind, members), f"The members of an entry of type {kind} contradict one another.")
    return Entry(index, kind, members)


def _agrees(kind: str, members: Mapping[str, Json]) -> bool:
    """Check members that depend on one another; each is of its form already."""
    if kind == "stop":
        scope, subject = members["scope"], members["subject"]
        if scope in ("everything", "person"):
            return _FINGERPRINTS(subject) if scope == "person" else subject == ""
        return subject != ""
    if kind in ("submission", "determinations") and members.get("code", "") == "":
        counts = members["counts"]
        total = sum(n for n in counts.values() if isinstance(n, int)) if isinstance(counts, dict) else 0
        return total == members["lines"]
    if kind == "shard":
        base, size = members["base"], members["size"]
        return isinstance(base, int) and isinstance(size, int) and base >= size
    if kind == "answer":
        return (members["sequence"] == 1) == (members["previous"] == "")
    return True


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(*allowed: str) -> Check:
    return lambda value: isinstance(value, str) and value in allowed


def _at_least(least: int) -> Check:
    return lambda value: isinstance(value, int) and value >= least


def _is_version(value: Json) -> bool:
    return value == 1


def _is_bit(value: Json) -> bool:
    return value in (0, 1)


def is_minute(value: Json) -> bool:
    """Say whether a text is a minute as entries state it."""
    if (
        not isinstance(value, str)
        or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]Z", value) is None
    ):
        return False
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%MZ")  # noqa: DTZ007  (only its existence is asked)
    except ValueError:
        return False
    return True


def _is_day(value: Json) -> bool:
    return isinstance(value, str) and len(value) == 10 and is_minute(f"{value}T00:00Z")


def _is_counts(value: Json) -> bool:
    return isinstance(value, dict) and all(_LETTER(letter) and _COUNT(value[letter]) for letter in value)


def _is_final_counts(value: Json) -> bool:
    return _is_counts(value) and isinstance(value, dict) and "W" not in value


def _is_commitments(value: Json) -> bool:
    return isinstance(value, dict) and set(value) == set(COMMITTED) and all(map(_DIGEST, value.values()))


_DIGEST = _matches("[0-9a-f]{64}")
_HEX32 = _matches("[0-9a-f]{32}")
_COUNT = _at_least(0)
_ORDINAL = _at_least(1)
_SUBMISSION = _matches("[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{16}")
_SUBMISSION_OR_NOTHING = _matches("|[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{16}")
_LETTER = _one_of("A", "D", "E", "H", "I", "S", "W", "X")
_TEXT = _matches("[^\\x00-\\x1f\\x7f]*")
_NAME = _matches("[^\\x00-\\x1f\\x7f]+")
_CODE = _matches("|[1-9][0-9]{2}")
_FINGERPRINTS = _matches("[0-9a-f]{32}( [0-9a-f]{32}){0,63}")

_COMMON: dict[str, Check] = {"type": _TEXT, "v": _is_version, "time": is_minute}
_GRAMMAR: dict[str, dict[str, Check]] = {
    "policy": {"origin": _NAME, "policy_sha256": _DIGEST, "terms_sha256": _DIGEST},
    "key": {
        "act": _one_of("enrol", "revoke"),
        "keyid": _HEX32,
        "role": _one_of(*ROLES),
        "agency": _TEXT,
        "scripted": _is_bit,
    },
    "standing": {
        "act": _one_of("add", "suspend"),
        "kind": _one_of("agency", "office", "agreement", "safeguard"),
        "agency": _NAME,
        "entry_sha256": _DIGEST,
    },
    "stop": {
        "act": _one_of("order", "lift"),
        "stop": _NAME,
        "scope": _one_of(*SCOPES),
        "subject": _TEXT,
        "order_sha256": _DIGEST,
    },
    "submission": {
        "submission": _SUBMISSION,
        "agency": _TEXT,
        "pack": _TEXT,
        "manifest_sha256": _DIGEST,
        "lines": _COUNT,
        "lines_root": _DIGEST,
        "counts": _is_counts,
        "code": _CODE,
    },
    "determinations": {
        "submission": _SUBMISSION,
        "batch": _ORDINAL,
        "lines": _COUNT,
        "lines_root": _DIGEST,
        "counts": _is_final_counts,
    },
    "answer": {
        "answer": _HEX32,
        "submission": _SUBMISSION,
        "agency": _NAME,
        "pack": _NAME,
        "recipient": _matches("age1[0-9a-z]+"),
        "recipient_keyid": _HEX32,
        "sequence": _ORDINAL,
        "previous": _matches("|0|[1-9][0-9]*"),
        "decision_sha256": _DIGEST,
        "decision_keyid": _HEX32,
        "authorisation_sha256": _DIGEST,
        "authorisation_keyid": _HEX32,
        "terms_sha256": _DIGEST,
        "accounting": _DIGEST,
        "stops": _COUNT,
        "commitments": _is_commitments,
    },
    "ack": {"answer": _HEX32, "package_sha256": _DIGEST, "ack_sha256": _DIGEST, "keyid": _HEX32},
    "heartbeat": {"entries": _ORDINAL},
    "erasure": {"submission": _SUBMISSION, "order_sha256": _DIGEST},
    "preservation": {
        "act": _one_of("order", "lift"),
        "preservation": _NAME,
        "submission": _SUBMISSION_OR_NOTHING,
        "order_sha256": _DIGEST,
    },
    "incident": {
        "act": _one_of("open", "close"),
        "incident": _HEX32,
        "kind": _one_of("no-quorum", "key-compromise", "wrong-release", "restore", "other"),
        "document_sha256": _DIGEST,
    },
    "tag": {"answer": _HEX32, "tag": _DIGEST},
    "source": {"rows": _COUNT, "lookups": _COUNT, "document_sha256": _DIGEST},
    "recall": {
        "act": _one_of("notice", "destroyed"),
        "answer": _HEX32,
        "due": _is_day,
        "document_sha256": _DIGEST,
    },
    "statement": {
        "act": _one_of("use", "closure", "return", "destruction"),
        "answer": _HEX32,
        "keyid": _HEX32,
        "document_sha256": _DIGEST,
    },
    "shard": {"predecessor": _NAME, "size": _ORDINAL, "root": _DIGEST, "base": _ORDINAL},
    "timestamp": {"size": _ORDINAL, "root": _DIGEST, "stamp_sha256": _DIGEST},
}
