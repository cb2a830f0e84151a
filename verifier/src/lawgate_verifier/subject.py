"""A subject's own look at the public log: the answers about them, by tags that only their key computes (format section 3)."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass

from lawgate_verifier.answers import no_answers
from lawgate_verifier.entries import Entry
from lawgate_verifier.ledger import Entries, Years
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


def about(subject: SubjectKey, entries: Entries | Years) -> list[tuple[Entry, Entry]]:
    """Return every answer about the subject, oldest first, with the entry that tags it. The entries are gone through twice.

    For each agency of the log the tags are computed in turn; the first one that is not there ends the count.
    """
    agencies: set[str] = set()
    own: dict[str, str] = {}
    with no_answers() as known:
        for entry in entries:
            if entry.kind == "tag":
                known.tag(entry.text("answer"), entry.text("tag"))
            elif entry.kind == "answer":
                agencies.add(entry.text("agency"))
        for agency in agencies:
            n = 0
            while (answer := known.tagged(tag := tag_of(subject.key, agency, n))) is not None:
                own[tag] = answer
                n += 1
    answers: dict[str, Entry] = {}
    tagging: list[Entry] = []
    wanted = frozenset(own.values())
    for entry in entries:
        if entry.kind == "answer" and entry.text("answer") in wanted:
            answers[entry.text("answer")] = entry
        elif entry.kind == "tag" and entry.text("tag") in own:
            tagging.append(entry)
    # A tag of an answer that is not there is a fault of the log, which the audit names.
    found = [(answers[e.text("answer")], e) for e in tagging if e.text("answer") in answers]
    return sorted(found, key=lambda pair: pair[0].index)


def tag_of(key: bytes, agency: str, n: int) -> str:
    """Compute the tag (hex) of a subject's n-th answer to an agency."""
    return hmac.digest(key, b"\0".join((b"lawgate/tag/v1", agency.encode(), str(n).encode())), "sha256").hex()
