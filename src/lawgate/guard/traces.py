"""The keyed fingerprints a line leaves behind, so that guard can count over time without keeping what was asked.

Kinds: ``line`` (the same agency asks the same thing), ``address``, ``reasons``, ``officer`` (engaged officer), ``official`` (signer), ``agency``,
``matter`` (the same agency asks about the same name at the same address) and, under the matter's own fingerprint, one
``with-…`` kind for each corroborating field the line stated (I-1: what contradicted once is missed when it is left out).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lawgate.domain.kept import Trace
from lawgate.domain.steps import Json, Line, Received
from lawgate.evidence.canonical import canonical
from lawgate.identity.address import AddressParts, read_address
from lawgate.identity.name import NameParts, read_name
from lawgate.identity.normal import address_key_text, normal_address, normal_name, person_text

Fingerprint = Callable[[str, str], str]
"""``fingerprint(kind, text)``: an HMAC under a secret of this home; the same kind and text, the same fingerprint."""

CORROBORATING = ("birth-date", "taxpayer-number", "middle-name", "suffix")
"""Optional fields that can contradict a record; leaving one out of a matter asked before is noticed."""

ACROSS_AGENCIES = frozenset({"address"})
"""Kinds counted over all agencies; every other kind is counted within the asking agency."""

WITHOUT_WINDOW = frozenset({"line", "matter"}) | {f"with-{field}" for field in CORROBORATING}
"""Kinds counted since the beginning; every other kind is counted within the window of days."""


def traces(received: Received, fingerprint: Fingerprint) -> tuple[Trace, ...]:
    """Return every trace that the lines of a submission leave, in line order.

    Only a sufficient address leaves ``address`` (6103(i)(2)(B)(i)); a line with format faults leaves no ``line``, because
    its corrected successor is not a duplicate of it.
    """
    return tuple(trace for line in received.lines for trace in _line_traces(received, line, fingerprint))


def questions(left: Sequence[Trace]) -> Mapping[str, tuple[str, ...]]:
    """Return, by kind, the distinct fingerprints whose earlier counts guard needs before ``admit`` and ``duplicates``."""
    asked: dict[str, dict[str, None]] = {}
    for trace in left:
        asked.setdefault(trace.kind, {})[trace.fingerprint] = None
        if trace.kind == "matter":
            for field in CORROBORATING:
                asked.setdefault(f"with-{field}", {})[trace.fingerprint] = None
    return {kind: tuple(found) for kind, found in asked.items()}


def counted_since(kind: str, now: datetime, window_days: int) -> datetime:
    """Return the moment from which earlier traces of a kind count."""
    if kind in WITHOUT_WINDOW:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return now - timedelta(days=window_days)


def duplicates(
    received: Received, left: Sequence[Trace], earlier: Mapping[str, Mapping[str, int]]
) -> frozenset[int]:
    """Return the ordinals that repeat an earlier line of the same agency, of this submission or of one before it."""
    before = earlier.get("line", {})
    seen: set[str] = set()
    found: set[int] = set()
    lines = {line.ordinal for line in received.lines}
    for trace in sorted(
        (t for t in left if t.kind == "line" and t.ordinal in lines), key=lambda t: t.ordinal
    ):
        if trace.fingerprint in seen or before.get(trace.fingerprint, 0) > 0:
            found.add(trace.ordinal)
        seen.add(trace.fingerprint)
    return frozenset(found)


def lasting(left: Sequence[Trace], went_on: Collection[int]) -> tuple[Trace, ...]:
    """Return the traces to keep: a line that did not go on to a person may be sent again as it is, once the cause is mended.

    So it leaves nothing that would make its successor a duplicate or a matter asked before; it still counts for plausibility.
    """
    return tuple(t for t in left if t.kind not in WITHOUT_WINDOW or t.ordinal in went_on)


def matter_text(name: NameParts, address: AddressParts) -> str:
    """Return a stable text for a name at an address: middle name and suffix left out, so that leaving them out changes nothing."""
    return person_text(normal_name(replace(name, middle="", suffix="")), normal_address(address))


def named_at(data: Mapping[str, Json]) -> tuple[NameParts, AddressParts] | None:
    """Read name and address of a request or an order, or None unless both are sufficient."""
    name, address = name_of(data), address_of(data)
    return None if name is None or address is None else (name, address)


def name_of(data: Mapping[str, Json]) -> NameParts | None:
    """Read the stated name, or None if it is not sufficient."""
    reading = read_name(data["name"]) if "name" in data else None
    return reading.parts if reading is not None and reading.sufficient else None


def address_of(data: Mapping[str, Json]) -> AddressParts | None:
    """Read the stated address, or None if it is not sufficient."""
    reading = read_address(data["address"]) if "address" in data else None
    return reading.parts if reading is not None and reading.sufficient else None


def _line_traces(received: Received, line: Line, fingerprint: Fingerprint) -> list[Trace]:
    cover = received.cover
    texts: list[tuple[str, str]] = [("official", cover.signer_keyid), ("agency", cover.agency)]
    if not line.faults:
        texts.append(("line", _line_text(cover.agency, line)))
    if line.attestation is not None:
        texts.append(("officer", line.attestation.person))
    reasons = " ".join(_stated(line, "reasons").casefold().split())
    if reasons:
        texts.append(("reasons", reasons))
    address = address_of(line.data)
    if address is not None:
        texts.append(("address", address_key_text(normal_address(address))))
    found = [Trace(line.ordinal, kind, fingerprint(kind, text)) for kind, text in texts]
    return found + _matter_traces(cover.agency, line, fingerprint)


def _matter_traces(agency: str, line: Line, fingerprint: Fingerprint) -> list[Trace]:
    person = named_at(line.data)
    if person is None:
        return []
    matter = fingerprint("matter", f"{agency}\n{matter_text(*person)}")
    name = normal_name(person[0])
    stated = {
        "birth-date": _stated(line, "birth_date"),
        "taxpayer-number": _stated(line, "taxpayer_number"),
        "middle-name": name.middle,
        "suffix": name.suffix,
    }
    kinds = ["matter", *(f"with-{field}" for field in CORROBORATING if stated[field].strip())]
    return [Trace(line.ordinal, kind, matter) for kind in kinds]


def _line_text(agency: str, line: Line) -> str:
    """The request without its key: two keys for one question do not make two questions."""
    asked: dict[str, Json] = {name: value for name, value in line.data.items() if name != "request_key"}
    return canonical({"agency": agency, "asked": asked}).decode("utf-8")


def _stated(line: Line, field: str) -> str:
    value = line.data.get(field, "")
    return value if isinstance(value, str) else ""
