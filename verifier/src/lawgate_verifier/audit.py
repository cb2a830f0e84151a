"""What the entries of a log say together: chains without gaps, counts that add up, stops that bit. Reads; decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lawgate_verifier.answers import Answers, no_answers
from lawgate_verifier.entries import Entry
from lawgate_verifier.ledger import Fault, Log
from lawgate_verifier.merkle import EMPTY_ROOT
from lawgate_verifier.stops import Stop, replay


@dataclass(frozen=True, slots=True)
class Audit:
    """All faults of a log in the order of its entries, and the counts an overseer asks for first."""

    faults: tuple[Fault, ...]
    types: Mapping[str, int]
    lines: Mapping[str, int]
    policy_sha256: str


@dataclass(slots=True)
class _Walk:
    """What has been seen of the log so far, while it is read from its first entry to its last."""

    log: Log
    before: Log | None
    stops: Mapping[str, Stop]
    answers: Answers
    faults: list[Fault]
    time: str = ""
    policy_sha256: str = ""
    stop_entries: int = 0
    types: Counter[str] = field(default_factory=Counter)
    submissions: dict[str, Entry] = field(default_factory=dict)
    batches: Counter[str] = field(default_factory=Counter)
    determined: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    chains: dict[str, Entry] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    recalled: dict[str, tuple[str, bool]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    preserved: dict[str, tuple[str, bool]] = field(default_factory=dict)
    incidents: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def demand(self, holds: bool, entry: Entry, sentence: str) -> None:
        """Note a fault at an entry unless the condition holds."""
        if not holds:
            self.faults.append(Fault(entry.index, sentence))


def audit(log: Log, before: Sequence[Log] = ()) -> Audit:
    """Follow a log from its first entry to its last and name everything that does not follow from what stands before it.

    ``before`` are the logs of earlier years, oldest first, opened with their bases: what an entry relies on may stand there.
    """
    years = (*before, log)
    stops, broken = replay(entry for year in years for entry in year.stops)
    known = [fault for year in years for fault in year.faults]
    with no_answers() as answers:
        walk = _Walk(years[0], None, stops, answers, known)
        walk.faults += [Fault(index, sentence) for index, sentence in broken]
        for year in years:
            _follow(walk, year)
            walk.before = year
    faults = sorted(walk.faults, key=lambda fault: -1 if fault.index is None else fault.index)
    return Audit(tuple(faults), walk.types, _lines(walk), walk.policy_sha256)


def _follow(walk: _Walk, year: Log) -> None:
    walk.log = year
    for entry in year.entries:
        walk.types[entry.kind] += 1
        at = entry.index - year.base
        walk.demand(at > 0 or entry.kind == "policy", entry, "The first entry is not a policy entry.")
        succeeds = at == 1 and walk.before is not None
        walk.demand(
            (entry.kind == "shard") == succeeds,
            entry,
            "A log that succeeds another says so in its second entry, and no other does anywhere.",
        )
        walk.demand(entry.text("time") >= walk.time, entry, "The time is before that of the entry before.")
        walk.time = max(walk.time, entry.text("time"))
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(walk, entry)


def _lines(walk: _Walk) -> dict[str, int]:
    received = sum(entry.number("lines") for entry in walk.submissions.values())
    counts = {"received": received, "determined": sum(walk.determined.values())}
    return counts | {letter: walk.letters[letter] for letter in sorted(walk.letters)}


def _policy(walk: _Walk, entry: Entry) -> None:
    walk.demand(
        entry.text("origin") == walk.log.head.checkpoint.origin, entry, "A policy entry is of another log."
    )
    walk.policy_sha256 = entry.text("policy_sha256")


def _stop(walk: _Walk, entry: Entry) -> None:
    walk.stop_entries += 1


def _heartbeat(walk: _Walk, entry: Entry) -> None:
    walk.demand(entry.number("entries") == entry.index, entry, "A heartbeat states another size of the log.")


def _shard(walk: _Walk, entry: Entry) -> None:
    if walk.before is None:
        return
    head, year = walk.before.head.checkpoint, walk.before
    stated = (entry.text("predecessor"), entry.number("size"), entry.text("root"), entry.number("base"))
    same = stated == (head.origin, head.size, head.root.hex(), year.base + head.size)
    walk.demand(same, entry, "A log does not commit to the last head of the log before it.")


def _timestamp(walk: _Walk, entry: Entry) -> None:
    size = entry.number("size")
    there = size <= entry.index - walk.log.base
    walk.demand(there, entry, "A timestamp is of a larger log than there was.")
    same = not there or entry.text("root") == walk.log.roots.at(size).hex()
    walk.demand(same, entry, "A timestamp is of another log than this one was at that size.")


def _submission(walk: _Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    walk.demand(identity not in walk.submissions, entry, "A submission is logged twice.")
    walk.submissions.setdefault(identity, entry)
    _check_lines(walk, entry)


def _determinations(walk: _Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    _check_lines(walk, entry)
    walk.letters.update(entry.counted())
    walk.batches[identity] += 1
    walk.demand(
        entry.number("batch") == walk.batches[identity],
        entry,
        "The batches of a submission are not numbered 1, 2, and so on.",
    )
    walk.determined[identity] += entry.number("lines")
    submission = walk.submissions.get(identity)
    if submission is None:
        walk.demand(False, entry, "A determination is of a submission that is not in the log before it.")
    else:
        known = walk.determined[identity] <= submission.number("lines")
        walk.demand(known, entry, "More lines are determined than the submission has.")


def _check_lines(walk: _Walk, entry: Entry) -> None:
    lines = entry.number("lines")
    nothing = entry.text("lines_root") == EMPTY_ROOT.hex()
    walk.demand(nothing == (lines == 0), entry, "The root over the lines does not fit their number.")


def _answer(walk: _Walk, entry: Entry) -> None:
    new = walk.answers.add(entry.text("answer"), entry.text("recipient_keyid"))
    walk.demand(new, entry, "An answer's id stands twice in the log.")
    count = entry.number("stops") == walk.stop_entries
    walk.demand(count, entry, "An answer does not count the stop entries before it right.")
    _check_chain(walk, entry)
    _check_people(walk, entry)
    _check_submission(walk, entry)
    for stop in walk.stops.values():
        forbidden = stop.holds_at(entry.index) and stop.reaches(entry)
        walk.demand(
            not forbidden, entry, f"An answer was logged while the stop of entry {stop.ordered.index} held."
        )


def _check_chain(walk: _Walk, entry: Entry) -> None:
    recipient = entry.text("recipient_keyid")
    last = walk.chains.get(recipient)
    sequence, previous = (last.number("sequence") + 1, str(last.index)) if last else (1, "")
    follows = entry.number("sequence") == sequence
    walk.demand(follows, entry, "The recipient's sequence has a gap or a repetition.")
    joined = entry.text("previous") == previous
    walk.demand(joined, entry, "An answer does not name the recipient's answer before it.")
    walk.chains[recipient] = entry


def _check_submission(walk: _Walk, entry: Entry) -> None:
    identity = entry.text("submission")
    submission = walk.submissions.get(identity)
    if submission is None:
        walk.demand(False, entry, "An answer is to a submission that is not in the log before it.")
        return
    walk.answered[identity] += 1
    open_to_answers = submission.text("code") == "" and walk.answered[identity] <= submission.number("lines")
    walk.demand(
        open_to_answers, entry, "A submission has more answers than it has lines that can be answered."
    )
    same = all(entry.text(member) == submission.text(member) for member in ("agency", "pack"))
    walk.demand(same, entry, "An answer names another agency or pack than its submission.")


def _ack(walk: _Walk, entry: Entry) -> None:
    identity = entry.text("answer")
    recipient = walk.answers.recipient(identity)
    if recipient is None:
        walk.demand(False, entry, "An acknowledgement is of an answer that is not in the log before it.")
        return
    walk.demand(walk.answers.acknowledge(identity), entry, "An answer is acknowledged twice.")
    own = entry.text("keyid") == recipient
    walk.demand(own, entry, "An acknowledgement is by another key than the recipient's.")


def _key(walk: _Walk, entry: Entry) -> None:
    keyid, enrol = entry.text("keyid"), entry.text("act") == "enrol"
    walk.demand(
        (keyid in walk.keys) != enrol, entry, "A key is enrolled twice, or revoked without being enrolled."
    )
    if enrol:
        walk.keys.setdefault(keyid, entry.text("role"))
    elif keyid in walk.keys:
        walk.revoked.add(keyid)


def _tag(walk: _Walk, entry: Entry) -> None:
    identity, tag = entry.text("answer"), entry.text("tag")
    there = walk.answers.recipient(identity) is not None
    walk.demand(there, entry, "A tag is of an answer that is not in the log before it.")
    once = walk.answers.tag(identity, tag)
    walk.demand(once, entry, "An answer is tagged twice, or a tag stands twice in the log.")


def _source(walk: _Walk, entry: Entry) -> None:
    rows, lookups = entry.number("rows"), entry.number("lookups")
    walk.demand(
        rows == lookups, entry, f"The record system counts {rows} reads, the gateway {lookups} look-ups."
    )
    walk.demand(
        lookups >= len(walk.answers), entry, "The gateway counts fewer look-ups than it logged answers."
    )


def _recall(walk: _Walk, entry: Entry) -> None:
    identity, due = entry.text("answer"), entry.text("due")
    there = walk.answers.recipient(identity) is not None
    walk.demand(there, entry, "A recall is of an answer that is not in the log before it.")
    _open_or_close(walk, entry, walk.recalled, identity, due, entry.text("act") == "notice")


def _erasure(walk: _Walk, entry: Entry) -> None:
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


def _preservation(walk: _Walk, entry: Entry) -> None:
    name, subject = entry.text("preservation"), entry.text("submission")
    _open_or_close(walk, entry, walk.preserved, name, subject, entry.text("act") == "order")


def _incident(walk: _Walk, entry: Entry) -> None:
    name, kind = entry.text("incident"), entry.text("kind")
    _open_or_close(walk, entry, walk.incidents, name, kind, entry.text("act") == "open")


def _open_or_close(
    walk: _Walk, entry: Entry, known: dict[str, tuple[str, bool]], name: str, about: str, opens: bool
) -> None:
    follows = name not in known if opens else known.get(name) == (about, True)
    walk.demand(follows, entry, f"An entry of type {entry.kind} does not follow from those before it.")
    known[name] = (about, opens)


def _check_people(walk: _Walk, entry: Entry) -> None:
    """Who receives, who approved and who released are three keys, each enrolled for just that.

    An approval stands that was signed before its key was revoked; nothing is released by a revoked key, or to one.
    """
    for member, role in _ROLES.items():
        keyid = entry.text(member)
        walk.demand(
            walk.keys.get(keyid) == role,
            entry,
            f"An answer's {member} is not an enrolled key for the role {role}.",
        )
        current = member == "decision_keyid" or keyid not in walk.revoked
        walk.demand(current, entry, f"An answer's {member} was revoked before it.")


_ROLES = {
    "recipient_keyid": "engaged-officer",
    "decision_keyid": "disclosure-officer",
    "authorisation_keyid": "releasing-officer",
}

_STEPS = {
    "key": _key,
    "policy": _policy,
    "stop": _stop,
    "shard": _shard,
    "tag": _tag,
    "source": _source,
    "recall": _recall,
    "erasure": _erasure,
    "preservation": _preservation,
    "incident": _incident,
    "timestamp": _timestamp,
    "heartbeat": _heartbeat,
    "submission": _submission,
    "determinations": _determinations,
    "answer": _answer,
    "ack": _ack,
}
