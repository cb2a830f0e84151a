"""The one question step 5 may put to an index of records. There is no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lawgate.domain.steps import Verdict
from lawgate.records.rule import Query


class RecordEngine(Protocol):
    """An index of records. It finds by address keys only (``records/keys.py``), never by a name or a number of a person."""

    def look_up(self, queries: Sequence[Query | None], max_filers: int) -> Sequence[Verdict]:
        """Decide each query as ``records/rule.py`` does, less what the model vetoes, by one look-up (I-2), and return the verdicts in order.

        None stands for a request that states no name or no address: it is a look-up that finds nobody. An address with more
        than ``max_filers`` records is shared by many. Raises RecordEngineError if the index cannot be trusted.
        """
        ...


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Counts of an index: ``rows``, distinct ``records`` and ``keys``; ``built_from`` is SHA-256 over the sources' digests.

    ``model`` is all of the model that may veto but the names: ``version``, ``fitted`` and ``threshold`` (``records/model.py``).
    """

    rows: int
    records: int
    keys: int
    built_from: str
    model: Mapping[str, Any]
