"""Builds, brings up to date and opens the index of records."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lawgate.adapters.durable import make_folder
from lawgate.adapters.record_sources import RecordsInMemory, Source
from lawgate.domain.errors import RecordEngineError, SettingsError
from lawgate.records.engine import IndexInfo, RecordEngine
from lawgate.wiring.files import RECORDS, SETTINGS_FILE
from lawgate.wiring.keys import SECRET_BYTES, home_secret


def index_records(home: Path, sources: list[Path], view: str | None = None) -> IndexInfo:
    """Build the home's index of records from CSV or Parquet files and a database's view; the old index stays until the new one is whole."""
    if not (home / SETTINGS_FILE).is_file():
        raise SettingsError(f"{home} is not a home")
    # loaded only by what indexes or matches: it compiles
    from lawgate.adapters.index_build import index_sources

    given = _record_sources(sources, view)
    make_folder(home / RECORDS.parent)
    return index_sources(given, home / RECORDS, home_secret(home, "records"), random_bytes=os.urandom)


def update_records(
    home: Path, changed: list[Path], withdrawn: list[Path], view: str | None = None
) -> IndexInfo:
    """Put changed and new records into the home's index and take withdrawn ones out; the old index stays until the new one is whole."""
    from lawgate.adapters.index_update import update_index
    from lawgate.adapters.record_sources import WithdrawnIds

    target, gone = _index(home), [WithdrawnIds(path) for path in withdrawn]
    given = _record_sources(changed, view)
    return update_index(given, gone, target, home_secret(home, "records"), random_bytes=os.urandom)


def _record_sources(files: list[Path], view: str | None) -> list[Source]:
    from lawgate.adapters.record_sources import RecordSource

    sources: list[Source] = [RecordSource(path) for path in files]
    if view is not None:
        from lawgate.adapters.record_database import DATABASE, DatabaseView

        if not os.environ.get(DATABASE):
            raise SettingsError(f"a view was named, but {DATABASE} is not set; it says which database")
        sources.append(DatabaseView(os.environ[DATABASE], view))
    return sources


@contextmanager
def records_apart(source: RecordsInMemory) -> Iterator[tuple[RecordEngine, IndexInfo]]:
    """Index records in a folder and under a key of their own, which go with the block: whoever measures looks there, not into a home."""
    from lawgate.adapters.index_build import index_sources
    from lawgate.adapters.local_records import open_index

    with tempfile.TemporaryDirectory() as folder:
        target, key = Path(folder) / "index", os.urandom(SECRET_BYTES)
        info = index_sources([source], target, key, random_bytes=os.urandom)
        yield open_index(target, key), info


def records_info(home: Path) -> IndexInfo:
    """Open the index, check every byte of it, and say what it holds: counts only."""
    from lawgate.adapters.local_records import open_index

    records = open_index(_index(home), home_secret(home, "records"))
    records.check_all()
    return records.info


def _open_records(home: Path) -> RecordEngine:
    from lawgate.adapters.local_records import open_index

    return open_index(_index(home), home_secret(home, "records"))


def _index(home: Path) -> Path:
    if not (home / RECORDS).is_file():
        raise RecordEngineError("there is no index of records; `lawgate records index` builds one")
    return home / RECORDS


def records_of(home: Path) -> Callable[[], RecordEngine]:
    """Return what opens the index, and opens it again only after another was built: it is read and checked as a whole each time."""
    held: dict[tuple[int, int], RecordEngine] = {}

    def open_records() -> RecordEngine:
        # A new index takes the old one's name as another file (adapters.durable).
        file = (home / RECORDS).stat() if (home / RECORDS).is_file() else None
        which = (0, 0) if file is None else (file.st_ino, file.st_mtime_ns)
        if which not in held:
            held.clear()
            held[which] = _open_records(home)
        return held[which]

    return open_records
