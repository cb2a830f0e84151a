"""An encrypted index of records in one file, and the record engine that answers from it.

File: 8 bytes of magic, 8 random bytes, then the Arrow stream of the rows in sealed pieces. Every piece is AES-256-GCM; its
nonce is the random bytes and the piece's number, and what is authenticated beside it is the magic and whether it is the last.
So a flipped, missing, moved or added byte anywhere is found when the file is opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lawgate.adapters.arrow import Column, Table, arrow
from lawgate.adapters.durable import write_atomic
from lawgate.adapters.record_sources import COLUMNS, read_source
from lawgate.domain.errors import RecordEngineError
from lawgate.identity.address import stated_parts
from lawgate.identity.name import NameParts
from lawgate.identity.normal import normal_address
from lawgate.records.engine import RecordRow
from lawgate.records.keys import keys_of

_MAGIC = b"LGRECS1\n"
_PREFIX = 8
_PIECE = 1 << 26  # bytes of clear text in one sealed piece
_TAG = 16
_ROWS_KNOWN = 1 << 14  # neighbours and other years of one record are asked for again and again
_KEY_COLUMNS = ("key_1", "key_2", "key_3", "key_4")  # at most two delivery lines in two places
_ADDRESS = ("number", "predirectional", "street", "unit", "box", "city", "state", "zip", "country")


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Counts of an index: ``rows``, distinct ``records`` and ``keys``; ``built_from`` is SHA-256 over the sources' digests."""

    rows: int
    records: int
    keys: int
    built_from: str


def build_index(
    sources: Sequence[Path], target: Path, key: bytes, random_bytes: Callable[[int], bytes]
) -> IndexInfo:
    """Read all sources, index them and put the encrypted file in place of the old one; ``key`` has 32 bytes.

    Raises RecordEngineError (nothing of the old index is touched) for a source that cannot be read whole, or no source.
    """
    cipher = _cipher(key)
    if not sources:
        raise RecordEngineError("no source of records was given")
    read = [read_source(path) for path in sources]
    table = arrow.concat_tables([source.table for source in read]).combine_chunks()
    table = table.sort_by([("record_id", "ascending"), ("tax_year", "ascending")]).combine_chunks()
    keys = _keys_by_row(table)
    for place, column in enumerate(_KEY_COLUMNS):
        hashes = [row[place] if place < len(row) else None for row in keys]
        table = table.append_column(column, arrow.array(hashes, arrow.int64()))
    info = IndexInfo(
        rows=table.num_rows,
        records=len(set(table.column("record_id").to_pylist())),
        keys=len({h for row in keys for h in row}),
        built_from=hashlib.sha256("".join(source.sha256 for source in read).encode()).hexdigest(),
    )
    table = table.replace_schema_metadata({"info": json.dumps(asdict(info), sort_keys=True)})
    prefix = random_bytes(_PREFIX)
    # A crash before this has replaced the file leaves the old index whole; one after it leaves the new one.
    write_atomic(target, b"".join([_MAGIC, prefix, *_sealed(cipher, prefix, _stream(table))]))
    return info


def open_index(target: Path, key: bytes) -> LocalRecords:
    """Decrypt and check the whole file, and return the engine. Raises RecordEngineError for a wrong key or any changed byte."""
    cipher = _cipher(key)
    try:
        raw = target.read_bytes()
    except OSError:
        raise RecordEngineError("the index of records cannot be read") from None
    if raw[: len(_MAGIC)] != _MAGIC:
        raise RecordEngineError("this is not an index of records")
    start = len(_MAGIC) + _PREFIX
    clear = b"".join(_opened(cipher, raw[len(_MAGIC) : start], memoryview(raw)[start:]))
    with arrow.ipc.open_stream(arrow.BufferReader(clear)) as reader:
        return LocalRecords(reader.read_all().combine_chunks())


class LocalRecords:
    """The rows of one index in memory. ``lookups`` counts the look-ups made since it was opened (I-2)."""

    def __init__(self, table: Table) -> None:
        self.info = IndexInfo(**json.loads(table.schema.metadata[b"info"]))
        self.lookups = 0
        self._counting = Lock()
        self._known = lru_cache(maxsize=_ROWS_KNOWN)(self._row)
        self._columns = {c: _one_chunk(table.column(c)) for c in COLUMNS}
        self._rows_by_key: dict[int, list[int]] = {}
        for column in _KEY_COLUMNS:
            for place, found in enumerate(table.column(column).to_pylist()):
                if found is not None:
                    self._rows_by_key.setdefault(found, []).append(place)
        self._rows_by_record: dict[str, list[int]] = {}
        for place, record_id in enumerate(table.column("record_id").to_pylist()):
            self._rows_by_record.setdefault(record_id, []).append(place)

    def candidates(self, keys: Sequence[str]) -> tuple[RecordRow, ...]:
        """Return the rows under these keys, each once, in index order, and count one look-up.

        Two keys can share a hash: the rule ignores rows that do not fit.
        """
        with self._counting:
            self.lookups += 1
        found = {place for key in keys for place in self._rows_by_key.get(_hash(key), ())}
        return tuple(map(self._known, sorted(found)))

    def history(self, record_id: str) -> tuple[RecordRow, ...]:
        """Return every row of one record, oldest tax year first."""
        return tuple(map(self._known, self._rows_by_record.get(record_id, ())))

    def _row(self, place: int) -> RecordRow:
        stated: dict[str, str] = {c: values[place].as_py() for c, values in self._columns.items()}
        return RecordRow(
            record_id=stated["record_id"],
            name=NameParts(stated["given"], stated["middle"], stated["surname"], stated["suffix"]),
            address=stated_parts({c: stated[c] for c in _ADDRESS}),
            birth_date=stated["birth_date"],
            taxpayer_number=stated["taxpayer_number"],
            tax_year=int(stated["tax_year"]),
            source=stated["source"].strip(),
            form=stated["form"],
            bars=tuple(bar.strip() for bar in stated["bars"].split(";") if bar.strip()),
        )


def _keys_by_row(table: Table) -> list[list[int]]:
    known: dict[tuple[str, ...], list[int]] = {}
    rows = zip(*(table.column(c).to_pylist() for c in _ADDRESS), strict=True)
    out = []
    for row in rows:
        if row not in known:
            address = normal_address(stated_parts(dict(zip(_ADDRESS, row, strict=True))))
            known[row] = [_hash(key) for key in keys_of(address)]
        out.append(known[row])
    return out


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _one_chunk(column: Column) -> Column:
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else arrow.concat_arrays(column.chunks or [arrow.array([], arrow.string())])
    )


def _stream(table: Table) -> memoryview:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue()).cast("B")


def _cipher(key: bytes) -> AESGCM:
    if len(key) != 32:
        raise RecordEngineError("the key of the index must have 32 bytes")
    return AESGCM(key)


def _sealed(cipher: AESGCM, prefix: bytes, clear: memoryview) -> Iterator[bytes]:
    for number, start in enumerate(range(0, max(len(clear), 1), _PIECE)):
        last = start + _PIECE >= len(clear)
        yield cipher.encrypt(_nonce(prefix, number), clear[start : start + _PIECE], _beside(last))


def _opened(cipher: AESGCM, prefix: bytes, sealed: memoryview) -> Iterator[bytes]:
    size = _PIECE + _TAG
    for number, start in enumerate(range(0, max(len(sealed), 1), size)):
        last = start + size >= len(sealed)
        try:
            yield cipher.decrypt(_nonce(prefix, number), sealed[start : start + size], _beside(last))
        except (InvalidTag, ValueError):
            raise RecordEngineError("the index was changed, cut short, or made with another key") from None


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _beside(last: bool) -> bytes:
    return _MAGIC + (b"last" if last else b"more")
