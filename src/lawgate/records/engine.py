"""What a row of the records says, and the two questions step 5 may put to an index of them. There is no third."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lawgate.identity.address import AddressParts
from lawgate.identity.name import NameParts


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One name and address of one record, from one return: as it stands there, an empty part is not stated.

    ``birth_date`` is ``YYYY-MM-DD``; ``source`` is ``taxpayer``, ``third-party`` or ``agency``; ``form`` the return it
    stood on; ``bars`` the 6xx codes that keep this record back. There is no field for nationality or status.
    """

    record_id: str
    name: NameParts
    address: AddressParts
    birth_date: str
    taxpayer_number: str
    tax_year: int
    source: str
    form: str
    bars: tuple[str, ...] = ()


class RecordEngine(Protocol):
    """An index of records. It finds by address keys only (``records/keys.py``), never by a name or a number of a person."""

    def candidates(self, keys: Sequence[str]) -> Sequence[RecordRow]:
        """Return every row that has one of the keys, each once; rows beyond those do no harm. This is the look-up (I-2).

        Raises RecordEngineError if the index cannot be trusted.
        """
        ...

    def history(self, record_id: str) -> Sequence[RecordRow]:
        """Return every row of one record that the look-up found; empty if there is none."""
        ...
