"""What the officer's tool remembers between packages, so that nothing can be replayed, skipped or rolled back."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lawgate_verifier.refused import Refused


@dataclass(frozen=True, slots=True)
class Last:
    """The last answer accepted for one recipient key, and the numbers before it that the officer named as not received."""

    sequence: int
    index: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer accepted before: its id and the hash of its entry."""

    answer: str
    entry_sha256: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one log. ``size`` and ``root`` (hex) are those of its newest checkpoint seen; 0 and empty at first.

    ``base`` is how many entries the logs of earlier years hold, from which this one went on.
    """

    size: int = 0
    root: str = ""
    recipients: Mapping[str, Last] = field(default_factory=dict)
    accepted: Mapping[int, Accepted] = field(default_factory=dict)
    base: int = 0


State = Mapping[str, Seen]


def load_state(path: Path) -> State:
    """Read the state file; one that does not exist is a first use. Raises Refused if it is damaged: a guess could let a replay in."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        document = json.loads(raw)
        return {origin: _seen(seen) for origin, seen in document["logs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(
            0, "The state file is damaged. Restore it; without it replays cannot be told."
        ) from None


def save_state(path: Path, state: State) -> None:
    """Write the state file durably and at once."""
    document = {"v": 1, "logs": {origin: _plain(seen) for origin, seen in state.items()}}
    write_durably(path, json.dumps(document, indent=1, sort_keys=True).encode() + b"\n")


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file by way of a synced temporary one beside it, readable by its owner only. Raises OSError.

    A crash before the replacement leaves the old file whole and at most a stray temporary one; a crash after it leaves the
    new file whole.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def accept(seen: Seen, recipient: str, last: Last, index: int, accepted: Accepted) -> Seen:
    """Remember one more answer, accepted from that index of the log, and what is last now."""
    return replace(
        seen,
        recipients={**seen.recipients, recipient: last},
        accepted={**seen.accepted, index: accepted},
    )


def _sync_folder(folder: Path) -> None:
    # Without this a power cut could bring the old name back after the new content was relied on. Windows opens no folders.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seen(plain: Mapping[str, Any]) -> Seen:
    recipients = {
        key: Last(int(last["sequence"]), int(last["index"]), tuple(map(int, last["missing"])))
        for key, last in plain["recipients"].items()
    }
    accepted = {
        int(index): Accepted(str(each["answer"]), str(each["entry_sha256"]))
        for index, each in plain["accepted"].items()
    }
    return Seen(int(plain["size"]), str(plain["root"]), recipients, accepted, int(plain.get("base", 0)))


def _plain(seen: Seen) -> dict[str, Any]:
    recipients = {
        key: {"sequence": last.sequence, "index": last.index, "missing": list(last.missing)}
        for key, last in seen.recipients.items()
    }
    accepted = {
        str(index): {"answer": each.answer, "entry_sha256": each.entry_sha256}
        for index, each in seen.accepted.items()
    }
    return {
        "size": seen.size,
        "root": seen.root,
        "recipients": recipients,
        "accepted": accepted,
        "base": seen.base,
    }
