"""Entries: every builder makes what the checker accepts, and nothing else is accepted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from lawgate.domain.errors import LedgerError
from lawgate.domain.steps import Json
from lawgate.evidence.canonical import canonical
from lawgate.ledger import leaves

AT = datetime(2026, 11, 22, 13, 5, 59, tzinfo=timezone(timedelta(hours=1)))
D = "ab" * 32
K = "cd" * 16
SUBMISSION = "0123456789ABCDEF"
WRONG: tuple[Any, ...] = ([], {}, -1, True, None, 1.5, "\n")

ANSWER: dict[str, Json] = {
    "type": "answer",
    "v": 1,
    "time": "2026-11-22T12:05Z",
    "answer": K,
    "submission": SUBMISSION,
    "agency": "agency-1",
    "pack": "usc26-6103-i-2",
    "recipient": "age1qqqq",
    "recipient_keyid": K,
    "decision_sha256": D,
    "decision_keyid": K,
    "authorisation_sha256": D,
    "authorisation_keyid": K,
    "terms_sha256": D,
    "accounting": D,
    "stops": 0,
    "commitments": dict.fromkeys(leaves.COMMITTED, D),
}

BUILT = {
    "policy": leaves.policy_leaf(at=AT, origin="log.example/a", policy_sha256=D, terms_sha256=D),
    "key": leaves.key_leaf(
        at=AT, act="enrol", keyid=K, role="engaged-officer", agency="a", scripted=True
    ),
    "standing": leaves.standing_leaf(at=AT, act="add", kind="office", agency="a", entry_sha256=D),
    "stop": leaves.stop_leaf(
        at=AT, act="order", stop="s1", scope="person", subject=f"{K} {K}", order_sha256=D
    ),
    "submission": leaves.submission_leaf(
        at=AT, submission=SUBMISSION, agency="a", pack="p", manifest_sha256=D,
        lines=3, lines_root=D, counts={"X": 1, "W": 2}, code="",
    ),
    "determinations": leaves.determinations_leaf(
        at=AT, submission=SUBMISSION, batch=1, lines=1, lines_root=D, counts={"A": 1}
    ),
    "answer": canonical({**ANSWER, "sequence": 2, "previous": "17"}),
    "ack": leaves.ack_leaf(at=AT, answer=K, package_sha256=D, ack_sha256=D, keyid=K),
    "heartbeat": leaves.heartbeat_leaf(at=AT, entries=9),
    "erasure": leaves.erasure_leaf(at=AT, submission=SUBMISSION, order_sha256=D),
    "preservation": leaves.preservation_leaf(
        at=AT, act="order", preservation="p1", submission=SUBMISSION, order_sha256=D
    ),
    "incident": leaves.incident_leaf(at=AT, act="open", incident=K, kind="restore", document_sha256=D),
    "tag": leaves.tag_leaf(at=AT, answer=K, tag=D),
    "source": leaves.source_leaf(at=AT, rows=4, lookups=4, document_sha256=D),
    "recall": leaves.recall_leaf(at=AT, act="notice", answer=K, due="2026-12-01", document_sha256=D),
    "statement": leaves.statement_leaf(at=AT, act="closure", answer=K, keyid=K, document_sha256=D),
    "shard": leaves.shard_leaf(at=AT, predecessor="log.example/a", size=9, root=D, base=9),
    "timestamp": leaves.timestamp_leaf(at=AT, size=9, root=D, stamp_sha256=D),
}  # fmt: skip


@pytest.mark.parametrize("kind", BUILT)
def test_every_built_entry_is_accepted_and_states_the_minute_in_utc(kind: str) -> None:
    leaf = leaves.check_leaf(BUILT[kind])
    assert (leaf["type"], leaf["v"], leaf["time"]) == (kind, 1, "2026-11-22T12:05Z")


def test_no_type_of_entry_is_untested() -> None:
    assert set(BUILT) == set(leaves.GRAMMAR)


@pytest.mark.parametrize("kind", BUILT)
def test_entry_with_a_member_missing_added_or_of_another_kind_is_refused(kind: str) -> None:
    leaf = json.loads(BUILT[kind])
    bad: list[dict[str, Json]] = [
        {**leaf, "name": "x"},
        {**leaf, "v": 2},
        {**leaf, "v": "1"},
        {**leaf, "type": "other"},
    ]
    for member in leaf:
        bad.append({name: value for name, value in leaf.items() if name != member})
        bad += [{**leaf, member: value} for value in WRONG]
    for value in bad:
        with pytest.raises(LedgerError):
            leaves.check_leaf(canonical(value))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("policy", {"time": "2026-11-31T12:05Z"}),
        ("policy", {"time": "2026-11-22T12:05:00Z"}),
        ("policy", {"policy_sha256": D.upper()}),
        ("key", {"scripted": 2}),
        ("key", {"role": "boss"}),
        ("stop", {"subject": "Jo Doe"}),
        ("stop", {"scope": "everything"}),
        ("stop", {"scope": "agency", "subject": ""}),
        ("submission", {"counts": {"X": 1}}),
        ("submission", {"counts": {"R": 3}}),
        ("submission", {"submission": "0123456789ABCDEI"}),
        ("submission", {"code": "1"}),
        ("determinations", {"counts": {"A": 2}}),
        ("determinations", {"batch": 0}),
        ("answer", {"previous": ""}),
        ("answer", {"previous": "017"}),
        ("answer", {"sequence": 1}),
        ("answer", {"commitments": {"kind": D}}),
        ("answer", {"kind": "R"}),
        ("heartbeat", {"entries": 0}),
    ],
)
def test_entry_that_is_well_typed_and_still_wrong_is_refused(kind: str, change: dict[str, Json]) -> None:
    with pytest.raises(LedgerError):
        leaves.check_leaf(canonical({**json.loads(BUILT[kind]), **change}))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type":"heartbeat"}',
        BUILT["heartbeat"] + b"\n",
        b" " + BUILT["heartbeat"],
        BUILT["heartbeat"].replace(b":", b": ", 1),
        BUILT["heartbeat"].replace(b"9", b"9.0"),
        BUILT["heartbeat"].replace(b'"v":1', b'"v":1,"v":1'),
        b'{"a":"' + b"x" * 4096 + b'"}',
        b"\xff",
        b"[" * 4000,
    ],
)
def test_bytes_outside_the_entry_grammar_are_refused(raw: bytes) -> None:
    with pytest.raises(LedgerError):
        leaves.check_leaf(raw)


def test_builder_refuses_what_the_checker_would() -> None:
    with pytest.raises(LedgerError):
        leaves.heartbeat_leaf(at=AT, entries=0)
    with pytest.raises(LedgerError):
        leaves.policy_leaf(at=AT, origin="x" * 5000, policy_sha256=D, terms_sha256=D)
    with pytest.raises(LedgerError):
        leaves.heartbeat_leaf(at=AT, entries=2**60)
    with pytest.raises(ValueError):
        leaves.heartbeat_leaf(at=datetime(2026, 1, 1), entries=1)  # noqa: DTZ001


def test_lines_root_is_the_empty_tree_for_no_lines_and_moves_with_order() -> None:
    one, two = b"1" * 32, b"2" * 32
    assert leaves.lines_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaves.lines_root([one, two]) != leaves.lines_root([two, one])
    with pytest.raises(LedgerError):
        leaves.lines_root([b"short"])


def test_minute_is_written_in_utc() -> None:
    assert leaves.minute(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2026-01-02T03:04Z"
