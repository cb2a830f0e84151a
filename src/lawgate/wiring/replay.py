"""A past submission is read again under another reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lawgate.adapters.processes import worker_pool
from lawgate.domain.kept import line_ranges
from lawgate.domain.steps import SubmissionId
from lawgate.gate import Gate
from lawgate.oversight.replay import Part, Past, Replayed
from lawgate.statutes.pack import Pack
from lawgate.wiring.keys import vault_of
from lawgate.wiring.packs import ground_named, pack_named
from lawgate.wiring.spread import AHEAD, Watch, elsewhere, processes_for, unwatched
from lawgate.wiring.store import memory_under, open_store


def replay_past(
    home: Path, gate: Gate, submission: SubmissionId, new: Pack, watch: Watch = unwatched
) -> Replayed:
    """Read a past submission of an opened home again under another reading, and tell ``watch`` of each piece; for a large one in as many
    processes as there are processors. Raises what ``Past`` raises."""
    past = Past(gate.memory, ground_named(new.id), submission, new)
    pieces, processes = line_ranges(past.line_count), processes_for(past.line_count)
    if processes == 1:
        return past.whole(_watched(((past.part(some), 0.0) for some in pieces), watch))
    pool = worker_pool(processes, _begin_replay, (home, submission, new.name))
    try:
        return past.whole(_watched(elsewhere(pool, AHEAD * processes, _replay_there, pieces), watch))
    finally:
        pool.shutdown(cancel_futures=True)


def _watched(parts: Iterable[tuple[Part, float]], watch: Watch) -> Iterator[Part]:
    for part, seconds in parts:
        watch("replay", part.lines, seconds)
        yield part


_pasts: list[Past] = []
"""In a process that reads past lines again: their submission."""


def _begin_replay(home: Path, submission: SubmissionId, new: str) -> None:
    open_store(home, create=False)
    pack = pack_named(new)
    _pasts.append(Past(memory_under(vault_of(home)), ground_named(pack.id), submission, pack))


def _replay_there(some: range) -> Part:
    return _pasts[0].part(some)
