"""The timestamps that a log names: each response as kept beside the tiles, held against its entry, its checkpoint and the reader's anchors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lawgate_verifier.encoding import hex_sha256
from lawgate_verifier.entries import Entry
from lawgate_verifier.ledger import LARGEST_CHECKPOINT, Fault, Log
from lawgate_verifier.notes import parse_checkpoint, parse_note, verified_by
from lawgate_verifier.refused import Refused, demand
from lawgate_verifier.timestamp import LARGEST_RESPONSE, Anchors, Stamp, check_stamp


@dataclass(frozen=True, slots=True)
class Stamped:
    """What one entry names: the log as it was at ``size`` entries of its own, seen by an authority at a moment."""

    entry: Entry
    size: int
    stamp: Stamp


def check_stamps(years: Iterable[Log], anchors: Anchors) -> tuple[tuple[Stamped, ...], tuple[Fault, ...]]:
    """Check every timestamp that the logs name; what holds, and a fault for each that does not."""
    held: list[Stamped] = []
    faults: list[Fault] = []
    for year in years:
        for entry in year.stamps:
            try:
                held.append(Stamped(entry, entry.number("size"), _check(year, entry, anchors)))
            except Refused as refusal:
                faults.append(Fault(entry.index, refusal.sentence))
    return tuple(held), tuple(faults)


def _check(year: Log, entry: Entry, anchors: Anchors) -> Stamp:
    folder = f"timestamps/{entry.text('time')[:10]}"
    response = _file(year, f"{folder}/response.tsr", LARGEST_RESPONSE)
    raw = _file(year, f"{folder}/checkpoint", LARGEST_CHECKPOINT)
    named = hex_sha256(response) == entry.text("stamp_sha256")
    demand(named, "The timestamp beside the log is not the one that the entry names.")
    note = parse_note(raw)
    demand(year.key in verified_by(note, [year.key]), "The stamped checkpoint is not signed by the log.")
    checkpoint = parse_checkpoint(note.text)
    stated = (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
    same = stated == (year.key.name, entry.number("size"), entry.text("root"))
    demand(same, "The stamped checkpoint is not the one that the entry names.")
    return check_stamp(response, raw, anchors)


def _file(year: Log, path: str, most: int) -> bytes:
    raw = year.read(path, most)
    if raw is None:
        raise Refused(0, f"The log lacks {path}.")
    return raw
