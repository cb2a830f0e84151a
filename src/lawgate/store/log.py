"""The log's sequenced entries and head as kept here: indexes without gaps, one commit point, bytes checked when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from lawgate.domain.errors import StoreError
from lawgate.domain.steps import SubmissionId
from lawgate.store.bulk import Value, insert
from lawgate.store.models import Entry, Head
from lawgate.store.transaction import one_transaction, reading

ENTRY_COLUMNS = ("index", "kind", "submission", "body", "sha256")
MAX_ENTRY = 4096  # docs/ledger-format.md section 1


def log_size() -> int:
    """Count the entries; they have no gaps, so the last index tells."""
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def entry_row(index: int, body: bytes) -> tuple[Value, ...]:
    """Make the row of one entry, in the order of ``ENTRY_COLUMNS``. Raises StoreError for bytes that cannot be an entry."""
    if not 0 < len(body) <= MAX_ENTRY:
        raise StoreError(f"an entry of {len(body)} bytes cannot be sequenced")
    kind, submission = _about(body)
    digest = hashlib.sha256(body).hexdigest()
    return index, kind, submission, body, digest


def insert_entries(rows: Sequence[tuple[Value, ...]]) -> None:
    """Insert entries' rows inside the caller's transaction."""
    insert(Entry, ENTRY_COLUMNS, rows)


def append_leaves(leaves: Sequence[bytes]) -> None:
    """Sequence entries inside the caller's transaction, which alone may write until it commits."""
    start = log_size()
    insert_entries([entry_row(start + i, leaf) for i, leaf in enumerate(leaves)])


def _unchanged(body: bytes | memoryview, digest: str) -> bytes:
    if hashlib.sha256(body).hexdigest() != digest:
        raise StoreError("an entry of the log was changed")
    return bytes(body)


def _about(body: bytes) -> tuple[str, str]:
    """Read an entry's type, and the submission it names or nothing."""
    try:
        members = json.loads(body)
        kind, submission = members["type"], members.get("submission", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StoreError("what is not an object with a type cannot be sequenced") from None
    if not isinstance(kind, str) or not isinstance(submission, str):
        raise StoreError("an entry whose type or submission is not a text cannot be sequenced")
    return kind, submission


class LogPart:
    """Entries and head."""

    def size(self) -> int:
        """How many entries are sequenced."""
        with reading("read the log's size"):
            return log_size()

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        """Read the entries ``start <= index < end``. Raises StoreError if one is missing or was changed."""
        with reading("read entries"):
            rows = Entry.objects.filter(index__gte=start, index__lt=end).order_by("index")
            found = list(rows.values_list("index", "body", "sha256"))
        for expected, (index, body, digest) in enumerate(found, start):
            if index != expected or hashlib.sha256(body).hexdigest() != digest:
                raise StoreError(f"entry {expected} of the log is missing or was changed")
        return [bytes(body) for _, body, _ in found]

    def determination_batches(self, submission: SubmissionId) -> int:
        """Count the ``determinations`` entries of one submission so far."""
        with reading("count determinations"):
            return Entry.objects.filter(kind="determinations", submission=submission).count()

    def leaves_of(self, kind: str) -> tuple[bytes, ...]:
        """Read every entry of one type, oldest first. Raises StoreError if one was changed."""
        with reading("read entries"):
            rows = Entry.objects.filter(kind=kind).order_by("index").values_list("body", "sha256")
            return tuple(_unchanged(body, digest) for body, digest in rows.iterator())

    def append(self, leaves: Sequence[bytes]) -> None:
        """Sequence entries that belong to no other transaction."""
        with one_transaction("append to the log"):
            append_leaves(leaves)

    def load_head(self) -> str | None:
        """Read the last signed checkpoint."""
        with reading("read the log's head"):
            return Head.objects.values_list("note", flat=True).first()

    def swap_head(self, old: str | None, new: str) -> bool:
        """Replace the last signed checkpoint if it is still ``old``; say whether it was.

        A crash before the commit leaves the old checkpoint as the log's word; a crash after it leaves the new one, whose entries were
        committed before and whose tiles can be written again from them.
        """
        with one_transaction("replace the log's head"):
            if old is not None:
                return Head.objects.filter(id=1, note=old).update(note=new) == 1
            if Head.objects.exists():
                return False
            Head.objects.create(id=1, note=new)
            return True
