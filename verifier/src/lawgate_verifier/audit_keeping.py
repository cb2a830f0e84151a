"""What entries about the log itself must agree in: its policy, years, timestamps and keys, and what keeps or erases data."""

from __future__ import annotations

from lawgate_verifier.entries import Entry
from lawgate_verifier.walk import Walk


def _policy(walk: Walk, entry: Entry) -> None:
    walk.demand(
        entry.text("origin") == walk.log.head.checkpoint.origin, entry, "A policy entry is of another log."
    )
    walk.policy_sha256 = entry.text("policy_sha256")


def _stop(walk: Walk, entry: Entry) -> None:
    walk.stop_entries += 1


def _heartbeat(walk: Walk, entry: Entry) -> None:
    walk.demand(entry.number("entries") == entry.index, entry, "A heartbeat states another size of the log.")


def _shard(walk: Walk, entry: Entry) -> None:
    if walk.before is None:
        return
    head, year = walk.before.head.checkpoint, walk.before
    stated = (entry.text("predecessor"), entry.number("size"), entry.text("root"), entry.number("base"))
    same = stated == (head.origin, head.size, head.root.hex(), year.base + head.size)
    walk.demand(same, entry, "A log does not commit to the last head of the log before it.")


def _timestamp(walk: Walk, entry: Entry) -> None:
    size = entry.number("size")
    there = size <= entry.index - walk.log.base
    walk.demand(there, entry, "A timestamp is of a larger log than there was.")
    same = not there or entry.text("root") == walk.log.roots.at(size).hex()
    walk.demand(same, entry, "A timestamp is of another log than this one was at that size.")


def _key(walk: Walk, entry: Entry) -> None:
    keyid, enrol = entry.text("keyid"), entry.text("act") == "enrol"
    walk.demand(
        (keyid in walk.keys) != enrol, entry, "A key is enrolled twice, or revoked without being enrolled."
    )
    if enrol:
        walk.keys.setdefault(keyid, entry.text("role"))
    elif keyid in walk.keys:
        walk.revoked.add(keyid)


def _erasure(walk: Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    submission = walk.submissions.get(identity)
    if submission is None:
        walk.demand(False, entry, "An erasure is of a submission that is not in the log before it.")
        return
    walk.demand(identity not in walk.erased, entry, "A submission is erased twice.")
    walk.erased.add(identity)
    kept = any(holds and subject in ("", identity) for subject, holds in walk.preserved.values())
    walk.demand(not kept, entry, "An erasure was logged while a preservation order held.")
    for stop in walk.stops.values():
        # Whom a stop on an officer or a person reaches cannot be told: it may reach any submission.
        member = {"pack": "pack", "agency": "agency", "submission": "submission"}.get(stop.scope)
        reaches = member is None or submission.text(member) == stop.subject
        walk.demand(
            not (stop.holds_at(entry.index) and reaches),
            entry,
            f"An erasure was logged while the stop of entry {stop.ordered.index} held.",
        )


def _preservation(walk: Walk, entry: Entry) -> None:
    name, subject = entry.text("preservation"), entry.text("submission")
    walk.open_or_close(entry, walk.preserved, name, subject, entry.text("act") == "order")


def _incident(walk: Walk, entry: Entry) -> None:
    name, kind = entry.text("incident"), entry.text("kind")
    walk.open_or_close(entry, walk.incidents, name, kind, entry.text("act") == "open")


STEPS = {
    "policy": _policy,
    "stop": _stop,
    "heartbeat": _heartbeat,
    "shard": _shard,
    "timestamp": _timestamp,
    "key": _key,
    "erasure": _erasure,
    "preservation": _preservation,
    "incident": _incident,
}
