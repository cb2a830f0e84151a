"""Measure the ledger on this machine and print JSON: appends, proofs, witnesses over HTTP, line commitments, each beside its floor.

The floor of appending is what no log can do without: SHA-256 of the same bytes, and one fsync for each batch. Seconds of a machine that
others use too say little; ``cpu`` figures are of this process alone, and ratios to a floor taken just before say most.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lawgate.adapters.http_witness import HttpWitness
from lawgate.adapters.key_store import KeyVault
from lawgate.adapters.ledger_files import LedgerFiles
from lawgate.adapters.local_witness import LocalWitness, begin_witness
from lawgate.adapters.wrapping_keys import WrappingKeys
from lawgate.domain.receipt import Receipt
from lawgate.evidence.commitment import commit
from lawgate.ledger.append import prove, publish, published, receipt_for
from lawgate.ledger.audit import verify_log
from lawgate.ledger.leaves import heartbeat_leaf, lines_root, policy_leaf
from lawgate.ledger.note import ED25519, Signer, parse_vkey
from lawgate.ledger.policy import Group, Policy, parse_policy, write_policy
from lawgate.ledger.proof import parse_proof, verify_proof
from lawgate.ledger.stored import StoredTree
from lawgate.ledger.tree import Frontier, inclusion_proof, leaf_hash, verify_inclusion

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SIGNER = Signer("bench.example/log", Ed25519PrivateKey.from_private_bytes(b"L" * 32))
SINGLES, LEAVES, LINES = 100, 1_000_000, 1_280_000


class Entries:
    """Entries and head in memory."""

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


class Tiles:
    """Files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def write_many(self, files: Iterable[tuple[str, bytes]]) -> None:
        self.files.update(files)


def taken(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds and the seconds of this process's own that something takes."""
    start, own = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - own


def entries_of(count: int) -> list[bytes]:
    first = policy_leaf(at=NOW, origin=SIGNER.name, policy_sha256="0" * 64, terms_sha256="0" * 64)
    return [first, *(heartbeat_leaf(at=NOW, entries=n) for n in range(1, count))]


def _receipts(store: LedgerFiles, policy: Policy, indexes: Sequence[int]) -> list[Receipt]:
    proofs = published(store, policy, NOW)
    return [receipt_for(index, proofs) for index in indexes]


def floor(leaves: Sequence[bytes], batches: int, folder: Path) -> tuple[float, float]:
    """SHA-256 of every entry, and one fsync for each batch."""

    def least() -> None:
        per_batch = len(leaves) // batches
        with (folder / "floor").open("wb") as file:
            for batch in range(batches):
                for leaf in leaves[batch * per_batch : (batch + 1) * per_batch]:
                    hashlib.sha256(leaf).digest()
                file.write(b"x")
                file.flush()
                os.fsync(file.fileno())

    return taken(least)


def appending(count: int, folder: Path) -> dict[str, object]:
    """Appends in one batch and one by one, to disk, with two witnesses on this machine."""
    log, witnesses = SIGNER.key(ED25519), []
    for number in range(2):
        begin_witness(folder / f"w{number}")
        key = Signer(f"w{number}.example", Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
        witnesses.append(LocalWitness(folder / f"w{number}", key, log))
    keys = {witness.name: witness.vkey for witness in witnesses}
    policy = parse_policy(write_policy(log, keys, {"both": Group(2, tuple(keys))}, "both"))
    leaves = entries_of(count)
    source, store = Entries(leaves), LedgerFiles(folder / "log")

    def grow() -> None:
        frontier = Frontier()
        for leaf in leaves:
            frontier.append(leaf_hash(leaf))
        frontier.root()

    def publish_now() -> None:
        publish(source, store, source, SIGNER, witnesses, policy, NOW)

    least, _ = floor(leaves, 1, folder)
    appended, _ = taken(grow)
    batched, batched_cpu = taken(publish_now)
    leasts, _ = floor(leaves[:SINGLES], SINGLES, folder)

    def one_by_one() -> None:
        for n in range(SINGLES):
            leaves.append(heartbeat_leaf(at=NOW, entries=count + n))
            publish_now()

    singles, _ = taken(one_by_one)
    audited, _ = taken(lambda: verify_log(store, policy))
    receipts, _ = taken(lambda: _receipts(store, policy, range(100)))
    return {
        "entries": count,
        "bytes_per_entry": sum(map(len, leaves)) // len(leaves),
        "floor_batched_per_second": round(count / least),
        "in_memory_per_second": round(count / appended),
        "batched_per_second": round(count / batched),
        "batched_per_cpu_second": round(count / batched_cpu),
        "batched_times_floor": round(batched / least, 1),
        "floor_single_per_second": round(SINGLES / leasts),
        "single_per_second": round(SINGLES / singles, 1),
        "single_times_floor": round(singles / leasts, 1),
        "verify_whole_log_entries_per_second": round(count / audited),
        "receipt_ms": round(receipts * 1e3 / 100, 2),
    }


def proofs_of_a_million() -> dict[str, object]:
    """Proofs in a log of a million entries: made, checked as hashes, and checked as the file that an officer gets."""
    policy = parse_policy(write_policy(SIGNER.key(ED25519), {}, {}, "none"))
    source, store = Entries(entries_of(LEAVES)), Tiles()
    _, grown = taken(lambda: publish(source, store, source, SIGNER, [], policy, NOW))
    tree = StoredTree(store, LEAVES)
    indexes = [n * 7919 % LEAVES for n in range(2000)]
    _, cold = taken(lambda: [inclusion_proof(index, LEAVES, tree.node) for index in indexes[:1]])
    for index in indexes:
        inclusion_proof(index, LEAVES, tree.node)
    _, made = taken(lambda: [inclusion_proof(index, LEAVES, tree.node) for index in indexes])
    proof = prove(LEAVES // 3, store, policy)
    top, hashed, text = verify_proof(proof, policy).checkpoint, leaf_hash(proof.entry), str(proof)

    def check() -> bool:
        return all(
            verify_inclusion(proof.index, top.size, hashed, proof.hashes, top.root) for _ in range(1000)
        )

    _, checked = taken(check)
    _, files = taken(lambda: [verify_proof(parse_proof(text), policy) for _ in range(200)])
    return {
        "leaves": LEAVES,
        "hashes_in_a_proof": len(proof.hashes),
        "append_in_memory_per_cpu_second": round(LEAVES / grown),
        "first_proof_ms": round(cold * 1e3, 3),
        "make_proof_ms": round(made * 1e3 / len(indexes), 4),
        "verify_proof_ms": round(checked, 4),
        "verify_proof_file_with_signature_ms": round(files * 1e3 / 200, 4),
    }


def witnesses_over_http(folder: Path) -> dict[str, object]:
    """From a signed checkpoint to a cosigned one: three witnesses, each a process of its own, over HTTP on loopback."""
    command = [sys.executable, "-c", "from lawgate.cli.main import main; main()", "witness"]
    servers: list[subprocess.Popen[str]] = []
    keys: dict[str, Any] = {}
    urls: dict[str, str] = {}
    try:
        for n in range(3):
            own = str(folder / f"http{n}")
            made = subprocess.run(
                [*command, "new", own, "--key-name", f"w{n}.example"],
                capture_output=True,
                text=True,
                check=True,
            )
            keys[f"w{n}"] = parse_vkey(made.stdout.strip())
            subprocess.run(
                [*command, "trust", own, "--log", str(SIGNER.key(ED25519))], capture_output=True, check=True
            )
            server = subprocess.Popen(
                [*command, "serve", own, "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
            servers.append(server)
            assert server.stdout is not None
            urls[f"w{n}"] = server.stdout.readline().split()[1].removesuffix("/add-checkpoint")
        policy = parse_policy(
            write_policy(SIGNER.key(ED25519), keys, {"two": Group(2, tuple(keys))}, "two", urls)
        )
        asked = [HttpWitness(name, url) for name, url in policy.urls.items()]
        source, store = Entries(entries_of(1000)), Tiles()
        publish(source, store, source, SIGNER, asked, policy, datetime.now(UTC))
        rounds = []
        for n in range(60):
            source.all.append(heartbeat_leaf(at=NOW, entries=1000 + n))
            wall, _ = taken(lambda: publish(source, store, source, SIGNER, asked, policy, datetime.now(UTC)))
            # Each publishing asks twice: whether the old head is known, and to cosign the new one.
            rounds.append(wall / 2)
        rounds.sort()
        return {
            "checkpoint_to_three_cosignatures_ms_median": round(rounds[30] * 1e3, 2),
            "checkpoint_to_three_cosignatures_ms_95th": round(rounds[57] * 1e3, 2),
        }
    finally:
        for server in servers:
            server.kill()
            server.communicate()


def line_commitments(folder: Path) -> dict[str, object]:
    """One commitment for each of 1.28 million lines, and the root over them, as a submission's entry has it."""
    wrapping = WrappingKeys(folder / "wrapping", None, os.urandom)
    wrapping.begin()
    vault = KeyVault(folder / "vault", wrapping, os.urandom)
    vault.new_key("0123456789ABCDEF")
    salt = vault.salts("0123456789ABCDEF")
    digest = "ab" * 32

    def commit_all() -> None:
        lines_root(
            [commit(salt(f"0/{n}"), "request", {"ordinal": n, "digest": digest}) for n in range(1, LINES + 1)]
        )

    _, least = taken(lambda: [hashlib.sha256(b"%064d%07d" % (0, n)).digest() for n in range(LINES)])
    wall, own = taken(commit_all)
    return {
        "lines": LINES,
        "seconds": round(wall, 1),
        "cpu_seconds": round(own, 1),
        "cpu_times_floor": round(own / least, 1),
    }


def main(count: int) -> dict[str, object]:
    """Run everything, over ``count`` entries on disk."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "append": appending(count, folder),
            "proof": proofs_of_a_million(),
            "witness": witnesses_over_http(folder),
            "commit": line_commitments(folder),
        }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), indent=1))
