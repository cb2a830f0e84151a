"""PyArrow as the record adapters use it. It is typed in part only, so its names are ``Any`` here and nowhere else."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

arrow: Any = pyarrow
compute: Any = pyarrow.compute
csv: Any = pyarrow.csv
parquet: Any = pyarrow.parquet

Table: TypeAlias = Any
"""A ``pyarrow.Table``."""

Column: TypeAlias = Any
"""A ``pyarrow.ChunkedArray`` or ``pyarrow.Array``."""
