"""Follows one answer and one refusal through the log for the report: entries by index and leaf hash, values never."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lawgate.domain.code import code
from lawgate.domain.kept import LoggedAnswer, SubmissionSummary
from lawgate.domain.steps import LineStatus
from lawgate.gate import Gate
from lawgate.ledger.leaves import check_leaf
from lawgate.ledger.tree import leaf_hash
from lawgate.oversight.data import Event, FollowedLine

_PIECE = 1000
RECEIVED = "the submission's digest, and a commitment to each line"
FINAL = "the line became final: letter and codes as a commitment, counts in clear"


def follow_answer(gate: Gate, summary: SubmissionSummary, logged: LoggedAnswer) -> FollowedLine:
    """Follow one logged answer from receipt to its acknowledgement, if there is one."""
    approved = logged.authorised.proposed.matched.approved
    received = _first(
        gate, lambda leaf: leaf["type"] == "submission" and leaf.get("submission") == summary.submission
    )
    acknowledged = _last(
        gate, lambda leaf: leaf["type"] == "ack" and leaf["answer"] == logged.answer, logged.index
    )
    asked = sum(f.code != "" for f in approved.findings)
    events = (
        _entry(gate, "receive", RECEIVED, "the gateway", False, received),
        Event("check", f"{asked} elements, each MET or put to a person", "the statute's pack", False),
        Event("decide", f"decision {_short(approved.decision.sha256)}", "disclosure officer", True),
        Event(
            "match",
            "one look-up; its outcome is told to the engaged officer only",
            "the record engine",
            False,
        ),
        Event(
            "authorise",
            f"authorisation {_short(logged.authorised.authorisation.sha256)}",
            "releasing officer",
            True,
        ),
        _entry(
            gate,
            "log",
            "accounting row and leaf in one motion; values only as commitments",
            "the gateway",
            False,
            logged.index,
        ),
        Event("seal and hand over", f"package {logged.sequence} to this officer's key", "the sealer", False),
        _entry(
            gate,
            "account",
            "the officer's tool checked the proof and acknowledged",
            "engaged officer",
            True,
            acknowledged,
        ),
    )
    return FollowedLine(
        f"Line {approved.line.ordinal} of {summary.submission}",
        "The requester sees A, answered under seal. What is inside, released, confirmed or no answer, only the engaged officer can read.",
        tuple(event for event in events if not (event.step == "account" and event.index is None)),
    )


def follow_refusal(gate: Gate, summary: SubmissionSummary, status: LineStatus) -> FollowedLine:
    """Follow one line that was refused at receipt."""
    own = summary.submission
    received = _first(gate, lambda leaf: leaf["type"] == "submission" and leaf.get("submission") == own)
    final = _first(gate, lambda leaf: leaf["type"] == "determinations" and leaf.get("submission") == own)
    reason = code(status.codes[0])
    return FollowedLine(
        f"Line {status.ordinal} of {own}",
        f"The requester sees {status.disposition.value}, {reason.code}: {reason.sentence} ({reason.citation}) {reason.remedy} No record was looked at.",
        (
            _entry(gate, "receive", RECEIVED, "the gateway", False, received),
            Event("check", f"not met: {', '.join(status.codes)}", "the statute's pack", False),
            _entry(gate, "log", FINAL, "the gateway", False, final),
        ),
    )


def _entry(gate: Gate, step: str, what: str, who: str, scripted: bool, index: int | None) -> Event:
    if index is None:
        return Event(step, what, who, scripted)
    raw = gate.memory.entries(index, index + 1)[0]
    return Event(step, what, who, scripted, str(check_leaf(raw)["type"]), index, leaf_hash(raw).hex())


Wanted = Callable[[Mapping[str, object]], bool]


def _first(gate: Gate, wanted: Wanted) -> int | None:
    size = gate.memory.size()
    starts = range(0, size, _PIECE)
    return next(_found(gate, wanted, starts, size), None)


def _last(gate: Gate, wanted: Wanted, after: int) -> int | None:
    """Look from the end, where acknowledgements stand, back to an entry."""
    size = gate.memory.size()
    starts = reversed(range(after + 1, size, _PIECE))
    return next(_found(gate, wanted, starts, size), None)


def _found(gate: Gate, wanted: Wanted, starts: Iterator[int] | range, size: int) -> Iterator[int]:
    for start in starts:
        for index, raw in enumerate(gate.memory.entries(start, min(start + _PIECE, size)), start):
            if wanted(check_leaf(raw)):
                yield index


def _short(digest: str) -> str:
    return f"{digest[:12]}…"
