"""A subject's own look at the public log: the answers about them, by tags that only their key computes (format section 3)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from lawgate_verifier.entries import Entry
from lawgate_verifier.refused import Refused


@dataclass(frozen=True, slots=True, repr=False)
class SubjectKey:
    """What the holder gave a subject. Whoever has it finds the same entries, so no repr shows it."""

    key: bytes


def read_subject_key(raw: bytes) -> SubjectKey:
    """Read a subject's key file. Raises Refused."""
    try:
        document = json.loads(raw)
        key = bytes.fromhex(document["key"])
    except (ValueError, KeyError, TypeError):
        raise Refused(0, "The subject's key file cannot be read.") from None
    if len(key) != 32:
        raise Refused(0, "A subject's key has 32 bytes.")
    return SubjectKey(key)


def about(subject: SubjectKey, entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Return every answer about the subject, oldest first, with the entry that tags it.

    For each agency of the log the tags are computed in turn; the first one that is not there ends the count.
    """
    tags = {entry.text("tag"): entry for entry in entries if entry.kind == "tag"}
    answers = {entry.text("answer"): entry for entry in entries if entry.kind == "answer"}
    found = []
    for agency in sorted({answer.text("agency") for answer in answers.values()}):
        n = 0
        while (entry := tags.get(tag_of(subject.key, agency, n))) is not None:
            found.append((answers[entry.text("answer")], entry))
            n += 1
    return sorted(found, key=lambda pair: pair[0].index)


def tag_of(key: bytes, agency: str, n: int) -> str:
    """Compute the tag (hex) of a subject's n-th answer to an agency."""
    return hmac.digest(key, b"\0".join((b"lawgate/tag/v1", agency.encode(), str(n).encode())), "sha256").hex()
