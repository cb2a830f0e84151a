"""What a row of the records says."""

from __future__ import annotations

from dataclasses import dataclass

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
