"""Verifying a whole log: what entries say of one another is counted again."""

from __future__ import annotations

from typing import Any

import pytest

from lawgate.domain.errors import LedgerError
from lawgate.evidence.canonical import canonical
from lawgate.ledger import leaves
from lawgate.ledger.audit import verify_log

D = "ab" * 32


def answer(world: Any, number: int, **changed: Any) -> bytes:
    members: dict[str, Any] = {
        "type": "answer", "v": 1, "time": leaves.minute(world.now),
        "answer": f"{number:032x}", "submission": "0123456789ABCDEF", "agency": "a", "pack": "p",
        "recipient": "age1qq", "recipient_keyid": "cd" * 16, "sequence": 1, "previous": "",
        "decision_sha256": D, "decision_keyid": "cd" * 16, "authorisation_sha256": D,
        "authorisation_keyid": "cd" * 16, "terms_sha256": D, "accounting": D, "stops": 0,
        "commitments": dict.fromkeys(leaves.COMMITTED, D),
    }  # fmt: skip
    raw = canonical({**members, **changed})
    leaves.check_leaf(raw)
    return raw


def stop(world: Any) -> bytes:
    return leaves.stop_leaf(
        at=world.now, act="order", stop="s", scope="everything", subject="", order_sha256=D
    )


def ack(world: Any, number: int) -> bytes:
    return leaves.ack_leaf(
        at=world.now, answer=f"{number:032x}", package_sha256=D, ack_sha256=D, keyid="cd" * 16
    )


def test_chained_answers_with_right_counts_verify(world: Any) -> None:
    world.entries.all += [
        answer(world, 1),
        stop(world),
        answer(world, 2, sequence=2, previous="1", stops=1),
        answer(world, 3, recipient_keyid="ef" * 16, stops=1),
        ack(world, 2),
    ]
    world.publish()
    summary = verify_log(world.tiles, world.policy)
    assert summary.entries_by_type == {"policy": 1, "answer": 3, "stop": 1, "ack": 1}


@pytest.mark.parametrize(
    "second",
    [
        {"sequence": 3, "previous": "1"},
        {"sequence": 2, "previous": "0"},
        {"sequence": 1, "previous": ""},
        {"sequence": 2, "previous": "1", "stops": 1},
        {"number": 1, "sequence": 2, "previous": "1"},
    ],
)
def test_answer_that_breaks_its_chain_or_miscounts_is_found(world: Any, second: dict[str, Any]) -> None:
    world.entries.all += [answer(world, 1), answer(world, **{"number": 2, **second})]
    world.publish()
    with pytest.raises(LedgerError):
        verify_log(world.tiles, world.policy)


def test_heartbeat_and_acknowledgement_of_what_is_not_there_are_found(world: Any) -> None:
    for bad in (leaves.heartbeat_leaf(at=world.now, entries=7), ack(world, 1)):
        world.entries.all = [*world.entries.all[:1], bad]
        fresh = type(world)()
        fresh.entries.all = world.entries.all
        fresh.publish()
        with pytest.raises(LedgerError):
            verify_log(fresh.tiles, fresh.policy)


def test_log_without_checkpoint_is_not_verified(world: Any) -> None:
    with pytest.raises(LedgerError):
        verify_log(world.tiles, world.policy)
