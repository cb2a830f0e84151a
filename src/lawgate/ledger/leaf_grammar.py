"""Which members each type of log entry has, and what each member may be; nothing else is an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from lawgate.domain.standing import Role
from lawgate.domain.steps import Disposition, Json
from lawgate.domain.stop import StopScope

Kind = Callable[[Json], bool]

WAITING = "W"
COMMITTED = frozenset({"request_key", "kind", "fields", "items", "periods", "sentence"})
"""The commitments of every answer, whatever it says."""


def _matching(pattern: str) -> Kind:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(*words: str) -> Kind:
    return lambda value: isinstance(value, str) and value in words


def _at_least(low: int) -> Kind:
    return lambda value: isinstance(value, int) and value >= low


def _is_counts(value: Json) -> bool:
    letters = {WAITING, *(disposition.value for disposition in Disposition)}
    return isinstance(value, dict) and all(
        letter in letters and isinstance(n, int) and n >= 0 for letter, n in value.items()
    )


def _is_final_counts(value: Json) -> bool:
    return _is_counts(value) and isinstance(value, dict) and WAITING not in value


def _is_commitments(value: Json) -> bool:
    return isinstance(value, dict) and value.keys() == COMMITTED and all(map(_digest, value.values()))


def is_time(value: Json) -> bool:
    """Say whether it is a real minute, ``YYYY-MM-DDTHH:MMZ``."""
    return isinstance(value, str) and _is_minute(value)


@lru_cache(maxsize=1024)
def _is_minute(text: str) -> bool:
    # Entries of one batch have one or two minutes between them.
    if _TIME.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(value: Json) -> bool:
    return isinstance(value, str) and len(value) == 10 and is_time(f"{value}T00:00Z")


_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]Z")
_digest = _matching(r"[0-9a-f]{64}")
_keyid = _matching(r"[0-9a-f]{32}")
_submission = _matching(r"[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{16}")
_submission_or_empty = _matching(r"|[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{16}")
_recipient = _matching(r"age1[0-9a-z]+")
_index_or_empty = _matching(r"|0|[1-9][0-9]*")
_code_or_empty = _matching(r"|[1-9][0-9]{2}")
_text = _matching(r"[^\x00-\x1f\x7f]+")
_text_or_empty = _matching(r"[^\x00-\x1f\x7f]*")

GRAMMAR: Mapping[str, Mapping[str, Kind]] = {
    "policy": {"origin": _text, "policy_sha256": _digest, "terms_sha256": _digest},
    "key": {
        "act": _one_of("enrol", "revoke"),
        "keyid": _keyid,
        "role": _one_of(*(role.value for role in Role)),
        "agency": _text_or_empty,
        "scripted": lambda value: value in (0, 1),
    },
    "standing": {
        "act": _one_of("add", "suspend"),
        "kind": _one_of("agency", "office", "agreement", "safeguard"),
        "agency": _text,
        "entry_sha256": _digest,
    },
    "stop": {
        "act": _one_of("order", "lift"),
        "stop": _text,
        "scope": _one_of(*(scope.value for scope in StopScope)),
        "subject": _text_or_empty,
        "order_sha256": _digest,
    },
    "submission": {
        "submission": _submission,
        "agency": _text_or_empty,
        "pack": _text_or_empty,
        "manifest_sha256": _digest,
        "lines": _at_least(0),
        "lines_root": _digest,
        "counts": _is_counts,
        "code": _code_or_empty,
    },
    "determinations": {
        "submission": _submission,
        "batch": _at_least(1),
        "lines": _at_least(0),
        "lines_root": _digest,
        "counts": _is_final_counts,
    },
    "answer": {
        "answer": _keyid,
        "submission": _submission,
        "agency": _text,
        "pack": _text,
        "recipient": _recipient,
        "recipient_keyid": _keyid,
        "sequence": _at_least(1),
        "previous": _index_or_empty,
        "decision_sha256": _digest,
        "decision_keyid": _keyid,
        "authorisation_sha256": _digest,
        "authorisation_keyid": _keyid,
        "terms_sha256": _digest,
        "accounting": _digest,
        "stops": _at_least(0),
        "commitments": _is_commitments,
    },
    "ack": {"answer": _keyid, "package_sha256": _digest, "ack_sha256": _digest, "keyid": _keyid},
    "heartbeat": {"entries": _at_least(1)},
    "erasure": {"submission": _submission, "order_sha256": _digest},
    "preservation": {
        "act": _one_of("order", "lift"),
        "preservation": _text,
        "submission": _submission_or_empty,
        "order_sha256": _digest,
    },
    "incident": {
        "act": _one_of("open", "close"),
        "incident": _keyid,
        "kind": _one_of("no-quorum", "key-compromise", "wrong-release", "restore", "other"),
        "document_sha256": _digest,
    },
    "tag": {"answer": _keyid, "tag": _digest},
    "source": {"rows": _at_least(0), "lookups": _at_least(0), "document_sha256": _digest},
    "recall": {
        "act": _one_of("notice", "destroyed"),
        "answer": _keyid,
        "due": _is_day,
        "document_sha256": _digest,
    },
    "statement": {
        "act": _one_of("use", "closure", "return", "destruction"),
        "answer": _keyid,
        "keyid": _keyid,
        "document_sha256": _digest,
    },
    "shard": {"predecessor": _text, "size": _at_least(1), "root": _digest, "base": _at_least(1)},
    "timestamp": {"size": _at_least(1), "root": _digest, "stamp_sha256": _digest},
}

_fingerprints = _matching(r"[0-9a-f]{32}( [0-9a-f]{32}){0,63}")


def agrees(leaf: Mapping[str, Json]) -> bool:
    """Say whether members that depend on one another agree; each is of its kind already."""
    match leaf["type"]:
        case "stop":
            return _subject_fits(leaf["scope"], leaf["subject"])
        case "submission":
            return leaf["code"] != "" or _total(leaf["counts"]) == leaf["lines"]
        case "determinations":
            return _total(leaf["counts"]) == leaf["lines"]
        case "answer":
            return (leaf["sequence"] == 1) == (leaf["previous"] == "")
        case "shard":
            return (
                isinstance(leaf["base"], int)
                and isinstance(leaf["size"], int)
                and leaf["base"] >= leaf["size"]
            )
        case _:
            return True


def _subject_fits(scope: Json, subject: Json) -> bool:
    if scope == StopScope.EVERYTHING.value:
        return subject == ""
    # A name in place of a fingerprint would stand in a public log for ever (I-9).
    return _fingerprints(subject) if scope == StopScope.PERSON.value else subject != ""


def _total(counts: Json) -> int:
    return sum(n for n in counts.values() if isinstance(n, int)) if isinstance(counts, dict) else 0
