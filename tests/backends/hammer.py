"""One of two processes that use one database at once: run by ``test_two_processes.py``, prints what it did as JSON."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django

from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.kept import Accounting, AnswerDraft, Memory, Slot
from lawgate.domain.steps import Authorised, Proposed, SignedDecision, SubmissionId
from lawgate.store.open import open_database

NOW = datetime(2026, 3, 2, tzinfo=UTC)
EMPTY = dict.fromkeys(
    ("office", "official", "pack", "authority", "approver", "authoriser", "purpose_code"), ""
)


def draft(worker: str, proposed: Proposed, signed: SignedDecision, built: list[int]) -> AnswerDraft:
    approved = proposed.matched.approved
    answer = hashlib.sha256(f"{worker}/{approved.line.ordinal}".encode()).hexdigest()[:32]

    def build(slot: Slot) -> bytes:
        built.append(approved.line.ordinal)
        previous = "" if slot.previous is None else str(slot.previous)
        return json.dumps(
            {
                "type": "answer",
                "answer": answer,
                "index": slot.index,
                "sequence": slot.sequence,
                "previous": previous,
            }
        ).encode()

    account = Accounting(
        answer=answer,
        submission=approved.submission,
        ordinal=approved.line.ordinal,
        agency="agency-one",
        requested_at=NOW,
        disclosed_at=NOW,
        recipient_keyid=approved.recipient_keyid,
        recipient_location="",
        items=(),
        fields_released=(),
        periods=(),
        reasons_sha256="",
        subject="",
        **EMPTY,
    )
    return AnswerDraft(answer, Authorised(proposed, signed, 1), b"enclosed", b"1" * 32, account, build)


def parts(proposals: tuple[Proposed, ...], size: int) -> Iterator[tuple[Proposed, ...]]:
    return (proposals[i : i + size] for i in range(0, len(proposals), size))


def hammer(memory: Memory, worker: str, submission: SubmissionId, go: Path) -> list[int]:
    proposals = memory.proposals(submission)
    (go.parent / f"ready-{worker}").touch()
    while not go.exists():
        time.sleep(0.001)
    built: list[int] = []
    for number, part in enumerate(parts(proposals, 3)):
        envelope = f"authorisation {number} by {worker}".encode()
        signed = SignedDecision(hashlib.sha256(envelope).hexdigest(), worker, worker, NOW)
        drafts = [draft(worker, p, signed, built) for p in part]
        memory.log_answers(submission, signed, envelope, drafts, [b'{"type":"determinations"}'])
        memory.append([json.dumps({"type": "heartbeat", "by": worker, "number": number}).encode()])
        memory.tally()
    return built


def main() -> None:
    database, keys, worker, submission, go = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "lawgate.django_settings"
    django.setup()
    from lawgate.store.memory import memory_on

    open_database(Path(database), create=False, url=os.environ.get("LAWGATE_DATABASE_URL"))
    wrapping = WrappingKeys(Path(keys).parent / "wrapping", None, os.urandom)
    memory = memory_on(KeyVault(Path(keys), wrapping, os.urandom))
    print(json.dumps(hammer(memory, worker, SubmissionId(submission), Path(go))))


if __name__ == "__main__":
    main()
