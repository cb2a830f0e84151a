"""An index's lines as Parquet, for a cluster: the same words, under the same keys, in the same order, and nothing besides.

``entries`` has a row for every key and group of lines it stands for; ``lines`` has the lines of a group, in one row or several.
Both hold keyed fingerprints only. A manifest under the index's key says which index they are of and what every file must be.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lawgate.adapters.arrow import Table, arrow, parquet
from lawgate.adapters.durable import make_folder, settle, write_atomic
from lawgate.adapters.index_file import Array, Reader
from lawgate.domain.errors import RecordEngineError
from lawgate.records.layout import COUNT_BITS, LINE

ENTRIES, LINES = "entries", "lines"
_MANIFEST = "manifest.json"
_FILE = 1 << 20  # lines, or entries, in one file
_ROW = 1 << 12  # lines in one row at most: an address may have millions
_ROW_GROUP = 1 << 15
_BYTES = 8 * LINE


def write_lines(reader: Reader, folder: Path) -> None:
    """Write the lines of an open index into a folder that is not there yet; it bears its name only once it is whole.

    Raises RecordEngineError if the folder exists, or if part of the index is not as it was built.
    """
    if folder.exists():
        raise RecordEngineError(f"{folder.name} exists already; lines are never written over others")
    reader.check_all()
    half = folder.with_name(f".{folder.name}.half-made")
    if half.exists():
        shutil.rmtree(half)
    make_folder(half)
    entries, lines = reader.array("entries", "<u8", 2), reader.array("lines", "<u8", LINE)
    for name, tables in (
        (ENTRIES, _entries(entries)),
        (LINES, _lines(lines, _beginnings(entries, len(lines)))),
    ):
        make_folder(half / name)
        for number, table in enumerate(tables):
            file = half / name / f"{number:06}.parquet"
            parquet.write_table(table, file, compression="none", row_group_size=_ROW_GROUP)
    said = {"index": reader.identity, "files": _digests(half, reader)}
    text = json.dumps(said, sort_keys=True).encode()
    write_atomic(half / _MANIFEST, _seal(text, reader).encode() + b"\n" + text)
    half.rename(folder)
    settle(folder.parent)


def check_lines(reader: Reader, folder: Path) -> None:
    """Check every byte of what was written. Raises RecordEngineError if it is of another index or not as it was written."""
    try:
        seal, _, text = (folder / _MANIFEST).read_bytes().partition(b"\n")
    except OSError:
        raise RecordEngineError(f"{folder.name} holds no lines of an index") from None
    if not hmac.compare_digest(seal, _seal(text, reader).encode()):
        raise RecordEngineError("the lines were changed, or are of an index with another key")
    said = json.loads(text)
    if said["index"] != reader.identity:
        raise RecordEngineError("the lines are of another index; write them anew from this one")
    if said["files"] != _digests(folder, reader):
        raise RecordEngineError("the lines were changed since they were written")


def _entries(entries: Array) -> Iterator[Table]:
    for at in range(0, len(entries), _FILE):
        piece = entries[at : at + _FILE]
        columns = {
            "key": piece[:, 0],
            "place": np.arange(at, at + len(piece)),
            "extent": piece[:, 1],
            "start": piece[:, 1] >> np.uint64(COUNT_BITS),
        }
        yield arrow.table({name: np.ascontiguousarray(values).view(np.int64) for name, values in columns.items()})  # fmt: skip


def _lines(lines: Array, begins: Array) -> Iterator[Table]:
    start = 0
    for at in range(0, len(lines), _FILE):
        end = min(at + _FILE, len(lines))
        mine = at + np.flatnonzero(begins[at:end])
        firsts = np.union1d(mine, np.arange(at, end, _ROW))
        known = np.append(start, mine)
        starts = known[np.searchsorted(known, firsts, side="right") - 1]
        start = int(known[-1])
        offsets = ((np.append(firsts, end) - at) * _BYTES).astype(np.int32)
        words = np.ascontiguousarray(lines[at:end])
        blobs = arrow.Array.from_buffers(
            arrow.binary(), len(firsts), [None, arrow.py_buffer(offsets), arrow.py_buffer(words)]
        )
        yield arrow.table({"start": starts, "first": firsts, "lines": blobs})


def _beginnings(entries: Array, count: int) -> Array:
    begins = np.zeros(count, dtype=np.bool_)
    for at in range(0, len(entries), _FILE):
        begins[(entries[at : at + _FILE, 1] >> np.uint64(COUNT_BITS)).astype(np.int64)] = True
    return begins


def _digests(folder: Path, reader: Reader) -> dict[str, str]:
    key, found = reader.keys.named("cluster", 32), {}
    for file in sorted(folder.glob("*/*")):
        digest = hashlib.blake2b(key=key, person=b"file")
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        found[file.relative_to(folder).as_posix()] = digest.hexdigest()
    return found


def _seal(text: bytes, reader: Reader) -> str:
    return hashlib.blake2b(text, key=reader.keys.named("cluster", 32), person=b"manifest").hexdigest()
