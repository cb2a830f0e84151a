"""The answers of a log with what was said of each, kept beside the memory: a log of years may have more of them than memory holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

# A negative number of pages is kibibytes (SQLite): what is held in memory before it goes to a temporary file.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE answers (answer BLOB PRIMARY KEY, recipient TEXT, acknowledged INTEGER) WITHOUT ROWID;
CREATE TABLE tags (tag BLOB PRIMARY KEY, answer BLOB) WITHOUT ROWID;
CREATE TABLE stated (answer BLOB, act TEXT, PRIMARY KEY (answer, act)) WITHOUT ROWID;
CREATE TABLE tagged (answer BLOB PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""


class Answers:
    """Answers by id, each with its recipient, its acknowledgement and its tag. Ids and tags are hex, as entries have them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._do = database.execute
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, answer: str, recipient: str) -> bool:
        """Note an answer; say whether its id is new. Where it is not, what was noted first stands."""
        added = self._do("INSERT OR IGNORE INTO answers VALUES (?, ?, 0)", (_raw(answer), recipient))
        self._count += added.rowcount
        return added.rowcount == 1

    def recipient(self, answer: str) -> str | None:
        """Return the recipient's key id, or None if there is no such answer so far."""
        found = self._do("SELECT recipient FROM answers WHERE answer = ?", (_raw(answer),)).fetchone()
        return None if found is None else str(found[0])

    def acknowledge(self, answer: str) -> bool:
        """Note an acknowledgement of an answer that is there; say whether it is the first."""
        first = "UPDATE answers SET acknowledged = 1 WHERE answer = ? AND NOT acknowledged"
        return self._do(first, (_raw(answer),)).rowcount == 1

    def state(self, answer: str, act: str) -> bool:
        """Note that an act was stated of an answer, be it there or not; say whether it is the first time. An answer is returned or
        destroyed, not both."""
        once = "end" if act in ("return", "destruction") else act
        return self._do("INSERT OR IGNORE INTO stated VALUES (?, ?)", (_raw(answer), once)).rowcount == 1

    def tag(self, answer: str, tag: str) -> bool:
        """Note a tag of an answer, be it there or not; say whether the tag is new and the answer had none."""
        key = _raw(answer)
        new = self._do("INSERT OR IGNORE INTO tags VALUES (?, ?)", (_raw(tag), key)).rowcount == 1
        first = self._do("INSERT OR IGNORE INTO tagged VALUES (?)", (key,)).rowcount == 1
        return new and first

    def tagged(self, tag: str) -> str | None:
        """Return the id of the answer that a tag was noted of, or None."""
        found = self._do("SELECT answer FROM tags WHERE tag = ?", (_raw(tag),)).fetchone()
        return None if found is None else bytes(found[0]).hex()


@contextmanager
def no_answers() -> Iterator[Answers]:
    """Begin with none. What is kept beside the memory is a file that the operating system removes, at the latest when this ends."""
    database = sqlite3.connect("", isolation_level=None)
    try:
        database.executescript(_TABLES)
        yield Answers(database)
    finally:
        database.close()


def _raw(digits: str) -> bytes:
    return bytes.fromhex(digits)
