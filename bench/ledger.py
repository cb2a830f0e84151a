"""Measure the ledger on this machine and print JSON: appends, proofs, verification, and the floor that plain SHA-256 sets."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.domain.receipt import Receipt
from lawgate.ledger.append import prove, publish, published, receipt_for
from lawgate.ledger.audit import verify_log
from lawgate.ledger.leaves import heartbeat_leaf, policy_leaf
from lawgate.ledger.note import ED25519, Signer
from lawgate.ledger.policy import Group, Policy, parse_policy, write_policy
from lawgate.ledger.proof import verify_proof
from lawgate.ledger.stored import StoredTree
from lawgate.ledger.tree import Frontier, inclusion_proof, leaf_hash, verify_inclusion

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Entries:
    def __init__(self, all_entries: list[bytes]) -> None:
        self.all = all_entries
        self.head: str | None = None

    def size(self) -> int:
        return len(self.all)

    def entries(self, start: int, end: int) -> Sequence[bytes]:
        return self.all[start:end]

    def load_head(self) -> str | None:
        return self.head

    def swap_head(self, old: str | None, new: str) -> bool:
        self.head = new
        return True


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main(count: int) -> dict[str, object]:
    """Run everything over ``count`` entries."""
    with tempfile.TemporaryDirectory() as name:
        return measure(count, Path(name))


def _receipts(store: LedgerFiles, policy: Policy, indexes: Sequence[int]) -> list[Receipt]:
    proofs = published(store, policy, NOW)
    return [receipt_for(index, proofs) for index in indexes]


def measure(count: int, folder: Path) -> dict[str, object]:
    signer = Signer("bench.example/log", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
    log, witnesses = signer.key(ED25519), []
    for number in range(2):
        begin_witness(folder / f"w{number}")
        key = Signer(f"w{number}.example", Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        witnesses.append(LocalWitness(folder / f"w{number}", key, log))
    keys = {witness.name: witness.vkey for witness in witnesses}
    policy = parse_policy(write_policy(log, keys, {"both": Group(2, tuple(keys))}, "both"))
    first = policy_leaf(at=NOW, origin=log.name, policy_sha256="0" * 64, terms_sha256="0" * 64)
    leaves = [first, *(heartbeat_leaf(at=NOW, entries=n) for n in range(1, count))]
    source, store = Entries(leaves), LedgerFiles(folder / "log")

    def grow() -> None:
        frontier = Frontier()
        for leaf in leaves:
            frontier.append(leaf_hash(leaf))
        frontier.root()

    def publish_now() -> None:
        publish(source, store, source, signer, witnesses, policy, NOW)

    floor = seconds(lambda: [hashlib.sha256(leaf).digest() for leaf in leaves])
    appended, published = seconds(grow), seconds(publish_now)
    leaves.append(heartbeat_leaf(at=NOW, entries=count))
    one_more = seconds(publish_now)
    audited = seconds(lambda: verify_log(store, policy))

    tree, root = StoredTree(store, count + 1), store.read("checkpoint")
    assert root is not None
    indexes = [n * 7919 % count for n in range(1000)]
    for index in indexes:
        inclusion_proof(index, tree.size, tree.node)
    proved = seconds(lambda: [inclusion_proof(index, tree.size, tree.node) for index in indexes])
    proof = prove(count // 3, store, policy)
    top = verify_proof(proof, policy).checkpoint
    hashed = leaf_hash(proof.entry)
    checked = seconds(
        lambda: [verify_inclusion(proof.index, top.size, hashed, proof.hashes, top.root) for _ in range(1000)]
    )
    files = seconds(lambda: [verify_proof(proof, policy) for _ in range(200)])
    receipts = seconds(lambda: _receipts(store, policy, indexes[:100]))
    return {
        "entries": count,
        "bytes_per_entry": sum(map(len, leaves)) // len(leaves),
        "floor_sha256_per_second": round(count / floor),
        "appends_in_memory_per_second": round(count / appended),
        "published_to_disk_per_second": round(count / published),
        "publish_one_more_ms": round(one_more * 1e3, 2),
        "verify_whole_log_entries_per_second": round(count / audited),
        "make_inclusion_proof_us": round(proved * 1e3, 1),
        "verify_inclusion_us": round(checked * 1e3, 1),
        "verify_proof_file_us": round(files * 1e6 / 200, 1),
        "receipt_ms": round(receipts * 1e3 / 100, 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20000), indent=1))
