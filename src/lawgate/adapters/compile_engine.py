"""Compiles the engine ahead of the first request: builds an index of one made-up row and asks it once. Takes some seconds, once.

Run as ``python -m lawgate.adapters.compile_engine``; what is compiled is kept beside the modules, or in the user's cache.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from lawgate.adapters.arrow import arrow, parquet
from lawgate.adapters.index_build import build_index
from lawgate.adapters.local_records import open_index
from lawgate.adapters.record_sources import COLUMNS
from lawgate.identity.address import AddressParts
from lawgate.identity.name import NameParts
from lawgate.records.rule import query_of

_NAME = NameParts("Ann", "", "Example One Two", "")
_ADDRESS = AddressParts("1", "Main St", "", "", "Springfield", "IL", "62704", "")


def compile_engine() -> None:
    """Load every function that a build and a look-up need, compiling those that are not kept yet.

    Not those that fit the model to a thousand records or more, and that update an index: these compile at their first use.
    """
    row = dict.fromkeys(COLUMNS, "") | {"record_id": "1", "given": "Ann", "surname": "Example One Two", "number": "1", "street": "Main St",
                                        "city": "Springfield", "state": "IL", "zip": "62704", "tax_year": "2024", "source": "agency"}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        source, target, key = Path(folder) / "one.parquet", Path(folder) / "index", bytes(32)
        parquet.write_table(arrow.table({c: arrow.array([row[c]], arrow.string()) for c in COLUMNS}), source)
        build_index([source], target, key, lambda count: bytes(count))
        open_index(target, key).look_up([query_of(_NAME, _ADDRESS)], 1)


if __name__ == "__main__":
    compile_engine()
