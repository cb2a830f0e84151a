"""The keyed fingerprints a line leaves behind, so that guard can count over time without keeping what was asked.

- ``line``: the same agency asks the same thing. ``official`` (signer) and ``agency``: every line leaves these, also an unreadable one.
- ``officer`` (who attests, or else is named), ``address``, ``unusable`` (no usable address), ``case`` (number), ``opened`` (its day).
- ``reasons``: one for each band of the reasons' sketch (``guard.reasons``).
- ``matter``: one for each way to take the name at the address (``guard.matter``), and with it what was said of each corroborating field
  (I-1: what contradicted once is missed when it is left out, and noticed when it is changed).

A fingerprint is an HMAC-SHA256 cut to 128 bits (RFC 2104 §5 allows half): enough to tell millions of lines apart, and half the room.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from lawgate.domain.steps import Cover, Json, Line
from lawgate.guard.matter import CORROBORATING, readings, stated_fields
from lawgate.guard.reasons import Sketcher, words_left
from lawgate.identity.address import AddressParts
from lawgate.identity.name import NameParts
from lawgate.identity.normal import address_key_text, normal_address, normal_name

Mark = Callable[[str, str], bytes]
"""``mark(kind, text)``: 16 bytes of an HMAC under a secret of this home; the same kind and text, the same mark."""

MARK_BYTES = 16
SAID_BYTES = 8
NOTHING_SAID = bytes(SAID_BYTES)
_REMEMBERED = 50_000
_written = json.JSONEncoder(check_circular=False, sort_keys=True).encode

ACROSS_AGENCIES = frozenset({"address", "officer"})
"""Kinds counted over all agencies; every other kind is counted within the asking agency."""

LASTING = frozenset({"line", "matter"})
"""Kinds counted since the beginning; every other kind is counted within the window of days.

A line that did not go on to a person may be sent again as it is, once the cause is mended. So it leaves none of these, which would make
its successor a duplicate or a matter asked before; it still counts for plausibility.
"""


@dataclass(frozen=True, slots=True)
class Traces:
    """What one line leaves; an empty mark is none. ``matters`` are pairs of a mark and what was ``said`` under it, field by field.

    ``checked`` lines are those without faults; those that ``go_on`` lack no element of the statute. ``words`` are 8-byte digests of what is left of the reasons.
    """

    ordinal: int
    checked: bool
    goes_on: bool
    line: bytes
    officer: bytes
    case: bytes
    opened: bytes
    address: bytes
    reasons: tuple[bytes, ...]
    matters: tuple[tuple[bytes, bytes], ...]
    words: tuple[bytes, ...]

    def marks(self, kind: str) -> tuple[bytes, ...]:
        """Return the marks of a kind that the line left."""
        if kind == "reasons":
            return self.reasons
        if kind == "matter":
            return tuple(mark for mark, _ in self.matters)
        mark: bytes = getattr(self, kind)
        return (mark,) if mark else ()


class Tracer:
    """Takes the traces of one submission's lines. ``official``, ``agency`` and ``unusable`` are the same for all lines that leave them."""

    def __init__(self, cover: Cover, mark: Mark) -> None:
        self._agency = cover.agency
        self._mark = mark
        self._again = lru_cache(_REMEMBERED)(mark)
        self._sketcher = Sketcher(mark)
        self.common = {
            "official": mark("official", cover.signer_keyid),
            "agency": mark("agency", cover.agency),
            "unusable": mark("unusable", cover.agency),
        }

    def of(
        self,
        line: Line,
        name: NameParts | None,
        address: AddressParts | None,
        *,
        goes_on: bool,
    ) -> Traces:
        """Return what a line leaves; ``name`` and ``address`` are what it sufficiently states, None where it does not.

        Only a sufficient address leaves ``address`` (6103(i)(2)(B)(i)); a line with format faults leaves no ``line``, because
        its corrected successor is not a duplicate of it.
        """
        data, mark, agency = line.data, self._mark, self._agency
        matter = data.get("proceeding")
        proceeding = matter if isinstance(matter, Mapping) else {}
        case = "".join(filter(str.isalnum, _stated(proceeding, "case_number").casefold()))
        opened = _stated(proceeding, "opened").strip()
        officer = _officer(line)
        bands, words = self._sketcher.sketch(words_left(data))
        place = None if address is None else normal_address(address)
        matters: tuple[tuple[bytes, bytes], ...] = ()
        if name is not None and place is not None:
            normal = normal_name(name)
            marks = [mark("matter", f"{agency}\n{reading}") for reading in readings(normal, place)]
            stated = stated_fields(data, normal)
            said = [self._value(field, stated.get(field, "")) for field in CORROBORATING]
            matters = tuple([(one, b"".join([_said(one, value) for value in said])) for one in marks])
        return Traces(
            ordinal=line.ordinal,
            checked=not line.faults,
            goes_on=goes_on,
            line=b"" if line.faults else mark("line", _line_text(agency, data)),
            officer=self._again("officer", officer) if officer else b"",
            case=mark("case", f"{agency}\n{case}") if case else b"",
            opened=self._again("opened", f"{agency}\n{opened}") if opened else b"",
            address=b"" if place is None else mark("address", address_key_text(place)),
            reasons=tuple([mark("reasons", band) for band in bands]),
            matters=matters,
            words=() if line.faults else words,
        )

    def _value(self, field: str, value: str) -> bytes:
        return self._mark("said", f"{field}\n{value}") if value else b""


def counted_since(kind: str, now: datetime, window_days: int) -> datetime:
    """Return the moment from which earlier traces of a kind count."""
    if kind in LASTING:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return now - timedelta(days=window_days)


def said_of(said: bytes) -> list[bytes]:
    """Return what was said of each corroborating field, in their order."""
    return [said[n * SAID_BYTES : (n + 1) * SAID_BYTES] for n in range(len(CORROBORATING))]


def _said(matter: bytes, value: bytes) -> bytes:
    """Bind a value to its matter, so that two people born on one day leave nothing alike."""
    return blake2b(matter, key=value, digest_size=SAID_BYTES).digest() if value else NOTHING_SAID


def _officer(line: Line) -> str:
    stated = _stated(line.data, "engaged_officer") if line.attestation is None else line.attestation.person
    return stated.strip()


def _line_text(agency: str, data: Mapping[str, Json]) -> str:
    """The request without its key: two keys for one question do not make two questions."""
    asked = {name: value for name, value in data.items() if name != "request_key"}
    return _written([agency, asked])


def _stated(data: Mapping[str, Json], field: str) -> str:
    value = data.get(field, "")
    return value if isinstance(value, str) else ""
