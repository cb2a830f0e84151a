"""The keyed fingerprints a line leaves behind, so that guard can count over time without keeping what was asked.

- ``line``: the same agency asks the same thing. ``official`` (signer) and ``agency``: every line leaves these, also an unreadable one.
- ``officer`` (who attests, or else is named), ``address``, ``unusable`` (no usable address), ``case`` (number), ``opened`` (its day).
- ``reasons``: one for each band of the reasons' sketch (``guard.reasons``).
- ``matter``: one for each way to take the name at the address (``guard.matter``); under the same fingerprints one ``with-…`` kind for
  each corroborating field stated, and one ``said-…`` for its value (I-1: what contradicted once is missed when it is left out, and
  noticed when it is changed). ``said-…`` traces of a line stand in the order of its ``matter`` traces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from lawgate.domain.kept import Trace
from lawgate.domain.steps import Json, Line, Received
from lawgate.evidence.canonical import canonical
from lawgate.guard.matter import (
    CORROBORATING,
    address_of,
    name_of,
    readings,
    stated_fields,
)
from lawgate.guard.reasons import Sketcher, words_left
from lawgate.identity.normal import NormalAddress, address_key_text, normal_address, normal_name

Fingerprint = Callable[[str, str], str]
"""``fingerprint(kind, text)``: an HMAC under a secret of this home; the same kind and text, the same fingerprint."""

ACROSS_AGENCIES = frozenset({"address", "officer"})
"""Kinds counted over all agencies; every other kind is counted within the asking agency."""

WITHOUT_WINDOW = frozenset(
    {"line", "matter"} | {f"{kind}-{field}" for kind in ("with", "said") for field in CORROBORATING}
)
"""Kinds counted since the beginning; every other kind is counted within the window of days."""


def traces(received: Received, fingerprint: Fingerprint) -> tuple[Trace, ...]:
    """Return every trace that the lines of a submission leave, in line order.

    Only a sufficient address leaves ``address`` (6103(i)(2)(B)(i)); a line with format faults leaves no ``line``, because
    its corrected successor is not a duplicate of it.
    """
    sketcher = Sketcher(fingerprint)
    return tuple(
        trace for line in received.lines for trace in _line_traces(received, line, fingerprint, sketcher)
    )


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


def asked_before(left: Sequence[Trace], earlier: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """Return the fingerprints of matters, among those left, about which the agency asked in an earlier submission."""
    before = earlier.get("matter", {})
    return tuple(
        dict.fromkeys(t.fingerprint for t in left if t.kind == "matter" and before.get(t.fingerprint))
    )


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


def _line_traces(received: Received, line: Line, fingerprint: Fingerprint, sketcher: Sketcher) -> list[Trace]:
    agency, data = received.cover.agency, line.data
    stated = address_of(data)
    address = None if stated is None else normal_address(stated)
    texts: list[tuple[str, str]] = [("official", received.cover.signer_keyid), ("agency", agency)]
    if not line.faults:
        texts.append(("line", _line_text(agency, line)))
    texts += _matter_texts(agency, line)
    texts += [("reasons", band) for band in sketcher.bands(words_left(data))]
    texts.append(("unusable", agency) if address is None else ("address", address_key_text(address)))
    found = [Trace(line.ordinal, kind, fingerprint(kind, text)) for kind, text in texts]
    return found if address is None else found + _person_traces(agency, line, address, fingerprint)


def _matter_texts(agency: str, line: Line) -> list[tuple[str, str]]:
    """Officer, case number and day of opening, each in one way of writing."""
    officer = _stated(line.data, "engaged_officer")
    if line.attestation is not None:
        officer = line.attestation.person
    matter = line.data.get("proceeding")
    proceeding = matter if isinstance(matter, Mapping) else {}
    case = "".join(c for c in _stated(proceeding, "case_number").casefold() if c.isalnum())
    opened = _stated(proceeding, "opened").strip()
    texts = (("officer", officer.strip()), ("case", case), ("opened", opened))
    return [(kind, text if kind == "officer" else f"{agency}\n{text}") for kind, text in texts if text]


def _person_traces(agency: str, line: Line, address: NormalAddress, fingerprint: Fingerprint) -> list[Trace]:
    parts = name_of(line.data)
    if parts is None:
        return []
    name = normal_name(parts)
    stated = stated_fields(line.data, name)
    found: list[Trace] = []
    for reading in readings(name, address):
        matter = fingerprint("matter", f"{agency}\n{reading}")
        found.append(Trace(line.ordinal, "matter", matter))
        for field, value in stated.items():
            found.append(Trace(line.ordinal, f"with-{field}", matter))
            said = fingerprint("said", f"{matter}\n{field}\n{value}")
            found.append(Trace(line.ordinal, f"said-{field}", said))
    return found


def _line_text(agency: str, line: Line) -> str:
    """The request without its key: two keys for one question do not make two questions."""
    asked: dict[str, Json] = {name: value for name, value in line.data.items() if name != "request_key"}
    return canonical({"agency": agency, "asked": asked}).decode("utf-8")


def _stated(data: Mapping[str, Json], field: str) -> str:
    value = data.get(field, "")
    return value if isinstance(value, str) else ""
