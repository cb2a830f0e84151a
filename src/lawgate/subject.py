"""Tags by which a subject, and nobody else, finds every answer about them in the public log.

The n-th answer about a subject to an agency (n = 0, 1, …) has the tag HMAC-SHA256(key, "lawgate/tag/v1" 00 agency 00 n), under a random
key of that subject's own. An answer that no record stands behind has a random tag: strangers see noise either way. Whoever has the key
computes the tags in turn, finds the entries, and knows from the first one missing how many there are.
"""

from __future__ import annotations

import hmac

from lawgate.domain.errors import NotPermittedError
from lawgate.domain.kept import CHUNK_LINES, all_accounting
from lawgate.domain.steps import Json
from lawgate.gate import Gate, publish
from lawgate.ledger.leaves import check_leaf, tag_leaf

TAG_BYTES = 32
SUBJECT = "subject"


def tag_of(key: bytes, agency: str, n: int) -> str:
    """Return the tag (hex) of a subject's n-th answer to an agency."""
    return hmac.digest(key, b"\0".join((b"lawgate/tag/v1", agency.encode(), str(n).encode())), "sha256").hex()


def tag_answers(gate: Gate) -> int:
    """Give every answer that has none its tag, in the order of the accounting, and return how many.

    What n an answer has follows from the accounting alone, so a crash leaves no gap and tags nothing twice. Raises QuorumError after
    the tags are durable.
    """
    with gate.alone():
        tagged = {str(check_leaf(raw)["answer"]) for raw in gate.memory.leaves_of("tag")}
        count: dict[tuple[str, str], int] = {}
        found, new = 0, []
        for row in all_accounting(gate.memory):
            n = count.get((row.subject, row.agency), 0)
            count[row.subject, row.agency] = n + 1
            if row.answer not in tagged:
                noise = gate.random_bytes(TAG_BYTES).hex()
                tag = tag_of(gate.subject_key(row.subject), row.agency, n) if row.subject else noise
                new.append(tag_leaf(at=gate.now(), answer=row.answer, tag=tag))
            if len(new) == CHUNK_LINES:
                gate.memory.append(new)
                found, new = found + len(new), []
        gate.memory.append(new)
        publish(gate)
    return found + len(new)


def key_for(gate: Gate, record: str) -> dict[str, Json]:
    """Return what a subject gets once the holder has made sure who they are and which record is theirs: the key, and whose log it opens.

    Raises NotPermittedError for a record that no answer ever was about: nothing is said of others.
    """
    subject = gate.fingerprint(SUBJECT, record)
    if all(row.subject != subject for row in all_accounting(gate.memory)):
        raise NotPermittedError("no answer was ever about this record")
    return {"v": 1, "origin": gate.policy.log.name, "key": gate.subject_key(subject).hex()}
