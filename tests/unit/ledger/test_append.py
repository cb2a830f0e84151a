"""Publishing: what is signed is what lies there, a crash anywhere is repaired by calling again, a fork is never signed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.domain.errors import LedgerError, QuorumError
from lawgate.ledger.append import prove, published, receipt_for
from lawgate.ledger.audit import verify_log
from lawgate.ledger.checkpoint import Checkpoint, checkpoint_of, sign_checkpoint
from lawgate.ledger.note import Signer, parse_note
from lawgate.ledger.policy import believe
from lawgate.ledger.proof import parse_proof, verify_proof
from lawgate.ledger.tree import leaf_hash, root_of
from lawgate.ledger.witness import WitnessReply


def test_published_log_verifies_and_holds_every_sequenced_entry(world: Any) -> None:
    for step in (0, 4, 300, 1, 700):
        world.grow(step)
        world.publish()
    summary = verify_log(world.tiles, world.policy)
    assert summary.size == 1006
    assert summary.root == root_of(map(leaf_hash, world.entries.all)).hex()
    assert summary.entries_by_type == {"policy": 1, "heartbeat": 1005}
    assert summary.cosigners == ("w0", "w1", "w2")
    assert summary.policy_current


def test_publishing_again_without_growth_signs_nothing_new(world: Any) -> None:
    world.grow(3)
    first = world.publish()
    assert world.publish() == first
    assert len(world.head.history) == 1


def test_publishing_reads_new_entries_and_the_last_bundle_only(world: Any) -> None:
    world.grow(2600)
    world.publish()
    world.entries.reads = 0
    world.grow(5)
    world.publish()
    assert world.entries.reads < 300


@pytest.mark.parametrize("persisted", [False, True])
@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize(("before", "grown"), [(0, 2), (253, 9)])
def test_crash_at_any_durable_step_is_repaired_by_publishing_again(
    new_world: Callable[[], Any], persisted: bool, more: int, before: int, grown: int
) -> None:
    step = 0
    while True:
        world = new_world()
        if before:
            world.grow(before)
            world.publish()
        world.grow(grown)
        public = world.tiles.files.get("checkpoint")
        world.crashing.at, world.crashing.persisted = world.crashing.steps + step, persisted
        try:
            world.publish()
        except world.crash:
            assert_public_is_old_or_whole(world, public)
        else:
            break
        world.crashing.at = None
        world.grow(more)
        world.publish()
        summary = verify_log(world.tiles, world.policy)
        assert summary.size == world.entries.size()
        assert {witness.seen.root.hex() for witness in world.witnesses} == {summary.root}
        assert_no_fork(world)
        step += 1
    # Bundle, tile, head, three witnesses and the checkpoint at least: all of them were crashed at.
    assert step >= 7


def assert_public_is_old_or_whole(world: Any, public: bytes | None) -> None:
    raw = world.tiles.files.get("checkpoint")
    if raw != public:
        believe(raw.decode(), world.policy)


def assert_no_fork(world: Any) -> None:
    for raw in world.head.history:
        head = checkpoint_of(parse_note(raw), world.log)
        assert head.root == root_of(map(leaf_hash, world.entries.all[: head.size]))


def test_missing_quorum_leaves_the_public_checkpoint_and_receipts_as_they_were(world: Any) -> None:
    first = world.publish()
    world.grow(2)
    for witness in world.witnesses[:2]:
        witness.reachable = False
    with pytest.raises(QuorumError):
        world.publish()
    assert world.tiles.files["checkpoint"].decode() == first
    assert len(world.head.history) == 1
    with pytest.raises(QuorumError):
        receipt_for(1, published(world.tiles, world.policy, world.now))
    world.witnesses[0].reachable = True
    world.publish()
    assert receipt_for(1, published(world.tiles, world.policy, world.now)).index == 1
    assert verify_log(world.tiles, world.policy).cosigners == ("w0", "w2")


def test_quorum_lost_after_the_commit_is_collected_by_publishing_again(world: Any) -> None:
    first = world.publish()
    world.grow(2)
    swap = world.head.swap_head

    def swap_and_lose(old: str | None, new: str) -> bool:
        for witness in world.witnesses[1:]:
            witness.reachable = False
        return bool(swap(old, new))

    world.head.swap_head = swap_and_lose
    with pytest.raises(QuorumError):
        world.publish()
    assert world.tiles.files["checkpoint"].decode() == first
    assert len(world.head.history) == 2
    world.witnesses[1].reachable = True
    world.publish()
    assert len(world.head.history) == 2
    assert verify_log(world.tiles, world.policy).cosigners == ("w0", "w1")


def test_cosignature_of_an_absent_witness_is_kept_and_a_late_one_is_added(world: Any) -> None:
    world.witnesses[2].reachable = False
    world.publish()
    world.witnesses[0].reachable, world.witnesses[2].reachable = False, True
    world.publish()
    assert verify_log(world.tiles, world.policy).cosigners == ("w0", "w1", "w2")


def test_witness_that_was_away_is_caught_up_over_several_checkpoints(world: Any) -> None:
    world.publish()
    world.witnesses[1].reachable = False
    for _ in range(3):
        world.grow(90)
        world.publish()
    world.witnesses[1].reachable = True
    world.grow(1)
    world.publish()
    assert world.witnesses[1].seen.size == 272
    assert verify_log(world.tiles, world.policy).cosigners == ("w0", "w1", "w2")


def rolled_back(world: Any, size: int) -> None:
    """Restore everything but the witnesses from a backup taken at an earlier size."""
    world.tiles.files = {}
    world.head.value = None
    kept = world.entries.all[:size]
    seen = [witness.seen for witness in world.witnesses]
    for witness in world.witnesses:
        witness.seen = type(seen[0])()
    world.entries.all = kept
    world.publish()
    for witness, last in zip(world.witnesses, seen, strict=True):
        witness.seen = last
    world.head.history.clear()


def test_rolled_back_log_signs_nothing_once_a_witness_has_seen_more(world: Any) -> None:
    world.grow(9)
    world.publish()
    rolled_back(world, 4)
    with pytest.raises(LedgerError):
        world.publish()
    world.entries.all.append(world.entries.all[0])
    with pytest.raises(LedgerError):
        world.publish()
    assert world.head.history == []


def test_restored_backup_signs_nothing_while_the_witnesses_are_away(world: Any) -> None:
    """The public cosignatures come back with the backup and must not stand for the witnesses' word of today."""
    world.publish()
    files, head = dict(world.tiles.files), world.head.value
    world.grow(3)
    world.publish()
    world.tiles.files, world.head.value = files, head
    world.head.history.clear()
    for witness in world.witnesses:
        witness.reachable = False
    with pytest.raises(QuorumError):
        world.publish()
    assert world.head.history == []


def test_log_restored_to_nothing_signs_nothing_once_a_witness_has_seen_more(world: Any) -> None:
    world.grow(2)
    world.publish()
    world.tiles.files, world.head.value = {}, None
    world.head.history.clear()
    with pytest.raises(LedgerError):
        world.publish()
    assert world.head.history == []


def test_forked_log_of_equal_size_is_refused_by_witnesses_and_not_signed_further(
    new_world: Callable[[], Any],
) -> None:
    world, other = new_world(), new_world()
    world.grow(5)
    world.publish()
    other.entries.all.append(other.entries.all[0])
    other.grow(4)
    other.publish()
    other.witnesses = world.witnesses
    other.grow(1)
    with pytest.raises(LedgerError):
        other.publish()
    assert len(other.head.history) == 1


def test_forked_log_that_grew_is_refused_with_an_inconsistent_proof(new_world: Callable[[], Any]) -> None:
    world, other = new_world(), new_world()
    world.grow(3)
    world.publish()
    other.entries.all.append(other.entries.all[0])
    other.grow(6)
    other.publish()
    other.witnesses = world.witnesses
    with pytest.raises(LedgerError):
        other.publish()


def test_head_by_another_key_or_with_another_root_is_refused(world: Any) -> None:
    world.publish()
    good = world.head.value
    stranger = Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(b"S" * 32))
    checkpoint = checkpoint_of(parse_note(good), world.log)
    world.grow(1)
    for bad in (
        sign_checkpoint(checkpoint, stranger),
        sign_checkpoint(dataclasses.replace(checkpoint, root=b"r" * 32), world.signer),
        sign_checkpoint(Checkpoint("log.example/other", 1, checkpoint.root), world.signer),
    ):
        world.head.value = str(bad)
        with pytest.raises(LedgerError):
            world.publish()
    world.head.value = good
    world.publish()


def test_signer_that_is_not_the_policys_log_is_refused(world: Any) -> None:
    world.signer = Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(b"S" * 32))
    with pytest.raises(LedgerError):
        world.publish()


def test_store_that_differs_from_what_was_signed_is_refused(world: Any) -> None:
    world.grow(4)
    world.publish()
    entries = list(world.entries.all)
    world.entries.all = entries[:3]
    with pytest.raises(LedgerError):
        world.publish()
    world.entries.all = [*entries[:2], entries[3], entries[2], *entries[4:], entries[1]]
    with pytest.raises(LedgerError):
        world.publish()
    assert len(world.head.history) == 1


def test_files_that_lost_a_byte_are_refused_before_signing(world: Any) -> None:
    world.grow(4)
    world.publish()
    world.grow(1)
    for path in ("tile/0/000.p/5", "tile/entries/000.p/5"):
        good = world.tiles.files[path]
        for bad in (good[:-1], bytes([good[0] ^ 1]) + good[1:]):
            world.tiles.files[path] = bad
            with pytest.raises(LedgerError):
                world.publish()
        del world.tiles.files[path]
        with pytest.raises(LedgerError):
            world.publish()
        world.tiles.files[path] = good
    assert len(world.head.history) == 1


def test_write_that_silently_spoils_a_file_is_found_before_signing(world: Any) -> None:
    write = world.tiles.write

    def spoil(path: str, content: bytes) -> None:
        write(path, content[:-1] + bytes([content[-1] ^ 1]))

    world.tiles.write = spoil
    with pytest.raises(LedgerError):
        world.publish()
    assert world.head.history == []


def test_entry_outside_the_grammar_is_never_signed(world: Any) -> None:
    world.publish()
    world.entries.all.append(b'{"type":"note","v":1}')
    with pytest.raises(LedgerError):
        world.publish()
    assert len(world.head.history) == 1


def test_log_begins_with_a_policy_entry_or_not_at_all(world: Any) -> None:
    first = world.entries.all.pop()
    with pytest.raises(LedgerError):
        world.publish()
    world.entries.all = [first.replace(b'"policy"', b'"policies"')]
    with pytest.raises(LedgerError):
        world.publish()
    world.entries.all = [first.replace(b"log.example/test", b"log.example/oops")]
    with pytest.raises(LedgerError):
        world.publish()
    assert world.head.history == []


def test_head_moved_by_another_process_ends_the_attempt(world: Any) -> None:
    world.publish()
    world.grow(1)
    world.head.swap_head = lambda old, new: False
    with pytest.raises(LedgerError):
        world.publish()


def test_later_public_checkpoint_than_the_head_is_refused(world: Any) -> None:
    world.publish()
    head = world.head.value
    world.grow(1)
    world.publish()
    world.head.value = head
    with pytest.raises(LedgerError):
        world.publish()


@pytest.mark.parametrize(
    "reply",
    [
        WitnessReply(503),
        WitnessReply(404),
        WitnessReply(200, "nonsense"),
        WitnessReply(409, "many\n"),
        WitnessReply(200, "— w0.example AAAAAAA=\n"),
    ],
)
def test_useless_answer_of_one_witness_counts_as_none(world: Any, reply: WitnessReply) -> None:
    world.witnesses[0].reply = reply
    world.grow(1)
    world.publish()
    assert verify_log(world.tiles, world.policy).cosigners == ("w1", "w2")


def test_receipt_holds_the_entry_and_a_proof_that_verifies_alone(world: Any) -> None:
    world.grow(299)
    world.publish()
    for index in (0, 1, 255, 256, 299):
        receipt = receipt_for(index, published(world.tiles, world.policy, world.now))
        assert receipt.leaf == world.entries.all[index]
        assert receipt.checkpoint_size == 300
        proof = parse_proof(receipt.proof)
        assert (proof.index, proof.entry) == (index, receipt.leaf)
        assert verify_proof(proof, world.policy).checkpoint.size == 300


def test_proof_of_an_entry_that_is_not_there_is_refused(world: Any) -> None:
    with pytest.raises(QuorumError):
        prove(0, world.tiles, world.policy)
    world.publish()
    with pytest.raises(QuorumError):
        prove(1, world.tiles, world.policy)
    with pytest.raises(LedgerError):
        prove(-1, world.tiles, world.policy)


def test_cosignatures_from_the_future_make_no_receipt(world: Any) -> None:
    world.publish(world.now + timedelta(hours=1))
    with pytest.raises(QuorumError):
        receipt_for(0, published(world.tiles, world.policy, world.now))
    assert receipt_for(0, published(world.tiles, world.policy, world.now + timedelta(minutes=56))).index == 0
